"""Dates of a ledger, only as precise as written → days a project can be measured against."""

import calendar
import datetime as dt

from guatu.engines.intake.sheet import Cell
from guatu.engines.intake.sheet.dates import moment

MONTH_ENDS = "按月末计"
YEAR_ENDS = "按年末计"
MONTH_BEGINS = "按月初计"


def begin_of(iso: str | None) -> tuple[dt.date | None, str]:
    """First day of a day or month; a year alone begins on no known day.

    >>> begin_of("2025-03"), begin_of("2025"), begin_of("2025-03-08")[1]
    ((datetime.date(2025, 3, 1), '按月初计'), (None, ''), '')
    """
    year, month, day = _parts(iso)
    if year is None or month is None:
        return None, ""
    if day is None:
        return dt.date(year, month, 1), MONTH_BEGINS
    return dt.date(year, month, day), ""


def end_of(iso: str | None) -> tuple[dt.date | None, str]:
    """Last day of a day, month or year: what is to be done by then.

    >>> end_of("2025-02"), end_of("2025")
    ((datetime.date(2025, 2, 28), '按月末计'), (datetime.date(2025, 12, 31), '按年末计'))
    """
    year, month, day = _parts(iso)
    if year is None:
        return None, ""
    if month is None:
        return dt.date(year, 12, 31), YEAR_ENDS
    if day is None:
        return dt.date(year, month, calendar.monthrange(year, month)[1]), MONTH_ENDS
    return dt.date(year, month, day), ""


def halves(span: str | None) -> tuple[str | None, str | None]:
    """Both ends of ``begin/end``; an unknown end is ``..``.

    >>> halves("2025-03/.."), halves("2025")
    (('2025-03', None), ('2025', None))
    """
    begin, _, end = (span or "").partition("/")
    return (begin if begin not in {"", ".."} else None, end if end not in {"", ".."} else None)


def in_year(cell: Cell, year: int) -> Cell:
    """Return a cell that names a month or a day without its year, in ``year``; others as they are.

    >>> [in_year(Cell(None, text, "H4"), 2025).value for text in ("6月底前", "长期")]
    ['2025-06', None]
    """
    if cell.value is not None or not cell.raw:
        return cell
    when = moment(cell.raw, year)
    return cell if when.iso is None else cell._replace(value=when.iso, rule=when.rule)


def _parts(iso: str | None) -> tuple[int | None, int | None, int | None]:
    numbers: list[int | None] = [int(part) for part in (iso or "").split("-") if part]
    numbers += [None] * (3 - len(numbers))
    return numbers[0], numbers[1], numbers[2]
