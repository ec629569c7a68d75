"""The life of a duty as a table: which act leads from which states to which, and who may.

拟定 → 已下达 → 办理中 → 待核 → 办结, with 退回 (待核 → 办理中) and 暂停 beside. Acts that keep the
state stand here as well, so that one table answers what can be done now.
"""

from dataclasses import dataclass

from guatu.loop.enums import DutyState
from guatu.loop.models import Duty
from guatu.register.errors import Invalid, Stale
from guatu.register.policies import Standing, may, require
from guatu.register.recording import Act

DRAFT, ISSUED, DOING = DutyState.DRAFT, DutyState.ISSUED, DutyState.DOING
REVIEW, CLOSED, PAUSED = DutyState.REVIEW, DutyState.CLOSED, DutyState.PAUSED
LIVING = frozenset({DRAFT, ISSUED, DOING, REVIEW, PAUSED})


@dataclass(frozen=True)
class Move:
    """One act of a duty's life.

    ``target`` None keeps the state; ``resumes`` goes back to ``duty.resume_state``. ``policy``
    names who may.
    """

    action: str
    name: str
    sources: frozenset[DutyState]
    target: DutyState | None
    policy: str
    resumes: bool = False

    def after(self, duty: Duty) -> DutyState:
        """State the duty has once this act is done."""
        if self.resumes:
            return DutyState(duty.resume_state)
        return self.target or DutyState(duty.state)


TABLE = (
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
)
MOVES = {move.action: move for move in TABLE}


def begin(act: Act, duty: Duty, action: str, expected_revision: int | None = None) -> Move:
    """Check who acts, which revision they saw and where the duty stands; return the move.

    Raises Forbidden, Stale or Invalid, in this order.
    """
    move = MOVES[action]
    require(act.standing, move.policy, duty)
    check_revision(duty.revision, expected_revision)
    if duty.state not in move.sources:
        message = f"「{duty.title}」现在是{DutyState(duty.state).label}，不能{move.name}。"
        raise Invalid(message)
    return move


def open_moves(standing: Standing, duty: Duty) -> list[Move]:
    """Acts the officer may do now, in the order of the table."""
    return [
        move for move in TABLE if duty.state in move.sources and may(standing, move.policy, duty)
    ]


def check_revision(stored: int, shown: int | None) -> None:
    """Raise Stale when the form showed another revision than the stored one."""
    if shown is not None and shown != stored:
        raise Stale("这条记录刚被别人改过，请核对最新情况后再提交；您填写的内容还在。")
