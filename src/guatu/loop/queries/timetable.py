"""Reads of the time account, as it is or as it was known on a past day."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import CharField, DateField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from guatu.loop.enums import Colour
from guatu.loop.models import Activity, Lamp
from guatu.register.versions import rows_as_of


def nodes_of(subjects: Iterable[int], as_of: dt.date | None = None) -> dict[int, list[Any]]:
    """Nodes by subject in their order, with owner units and posts; one query."""
    rows = (
        rows_as_of(Activity, as_of)
        .filter(subject_id__in=list(subjects))
        .select_related("owner_unit", "owner_post__organisation", "evidence")
        .order_by("subject_id", "sequence", "pk")
    )
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.subject_id, []).append(row)
    return found


def lamps_of(subjects: Iterable[int], as_of: dt.date | None = None) -> dict[int, Any]:
    """Lamps by subject; a subject that is not in the answer is 未评. One query."""
    rows = rows_as_of(Lamp, as_of).filter(subject_id__in=list(subjects)).order_by("pk")
    return {row.subject_id: row for row in rows}


def with_lamp(rows: QuerySet[Any], as_of: dt.date | None = None) -> QuerySet[Any]:
    """Add ``lamp_colour`` (未评 where there is none) and ``lamp_since`` to rows with a subject."""
    lamp = rows_as_of(Lamp, as_of).filter(subject_id=OuterRef("subject_id"))
    return rows.annotate(
        lamp_colour=Coalesce(
            Subquery(lamp.values("colour")[:1], output_field=CharField()), Value(Colour.UNRATED)
        ),
        lamp_since=Subquery(lamp.values("since")[:1], output_field=DateField()),
    )
