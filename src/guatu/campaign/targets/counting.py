"""What a target's reached figure is counted from: one row a project's node, figure or report.

Every figure of the account is a sum of these rows. Figures of the statistical reporting system are
no source: only nodes and ledger money of projects, and what a unit reports itself.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from guatu.engines.apportion import Sum, total
from guatu.investment.queries.year_to_date import COUNTED, Told, year_to_date
from guatu.loop.models import Activity
from guatu.loop.target_kinds import Origin, TargetKind
from guatu.register.enums import SubjectKind
from guatu.register.models import Observation, Subject
from guatu.register.observations import figures_as_of
from guatu.register.policies import Standing, in_sight
from guatu.register.versions import rows_as_of

ONE = Decimal(1)
START = "start"
"""The province's node with which a project is under way."""


@dataclass(frozen=True)
class Row:
    """One thing that counts: ``value`` None = it should have been reported and was not.

    ``unit`` is the key of the unit it belongs to. ``month`` None = the year to date, not told by
    month. ``figure`` is the observation's key, ``day`` the node's actual day.
    """

    subject: int
    unit: int | None
    month: int | None
    value: Decimal | None
    figure: int | None = None
    day: dt.date | None = None


Rows = Mapping[str, Sequence[Row]]
"""Rows by the code of the kind."""


@dataclass(frozen=True)
class Reached:
    """Sums of some rows: the year to date, and what is told of single months."""

    year: Sum
    months: tuple[Sum, ...]

    @property
    def undated(self) -> Decimal | None:
        """What of the year is told of no single month; None when nothing is known."""
        if self.year.value is None:
            return None
        return self.year.value - sum((one.value or Decimal(0) for one in self.months), Decimal(0))


def reached(rows: Iterable[Row], known_to: int = 0) -> Reached:
    """Add rows up; an unknown row is counted as such in the year and, if dated, in its month.

    ``known_to``: the month through which no row means none, as where nodes are counted; 0 where
    it means that nobody has told.
    """
    told = list(rows)
    months = tuple(
        _sum((row for row in told if row.month == month), none=month <= known_to)
        for month in range(1, 13)
    )
    return Reached(_sum(told, none=known_to > 0), months)


def _sum(rows: Iterable[Row], *, none: bool) -> Sum:
    told = total(row.value for row in rows)
    return Sum(Decimal(0)) if none and told == Sum(None) else told


Observed = tuple[int, str, str, Decimal | None, str, int]
"""Key, period, basis, value, code of the indicator and subject of an observation."""


@dataclass(frozen=True)
class Counted:
    """Rows by kind, and the path of every unit a project in sight belongs to."""

    rows: Rows
    paths: Mapping[int, str]


def counted(
    standing: Standing,
    kinds: Sequence[TargetKind],
    year: int,
    as_of: dt.date | None,
    figures: Iterable[Observed],
) -> Counted:
    """Rows of every kind that counts projects; two queries. ``figures`` are :func:`observed`."""
    units, paths = _units_of(standing, as_of)
    nodes = {kind.node: kind.code for kind in kinds if kind.origin is Origin.NODE}
    series = {kind.indicator: kind.code for kind in kinds if kind.origin is Origin.SERIES}
    found: dict[str, list[Row]] = {kind.code: [] for kind in kinds}
    finished = _finished({*nodes, START}, as_of)
    for node, subject, day in finished:
        if node in nodes and day.year == year and subject in units:
            row = Row(subject, units[subject], day.month, ONE, day=day)
            found[nodes[node]].append(row)
    found |= money_rows(series, units, started_of(finished) & units.keys(), figures)
    return Counted(found, paths)


def _units_of(
    standing: Standing, as_of: dt.date | None
) -> tuple[dict[int, int | None], dict[int, str]]:
    """Unit of each project in sight, as it is or as it was, and the units' paths."""
    prefix, key = ("", "pk") if as_of is None else ("row__", "row_id")
    rows = rows_as_of(Subject, as_of).filter(
        in_sight(standing, prefix), kind=SubjectKind.PROJECT, active=True
    )
    told = list(rows.order_by().values_list(key, "unit_id", "unit__path"))
    units = {subject: unit for subject, unit, _ in told}
    return units, {unit: path for _, unit, path in told if unit is not None}


def _finished(nodes: set[str], as_of: dt.date | None) -> list[tuple[str, int, dt.date]]:
    rows = rows_as_of(Activity, as_of).filter(node__in=nodes, finished__isnull=False)
    columns = ("node", "subject_id", "finished")
    return list(rows.order_by("finished", "pk").values_list(*columns))


def observed(
    kinds: Sequence[TargetKind], year: int, subjects: Sequence[int], as_of: dt.date | None
) -> list[Observed]:
    """Figures of the year: what projects' ledgers tell, and all of ``subjects``; one query."""
    codes = [kind.indicator for kind in kinds if kind.origin is Origin.SERIES]
    of_projects = Q(
        indicator__code__in=codes,
        basis__in=COUNTED,
        subject__kind=SubjectKind.PROJECT,
    )
    rows = figures_as_of(as_of).filter(
        of_projects | Q(subject_id__in=subjects), period__startswith=str(year)
    )
    columns = ("pk", "period", "basis", "value", "indicator__code", "subject_id")
    return list(rows.order_by("pk").values_list(*columns))


def started_on(as_of: dt.date | None) -> set[int]:
    """Subjects under way; one query."""
    return started_of(_finished({START}, as_of))


def started_of(finished: Iterable[tuple[str, int, dt.date]]) -> set[int]:
    """Of finished nodes those subjects whose start is among them."""
    return {subject for node, subject, _ in finished if node == START}


def money_rows(
    series: Mapping[str, str],
    units: Mapping[int, int | None],
    started: AbstractSet[int],
    figures: Iterable[Observed],
) -> dict[str, list[Row]]:
    """Rows of money series by code, of the projects in ``units``; ``series`` names the codes.

    The one count of a series' year to date and of who has not reported it. A project under way
    owes its figures; what has not begun owes none.
    """
    by_project: dict[tuple[str, int], list[Told]] = defaultdict(list)
    for key, period, basis, value, indicator, subject in figures:
        if subject in units and indicator in series and basis in COUNTED:
            by_project[indicator, subject].append((key, period, basis, value))
    found: dict[str, list[Row]] = {code: [] for code in series.values()}
    for (indicator, subject), told in by_project.items():
        found[series[indicator]] += rows_of_project(subject, units[subject], told)
    for rows in found.values():
        silent = started - {row.subject for row in rows}
        rows += [Row(subject, units[subject], None, None) for subject in sorted(silent)]
    return found


def rows_of_project(subject: int, unit: int | None, told: Sequence[Told]) -> list[Row]:
    """Rows of one project and series, which add up to its year to date."""
    return [
        Row(subject, unit, one.month, one.value, one.figure) for one in year_to_date(told).portions
    ]


def sources_of(rows: Iterable[Row]) -> dict[int, Observation]:
    """Observations behind rows, with the cells they came from."""
    keys = [row.figure for row in rows if row.figure is not None]
    found = Observation.objects.filter(pk__in=keys).select_related(
        "indicator", "cell__workbook", "officer"
    )
    return {row.pk: row for row in found}
