"""Values of columns: as the database gives them back, and as an event tells them."""

import datetime as dt
import json
import uuid
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import models

from guatu.register.errors import Invalid

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
EXACT_DIGITS = 15
_AS_JSON = frozenset({str, int, bool, float, list, dict})
_EXACT = (
    ((models.CharField, models.TextField), str),
    (models.BooleanField, bool),
    (models.IntegerField, int),
    (models.UUIDField, uuid.UUID),
    (models.DateTimeField, dt.datetime),
    (models.DateField, dt.date),
)


def plain(value: Any) -> Json:  # noqa: ANN401 -- any column value
    """Value of a column as JSON that replays to the same value: dates ISO, decimals as text."""
    if value is None or type(value) in _AS_JSON:
        return value  # type: ignore[no-any-return]
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, uuid.UUID):
        return str(value)
    return value  # type: ignore[no-any-return]


def stored(column: "models.Field[Any, Any]", value: Any) -> Any:  # noqa: ANN401 -- any column
    """Value as the database will give it back: typed, rounded to the column's places.

    Raises Invalid for a figure of more than 15 digits, which SQLite would not keep exactly.
    """
    if value is None:
        return None
    if isinstance(column, models.ForeignKey):
        return column.target_field.to_python(value)
    if isinstance(column, models.JSONField):
        return json.loads(json.dumps(value, ensure_ascii=False))
    value = column.to_python(value)
    if isinstance(column, models.DecimalField):
        return _rounded(value, column.decimal_places)
    return str(value) if isinstance(value, str) else value


def _rounded(value: Decimal, places: int) -> Decimal:
    """Round half up, as every sum in a report is; minus zero is zero."""
    if value.adjusted() + 1 + places > EXACT_DIGITS and value.adjusted() >= EXACT_DIGITS:
        raise Invalid(f"数值 {value} 过大，无法准确保存，请核对单位。")
    exact = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) + 0
    if len(exact.normalize().as_tuple().digits) > EXACT_DIGITS:
        raise Invalid(f"数值 {value} 位数过多，无法准确保存，请核对单位。")
    return exact


def vacant(column: "models.Field[Any, Any]") -> Json:
    """Value that a creating event leaves out: null where allowed, else the empty text."""
    return None if column.null else ""


def exact(column: "models.Field[Any, Any]") -> type | None:
    """Type whose values the database gives back as they are; None where each must be looked at."""
    target = column.target_field if isinstance(column, models.ForeignKey) else column
    return next((kept for kind, kept in _EXACT if isinstance(target, kind)), None)
