"""Next steps that wait for an officer, and those of one lead."""

import datetime as dt
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from guatu.attraction.models import FollowUp, Lead
from guatu.attraction.told_steps import BUSINESS
from guatu.attraction.values import STEERING
from guatu.loop.queries.sight import working_posts
from guatu.register.policies import Standing, in_sight, may
from guatu.register.versions import rows_as_of

SHOWN = 50
"""Most next steps on one desk; the earliest due are shown."""


def open_steps(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Of follow-ups, or past states of them, those whose next step waits; the earliest first."""
    waiting = rows.exclude(next_step="").filter(step_ended_on=None, duty=None)
    return waiting.order_by("next_due", "pk")


def with_unit_alone() -> Q:
    """Condition on follow-ups whose next step is with the lead's unit and no post.

    No post is named; or the one that is was closed, or lost the lead when it was given away.
    """
    inside = Q(next_post__organisation__path__startswith=F("subject__unit__path"))
    lost = Q(subject__unit__isnull=False) & ~inside & ~Q(next_post__role__in=STEERING)
    return Q(next_post=None) | Q(next_post__active=False) | lost


def steps_on_desk(standing: Standing, as_of: dt.date | None = None) -> list[Any]:
    """Next steps of the officer's posts and units on leads in sight, with ``lead_name``; one query.

    A step that is with the lead's unit alone waits for every business post of it.
    """
    posts = working_posts(standing)
    if not posts or not may(standing, "lead.list"):
        return []
    lead = rows_as_of(Lead, as_of).filter(subject_id=OuterRef("subject_id"))
    units = [post.organisation_id for post in standing.posts if post.role in BUSINESS]
    mine = Q(next_post_id__in=posts) | Q(with_unit_alone(), subject__unit_id__in=units)
    rows = rows_as_of(FollowUp, as_of).filter(in_sight(standing, "subject__"), mine)
    rows = rows.select_related("subject__unit", "next_post__organisation")
    named = rows.annotate(lead_name=Subquery(lead.values("name")[:1]))
    return list(open_steps(named)[:SHOWN])
