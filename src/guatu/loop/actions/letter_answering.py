"""Acknowledging a letter, answering it, and what is thought of the answer."""

from collections.abc import Sequence

from django.db import transaction

from guatu.loop.actions.letters import REASON_LENGTH, reason_given
from guatu.loop.enums import LetterState
from guatu.loop.letter_kinds import BY_ANSWER, BY_BLOCKER, BY_DUTY
from guatu.loop.letter_moves import begin
from guatu.loop.letter_text import checked_text
from guatu.loop.models import Blocker, Duty, Letter, LetterEvidence, Receipt
from guatu.loop.queries.letter_sight import is_addressed
from guatu.loop.queries.letters import kind_of
from guatu.register.errors import Invalid
from guatu.register.evidence import FileGiven, admit_file, keep_evidence
from guatu.register.models import Post
from guatu.register.recording import Act, change, change_many, create, create_many

REPLY_LENGTH = 4000


def read(act: Act, letter: Letter, *, expected_revision: int | None = None) -> Letter:
    """Acknowledge a letter or a copy of it; the first addressee who does makes it 已阅.

    Who did before changes nothing. Raises Forbidden, Stale, Invalid.
    """
    begin(act, letter, "read", expected_revision)
    with transaction.atomic():
        _acknowledge(act, letter)
    return letter


def _acknowledge(act: Act, letter: Letter) -> None:
    standing = act.standing
    if standing is None:
        raise Invalid("函件须由收件人签收。")
    mine = is_addressed(standing, letter)
    known = Receipt.objects.filter(letter=letter, officer=standing.officer).exists()
    if not known:
        row = Receipt(
            letter=letter,
            officer=standing.officer,
            post=_speaking_post(act, letter),
            copied=not mine,
            at=act.at,
            business_date=act.business_date,
        )
        create(act, "letter.read", row)
    if mine and letter.state == LetterState.SENT:
        change(act, "letter.read", letter, state=LetterState.READ)


def answer(
    act: Act,
    letter: Letter,
    *,
    text: str,
    files: Sequence[FileGiven] = (),
    expected_revision: int | None = None,
) -> Letter:
    """已送达、已阅 → 已回复, with evidence of any kind; whoever answers has also read.

    Two who answer at once: the second is told so (Stale) and keeps the text. Raises Invalid for an
    empty text.
    """
    move = begin(act, letter, "reply", expected_revision)
    words = checked_text(text, "回复内容", "text", REPLY_LENGTH)
    if not words:
        raise Invalid("请写明办理情况。", "text")
    admitted = [admit_file(act, file) for file in files]
    with transaction.atomic():
        _acknowledge(act, letter)
        change(
            act,
            "letter.answer",
            letter,
            state=move.target,
            reply=words,
            replied_by=act.standing.officer if act.standing else None,
            reply_post=_speaking_post(act, letter),
            replied_on=act.business_date,
            reply_returned="",
        )
        kept = [keep_evidence(act, letter.subject, file) for file in admitted]
        rows = [LetterEvidence(letter=letter, evidence=evidence) for evidence in kept]
        create_many(act, "letter.support", rows)
    return letter


def take_back_answer(act: Act, letter: Letter, *, expected_revision: int | None = None) -> Letter:
    """已回复 → 已阅 by those who answered, to mend what nobody has judged; the words stay."""
    move = begin(act, letter, "take_back_answer", expected_revision)
    return change(act, "letter.take_back_answer", letter, state=move.target)


def accept_answer(
    act: Act, letter: Letter, *, opinion: str = "", expected_revision: int | None = None
) -> Letter:
    """已回复 → 办结; the duty behind it closes only by its own rule. Who answered never accepts."""
    move = begin(act, letter, "accept_answer", expected_revision)
    if act.standing is not None and act.standing.officer.pk == letter.replied_by_id:
        raise Invalid("自己的回复，须由他人核定。")
    words = checked_text(opinion, "意见", "opinion", REASON_LENGTH)
    return change(
        act.because(words),
        "letter.accept_answer",
        letter,
        state=move.target,
        opinion=words,
        closed_on=act.business_date,
    )


def return_answer(
    act: Act, letter: Letter, *, reason: str, expected_revision: int | None = None
) -> Letter:
    """已回复 → 已阅: the answer does not do; the day it is due stays."""
    move = begin(act, letter, "return_answer", expected_revision)
    why = reason_given(reason, "退回")
    return change(
        act.because(why), "letter.return_answer", letter, state=move.target, reply_returned=why
    )


def settle(act: Act, letter: Letter, *, expected_revision: int | None = None) -> Letter:
    """已阅 → 办结 without an answer, where the kind closes by being read."""
    move = begin(act, letter, "settle", expected_revision)
    kind = kind_of(letter)
    if BY_ANSWER in kind.closes_by or letter.reply_days is not None:
        raise Invalid(f"这件{kind.name}要求回复，认可回复后办结。")
    return change(act, "letter.settle", letter, state=move.target, closed_on=act.business_date)


def close_with_blocker(act: Act, blocker: Blocker) -> int:
    """Close letters about a blocker that is gone; see :func:`_close_about`."""
    told = act.because(f"堵点 {blocker.code} 已完结")
    return _close_about(told, "letter.close_with_blocker", BY_BLOCKER, blocker=blocker)


def close_with_duty(act: Act, duty: Duty) -> int:
    """Close letters about a duty that is done; see :func:`_close_about`."""
    told = act.because(f"事项 {duty.code} 已办结")
    return _close_about(told, "letter.close_with_duty", BY_DUTY, duty=duty)


def _close_about(act: Act, verb: str, by: str, **about: Blocker | Duty) -> int:
    """Close letters about a cause that is over, where their kind closes by it; returns how many.

    Those that were delivered: a draft has asked nobody anything and is left to who drafted it.
    """
    delivered = (LetterState.SENT, LetterState.READ, LetterState.ANSWERED)
    rows = Letter.objects.filter(**about, state__in=delivered).order_by("pk")
    values = {"state": LetterState.CLOSED, "closed_on": act.business_date}
    over = [(row, values) for row in rows if by in kind_of(row).closes_by]
    return change_many(act, verb, over)


def _speaking_post(act: Act, letter: Letter) -> Post | None:
    """Post in which the officer speaks: the one addressed, one of its unit, else the first."""
    posts = act.standing.posts if act.standing else ()
    addressed = [post for post in posts if post.pk == letter.addressee_post_id]
    unit = [post for post in posts if post.organisation_id == letter.addressee_unit_id]
    return next(iter([*addressed, *unit, *posts]), None)
