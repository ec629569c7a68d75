"""The life of a duty as a table: which act leads from which states to which, and who may.

拟定 → 已下达 → 办理中 → 待核 → 办结, with 退回 (待核 → 办理中) and 暂停 beside. Acts that keep the
state stand here as well, so that one table answers what can be done now.
"""

from guatu.loop.enums import DutyState
from guatu.loop.models import Duty
from guatu.register.lives import Life, Move

DRAFT, ISSUED, DOING = DutyState.DRAFT, DutyState.ISSUED, DutyState.DOING
REVIEW, CLOSED, PAUSED = DutyState.REVIEW, DutyState.CLOSED, DutyState.PAUSED
LIVING = frozenset({DRAFT, ISSUED, DOING, REVIEW, PAUSED})


LIFE: Life[DutyState, Duty] = Life(
    DutyState,
    (
        Move("edit", "修改", LIVING, None, "duty.edit"),
        Move("name_co_owner", "增减配合单位", LIVING, None, "duty.edit"),
        Move("issue", "下达", frozenset({DRAFT}), ISSUED, "duty.issue"),
        Move("report", "报告进展", frozenset({ISSUED, DOING}), DOING, "duty.report"),
        Move("affirm", "报「无变化」", frozenset({ISSUED, DOING}), None, "duty.report"),
        Move("supplement", "补充情况", frozenset({ISSUED, DOING, REVIEW}), None, "duty.supplement"),
        Move("submit", "提请核验", frozenset({DOING}), REVIEW, "duty.report"),
        Move("return", "退回", frozenset({REVIEW}), DOING, "duty.review"),
        Move("judge", "核验完成情况", frozenset({ISSUED, DOING, REVIEW}), None, "duty.review"),
        Move("close", "办结", frozenset({REVIEW}), CLOSED, "duty.close"),
        Move("ask_extension", "申请延期", frozenset({ISSUED, DOING}), None, "duty.ask_extension"),
        Move(
            "decide_extension",
            "审批延期",
            frozenset({ISSUED, DOING, PAUSED}),
            None,
            "duty.decide_extension",
        ),
        Move("pause", "暂停", frozenset({ISSUED, DOING, REVIEW}), PAUSED, "duty.pause"),
        Move("resume", "恢复", frozenset({PAUSED}), None, "duty.pause", resumes=True),
    ),
)
begin, open_moves = LIFE.begin, LIFE.open_to
