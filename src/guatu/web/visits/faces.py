"""How a visit shows: its address, its findings with the words of their verdicts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse

from guatu.loop.queries.visits import FindingShown, VisitRow, finding_key
from guatu.register.enums import Role
from guatu.register.policies import Standing
from guatu.web.blockers.spots import subject_page

SEVERAL = 2


@dataclass(frozen=True)
class FindingFace:
    """A finding with the name of its verdict and the address of the place."""

    shown: FindingShown
    verdict: str
    href: str


def visit_word(standing: Standing) -> str:
    """What a visit of this officer is called: 督帮 of leaders, 走访 of specialists."""
    return "督帮" if standing.has(Role.OFFICE, Role.LEADER) else "走访"


def word_of(visit: VisitRow) -> str:
    """What this visit is called."""
    return "督帮" if visit.leader_post.role == Role.LEADER else "走访"


def visit_url(visit: VisitRow) -> str:
    """Address of the visit's page."""
    return reverse("visits:visit", args=[visit.public_id])


def places_of(findings: Iterable[FindingShown]) -> dict[tuple[str, int], str]:
    """Where each finding was, for the history of a visit to several places."""
    shown = list(findings)
    if len(shown) < SEVERAL:
        return {}
    return {("loop.Finding", finding_key(one.finding)): one.finding.subject.title for one in shown}


def finding_faces(
    findings: Iterable[FindingShown], verdicts: Mapping[str, str]
) -> list[FindingFace]:
    """Findings as they are shown; a verdict the rule no longer has is shown by its code."""
    return [
        FindingFace(
            one,
            verdicts.get(one.finding.verdict, one.finding.verdict),
            subject_page(one.finding.subject),
        )
        for one in findings
    ]
