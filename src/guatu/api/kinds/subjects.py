"""What rows of several kinds need of their subjects: the unit of the day, read for a whole page."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from guatu.api.shapes import unit_named
from guatu.register.models import Subject
from guatu.register.versions import rows_as_of


def units_by_subject(keys: Iterable[int], as_of: dt.date | None) -> dict[int, Any]:
    """Responsible unit of each subject on the day read; one query."""
    way = "pk" if as_of is None else "row_id"
    rows = rows_as_of(Subject, as_of).filter(**{f"{way}__in": list(keys)}).select_related("unit")
    return {getattr(row, way): unit_named(row.unit) for row in rows}
