"""When something changed that is told together with rows hanging on it."""

from typing import Any

from django.db.models import F, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest


def with_changes(
    rows: QuerySet[Any], hanging: QuerySet[Any], column: str = "known_from"
) -> QuerySet[Any]:
    """Add ``changed_at``: when the row or the latest of ``hanging`` changed.

    ``hanging`` are tied to the row by an OuterRef; ``column`` is the moment of theirs.
    """
    latest = Subquery(hanging.order_by(f"-{column}").values(column)[:1])
    own = F("known_from")
    told: QuerySet[Any] = rows.annotate(changed_at=Greatest(own, Coalesce(latest, own)))
    return told
