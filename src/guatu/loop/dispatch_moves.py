"""The life of a dispatch meeting as a table: which act leads from which states to which."""

from guatu.loop.enums import DispatchState
from guatu.loop.models import DispatchMeeting
from guatu.register.lives import Life, Move

PLANNED, FINAL = DispatchState.PLANNED, DispatchState.FINAL
HELD, CANCELLED = DispatchState.HELD, DispatchState.CANCELLED


class DispatchLife(Life[DispatchState, DispatchMeeting]):
    """Says of an act that cannot be done yet which one comes first."""

    def closed_to(self, thing: DispatchMeeting, action: str) -> str:
        """Why the act cannot be done as the meeting stands; empty where it can."""
        closed = super().closed_to(thing, action)
        first = self.way_to(action, thing)
        return f"{closed}。请先{first.name}" if closed and first else closed

    def way_to(self, action: str, meeting: DispatchMeeting) -> Move[DispatchState] | None:
        """The act that must come first, where one alone leads to what ``action`` asks for."""
        move = self[action]
        if meeting.state in move.sources or meeting.state == move.target:
            return None
        ways = (one for one in self if meeting.state in one.sources)
        return next((one for one in ways if one.target in move.sources), None)


LIFE = DispatchLife(
    DispatchState,
    (
        Move("change", "修改会议", frozenset({PLANNED}), None, "dispatch.edit"),
        Move("build", "按例外编排", frozenset({PLANNED}), None, "dispatch.edit"),
        Move("arrange", "调整议程", frozenset({PLANNED}), None, "dispatch.edit"),
        Move("finalise", "定稿", frozenset({PLANNED}), FINAL, "dispatch.edit"),
        Move("unfreeze", "撤回定稿", frozenset({FINAL}), PLANNED, "dispatch.edit"),
        Move("decide", "议定", frozenset({FINAL, HELD}), None, "dispatch.decide"),
        Move("hold", "登记已召开", frozenset({FINAL}), HELD, "dispatch.edit"),
        Move("minute", "读入纪要", frozenset({FINAL, HELD}), None, "dispatch.minutes"),
        Move("unminute", "撤下纪要", frozenset({FINAL, HELD}), None, "dispatch.minutes"),
        Move("cancel", "取消会议", frozenset({PLANNED, FINAL}), CANCELLED, "dispatch.edit"),
    ),
)
begin, open_moves = LIFE.begin, LIFE.open_to
