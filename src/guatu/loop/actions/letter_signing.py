"""Signing a letter, which alone gives it a number; delivering it; making a number void."""

from collections.abc import Callable

from django.db import transaction
from django.db.models import Max

from guatu.loop.actions.letters import reason_given
from guatu.loop.letter_kinds import kinds_on, reference
from guatu.loop.letter_moves import begin
from guatu.loop.letter_people import check_reader, check_signer
from guatu.loop.models import Letter
from guatu.loop.office_days import office_day_after
from guatu.loop.queries.letters import copies_of, kind_of, recipient
from guatu.register.errors import Invalid
from guatu.register.models import Campaign
from guatu.register.recording import Act, change


def sign(
    act: Act,
    letter: Letter,
    *,
    deliver_now: bool = True,
    although_over: bool = False,
    expected_revision: int | None = None,
) -> Letter:
    """待签发 → 已签发 with the next number of its kind and year; by the post it names alone.

    The campaign row is held while the number is found, so that two who sign at once get two
    numbers in a row. Names of addressee and copies are kept as they are now. ``deliver_now``
    delivers in the same act. What a letter is about must not be closed, unless whoever signs says
    so: ``although_over``. Raises Forbidden, Stale, Invalid.
    """
    move = begin(act, letter, "sign", expected_revision)
    if letter.cause_is_over and not although_over:
        raise Invalid(
            f"{letter.overtaken}，稿中情况已不属实，请撤回稿件；确需签发的，请勾选。",
            "although_over",
        )
    day = act.business_date
    kind = kinds_on(day).get(letter.kind) or kind_of(letter)
    check_signer(kind, letter.signer_post, day)
    names = [recipient(copy.unit, copy.post) for copy in copies_of(letter)]
    with transaction.atomic():
        number = _next_number(letter.kind, day.year)
        said = reference(kind, day.year, number, day)
        if Letter.objects.filter(reference=said).exists():
            raise Invalid(f"文号「{said}」已用于另一件函，请专班核对各种函件的机关代字。")
        change(
            act,
            "letter.sign",
            letter,
            state=move.target,
            signer=act.standing.officer if act.standing else None,
            signed_on=day,
            number_year=day.year,
            number=number,
            reference=said,
            addressed_to=recipient(letter.addressee_unit, letter.addressee_post),
            copied_to="\n".join(names),
        )
        if deliver_now:
            deliver(act, letter)
    return letter


def _next_number(kind: str, year: int) -> int:
    list(Campaign.objects.select_for_update().values_list("pk"))
    taken = Letter.objects.filter(kind=kind, number_year=year)
    return (taken.aggregate(last=Max("number"))["last"] or 0) + 1


def send_back(
    act: Act, letter: Letter, *, reason: str, expected_revision: int | None = None
) -> Letter:
    """待签发 → 拟稿, with what the signer wants changed."""
    move = begin(act, letter, "send_back", expected_revision)
    why = reason_given(reason, "退回")
    return change(
        act.because(why), "letter.send_back", letter, state=move.target, returned_reason=why
    )


def deliver(act: Act, letter: Letter, *, expected_revision: int | None = None) -> Letter:
    """已签发 → 已送达: the addressee sees it from now on, and the days of the reply run.

    Raises Invalid while something is missing that the kind declares to be needed.
    """
    move = begin(act, letter, "deliver", expected_revision)
    day = act.business_date
    for need in kind_of(letter).needs:
        NEEDS[need](act, letter)
    due = None if letter.reply_days is None else office_day_after(day, letter.reply_days)
    return change(act, "letter.deliver", letter, state=move.target, sent_on=day, reply_due=due)


def _signed(_act: Act, letter: Letter) -> None:
    if not letter.reference or letter.signed_on is None:
        raise Invalid("未经签发的函件不能发出。")


def _addressee_held(act: Act, letter: Letter) -> None:
    check_reader(letter, act.business_date)


NEEDS: dict[str, Callable[[Act, Letter], None]] = {
    "signed": _signed,
    "addressee_held": _addressee_held,
}
"""Conditions of leaving by the words of the rule ``letter.kinds``; each raises Invalid."""


def void(act: Act, letter: Letter, *, reason: str, expected_revision: int | None = None) -> Letter:
    """Make a signed letter 作废. Its number stays recorded and is never given again."""
    move = begin(act, letter, "void", expected_revision)
    why = reason_given(reason, "作废")
    return change(act.because(why), "letter.void", letter, state=move.target, withdrawn_reason=why)
