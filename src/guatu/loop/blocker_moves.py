"""The life of a blocker as a table: which act leads from which states to which, and who may.

待审核 → 处理中 → 待确认 → 已完结. 上级协调 stands beside 处理中 and comes back to it; 退回 goes
back to who raised it, 不认可 from 待确认 to 处理中; who raised it may withdraw it before anybody
works on it, and say later that it is gone without help (已自行解决). Blockers of a duty that is
done end with it (`actions.unblocking.close_with_duty`).
"""

from guatu.loop.enums import OPEN_BLOCKERS, BlockerState
from guatu.loop.models import Blocker
from guatu.register.lives import Life, Move

RAISED, RETURNED, WORKING = BlockerState.RAISED, BlockerState.RETURNED, BlockerState.WORKING
UPPER, ANSWERED, CLOSED = BlockerState.UPPER, BlockerState.ANSWERED, BlockerState.CLOSED
WITHDRAWN = BlockerState.WITHDRAWN


LIFE: Life[BlockerState, Blocker] = Life(
    BlockerState,
    (
        Move("accept", "受理", frozenset({RAISED}), WORKING, "blocker.handle"),
        Move("answer", "答复", frozenset({RAISED, WORKING, UPPER}), ANSWERED, "blocker.answer"),
        Move(
            "send_up", "提请上级协调", frozenset({RAISED, WORKING, UPPER}), UPPER, "blocker.send_up"
        ),
        Move("hand_back", "交回办理", frozenset({UPPER}), WORKING, "blocker.coordinate"),
        Move("assign", "转交", frozenset({RAISED, WORKING, UPPER}), WORKING, "blocker.assign"),
        Move("return", "退回", frozenset({RAISED}), RETURNED, "blocker.handle"),
        Move("raise_again", "重新上报", frozenset({RETURNED}), RAISED, "blocker.own"),
        Move("confirm", "确认解决", frozenset({ANSWERED}), CLOSED, "blocker.confirm"),
        Move("reject", "不认可", frozenset({ANSWERED}), WORKING, "blocker.confirm"),
        Move("solve", "已自行解决", frozenset({RAISED, WORKING, UPPER}), CLOSED, "blocker.own"),
        Move("withdraw", "撤回", frozenset({RAISED, RETURNED}), WITHDRAWN, "blocker.own"),
        Move("edit", "修改", frozenset(OPEN_BLOCKERS), None, "blocker.edit"),
    ),
)
begin, open_moves = LIFE.begin, LIFE.open_to
