"""When something changed that is told together with rows hanging on it."""

import datetime as dt
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from guatu.register.models import Subject
from guatu.register.versions import rows_as_of


def with_changes(
    rows: QuerySet[Any], *hanging: QuerySet[Any], column: str = "known_from"
) -> QuerySet[Any]:
    """Add ``changed_at``: when the row or the latest of each ``hanging`` changed.

    ``hanging`` are tied to the row by an OuterRef; ``column`` is the moment of theirs.
    """
    own = F("known_from")
    latest = (
        Coalesce(Subquery(some.order_by(f"-{column}").values(column)[:1]), own) for some in hanging
    )
    told: QuerySet[Any] = rows.annotate(changed_at=Greatest(own, *latest))
    return told


def own_subject(as_of: dt.date | None) -> QuerySet[Any]:
    """The subject of a row, on the day read: its unit is told with the row."""
    way = "pk" if as_of is None else "row_id"
    subjects: QuerySet[Any] = rows_as_of(Subject, as_of).filter(**{way: OuterRef("subject_id")})
    return subjects
