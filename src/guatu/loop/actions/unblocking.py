"""Removing a blocker: taken on, passed on, sent up and back, answered, confirmed or not."""

from typing import Any

from django.db import transaction

from guatu.loop.actions.blocking import check_remover
from guatu.loop.actions.letter_answering import close_with_blocker
from guatu.loop.blocker_days import clocked, days_of, told_on
from guatu.loop.blocker_moves import begin
from guatu.loop.enums import OPEN_BLOCKERS, BlockerState
from guatu.loop.models import Blocker, Duty
from guatu.loop.office_days import office_days
from guatu.loop.removers import Remover, Staff, spot_of
from guatu.register.errors import Invalid
from guatu.register.lives import Move
from guatu.register.models import Post
from guatu.register.recording import Act, change, change_many

NOT_ABOVE: dict[str, Any] = {
    "upper_unit": None,
    "upper_post": None,
    "upper_level": 0,
    "upper_since": None,
}


def accept_blocker(act: Act, blocker: Blocker, *, expected_revision: int | None = None) -> Blocker:
    """待审核 → 处理中: who is named removes it."""
    move = begin(act, blocker, "accept", expected_revision)
    return _moved(act, blocker, move)


def assign_blocker(
    act: Act,
    blocker: Blocker,
    remover: Remover,
    *,
    words: str = "",
    expected_revision: int | None = None,
) -> Blocker:
    """Give it to somebody else to remove; ``words`` tell what is asked of them."""
    move = begin(act, blocker, "assign", expected_revision)
    check_remover(Staff(act.business_date), spot_of(blocker), remover)
    same = (blocker.remover_unit_id, blocker.remover_post_id)
    if same == (remover.unit.pk, remover.post and remover.post.pk):
        raise Invalid(f"这一堵点已由{remover}办理。", "remover")
    asked = {"asked": words.strip()} if words.strip() else {}
    return _moved(
        act.because(words.strip()),
        blocker,
        move,
        remover_unit=remover.unit,
        remover_post=remover.post,
        **asked,
        **NOT_ABOVE,
    )


def send_up(
    act: Act,
    blocker: Blocker,
    *,
    to: Post | None = None,
    reason: str = "",
    expected_revision: int | None = None,
) -> Blocker:
    """Ask the parent unit's head or a leader to coordinate; ``to`` None takes the nearest.

    Raises Invalid when nobody stands above, or for a post that does not.
    """
    move = begin(act, blocker, "send_up", expected_revision)
    above = Staff(act.business_date).superiors(blocker)
    if not above:
        raise Invalid("已没有更高一级可以提请。", "to")
    post = to or above[0]
    if post not in above:
        raise Invalid(f"「{post}」不在可提请协调的上级之列。", "to")
    return _moved(
        act.because(reason.strip()),
        blocker,
        move,
        upper_unit=post.organisation,
        upper_post=post,
        upper_level=blocker.upper_level + 1,
        upper_since=told_on(blocker, act.business_date),
    )


def hand_back(
    act: Act, blocker: Blocker, *, words: str, expected_revision: int | None = None
) -> Blocker:
    """上级协调 → 处理中 with what was settled; the remover goes on."""
    move = begin(act, blocker, "hand_back", expected_revision)
    if not words.strip():
        raise Invalid("请写明协调意见。", "words")
    return _moved(act.because(words.strip()), blocker, move, **NOT_ABOVE)


def answer_blocker(
    act: Act, blocker: Blocker, *, answer: str, expected_revision: int | None = None
) -> Blocker:
    """Say that it is removed, and how; who raised it confirms. What was returned before ends."""
    move = begin(act, blocker, "answer", expected_revision)
    if not answer.strip():
        raise Invalid("请写明怎样解决的。", "answer")
    officer = act.standing.officer if act.standing else None
    told = {"answer": answer.strip(), "answered_by": officer, "returned_reason": ""}
    return _moved(act, blocker, move, **told)


def return_blocker(
    act: Act, blocker: Blocker, *, reason: str, expected_revision: int | None = None
) -> Blocker:
    """待审核 → 退回 with what is missing; no day counts until it is raised again."""
    move = begin(act, blocker, "return", expected_revision)
    if not reason.strip():
        raise Invalid("退回请说明理由。", "reason")
    return _moved(act.because(reason.strip()), blocker, move, returned_reason=reason.strip())


def confirm_blocker(act: Act, blocker: Blocker, *, expected_revision: int | None = None) -> Blocker:
    """待确认 → 已完结; its days are stored, letters about it close. Who answered never confirms."""
    move = begin(act, blocker, "confirm", expected_revision)
    officer = act.standing.officer if act.standing else None
    if officer is not None and officer.pk == blocker.answered_by_id:
        raise Invalid("自己的答复，须由他人确认。")
    return _closed(act, blocker, move)


def solve_blocker(
    act: Act, blocker: Blocker, *, answer: str, expected_revision: int | None = None
) -> Blocker:
    """已完结 without an answer of who was asked: who raised it says how it went away."""
    move = begin(act, blocker, "solve", expected_revision)
    if not answer.strip():
        raise Invalid("请写明怎样解决的。", "answer")
    officer = act.standing.officer if act.standing else None
    return _closed(act, blocker, move, answer=answer.strip(), answered_by=officer)


def _closed(act: Act, blocker: Blocker, move: Move[BlockerState], **values: Any) -> Blocker:  # noqa: ANN401 -- columns
    """End it: its days are stored, and letters about it close."""
    with transaction.atomic():
        _moved(
            act,
            blocker,
            move,
            returned_reason="",
            days_lost=days_of(blocker, act.business_date, office_days()),
            closed_on=told_on(blocker, act.business_date),
            **values,
        )
        close_with_blocker(act, blocker)
    return blocker


def reject_answer(
    act: Act, blocker: Blocker, *, reason: str, expected_revision: int | None = None
) -> Blocker:
    """待确认 → 处理中: it still stands in the way."""
    move = begin(act, blocker, "reject", expected_revision)
    if not reason.strip():
        raise Invalid("不认可请说明理由。", "reason")
    return _moved(
        act.because(reason.strip()),
        blocker,
        move,
        returned_reason=reason.strip(),
        **NOT_ABOVE,
    )


def close_with_duty(act: Act, duty: Duty) -> int:
    """Close the open blockers of a duty that is done: nothing stands in its way any more.

    Their days are stored and letters about them close. Returns how many.
    """
    days, day = office_days(), act.business_date
    told = act.because(f"所在事项 {duty.code} 已办结")
    rows = list(Blocker.objects.filter(duty=duty, state__in=OPEN_BLOCKERS).order_by("pk"))
    changes = [
        (
            row,
            {
                **clocked(row, day, days),
                "state": BlockerState.CLOSED,
                "halted": False,
                "returned_reason": "",
                "days_lost": days_of(row, day, days),
                "closed_on": told_on(row, day),
            },
        )
        for row in rows
    ]
    with transaction.atomic():
        count = change_many(told, "blocker.close_with_duty", changes)
        for row in rows:
            close_with_blocker(act, row)
    return count


def halt_blockers(act: Act, duty: Duty, *, halted: bool) -> None:
    """Stop or start the days of a duty's open blockers: it was paused or resumed."""
    rows = Blocker.objects.filter(duty=duty, state__in=OPEN_BLOCKERS).exclude(halted=halted)
    days = office_days()
    changes = [(row, {**clocked(row, act.business_date, days), "halted": halted}) for row in rows]
    change_many(act, "blocker.halt" if halted else "blocker.go_on", changes)


def _moved(act: Act, blocker: Blocker, move: Move[BlockerState], **values: Any) -> Blocker:  # noqa: ANN401 -- columns
    """Do a move: its state, the days until today, and what else changes."""
    days = clocked(blocker, act.business_date, office_days())
    told = {**days, "state": move.after(blocker), **values}
    with transaction.atomic():
        return change(act, f"blocker.{move.action}", blocker, **told)
