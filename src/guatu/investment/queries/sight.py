"""Which projects an officer sees, and what a list of them needs."""

import datetime as dt
from typing import Any

from django.db.models import (
    CharField,
    Count,
    DateField,
    DurationField,
    ExpressionWrapper,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, NullIf

from guatu.investment.enums import AdmissionState
from guatu.investment.models import Admission, Project
from guatu.loop.queries.timetable import with_lamp, with_lamp_node, with_next_node
from guatu.register.enums import PartyRole
from guatu.register.models import Party, Subject
from guatu.register.policies import Standing, in_sight, may
from guatu.register.versions import rows_as_of

DAY = dt.timedelta(days=1)


def projects_in_sight(standing: Standing, as_of: dt.date | None = None) -> QuerySet[Any]:
    """Projects, or their states of a past day, that the officer may see; the one rule for all.

    What is still in the reserve is not among them: :mod:`guatu.investment.queries.reserve`.
    """
    rows: QuerySet[Any] = rows_as_of(Project, as_of)
    if not may(standing, "project.list"):
        return rows.none()
    kept = rows_as_of(Admission, as_of).exclude(state=AdmissionState.UNDERWAY)
    rows = rows.filter(in_sight(standing, "subject__"))
    return rows.exclude(subject_id__in=kept.values("subject_id"))


def listed_projects(standing: Standing, as_of: dt.date | None = None) -> QuerySet[Any]:
    """Projects with lamp, next node and unit, as the list, the wall and the export show them.

    Adds ``lamp_colour``, ``lamp_rank``, ``lamp_since``, ``lamp_margin``, ``lamp_node``,
    ``next_node``, ``next_due``, ``unit_key``, ``unit_name``, ``unit_order``, ``on_day`` (the day
    days are counted from) and ``slack``: the float that was computed of the plan; without a plan
    the days to the next node.
    """
    rows = projects_in_sight(standing, as_of).select_related("subject", "category", "stage")
    rows = with_next_node(with_lamp_node(with_lamp(rows, as_of), as_of), as_of)
    rows = rows.annotate(on_day=Value(as_of or standing.today, output_field=DateField()))
    days = ExpressionWrapper(F("next_due") - F("on_day"), DurationField())
    computed = ExpressionWrapper(F("lamp_margin") * Value(DAY), DurationField())
    rows = rows.annotate(slack=Coalesce(computed, days, output_field=DurationField()))
    return with_unit(rows, as_of)


def with_leaders(rows: QuerySet[Any], as_of: dt.date | None) -> QuerySet[Any]:
    """Add ``leader``, the first 包保领导 in protocol order by title, and ``leaders``, how many."""
    named = rows_as_of(Party, as_of).filter(
        subject_id=OuterRef("subject_id"), role=PartyRole.LEADER, ended=False, post__isnull=False
    )
    first = named.order_by("post__organisation__order_path", "post__rank", "pk")
    number = named.order_by().values("subject_id").annotate(n=Count("pk")).values("n")
    led: QuerySet[Any] = rows.annotate(
        leader=_first(first, "post__title"), leaders=Subquery(number)
    )
    return led


def with_unit(rows: QuerySet[Any], as_of: dt.date | None) -> QuerySet[Any]:
    """Add ``unit_name`` and ``unit_order`` to projects, as they are or were."""
    names: dict[str, F | Subquery]
    if as_of is None:
        names = {name: F(f"subject__unit__{name}") for name in ("name", "short_name")}
        order: F | Subquery = F("subject__unit__order_path")
        key: F | Subquery = F("subject__unit_id")
    else:
        past = rows_as_of(Subject, as_of).filter(row_id=OuterRef("subject_id"))
        names = {name: _first(past, f"unit__{name}") for name in ("name", "short_name")}
        order = _first(past, "unit__order_path")
        key = Subquery(past.values("unit_id")[:1])
    short = NullIf(names["short_name"], Value(""))
    units: QuerySet[Any] = rows.annotate(
        unit_name=Coalesce(short, names["name"], output_field=CharField()),
        unit_order=order,
        unit_key=key,
    )
    return units


def _first(rows: QuerySet[Any], column: str) -> Subquery:
    return Subquery(rows.values(column)[:1], output_field=CharField())
