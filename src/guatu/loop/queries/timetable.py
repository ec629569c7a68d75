"""Reads of the time account, as it is or as it was known on a past day."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateField,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from guatu.loop.enums import OPEN_STATES, Colour
from guatu.loop.models import Activity, Duty, Lamp
from guatu.loop.node_duties import SPEAKING
from guatu.register.models import Organisation, Post
from guatu.register.versions import rows_as_of

RANKS = {Colour.RED: 0, Colour.AMBER: 1, Colour.GREEN: 2}


def nodes_of(subjects: Iterable[int], as_of: dt.date | None = None) -> dict[int, list[Any]]:
    """Nodes by subject in their order, with owner units and posts; one query.

    The work between nodes, which only the network shows, is left out.
    """
    rows = (
        _of(Activity, as_of, subjects)
        .filter(kind="")
        .select_related("owner_unit", "owner_post__organisation", "evidence")
        .order_by("subject_id", "sequence", "pk")
    )
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.subject_id, []).append(row)
    return found


def lamps_of(subjects: Iterable[int], as_of: dt.date | None = None) -> dict[int, Any]:
    """Lamps by subject; a subject that is not in the answer is 未评. One query."""
    rows = _of(Lamp, as_of, subjects).select_related("activity").order_by("pk")
    return {row.subject_id: row for row in rows}


@dataclass(frozen=True)
class Charge:
    """Who is charged with the open duty of an activity; ``duty``: whether there is one.

    ``speaks``: whether the unit that answers for the activity has a post that could report.
    """

    duty: bool
    unit: Organisation | None
    speaks: bool


def charge_of(activity: Activity, as_of: dt.date | None = None) -> Charge:
    """Tell who is charged with an activity's duty; two queries."""
    open_ = rows_as_of(Duty, as_of).filter(
        kind="node", activity_id=activity.pk, state__in=OPEN_STATES
    )
    duty = open_.select_related("owner_unit").first()
    speaking = Post.objects.filter(
        organisation=activity.owner_unit_id, role__in=SPEAKING, active=True
    )
    return Charge(duty is not None, duty.owner_unit if duty else None, speaking.exists())


def _of(model: Any, as_of: dt.date | None, subjects: Iterable[int]) -> QuerySet[Any]:  # noqa: ANN401 -- a versioned model
    # States of the past are reached through their living rows, which are indexed by subject.
    way = "subject_id__in" if as_of is None else "row__subject_id__in"
    rows: QuerySet[Any] = rows_as_of(model, as_of).filter(**{way: list(subjects)})
    return rows


def _joined(model: Any, as_of: dt.date | None) -> QuerySet[Any]:  # noqa: ANN401 -- a versioned model
    way = "subject_id" if as_of is None else "row__subject_id"
    rows: QuerySet[Any] = rows_as_of(model, as_of).filter(**{way: OuterRef("subject_id")})
    return rows


def with_lamp(rows: QuerySet[Any], as_of: dt.date | None = None) -> QuerySet[Any]:
    """Add ``lamp_colour`` (未评 where there is none), ``lamp_rank``, ``_since`` and ``_margin``.

    ``rows`` have a ``subject_id``; the rank sorts the worst first.
    """
    lamp = _joined(Lamp, as_of)
    colour = Subquery(lamp.values("colour")[:1], output_field=CharField())
    lit: QuerySet[Any] = rows.annotate(
        lamp_colour=Coalesce(colour, Value(Colour.UNRATED.value)),
        lamp_since=Subquery(lamp.values("since")[:1], output_field=DateField()),
        lamp_margin=Subquery(lamp.values("margin")[:1], output_field=IntegerField()),
    ).annotate(
        lamp_rank=Case(
            *(When(lamp_colour=colour, then=Value(rank)) for colour, rank in RANKS.items()),
            default=Value(len(RANKS)),
            output_field=IntegerField(),
        )
    )
    return lit


def with_lamp_node(rows: QuerySet[Any], as_of: dt.date | None = None) -> QuerySet[Any]:
    """Add ``lamp_node``: name of the activity that decided the lamp, as its reason tells it."""
    lamp = _joined(Lamp, as_of).annotate(decided=KT("reason__node__name"))
    node = Subquery(lamp.values("decided")[:1], output_field=CharField())
    named: QuerySet[Any] = rows.annotate(lamp_node=node)
    return named


def with_next_node(rows: QuerySet[Any], as_of: dt.date | None = None) -> QuerySet[Any]:
    """Add ``next_node`` and ``next_due``: the earliest open node with a day."""
    coming = _joined(Activity, as_of).filter(finished=None, due__isnull=False, kind="")
    coming = coming.order_by("due", "sequence")
    dated: QuerySet[Any] = rows.annotate(
        next_node=Subquery(coming.values("name")[:1], output_field=CharField()),
        next_due=Subquery(coming.values("due")[:1], output_field=DateField()),
    )
    return dated
