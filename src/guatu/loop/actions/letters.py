"""Drafting a letter, changing the draft, and sending it to be signed."""

from collections.abc import Mapping, Sequence
from typing import TypedDict, Unpack

from django.db import transaction
from django.db.models import Max

from guatu.loop.enums import BlockerState, DutyState
from guatu.loop.letter_kinds import LetterKind, in_district, kinds_on
from guatu.loop.letter_moves import begin
from guatu.loop.letter_people import check_downward, check_signer
from guatu.loop.letter_text import (
    TITLE_LENGTH,
    body_for,
    checked_line,
    checked_text,
    flat,
)
from guatu.loop.models import Blocker, Duty, EscalationStep, Letter, LetterCopy
from guatu.loop.queries.letters import kind_of
from guatu.register.errors import Invalid
from guatu.register.keys import code as readable
from guatu.register.models import Campaign, Organisation, Post, Subject
from guatu.register.policies import require
from guatu.register.recording import Act, change, change_many, create, create_many

Recipient = Post | Organisation
MOST_REPLY_DAYS = 60
REASON_LENGTH = 1000


class LetterSaid(TypedDict, total=False):
    """What a letter may be drafted with; ``copies`` are all of them."""

    title: str
    body: str
    closing: str
    attachments: str
    copies: Sequence[Recipient]
    signer_post: Post | None
    reply_days: int | None


class LetterEdited(LetterSaid, total=False):
    """What of a draft may be changed."""

    addressee: Recipient


def draft_letter(
    act: Act,
    kind: str,
    *,
    duty: Duty | None = None,
    blocker: Blocker | None = None,
    subject: Subject | None = None,
    addressee: Recipient | None = None,
    by_rule: bool = False,
    step: EscalationStep | None = None,
    **said: Unpack[LetterSaid],
) -> Letter:
    """Write a letter as 拟稿; it goes nowhere before it is signed.

    By hand, or by rule for the ``step`` of a ladder that suggested it. What is not given is drawn
    from its cause, a duty or a blocker: addressee, title, body, the leader as a copy; and from the
    kind: who signs, days for the reply, closing words. About a ``subject`` alone addressee and body
    are given. Raises Invalid for an unknown kind, a duty nobody owes, a blocker that is over, a
    letter upward, and text no paper can hold.
    """
    require(act.standing, "letter.draft", duty)
    told = _kind_named(kind, act)
    cause = duty or blocker
    hangs_on = cause.subject if cause is not None else subject
    if hangs_on is None:
        raise Invalid("请指明函件针对的事项或对象。")
    _check_cause(duty, blocker)
    led = duty or (blocker.duty if blocker is not None else None)
    unit, post = _addressed(addressee or _holder(blocker) or _owner(duty))
    signer = said["signer_post"] if "signer_post" in said else told.signer.first_for(led)
    letter = Letter(
        district_code=hangs_on.district_code,
        kind=kind,
        subject=hangs_on,
        duty=duty,
        blocker=blocker,
        by_rule=by_rule or step is not None,
        step=step,
        issuer=in_district(told.issuer),
        closing=said.get("closing", told.closing),
        attachments=said.get("attachments", ""),
        title=said.get("title") or told.title_of(flat((cause or hangs_on).title)),
        body=said.get("body") or body_for(told, duty, blocker, act.business_date),
        addressee_unit=unit,
        addressee_post=post,
        signer_post=signer,
        reply_days=said.get("reply_days", told.reply_days),
        drafter=act.standing.officer if act.standing else None,
        drafted_on=act.business_date,
    )
    _check(letter, told)
    copies = said["copies"] if "copies" in said else _leader_of(led, letter)
    with transaction.atomic():
        letter.code = _next_code()
        create(act, "letter.draft", letter)
        create_many(act, "letter.copy", _copy_rows(letter, copies))
    return letter


def _check_cause(duty: Duty | None, blocker: Blocker | None) -> None:
    if duty is not None and duty.state in {DutyState.DRAFT, DutyState.CLOSED}:
        raise Invalid(f"「{duty.title}」{DutyState(duty.state).label}，不能据此发函。")
    if blocker is not None and not blocker.is_open:
        raise Invalid(f"「{blocker.title}」{BlockerState(blocker.state).label}，不能据此发函。")


def redraft(
    act: Act, letter: Letter, *, expected_revision: int | None = None, **said: Unpack[LetterEdited]
) -> Letter:
    """Change what a draft says, whom it goes to and who signs. Raises Invalid, Stale."""
    begin(act, letter, "redraft", expected_revision)
    values: dict[str, object] = {
        name: value for name, value in said.items() if name not in {"addressee", "copies"}
    }
    if "addressee" in said:
        values["addressee_unit"], values["addressee_post"] = _addressed(said["addressee"])
    with transaction.atomic():
        redraft_checked(act, "letter.redraft", letter, values)
        if "copies" in said:
            _replace_copies(act, letter, said["copies"])
    return letter


def redraft_checked(act: Act, verb: str, letter: Letter, values: Mapping[str, object]) -> Letter:
    """Change columns of a draft after the same checks as when it was first written."""
    edited = Letter(**{f.attname: getattr(letter, f.attname) for f in Letter._meta.local_fields})
    for name, value in values.items():
        setattr(edited, name, value)
    _check(edited, kind_of(letter))
    checked = {name: getattr(edited, name) for name in (*values, "reply_words")}
    return change(act, verb, letter, **checked)


def send_to_sign(act: Act, letter: Letter, *, expected_revision: int | None = None) -> Letter:
    """拟稿 → 待签发. Raises Invalid where the post that signs is missing, wrong or vacant."""
    move = begin(act, letter, "send_to_sign", expected_revision)
    day = act.business_date
    check_signer(kinds_on(day).get(letter.kind) or kind_of(letter), letter.signer_post, day)
    return change(act, "letter.send_to_sign", letter, state=move.target, returned_reason="")


def take_back(act: Act, letter: Letter, *, expected_revision: int | None = None) -> Letter:
    """待签发 → 拟稿, to be changed before anyone has signed."""
    move = begin(act, letter, "take_back", expected_revision)
    return change(act, "letter.take_back", letter, state=move.target)


def withdraw_letter(
    act: Act, letter: Letter, *, reason: str, expected_revision: int | None = None
) -> Letter:
    """End a draft; it never had a number."""
    move = begin(act, letter, "give_up", expected_revision)
    why = reason_given(reason, "撤回")
    return change(
        act.because(why), "letter.withdraw", letter, state=move.target, withdrawn_reason=why
    )


def reason_given(reason: str, what: str) -> str:
    """Return the reason of an act that needs one; Invalid where it is empty or hostile."""
    why = checked_text(reason, f"{what}理由", "reason", REASON_LENGTH)
    if not why:
        raise Invalid(f"{what}请说明理由。", "reason")
    return why


def _kind_named(kind: str, act: Act) -> LetterKind:
    told = kinds_on(act.business_date).get(kind)
    if told is None:
        raise Invalid(f"没有「{kind}」这一种函件。", "kind")
    return told


def _owner(duty: Duty | None) -> Recipient:
    who = None if duty is None else duty.owner_post or duty.owner_unit
    if who is None:
        raise Invalid("请选择主送单位。", "addressee")
    return who


def _holder(blocker: Blocker | None) -> Recipient | None:
    """Who has the blocker now: who it was sent up to, else who is to remove it."""
    if blocker is None:
        return None
    if blocker.state == BlockerState.UPPER and blocker.upper_unit is not None:
        return blocker.upper_post or blocker.upper_unit
    return blocker.remover_post or blocker.remover_unit


def _addressed(who: Recipient) -> tuple[Organisation, Post | None]:
    return (who.organisation, who) if isinstance(who, Post) else (who, None)


def _leader_of(duty: Duty | None, letter: Letter) -> list[Recipient]:
    """The leader who vouches for the duty gets a copy of what another signs."""
    leader = duty.leader_post if duty is not None else None
    if leader is None or leader.pk == letter.signer_post_id:
        return []
    return [] if leader.organisation_id == letter.addressee_unit_id else [leader]


def _check(letter: Letter, kind: LetterKind) -> None:
    """Trim and check what a letter says; sets the sentence that asks for a reply."""
    letter.title = checked_line(letter.title, "标题", "title", TITLE_LENGTH)
    letter.issuer = checked_line(letter.issuer, "发文机关", "issuer")
    letter.body = checked_text(letter.body, "正文", "body")
    if not letter.body:
        raise Invalid("请填写正文。", "body")
    letter.closing = checked_text(letter.closing, "结束语", "closing", 60)
    letter.attachments = checked_text(letter.attachments, "附件", "attachments", 1000)
    days = letter.reply_days
    if days is None and kind.reply_days is not None:
        raise Invalid(f"{kind.name}须限期回复，请填写几个工作日内回复。", "reply_days")
    if days is not None and not 1 <= days <= MOST_REPLY_DAYS:
        raise Invalid(f"回复期限须为 1 至 {MOST_REPLY_DAYS} 个工作日。", "reply_days")
    letter.reply_words = kind.reply_words(days)
    if letter.signer_post is not None and not kind.signer.allows(letter.signer_post):
        raise Invalid(f"按规则，{letter.signer_post}不能签发{kind.name}。", "signer_post")
    check_downward(kind, letter.signer_post, letter.addressee_unit, letter.addressee_post)


def _copy_rows(letter: Letter, copies: Sequence[Recipient]) -> list[LetterCopy]:
    named = [_addressed(who) for who in dict.fromkeys(copies)]
    main = (letter.addressee_unit, letter.addressee_post)
    if main in named or (letter.addressee_unit, None) in named:
        raise Invalid(f"{letter.addressee_unit}是主送单位，不必再抄送。", "copies")
    return [LetterCopy(letter=letter, unit=unit, post=post) for unit, post in named]


def _replace_copies(act: Act, letter: Letter, copies: Sequence[Recipient]) -> None:
    rows = {
        (row.unit_id, row.post_id): row
        for row in LetterCopy.objects.filter(letter=letter, ended=False)
    }
    wanted = {(row.unit_id, row.post_id): row for row in _copy_rows(letter, copies)}
    over = [(row, {"ended": True}) for key, row in rows.items() if key not in wanted]
    change_many(act, "letter.end_copy", over)
    create_many(act, "letter.copy", [row for key, row in wanted.items() if key not in rows])


def _next_code() -> str:
    """Next readable code; the campaign row is held so that two drafters never take the same."""
    list(Campaign.objects.select_for_update().values_list("pk"))
    last = Letter.objects.aggregate(last=Max("pk"))["last"] or 0
    return readable("HJ", last + 1)
