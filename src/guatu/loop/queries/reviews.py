"""Duties that wait for whoever reviews them: since when, and for whom."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from guatu.loop.enums import ClaimState
from guatu.loop.models import Claim
from guatu.loop.queries.sight import DutyRow, identity
from guatu.register.enums import Role
from guatu.register.models import Post
from guatu.register.versions import rows_as_of


@dataclass(frozen=True)
class Review:
    """A duty waiting for review and the claims that it is done."""

    duty: DutyRow
    claims: list[Claim]


def office_post() -> Post | None:
    """First post of the campaign office, which reviews where no leader vouches; one query."""
    posts = Post.objects.filter(role=Role.OFFICE, active=True, organisation__active=True)
    ranked = posts.select_related("organisation").order_by("organisation__order_path", "rank", "pk")
    return ranked.first()


def reviewer_of(duty: DutyRow, office: Post | None) -> Post | None:
    """Who is asked to review a duty: its leader, else the office."""
    return duty.leader_post or office


def reviews_of(duties: Iterable[DutyRow], as_of: dt.date | None) -> list[Review]:
    """Put the claims that each duty is done beside it; one query."""
    rows = list(duties)
    claims = (
        rows_as_of(Claim, as_of)
        .filter(
            state=ClaimState.PENDING,
            closes=True,
            report__duty_id__in=[identity(duty) for duty in rows],
        )
        .select_related("report__officer", "report__post__organisation")
    )
    found: dict[int, list[Claim]] = {}
    for claim in claims:
        found.setdefault(claim.report.duty_id, []).append(claim)
    return [Review(duty, found.get(identity(duty), [])) for duty in rows]
