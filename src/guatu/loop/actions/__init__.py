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
from guatu.loop.actions.letter_answering import (
    accept_answer,
    answer,
    read,
    return_answer,
    settle,
    take_back_answer,
)
from guatu.loop.actions.letter_freshening import freshen
from guatu.loop.actions.letter_signing import deliver, send_back, sign, void
from guatu.loop.actions.letters import (
    draft_letter,
    redraft,
    send_to_sign,
    take_back,
    withdraw_letter,
)
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
    solve_blocker,
)
from guatu.loop.actions.urging import urge
from guatu.register.evidence import FileGiven

__all__ = [
    "ClaimGiven",
    "FileGiven",
    "accept_and_close",
    "accept_answer",
    "accept_blocker",
    "accept_claim",
    "affirmed_words",
    "answer",
    "answer_blocker",
    "ask_extension",
    "assign_blocker",
    "attach_evidence",
    "close",
    "confirm_blocker",
    "decide_extension",
    "deliver",
    "draft_duty",
    "draft_letter",
    "edit_blocker",
    "edit_duty",
    "end_co_owner",
    "fill_quota_place",
    "freshen",
    "hand_back",
    "issue",
    "make_quota",
    "name_co_owner",
    "pause",
    "raise_again",
    "raise_blocker",
    "read",
    "redraft",
    "refuse_claim",
    "reject_answer",
    "report",
    "report_no_change",
    "resume",
    "return_",
    "return_answer",
    "return_blocker",
    "send_back",
    "send_to_sign",
    "send_up",
    "set_target",
    "settle",
    "sign",
    "solve_blocker",
    "submit_for_review",
    "supplement",
    "support_claim",
    "take_back",
    "take_back_answer",
    "urge",
    "void",
    "withdraw_blocker",
    "withdraw_letter",
]
