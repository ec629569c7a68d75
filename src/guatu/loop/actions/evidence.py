"""Evidence: a file that supports claims. Any kind serves; none is ever forced."""

import datetime as dt
from typing import NamedTuple

from guatu.loop.enums import ClaimState
from guatu.loop.models import Claim, ClaimEvidence, Duty
from guatu.register.enums import EvidenceKind
from guatu.register.errors import Invalid
from guatu.register.files import store
from guatu.register.models import Evidence
from guatu.register.policies import require
from guatu.register.recording import Act, create


class FileGiven(NamedTuple):
    """A file brought along with a report."""

    content: bytes
    media_type: str
    title: str
    kind: EvidenceKind = EvidenceKind.OTHER


def attach_evidence(
    act: Act,
    duty: Duty,
    *,
    content: bytes,
    media_type: str,
    title: str,
    kind: EvidenceKind = EvidenceKind.OTHER,
    taken_at: dt.datetime | None = None,
    where: str = "",
) -> Evidence:
    """Keep a file as evidence on the duty's subject; it supports nothing until a claim names it."""
    require(act.standing, "duty.attach", duty)
    if not content:
        raise Invalid("这是一个空文件。", "evidence")
    return create(
        act,
        "evidence.attach",
        Evidence(
            subject=duty.subject,
            file=store(content, media_type),
            kind=kind,
            title=title.strip() or str(kind.label),
            taken_at=taken_at,
            where=where,
            officer=act.standing.officer if act.standing else None,
            added_at=act.at,
        ),
    )


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
