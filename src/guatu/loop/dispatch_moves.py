"""The life of a dispatch meeting as a table: which act leads from which states to which."""

from dataclasses import dataclass

from guatu.loop.enums import DispatchState
from guatu.loop.models import DispatchMeeting
from guatu.loop.moves import check_revision
from guatu.register.errors import Invalid
from guatu.register.policies import Standing, may, require
from guatu.register.recording import Act

PLANNED, FINAL = DispatchState.PLANNED, DispatchState.FINAL
HELD, CANCELLED = DispatchState.HELD, DispatchState.CANCELLED


@dataclass(frozen=True)
class DispatchMove:
    """One act of a meeting's life; ``target`` None keeps the state, ``policy`` names who may."""

    action: str
    name: str
    sources: frozenset[DispatchState]
    target: DispatchState | None
    policy: str


DISPATCH_TABLE = (
    DispatchMove("change", "修改会议", frozenset({PLANNED}), None, "dispatch.edit"),
    DispatchMove("build", "按例外编排", frozenset({PLANNED}), None, "dispatch.edit"),
    DispatchMove("arrange", "调整议程", frozenset({PLANNED}), None, "dispatch.edit"),
    DispatchMove("finalise", "定稿", frozenset({PLANNED}), FINAL, "dispatch.edit"),
    DispatchMove("unfreeze", "撤回定稿", frozenset({FINAL}), PLANNED, "dispatch.edit"),
    DispatchMove("decide", "议定", frozenset({FINAL, HELD}), None, "dispatch.decide"),
    DispatchMove("hold", "登记已召开", frozenset({FINAL}), HELD, "dispatch.edit"),
    DispatchMove("minute", "读入纪要", frozenset({FINAL, HELD}), None, "dispatch.minutes"),
    DispatchMove("cancel", "取消会议", frozenset({PLANNED, FINAL}), CANCELLED, "dispatch.edit"),
)
DISPATCH_MOVES = {move.action: move for move in DISPATCH_TABLE}


def begin(
    act: Act, meeting: DispatchMeeting, action: str, expected_revision: int | None = None
) -> DispatchMove:
    """Check who acts, which revision they saw and where the meeting stands; return the move.

    Raises Forbidden, Stale or Invalid, in this order.
    """
    move = DISPATCH_MOVES[action]
    require(act.standing, move.policy, meeting)
    check_revision(meeting.revision, expected_revision)
    if meeting.state not in move.sources:
        label = DispatchState(meeting.state).label
        first = way_to(move, meeting)
        told = f"请先{first.name}。" if first else ""
        raise Invalid(f"「{meeting.title}」现在是{label}，不能{move.name}。{told}")
    return move


def way_to(move: DispatchMove, meeting: DispatchMeeting) -> DispatchMove | None:
    """The act that must come first, where one alone leads to what ``move`` asks for."""
    if meeting.state in move.sources or meeting.state == move.target:
        return None
    ways = (one for one in DISPATCH_TABLE if meeting.state in one.sources)
    return next((one for one in ways if one.target in move.sources), None)


def open_moves(standing: Standing, meeting: DispatchMeeting) -> list[DispatchMove]:
    """Acts the officer may do now, in the order of the table."""
    return [
        move
        for move in DISPATCH_TABLE
        if meeting.state in move.sources and may(standing, move.policy, meeting)
    ]
