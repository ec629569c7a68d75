"""Columns of a list: where a value comes from, how it is written, sorted, summed, exported."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guatu.web import asof
from guatu.web import format as written
from guatu.web.components import LampFace

# Pixels on a desktop; ``auto`` takes what is left and needs at least this. The style sheet agrees.
WIDTHS = {"xs": 72, "s": 100, "m": 128, "lamp": 152, "l": 168, "xl": 260, "auto": 200}

Row = Any
Exported = str | int | float | Decimal | dt.date | None
Accessor = str | Callable[[Row], Any]

HATCHED = SafeString('<span class="unreported">未报</span>')


class Kind(StrEnum):
    """What a column holds; decides alignment, writing and the kind of the exported cell."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    LAMP = "lamp"


@dataclass(frozen=True)
class Column:
    """One column.

    ``value`` is a dotted path or a function of the row; a lamp's value is a ``LampFace``.
    ``template`` draws the cell instead (context: ``row``, ``value``, ``as_of``). ``sort`` names
    the database expressions that order by it. ``total`` names the database column summed in the
    合计 row. ``export`` is taken instead of ``value`` in the workbook, ``export_as`` instead of the
    header, for a ledger that comes back to be known by it. ``missing`` stands where there is no
    value; only what nobody reported is 未报. ``width`` is one of ``WIDTHS``. ``name`` marks the
    frozen column that links to the row. ``bare`` cells are left out on a phone and on the wall. An
    ``optional`` column is shown to who asks for it in the menu 列.
    """

    id: str
    header: str
    value: Accessor
    kind: Kind = Kind.TEXT
    unit: str = ""
    width: str = "auto"
    places: int = 0
    sort: tuple[str, ...] = ()
    total: str = ""
    template: str = ""
    export: Accessor | None = None
    export_as: str = ""
    missing: str = written.UNREPORTED
    name: bool = False
    bare: bool = False
    optional: bool = False

    @property
    def style(self) -> str:
        """Name of the width; a lamp has its own."""
        return "lamp" if self.kind is Kind.LAMP and self.width == "auto" else self.width

    def read(self, row: Row) -> Any:  # noqa: ANN401 -- a cell may hold anything
        """Value of the row, None where any step of the path is missing."""
        return read(self.value, row)

    def exported(self, row: Row) -> Exported:
        """Value for the workbook: text, a number, a date, or None where nobody reported."""
        value = read(self.export if self.export is not None else self.value, row)
        if isinstance(value, LampFace):
            return value.text
        if isinstance(value, dt.datetime):
            return timezone.localtime(value).date()
        known = value is None or isinstance(value, (int, float, Decimal, dt.date))
        return value if known else str(value)

    @property
    def export_kind(self) -> Literal["text", "number", "date"]:
        """Kind of the exported cells."""
        if self.kind is Kind.NUMBER:
            return "number"
        return "date" if self.kind is Kind.DATE else "text"

    @property
    def export_header(self) -> str:
        """Header with its unit, once."""
        header = self.export_as or self.header
        return f"{header}（{self.unit}）" if self.unit else header

    def written(self, value: Any) -> str:  # noqa: ANN401 -- a cell may hold anything
        """Write a value by the kind of the column."""
        if value is None or value == "":
            return HATCHED if self.missing == written.UNREPORTED else self.missing
        if self.kind is Kind.NUMBER:
            return written.number(value, self.places)
        if self.kind is Kind.DATE:
            moment = timezone.localtime(value) if isinstance(value, dt.datetime) else value
            return written.day(moment)
        return str(value)

    def cell(self, row: Row, as_of: dt.date | None) -> str:
        """Draw the cell."""
        value = self.read(row)
        if self.template:
            return render_to_string(
                self.template, {"row": row, "value": value, "as_of": as_of, "column": self}
            )
        if isinstance(value, LampFace):
            return format_html(
                '<a class="lamp lamp-{}" href="{}">{}</a>',
                value.tone,
                asof.keep(value.href, as_of),
                value.text,
            )
        return self.written(value)


def read(accessor: Accessor, row: Row) -> Any:  # noqa: ANN401 -- a cell may hold anything
    """Follow a dotted path from the row, or call the function with it.

    >>> read("year", dt.date(2025, 3, 18)), read("parent.name", type("Row", (), {"parent": None}))
    (2025, None)
    """
    if callable(accessor):
        return accessor(row)
    value: Any = row
    for step in accessor.split("."):
        if value is None:
            return None
        value = getattr(value, step)
        if callable(value):
            value = value()
    return value
