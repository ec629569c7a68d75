"""Which days all China works: the State Council's yearly notices as a dated table.

A year without a notice is computed from Monday to Friday less the statutory days of
《全国年节及纪念日放假办法》(国令第795号, 2025) and counts as provisional (暂定).
"""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property
from importlib import resources

import numpy as np
from numpy.typing import NDArray

FIRST_YEAR, LAST_YEAR = 2020, 2100
"""Years whose statutory days are known; dates outside cannot be entered."""

COLUMNS = ("year", "date", "kind", "source", "provisional")
SATURDAY = 5
DAYS_A_WEEK = 7
TRUTH = {"true": True, "1": True, "是": True, "false": False, "0": False, "": False, "否": False}

Days = NDArray[np.bool_]
Ordinals = NDArray[np.int64]


class BadTable(ValueError):
    """A holiday table that cannot be taken; ``row`` counts the file's lines from 1."""

    def __init__(self, message: str, row: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.row = row


@dataclass(frozen=True)
class YearNotice:
    """One year as announced: extra days off, weekends worked, and where it stands."""

    year: int
    off: frozenset[int]
    work: frozenset[int]
    source: str
    provisional: bool = False


@dataclass(frozen=True)
class DayTable:
    """Notices by year, and the statutory days that stand in for a missing one."""

    notices: Mapping[int, YearNotice]
    statutory: frozenset[int] = field(repr=False)

    def announced(self, year: int) -> bool:
        """Tell whether a final notice for the year is known."""
        notice = self.notices.get(year)
        return notice is not None and not notice.provisional

    def working(self, first: int, count: int) -> Days:
        """Return for ``count`` days from ordinal ``first`` whether offices work."""
        ordinals = np.arange(first, first + count)
        weekday = (ordinals - 1) % DAYS_A_WEEK  # ordinal 1 was a Monday
        works = weekday < SATURDAY
        _set(works, self._off, first, value=False)
        _set(works, self._work, first, value=True)
        return works

    @cached_property
    def _off(self) -> Ordinals:
        """Days off by notice, and statutory days of the years without one."""
        spoken = (day for day in self.statutory if date.fromordinal(day).year not in self.notices)
        noticed = (day for notice in self.notices.values() for day in notice.off)
        return np.array([*spoken, *noticed], dtype=np.int64)

    @cached_property
    def _work(self) -> Ordinals:
        """Weekend days worked by notice."""
        days = [day for notice in self.notices.values() for day in notice.work]
        return np.array(days, dtype=np.int64)

    def provisional(self, first: int, count: int) -> Days:
        """Return for ``count`` days from ordinal ``first`` whether their year lacks a notice."""
        marks = np.ones(count, dtype=np.bool_)
        for year in filter(self.announced, self.notices):
            start = date(year, 1, 1).toordinal() - first
            end = date(year, 12, 31).toordinal() + 1 - first
            marks[max(start, 0) : max(end, 0)] = False
        return marks

    def statutory_worked(self, years: Iterable[int]) -> tuple[date, ...]:
        """Return the statutory days of the years that by their notices are working days.

        No notice does that; a file of a few lines in the place of a whole year's does.
        """
        asked = set(years)
        days = sorted(day for day in self.statutory if date.fromordinal(day).year in asked)
        return tuple(date.fromordinal(day) for day in days if self.working(day, 1)[0])

    def with_file(self, content: bytes) -> "DayTable":
        """Return the table with the years of a csv file put in place of its own.

        Columns: year, date, kind (off|work), source, provisional.  Raises BadTable.
        """
        return replace(self, notices={**self.notices, **read_notices(content)})


def read_notices(content: bytes) -> dict[int, YearNotice]:
    """Read a csv of notices, UTF-8 or GB 18030 as Excel writes it; BadTable when it is none."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")
    reader = csv.DictReader(io.StringIO(text))
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise BadTable(f"节假日表缺少列：{'、'.join(missing)}。", 1)
    years: dict[int, YearNotice] = {}
    for number, row in enumerate(reader, start=2):
        year, day, kind, provisional = _row(row, number)
        known = years.get(year) or YearNotice(year, frozenset(), frozenset(), row["source"] or "")
        years[year] = replace(
            known,
            off=known.off | {day} if kind == "off" else known.off,
            work=known.work | {day} if kind == "work" else known.work,
            provisional=known.provisional or provisional,
        )
        if day in years[year].off & years[year].work:
            raise BadTable(f"{row['date']}既放假又上班，请核对。", number)
    return years


@cache
def shipped_table() -> DayTable:
    """Return the table that comes with this version."""
    folder = resources.files("guatu.engines.calendars")
    rows = csv.DictReader(io.StringIO((folder / "statutory.csv").read_text(encoding="utf-8")))
    statutory = frozenset(date.fromisoformat(row["date"]).toordinal() for row in rows)
    return DayTable(read_notices((folder / "notices.csv").read_bytes()), statutory)


def _row(row: Mapping[str, str | None], number: int) -> tuple[int, int, str, bool]:
    """Check one line of the file and return year, ordinal, kind, provisional."""
    try:
        year, day = int(row["year"] or ""), date.fromisoformat((row["date"] or "").strip())
    except ValueError:
        raise BadTable("年份或日期写法不对，应如 2027,2027-02-05。", number) from None
    kind = (row["kind"] or "").strip()
    provisional = TRUTH.get((row["provisional"] or "").strip().lower())
    if kind not in {"off", "work"}:
        raise BadTable(f"kind 只能是 off 或 work，不能是“{kind}”。", number)
    if provisional is None:
        raise BadTable("provisional 只能是 true 或 false。", number)
    if not FIRST_YEAR <= year <= LAST_YEAR or year != day.year:
        raise BadTable(f"年份{year}与日期{day}不一致，或不在{FIRST_YEAR}—{LAST_YEAR}年内。", number)
    return year, day.toordinal(), kind, provisional


def _set(days: Days, ordinals: Ordinals, first: int, *, value: bool) -> None:
    """Set the days that fall inside the array."""
    places = ordinals - first
    days[places[(places >= 0) & (places < len(days))]] = value
