"""The page of one enterprise: names, relations, figures, sources, what is owed, history."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from guatu.loop.models import Duty
from guatu.loop.queries.blocker_sums import open_blockers
from guatu.loop.queries.sight import duties_in_sight
from guatu.loop.removers import Spot
from guatu.register.enums import Effect
from guatu.register.models import (
    Enterprise,
    EnterpriseName,
    EnterpriseRelation,
    Event,
    Observation,
    Sourced,
)
from guatu.register.observations import figures_in_sight, places_as_of
from guatu.register.policies import Standing, in_sight, may
from guatu.register.versions import end_of, rows_as_of
from guatu.web.blockers.faces import list_url, raise_url
from guatu.web.enterprises.listing import enterprises_in_sight
from guatu.web.firms.faces import firm_changes, firm_events
from guatu.web.history import column_name
from guatu.web.requests import OfficerRequest

FIGURES_SHOWN = 24
SOURCES_SHOWN = 20


@dataclass(frozen=True)
class Relation:
    """A relation as read from this enterprise's page."""

    words: str
    other: Enterprise
    since: dt.date | None


# How a relation reads from the other end.
BACKWARDS = {
    EnterpriseRelation.Kind.BRANCH_OF: "下设分支机构",
    EnterpriseRelation.Kind.RENAMED_FROM: "更名为",
    EnterpriseRelation.Kind.CONVERTED_FROM: "转型为",
    EnterpriseRelation.Kind.SPUN_OFF_FROM: "分立出",
}
FORWARDS = {
    EnterpriseRelation.Kind.BRANCH_OF: "是其分支机构",
    EnterpriseRelation.Kind.RENAMED_FROM: "更名自",
    EnterpriseRelation.Kind.CONVERTED_FROM: "转型自",
    EnterpriseRelation.Kind.SPUN_OFF_FROM: "分立自",
}


def find(request: OfficerRequest, key: uuid.UUID) -> Enterprise:
    """Return the enterprise in sight (as of the day read), or 404."""
    rows = enterprises_in_sight(request.standing, request.as_of)
    row = rows.filter(subject__public_id=key).first()
    if row is None:
        raise Http404
    return row


@require_GET
def enterprise(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Show one enterprise, today or as it was known on a past day."""
    row = find(request, key)
    day = request.as_of
    names = rows_as_of(EnterpriseName, day).filter(subject_id=row.subject_id)
    now = day is None
    spot = Spot(row.subject)
    can_edit = now and may(request.standing, "enterprise.edit", row.subject)
    # Whoever keeps the firm may raise, which spares asking the database again.
    raises = now and (can_edit or may(request.standing, "blocker.raise", spot))
    return render(
        request,
        "enterprises/enterprise.html",
        {
            "firm": row,
            "names": names.order_by("short", "-since", "name"),
            "relations": relations_of(row, request.standing, day),
            "places": places_as_of(row.subject_id, day),
            "figures": _figures(row, request),
            # They quote papers of the government, which are no firm's to read.
            "sources": [] if request.standing.is_outside else _sources(row, day),
            "duties": _duties(row, request),
            "changes": firm_changes(row.subject, request, firm_events(row.subject_id, request)),
            "sees_blockers": may(request.standing, "blocker.list"),
            "blockers": open_blockers(request.standing, spot, day),
            "all_blockers": list_url(subject=row.subject.code),
            "raise_blocker": raise_url(spot) if raises else "",
            "can_edit": can_edit,
            "may_draft": now and may(request.standing, "duty.draft"),
        },
    )


def relations_of(row: Enterprise, standing: Standing, day: dt.date | None) -> list[Relation]:
    """Relations known on ``day`` with enterprises the officer may see."""
    key = getattr(row, "row_id", row.pk)
    found = EnterpriseRelation.objects.filter(Q(source_id=key) | Q(target_id=key))
    if day is not None:
        made = Event.objects.filter(
            model="register.EnterpriseRelation",
            row=OuterRef("pk"),
            effect=Effect.CREATED,
            at__lt=end_of(day),
        )
        found = found.filter(Exists(made))
    seen = in_sight(standing, "source__subject__") & in_sight(standing, "target__subject__")
    told = []
    for relation in found.filter(seen).select_related("source__subject", "target__subject"):
        kind = EnterpriseRelation.Kind(relation.kind)
        forwards = relation.source_id == key
        words = FORWARDS[kind] if forwards else BACKWARDS[kind]
        other = relation.target if forwards else relation.source
        told.append(Relation(words, other, relation.since))
    return told


def _figures(row: Enterprise, request: OfficerRequest) -> QuerySet[Observation]:
    """Figures without a ground of their own: direct reports, for the statistician alone."""
    return (
        figures_in_sight(request.standing, request.as_of)
        .filter(subject_id=row.subject_id, provision=None)
        .select_related("indicator", "cell__workbook")
        .order_by("indicator__name", "-period")[:FIGURES_SHOWN]
    )


def _sources(row: Enterprise, day: dt.date | None) -> list[tuple[str, Sourced]]:
    """Fields with the quote or cell they came from, newest first."""
    found = Sourced.objects.filter(subject_id=row.subject_id).order_by("-at", "-pk")
    if day is not None:
        found = found.filter(at__lt=end_of(day))
    joined = found.select_related("quote__document", "cell__workbook")[:SOURCES_SHOWN]
    return [(_field_name(source.field), source) for source in joined]


def _field_name(field: str) -> str:
    """Name of ``enterprise.name`` as people read it."""
    _, _, column = field.partition(".")
    names = (column_name("register.Enterprise", name) for name in (column, f"{column}_id"))
    return next((name for name in names if name and not name.isascii()), field)


def _duties(row: Enterprise, request: OfficerRequest) -> QuerySet[Duty]:
    found = duties_in_sight(request.standing, request.as_of).filter(subject_id=row.subject_id)
    return found.select_related("owner_unit").order_by("due", "pk")
