"""Writes of the loop, by concept. Each acts once: guards first, one transaction, events inside."""

from guatu.loop.actions.blocking import (
    edit_blocker,
    raise_again,
    raise_blocker,
    withdraw_blocker,
)
from guatu.loop.actions.drafting import draft_duty, edit_duty
from guatu.loop.actions.evidence import attach_evidence, support_claim
from guatu.loop.actions.extending import ask_extension, decide_extension
from guatu.loop.actions.helping import end_co_owner, name_co_owner
from guatu.loop.actions.issuing import issue
from guatu.loop.actions.pausing import pause, resume
from guatu.loop.actions.quotas import fill_quota_place, make_quota
from guatu.loop.actions.reporting import (
    ClaimGiven,
    affirmed_words,
    report,
    report_no_change,
    submit_for_review,
    supplement,
)
from guatu.loop.actions.reviewing import (
    accept_and_close,
    accept_claim,
    close,
    refuse_claim,
    return_,
)
from guatu.loop.actions.targeting import set_target
from guatu.loop.actions.unblocking import (
    accept_blocker,
    answer_blocker,
    assign_blocker,
    confirm_blocker,
    hand_back,
    reject_answer,
    return_blocker,
    send_up,
)
from guatu.loop.actions.urging import urge
from guatu.register.evidence import FileGiven

__all__ = [
    "ClaimGiven",
    "FileGiven",
    "accept_and_close",
    "accept_blocker",
    "accept_claim",
    "affirmed_words",
    "answer_blocker",
    "ask_extension",
    "assign_blocker",
    "attach_evidence",
    "close",
    "confirm_blocker",
    "decide_extension",
    "draft_duty",
    "edit_blocker",
    "edit_duty",
    "end_co_owner",
    "fill_quota_place",
    "hand_back",
    "issue",
    "make_quota",
    "name_co_owner",
    "pause",
    "raise_again",
    "raise_blocker",
    "refuse_claim",
    "reject_answer",
    "report",
    "report_no_change",
    "resume",
    "return_",
    "return_blocker",
    "send_up",
    "set_target",
    "submit_for_review",
    "supplement",
    "support_claim",
    "urge",
    "withdraw_blocker",
]
