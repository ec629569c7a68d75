"""Reviewing what was claimed: an opinion apart from the claim, return, and closing."""

from django.db import transaction

from guatu.loop.actions import letter_answering, unblocking
from guatu.loop.enums import ClaimState
from guatu.loop.models import Claim, Duty
from guatu.loop.moves import begin
from guatu.loop.queries.duties import kinds_on, missing
from guatu.register.errors import Invalid
from guatu.register.lives import check_revision
from guatu.register.recording import Act, change


def accept_claim(
    act: Act, claim: Claim, *, opinion: str = "", expected_revision: int | None = None
) -> Claim:
    """认可 a claim. Raises Invalid when it was judged already or by who made it."""
    return _judge(act, claim, ClaimState.ACCEPTED, opinion, expected_revision)


def refuse_claim(
    act: Act, claim: Claim, *, opinion: str, expected_revision: int | None = None
) -> Claim:
    """不认可 a claim, with the reason in ``opinion``."""
    if not opinion.strip():
        raise Invalid("不认可请说明理由。", "opinion")
    return _judge(act, claim, ClaimState.REFUSED, opinion, expected_revision)


def return_(act: Act, duty: Duty, *, reason: str, expected_revision: int | None = None) -> Duty:
    """待核 → 办理中 with a reason, which stands on top of the owner's desk until answered.

    Claims that the duty is done and were not judged yet are refused with the same reason.
    """
    move = begin(act, duty, "return", expected_revision)
    if not reason.strip():
        raise Invalid("退回请说明理由。", "reason")
    act = act.because(reason.strip())
    open_claims = Claim.objects.filter(
        report__duty=duty, closes=True, state=ClaimState.PENDING
    ).select_related("report__duty")
    with transaction.atomic():
        for claim in open_claims:
            _judge(act, claim, ClaimState.REFUSED, reason, None)
        change(act, "duty.return", duty, state=move.after(duty), returned_reason=reason.strip())
    return duty


def accept_and_close(
    act: Act, duty: Duty, *, opinion: str = "", expected_revision: int | None = None
) -> Duty:
    """Accept the claims that the duty is done and close it, in one step."""
    begin(act, duty, "close", expected_revision)
    open_claims = Claim.objects.filter(
        report__duty=duty, closes=True, state=ClaimState.PENDING
    ).select_related("report__duty")
    with transaction.atomic():
        for claim in open_claims:
            _judge(act, claim, ClaimState.ACCEPTED, opinion, None)
        return close(act, duty)


def close(act: Act, duty: Duty, *, expected_revision: int | None = None) -> Duty:
    """待核 → 办结, only when what its kind declares closes it holds.

    Its open blockers and the letters that were sent about it close with it. Raises Invalid naming
    what is missing; Stale.
    """
    move = begin(act, duty, "close", expected_revision)
    absent = missing(duty, kinds_on(act.business_date))
    if absent:
        words = "；".join(condition.words for condition in absent)
        raise Invalid(f"还不能办结，尚缺：{words}。")
    with transaction.atomic():
        change(act, "duty.close", duty, state=move.after(duty), closed_on=act.business_date)
        unblocking.close_with_duty(act, duty)
        letter_answering.close_with_duty(act, duty)
    return duty


def _judge(
    act: Act, claim: Claim, state: ClaimState, opinion: str, expected_revision: int | None
) -> Claim:
    begin(act, claim.report.duty, "judge")
    check_revision(claim.revision, expected_revision)
    if claim.state != ClaimState.PENDING:
        raise Invalid(f"这条完成情况已经{ClaimState(claim.state).label}，不必再核。")
    reviewer = act.standing.officer if act.standing else None
    if reviewer is not None and reviewer.pk == claim.report.officer_id:
        raise Invalid("自己报的完成情况，须由他人核验。")
    return change(
        act.because(opinion.strip()),
        f"claim.{state.value}",
        claim,
        state=state,
        reviewer=reviewer,
        opinion=opinion.strip(),
        reviewed_at=act.at,
    )
