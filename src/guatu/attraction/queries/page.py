"""Everything the page of one lead shows, as it is or as it was known on a past day."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from guatu.attraction.models import FollowUp, Lead, Promise
from guatu.attraction.queries.sight import listed_leads
from guatu.attraction.rules import LeadRules
from guatu.loop.models import Duty
from guatu.loop.queries.sight import duties_on
from guatu.register.enums import PartyRole
from guatu.register.models import Party, Sourced, Subject
from guatu.register.policies import Standing
from guatu.register.versions import VERSIONS, end_of, rows_as_of

MOST = 200


def left_from(row: Any, way: Sequence[str], as_of: dt.date | None = None) -> str | None:  # noqa: ANN401 -- a lead or a past state
    """The last stage of ``way`` a lead stood on, None where it never did; one query."""
    past = _states_of(getattr(row, "row_id", row.pk)).filter(stage__in=way)
    if as_of is not None:
        past = past.filter(known_from__lt=end_of(as_of))
    found: str | None = past.order_by("-known_from", "-pk").values_list("stage", flat=True).first()
    return found


def _states_of(key: int) -> QuerySet[Any]:
    """Every state a lead was ever in."""
    states: QuerySet[Any] = VERSIONS[Lead]._default_manager.all()
    return states.filter(row=key)


@dataclass(frozen=True)
class LeadPage:
    """One lead; ``subject`` may be a past state. Follow-ups stand newest first."""

    lead: Any
    subject: Any
    follow_ups: Sequence[Any]
    promises: Sequence[Any]
    contacts: Sequence[Any]
    duties: Sequence[Duty]
    sources: Sequence[Sourced]

    @property
    def waiting(self) -> list[Any]:
        """Follow-ups whose next step waits, the earliest due first."""
        rows = [
            row
            for row in self.follow_ups
            if row.next_step and row.step_ended_on is None and row.duty_id is None
        ]
        return sorted(rows, key=lambda row: (row.next_due, row.pk))


def find_lead(
    standing: Standing,
    public_id: UUID,
    as_of: dt.date | None = None,
    rules: LeadRules | None = None,
) -> Any | None:  # noqa: ANN401 -- a lead or a past state
    """Return the lead, or its state of a past day, when the officer may see it; else None."""
    rows = listed_leads(standing, as_of, rules).filter(subject__public_id=public_id)
    return rows.select_related(
        "subject__unit",
        "subject__area",
        "owner_post__organisation",
        "leader_post__organisation",
        "enterprise__subject",
        "industry",
        "became",
    ).first()


def lead_page(standing: Standing, lead: Any, as_of: dt.date | None = None) -> LeadPage:  # noqa: ANN401 -- as above
    """Gather what hangs on a lead; a constant number of queries."""
    key = lead.subject_id
    told = rows_as_of(FollowUp, as_of).filter(subject_id=key)
    told = told.select_related("officer", "post__organisation", "next_post__organisation", "duty")
    named = rows_as_of(Party, as_of).filter(subject_id=key, role=PartyRole.CONTACT, ended=False)
    sources = Sourced.objects.filter(subject_id=key)
    if as_of is not None:
        sources = sources.filter(at__lt=end_of(as_of))
    return LeadPage(
        lead=lead,
        subject=_subject(lead, as_of),
        follow_ups=list(told.order_by("-on", "-pk")[:MOST]),
        promises=list(
            rows_as_of(Promise, as_of).filter(subject_id=key, ended=False).order_by("pk")
        ),
        contacts=list(named.order_by("pk")),
        duties=duties_on(standing, key, as_of),
        sources=list(sources.select_related("cell__workbook").order_by("-at", "pk")[:MOST]),
    )


def _subject(lead: Any, as_of: dt.date | None) -> Any:  # noqa: ANN401 -- row or version
    if as_of is None:
        return lead.subject
    past = rows_as_of(Subject, as_of).filter(row_id=lead.subject_id)
    return past.select_related("unit", "area").first() or lead.subject
