"""Duties that wait for whoever reviews them: since when, and for whom."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, DateField, OuterRef, QuerySet, Subquery, When

from guatu.loop.enums import ClaimState, DutyState
from guatu.loop.models import Claim, Duty
from guatu.loop.queries.sight import DutyRow, identity
from guatu.register.enums import Effect, Role
from guatu.register.models import Event, Post
from guatu.register.versions import end_of, rows_as_of


@dataclass(frozen=True)
class Review:
    """A duty waiting for review and the claims that it is done."""

    duty: DutyRow
    claims: list[Claim]


def submitted_on(duties: Collection[int], as_of: dt.date | None = None) -> dict[int, dt.date]:
    """Campaign day on which each duty (its key) was last put up for review; at most one query."""
    if not duties:
        return {}
    rows = Event.objects.filter(
        model=Duty._meta.label, row__in=duties, verb="duty.submit", effect=Effect.CHANGED
    )
    if as_of is not None:
        rows = rows.filter(at__lt=end_of(as_of))
    told = rows.order_by("pk").values_list("row", "business_date")
    return {key: day for key, day in told if key is not None}


def with_submission(rows: QuerySet[Any], as_of: dt.date | None) -> QuerySet[Any]:
    """Annotate ``submitted``: what :func:`submitted_on` tells of duties in review; no query."""
    key = OuterRef("pk" if as_of is None else "row_id")
    told = Event.objects.filter(
        model=Duty._meta.label, row=key, verb="duty.submit", effect=Effect.CHANGED
    )
    if as_of is not None:
        told = told.filter(at__lt=end_of(as_of))
    day = Subquery(told.order_by("-pk").values("business_date")[:1])
    in_review = When(state=DutyState.REVIEW, then=day)
    told_on = Case(in_review, default=None, output_field=DateField())
    found: QuerySet[Any] = rows.annotate(submitted=told_on)
    return found


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
