"""The life of a blocker as a table: which act leads from which states to which, and who may.

待审核 → 处理中 → 待确认 → 已完结. 上级协调 stands beside 处理中 and comes back to it; 退回 goes
back to who raised it, 不认可 from 待确认 to 处理中; who raised it may withdraw it before anybody
works on it.
"""

from dataclasses import dataclass

from guatu.loop.enums import OPEN_BLOCKERS, BlockerState
from guatu.loop.models import Blocker
from guatu.loop.moves import check_revision
from guatu.register.errors import Invalid
from guatu.register.policies import Standing, may, require
from guatu.register.recording import Act

RAISED, RETURNED, WORKING = BlockerState.RAISED, BlockerState.RETURNED, BlockerState.WORKING
UPPER, ANSWERED, CLOSED = BlockerState.UPPER, BlockerState.ANSWERED, BlockerState.CLOSED
WITHDRAWN = BlockerState.WITHDRAWN


@dataclass(frozen=True)
class BlockerMove:
    """One act of a blocker's life. ``target`` None keeps the state; ``policy`` names who may."""

    action: str
    name: str
    sources: frozenset[BlockerState]
    target: BlockerState | None
    policy: str

    def after(self, blocker: Blocker) -> BlockerState:
        """State the blocker has once this act is done."""
        return self.target or BlockerState(blocker.state)


TABLE = (
    BlockerMove("accept", "受理", frozenset({RAISED}), WORKING, "blocker.handle"),
    BlockerMove("answer", "答复", frozenset({RAISED, WORKING, UPPER}), ANSWERED, "blocker.answer"),
    BlockerMove(
        "send_up", "提请上级协调", frozenset({RAISED, WORKING, UPPER}), UPPER, "blocker.send_up"
    ),
    BlockerMove("hand_back", "交回办理", frozenset({UPPER}), WORKING, "blocker.coordinate"),
    BlockerMove("assign", "转交", frozenset({RAISED, WORKING, UPPER}), WORKING, "blocker.assign"),
    BlockerMove("return", "退回", frozenset({RAISED}), RETURNED, "blocker.handle"),
    BlockerMove("raise_again", "重新上报", frozenset({RETURNED}), RAISED, "blocker.own"),
    BlockerMove("confirm", "确认解决", frozenset({ANSWERED}), CLOSED, "blocker.confirm"),
    BlockerMove("reject", "不认可", frozenset({ANSWERED}), WORKING, "blocker.confirm"),
    BlockerMove("withdraw", "撤回", frozenset({RAISED, RETURNED}), WITHDRAWN, "blocker.own"),
    BlockerMove("edit", "修改", frozenset(OPEN_BLOCKERS), None, "blocker.edit"),
)
MOVES = {move.action: move for move in TABLE}


def begin_move(
    act: Act, blocker: Blocker, action: str, expected_revision: int | None = None
) -> BlockerMove:
    """Check who acts, which revision they saw and where the blocker stands; return the move.

    Raises Forbidden, Stale or Invalid, in this order.
    """
    move = MOVES[action]
    require(act.standing, move.policy, blocker)
    check_revision(blocker.revision, expected_revision)
    if blocker.state not in move.sources:
        message = f"「{blocker.title}」现在是{BlockerState(blocker.state).label}，不能{move.name}。"
        raise Invalid(message)
    return move


def open_blocker_moves(standing: Standing, blocker: Blocker) -> list[BlockerMove]:
    """Acts the officer may do now, in the order of the table."""
    return [
        move
        for move in TABLE
        if blocker.state in move.sources and may(standing, move.policy, blocker)
    ]
