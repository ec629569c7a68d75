"""Reads of the reserve: its list, the page of one project in it, and what waits for an officer."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, IntegerField, OuterRef, QuerySet, Subquery, Value, When

from guatu.investment.enums import IN_REVIEW, AdmissionState
from guatu.investment.models import Admission, AdmissionOpinion, Project
from guatu.investment.queries.sight import with_unit
from guatu.investment.reserve_moves import barred, first_judgements
from guatu.register.models import Sourced, Subject
from guatu.register.policies import Standing, in_sight, may
from guatu.register.stand_ins import covered_posts
from guatu.register.versions import end_of, rows_as_of

MOST_WAITING = 50
"""Most rows on one desk; those that wait longest are shown."""
MOST_SOURCES = 200
ORDER = (
    AdmissionState.FINAL,
    AdmissionState.FIRST,
    AdmissionState.RETURNED,
    AdmissionState.IDEA,
    AdmissionState.RESERVED,
    AdmissionState.UNDERWAY,
    AdmissionState.REMOVED,
)
"""States in the order of a list: what waits for somebody on top."""


def reserves_in_sight(standing: Standing, as_of: dt.date | None = None) -> QuerySet[Any]:
    """Projects with an admission, or their states of a past day, that the officer may see.

    Also those begun or taken out since. Adds ``state``, ``state_order``, ``since``, ``reason``,
    ``origin``, ``round`` and ``plan_year`` of the admission.
    """
    admissions = rows_as_of(Admission, as_of)
    rows: QuerySet[Any] = rows_as_of(Project, as_of)
    if not may(standing, "reserve.list"):
        return rows.none()
    rows = rows.filter(in_sight(standing, "subject__"))
    rows = rows.filter(subject_id__in=admissions.values("subject_id"))
    own = admissions.filter(subject_id=OuterRef("subject_id"))
    names = ("state", "since", "reason", "origin", "round", "plan_year")
    rows = rows.annotate(**{name: Subquery(own.values(name)[:1]) for name in names})
    places = [When(state=state.value, then=Value(place)) for place, state in enumerate(ORDER)]
    ordered: QuerySet[Any] = rows.annotate(
        state_order=Case(*places, default=Value(len(ORDER)), output_field=IntegerField())
    )
    return ordered


def listed_reserves(standing: Standing, as_of: dt.date | None = None) -> QuerySet[Any]:
    """Projects of the reserve as its list and export show them, with their units' names."""
    rows = reserves_in_sight(standing, as_of).select_related("subject__unit", "category")
    return with_unit(rows, as_of)


@dataclass(frozen=True)
class ReservePage:
    """One project of the reserve; all but ``subject_id`` may be past states."""

    project: Any
    subject: Any
    admission: Any
    opinions: Sequence[AdmissionOpinion]
    sources: Sequence[Sourced]

    @property
    def living(self) -> Admission:
        """The admission with its project, as policies and actions take it."""
        row: Admission = self.admission
        return row


def find_reserve(standing: Standing, public_id: UUID, as_of: dt.date | None = None) -> Any | None:  # noqa: ANN401 -- a project or a past state
    """Return the project of the reserve in sight, or its state of a past day; else None."""
    rows = reserves_in_sight(standing, as_of).filter(subject__public_id=public_id)
    return rows.select_related("subject__unit", "category").first()


def reserve_page(project: Any, as_of: dt.date | None = None) -> ReservePage:  # noqa: ANN401 -- as above
    """Gather what the page of one shows; a constant number of queries."""
    key = project.subject_id
    subject = project.subject
    if as_of is not None:
        past = rows_as_of(Subject, as_of).filter(row_id=key).select_related("unit")
        subject = past.first() or subject
    admission = rows_as_of(Admission, as_of).select_related(
        "submitted_by", "submitted_post__organisation"
    )
    sources = Sourced.objects.filter(subject_id=key)
    if as_of is not None:
        sources = sources.filter(at__lt=end_of(as_of))
    row = admission.get(subject_id=key)
    row.subject = project.subject
    if as_of is None:
        row.subject.project = project
    return ReservePage(
        project,
        subject,
        row,
        opinions_of(key, as_of),
        list(sources.select_related("cell__workbook").order_by("-at", "pk")[:MOST_SOURCES]),
    )


def opinions_of(subject_id: int, as_of: dt.date | None = None) -> list[AdmissionOpinion]:
    """Judgements on a project, the latest first."""
    rows = AdmissionOpinion.objects.filter(subject_id=subject_id)
    if as_of is not None:
        rows = rows.filter(at__lt=end_of(as_of))
    return list(rows.select_related("officer", "post__organisation"))


def admission_of(subject_id: int, as_of: dt.date | None = None) -> Any | None:  # noqa: ANN401 -- row or version
    """The admission of a project, or its state of a past day; None where it came otherwise."""
    rows = rows_as_of(Admission, as_of).filter(subject_id=subject_id)
    return rows.select_related("submitted_post__organisation").first()


@dataclass(frozen=True)
class Waiting:
    """One row of a desk: an admission and what the officer is to do with it."""

    admission: Admission
    verb: str

    @property
    def judges(self) -> bool:
        """Tell whether the officer is to judge it, not to amend it."""
        return self.admission.state in IN_REVIEW


def reserve_on_desk(standing: Standing, as_of: dt.date | None = None) -> list[Waiting]:
    """What waits for the officer: submissions to judge, then own ones that came back; one query.

    A project stands here once a state, whatever the number of posts it waits for. Nobody finds
    what they submitted themselves, nor for 终审 what they judged first.
    """
    if not may(standing, "reserve.list"):
        return []
    own = first_judgements(standing).filter(subject=OuterRef("subject_id"), round=OuterRef("round"))
    rows = (
        rows_as_of(Admission, as_of)
        .filter(in_sight(standing, "subject__"))
        .filter(state__in=(*IN_REVIEW, AdmissionState.RETURNED))
        .annotate(
            judged_first=Exists(own),
            stood_in=Exists(covered_posts(standing).filter(pk=OuterRef("submitted_post"))),
        )
        .select_related("subject__unit", "submitted_post__organisation")
        .order_by("since", "pk")
    )
    found = [
        Waiting(row, verb) for row in rows[: 4 * MOST_WAITING] if (verb := _verb(standing, row))
    ]
    found.sort(key=lambda one: one.verb == "修改再报")
    return found[:MOST_WAITING]


def _verb(standing: Standing, row: Admission) -> str:
    if row.state == AdmissionState.RETURNED:
        mine = row.submitted_by_id == standing.officer.pk
        mine = mine or row.submitted_post_id in standing.post_ids
        return "修改再报" if mine or row.stood_in else ""  # type: ignore[attr-defined]  # annotated
    step = "first" if row.state == AdmissionState.FIRST else "final"
    if not may(standing, f"reserve.review_{step}", row) or barred(standing, row):
        return ""
    return "初审" if step == "first" else "终审"
