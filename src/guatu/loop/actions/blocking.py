"""Raising a blocker, and what who raised it may still do."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.db.models import Max

from guatu.loop.blocker_causes import BlockerCause, causes_on, known_cause
from guatu.loop.blocker_days import clocked, told_on
from guatu.loop.blocker_moves import begin
from guatu.loop.blocker_rights import raising_post
from guatu.loop.enums import OPEN_BLOCKERS, BlockerState, DutyState
from guatu.loop.models import Blocker, BlockerEvidence
from guatu.loop.office_days import office_days
from guatu.loop.removers import Proposer, Remover, Spot, Staff
from guatu.register.errors import Invalid
from guatu.register.evidence import FileGiven, admit_file, keep_evidence
from guatu.register.keys import code as readable
from guatu.register.models import Campaign, Organisation, Post
from guatu.register.policies import require
from guatu.register.recording import Act, change, create, create_many

TITLE_LENGTH = 300
REPEATABLE = "other"
"""Cause under which several blockers of one spot may be open: each is told in words."""


class BlockerSaid(TypedDict, total=False):
    """What is told of a blocker; an empty title is made of cause and subject."""

    title: str
    what: str
    asked: str


def raise_blocker(
    act: Act,
    spot: Spot,
    cause: str,
    *,
    remover: Remover | None = None,
    files: Sequence[FileGiven] = (),
    **said: Unpack[BlockerSaid],
) -> Blocker:
    """Raise what stands in the way; ``remover`` None takes whom the cause proposes.

    Raises Invalid for a closed duty or finished activity, an unknown cause, one that is open here
    already, and a remover who has left, naming who is proposed instead.
    """
    require(act.standing, "blocker.raise", spot)
    _check_spot(spot)
    known = known_cause(causes_on(act.business_date), cause)
    post = raising_post(act.standing, spot) if act.standing else None
    proposer = Proposer(Staff(act.business_date), spot, _unit(post))
    chosen = _remover(spot, proposer, remover, known)
    blocker = _hanging(spot, act.business_date)
    blocker.cause, blocker.remover_unit, blocker.remover_post = cause, chosen.unit, chosen.post
    blocker.raised_by = act.standing.officer if act.standing else None
    blocker.raised_post, blocker.raised_unit = post, _unit(post)
    for name, value in _told(said).items():
        setattr(blocker, name, value)
    blocker.title = blocker.title or f"{known.name}：{_name_of(spot)}"[:TITLE_LENGTH]
    admitted = [admit_file(act, file) for file in files]
    with transaction.atomic():
        blocker.code = _next_code()
        _check_once(blocker)
        create(act, "blocker.raise", blocker)
        kept = [keep_evidence(act, spot.subject, file) for file in admitted]
        shown = [BlockerEvidence(blocker=blocker, evidence=evidence) for evidence in kept]
        create_many(act, "blocker.show", shown)
    return blocker


def raise_again(
    act: Act,
    blocker: Blocker,
    *,
    expected_revision: int | None = None,
    **said: Unpack[BlockerSaid],
) -> Blocker:
    """退回 → 待审核, with what was missing. Its days go on counting from now."""
    move = begin(act, blocker, "raise_again", expected_revision)
    return change(
        act,
        "blocker.raise_again",
        blocker,
        state=move.after(blocker),
        returned_reason="",
        **clocked(blocker, act.business_date, office_days()),
        **_told(said),
    )


def edit_blocker(
    act: Act,
    blocker: Blocker,
    *,
    cause: str = "",
    expected_revision: int | None = None,
    **said: Unpack[BlockerSaid],
) -> Blocker:
    """Tell an open blocker better. Raises Invalid for an empty title or an unknown cause."""
    begin(act, blocker, "edit", expected_revision)
    values: dict[str, Any] = dict(_told(said))
    if "title" in values and not values["title"]:
        raise Invalid("请填写堵点名称。", "title")
    if cause:
        values["cause"] = known_cause(causes_on(act.business_date), cause).code
    return change(act, "blocker.edit", blocker, **values)


def withdraw_blocker(
    act: Act, blocker: Blocker, *, reason: str, expected_revision: int | None = None
) -> Blocker:
    """待审核 or 退回 → 已撤回; it has cost nothing."""
    move = begin(act, blocker, "withdraw", expected_revision)
    if not reason.strip():
        raise Invalid("撤回请说明理由。", "reason")
    return change(
        act.because(reason.strip()),
        "blocker.withdraw",
        blocker,
        state=move.after(blocker),
        closed_on=told_on(blocker, act.business_date),
        **clocked(blocker, act.business_date, office_days()),
    )


def _hanging(spot: Spot, day: dt.date) -> Blocker:
    """Begin a blocker of a spot on a day; of a paused duty it stands still."""
    return Blocker(
        district_code=spot.subject.district_code,
        subject=spot.subject,
        duty=spot.duty,
        activity=spot.activity,
        raised_on=day,
        stood_since=day,
        halted=spot.duty is not None and spot.duty.state == DutyState.PAUSED,
    )


def _check_spot(spot: Spot) -> None:
    for part in (spot.duty, spot.activity):
        if part is not None and part.subject_id != spot.subject.pk:
            raise Invalid("所选事项或节点不属于这个对象。")
    if spot.duty is not None and spot.duty.state in {DutyState.CLOSED, DutyState.DRAFT}:
        label = DutyState(spot.duty.state).label
        raise Invalid(f"「{spot.duty.title}」现在是{label}，不能上报堵点。")
    if spot.activity is not None and spot.activity.finished is not None:
        raise Invalid(f"「{spot.activity.name}」已于 {spot.activity.finished} 完成，不能上报堵点。")


def _check_once(blocker: Blocker) -> None:
    """Refuse what is open here already: a second tap, or a colleague who was quicker."""
    same = Blocker.objects.filter(
        subject=blocker.subject,
        duty=blocker.duty,
        activity=blocker.activity,
        cause=blocker.cause,
        state__in=OPEN_BLOCKERS,
    )
    found = None if blocker.cause == REPEATABLE else same.first()
    if found is not None:
        state = BlockerState(found.state).label
        raise Invalid(f"这里已有同一成因的堵点 {found.code}（{state}），不必重复上报。", "cause")


def _remover(
    spot: Spot, proposer: Proposer, remover: Remover | None, cause: BlockerCause
) -> Remover:
    if remover is None:
        proposal = proposer.propose(cause)
        if proposal is None:
            raise Invalid("没有找到可以解决的单位，请选择由谁解决。", "remover")
        return proposal.remover
    check_remover(proposer.staff, spot, remover)
    return remover


def check_remover(staff: Staff, spot: Spot, remover: Remover) -> None:
    """Refuse a remover who has left, naming who is proposed. Raises Invalid."""
    if remover.post is not None and remover.post.organisation_id != remover.unit.pk:
        raise Invalid("所选岗位不在所选单位之内。", "remover")
    gone = staff.gone(remover)
    if gone:
        instead = staff.instead(remover, spot)
        words = f"，建议改为「{instead}」" if instead else ""
        raise Invalid(f"{gone}{words}。", "remover")


def _unit(post: Post | None) -> Organisation | None:
    return post.organisation if post is not None else None


def _name_of(spot: Spot) -> str:
    if spot.duty is not None:
        return spot.duty.title
    name = f"·{spot.activity.name}" if spot.activity is not None else ""
    return f"{spot.subject.title}{name}"


def _told(said: BlockerSaid) -> dict[str, str]:
    told = {name: str(value).strip() for name, value in said.items()}
    if len(told.get("title", "")) > TITLE_LENGTH:
        raise Invalid(f"名称请控制在 {TITLE_LENGTH} 字以内。", "title")
    return told


def _next_code() -> str:
    """Next readable code; the campaign row is held so that two never take the same."""
    list(Campaign.objects.select_for_update().values_list("pk"))
    last = Blocker.objects.aggregate(last=Max("pk"))["last"] or 0
    return readable("DD", last + 1)
