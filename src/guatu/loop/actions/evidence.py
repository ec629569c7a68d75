"""Evidence on a duty, and the claims it supports."""

from guatu.loop.enums import ClaimState
from guatu.loop.models import Claim, ClaimEvidence, Duty
from guatu.register.errors import Invalid
from guatu.register.evidence import FileGiven, admit_file, keep_evidence
from guatu.register.models import Evidence
from guatu.register.policies import require
from guatu.register.recording import Act, create


def attach_evidence(act: Act, duty: Duty, file: FileGiven) -> Evidence:
    """Keep a file as evidence on the duty's subject; it supports nothing until a claim names it."""
    require(act.standing, "duty.attach", duty)
    return keep_evidence(act, duty.subject, admit_file(act, file))


def support_claim(act: Act, claim: Claim, evidence: Evidence) -> ClaimEvidence:
    """Let a piece of evidence support a claim that is not judged yet."""
    duty = claim.report.duty
    require(act.standing, "duty.attach", duty)
    if claim.state != ClaimState.PENDING:
        raise Invalid("已核验的完成情况不再增减材料。", "evidence")
    if evidence.subject_id != duty.subject_id:
        raise Invalid("佐证材料属于别的对象。", "evidence")
    if ClaimEvidence.objects.filter(claim=claim, evidence=evidence).exists():
        raise Invalid("这份材料已经附上。", "evidence")
    return create(act, "claim.support", ClaimEvidence(claim=claim, evidence=evidence))
