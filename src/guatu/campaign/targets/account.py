"""The target account of one officer: targets, their parts in sight, plan, reached, and the light.

What is not given to any unit stands on a line of its own, so that the lines add up to the total.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from guatu.campaign.targets.counting import (
    Counted,
    Observed,
    Reached,
    Row,
    counted,
    observed,
    reached,
)
from guatu.engines.apportion import MONTHS, Balance, Share, Sum, balance, total
from guatu.engines.plan_path import Judged, judge, last_full_month
from guatu.loop.models import Target, TargetPart
from guatu.loop.target_kinds import Origin, TargetKind, TargetRules, target_rules
from guatu.register.campaign import current
from guatu.register.enums import Basis
from guatu.register.models import Campaign, Observation, Organisation
from guatu.register.policies import Standing, in_sight, may, sees_district
from guatu.register.versions import rows_as_of


@dataclass(frozen=True)
class Line:
    """One unit's line; ``part`` None: everything in sight that is given to no unit."""

    part: TargetPart | None
    share: Share
    reached: Reached
    judged: Judged
    rows: tuple[Row, ...]

    @property
    def unit(self) -> Organisation | None:
        """The unit, None for what is given to none."""
        return self.part.unit if self.part else None


@dataclass(frozen=True)
class Position:
    """A target with its lines in protocol order, what they add up to, and where that stands.

    ``base`` and ``stretch`` are the district's for whoever sees it, else the sum of the units in
    sight (``partial``). ``sprint`` is the opening sprint's own target, else the plan of its months.
    """

    target: Target | None
    kind: TargetKind
    lines: tuple[Line, ...]
    base: Decimal | None
    stretch: Decimal | None
    balance: Balance
    reached: Reached
    judged: Judged
    sprint: Decimal | None
    sprint_planned: Sum
    sprint_reached: Sum
    partial: bool

    @property
    def given(self) -> bool:
        """Whether it is given to any unit in sight."""
        return any(line.part for line in self.lines)

    @property
    def assigned(self) -> bool:
        """Whether the reader has a part in it: the whole district, or what a unit is given."""
        return self.given or not self.partial

    @property
    def year(self) -> Decimal | None:
        """What the year is to bring: the target, else the sum of what units are given."""
        return self.base if self.base is not None else self.balance.year.value


@dataclass(frozen=True)
class Account:
    """All targets of the campaign on a day, judged through ``month``."""

    campaign: Campaign
    rules: TargetRules
    day: dt.date
    month: int
    standings: tuple[Position, ...]

    @property
    def begun(self) -> int:
        """Month the day lies in: 0 before the campaign's year, 12 after it."""
        if self.day.year != self.campaign.year:
            return 12 if self.day.year > self.campaign.year else 0
        return self.day.month

    def of(self, code: str) -> Position | None:
        """Return the standing of a kind."""
        return next((one for one in self.standings if one.kind.code == code), None)


def key_of(row: Target | TargetPart) -> int:
    """Key of the living row of a row of today or of the past."""
    return int(getattr(row, "row_id", row.pk))


def account(
    standing: Standing, as_of: dt.date | None = None, campaign: Campaign | None = None
) -> Account | None:
    """Build the account; None before the campaign is set up. A constant number of queries.

    ``campaign`` is the current one where the caller has read it already.
    """
    campaign = campaign or current()
    if campaign is None or not may(standing, "target.list"):
        return None
    day = as_of or standing.today
    rules, year = target_rules(day), campaign.year
    targets = {
        row.kind: row
        for row in targets_of(year, rules, as_of).select_related(
            "subject", "indicator", "quote__document", "cell__workbook"
        )
    }
    parts = parts_in_sight(standing, as_of, [key_of(row) for row in targets.values()])
    subjects = [row.subject_id for row in (*targets.values(), *parts)]
    told = observed(rules.kinds, year, subjects, as_of)
    projects = counted(standing, rules.kinds, year, as_of, told)
    figures = _figures(told, set(subjects))
    month = last_full_month(day, year)
    built = _Builder(rules, year, month, day, figures, projects, sees_district(standing))
    standings = tuple(built.standing(kind, targets.get(kind.code), parts) for kind in rules.kinds)
    return Account(campaign, rules, day, month, standings)


def targets_of(year: int, rules: TargetRules, as_of: dt.date | None) -> QuerySet[Any]:
    """Targets of the account of ``year``, as they are or as they were known on a past day."""
    kinds = [kind.code for kind in rules.kinds]
    return rows_as_of(Target, as_of).filter(kind__in=kinds, period=str(year))


def parts_in_sight(
    standing: Standing, as_of: dt.date | None, targets: Sequence[int]
) -> list[TargetPart]:
    """Parts of targets that the officer may see, in protocol order."""
    rows = rows_as_of(TargetPart, as_of).filter(
        in_sight(standing, "subject__"), target_id__in=targets, ended=False
    )
    return list(rows.select_related("unit", "subject").order_by("unit__order_path", "unit_id"))


Figures = Mapping[tuple[int, str, str], tuple[int, Decimal | None]]
"""Key and value of an observation by subject, period and basis."""


def _figures(told: Iterable[Observed], subjects: set[int]) -> Figures:
    return {
        (subject, period, basis): (key, value)
        for key, period, basis, value, _, subject in told
        if subject in subjects
    }


def share_of(figures: Figures, subject: int, year: int) -> Share:
    """What the subject of a part is given."""

    def told(period: str, basis: str) -> Decimal | None:
        return figures.get((subject, period, basis), (0, None))[1]

    return Share(
        told(str(year), Basis.PLAN),
        told(str(year), Basis.STRETCH),
        tuple(told(f"{year}-{month:02d}", Basis.PLAN) for month in MONTHS),
    )


@dataclass(frozen=True)
class _Builder:
    rules: TargetRules
    year: int
    month: int
    day: dt.date
    figures: Figures
    projects: Counted
    whole: bool

    def standing(
        self, kind: TargetKind, target: Target | None, parts: Sequence[TargetPart]
    ) -> Position:
        own = [part for part in parts if target and part.target_id == key_of(target)]
        lines = self._lines(kind, own)
        shares = {str(line.unit.pk): line.share for line in lines if line.unit is not None}
        base, stretch = self._promised(target, shares.values())
        told = balance(shares, base if self.whole else None, stretch if self.whole else None)
        rows = [row for line in lines for row in line.rows]
        done = reached(rows, self._known_to(kind))
        sprint = self.rules.sprint
        return Position(
            target,
            kind,
            tuple(lines),
            base,
            stretch,
            told,
            done,
            judge(told.months, done.year, self.month, self.rules.bounds),
            self._sprint_target(target),
            _months_of(told.months, sprint.months),
            _months_of(done.months, sprint.months),
            not self.whole,
        )

    def _promised(
        self, target: Target | None, shares: Iterable[Share]
    ) -> tuple[Decimal | None, Decimal | None]:
        if self.whole:
            return (target.base, target.stretch) if target else (None, None)
        told = list(shares)
        return (
            total(share.year for share in told).value,
            total(share.stretch for share in told).value,
        )

    def _sprint_target(self, target: Target | None) -> Decimal | None:
        if target is None or not self.whole:
            return None
        period = self.rules.sprint.period(self.year)
        return self.figures.get((target.subject_id, period, Basis.PLAN), (0, None))[1]

    def _lines(self, kind: TargetKind, parts: Sequence[TargetPart]) -> list[Line]:
        rows: dict[int | None, list[Row]] = {part.unit_id: [] for part in parts}
        places = {part.unit.path: part.unit_id for part in parts}
        for row in self.projects.rows.get(kind.code, ()):
            rows.setdefault(self._given_to(row.unit, places), []).append(row)
        lines = []
        for part in parts:
            share = share_of(self.figures, part.subject_id, self.year)
            own = rows[part.unit_id]
            if kind.origin is Origin.REPORT:
                own = self._reported(part, share)
            lines.append(self._line(kind, part, share, own))
        if rows.get(None):
            lines.append(self._line(kind, None, Share(), rows[None]))
        return lines

    def _known_to(self, kind: TargetKind) -> int:
        """Month through which none counted means none: nodes are in the books or have not been."""
        if kind.origin is not Origin.NODE or self.day.year < self.year:
            return 0
        return self.day.month if self.day.year == self.year else 12

    def _given_to(self, unit: int | None, places: Mapping[str, int]) -> int | None:
        """Unit with a part that ``unit`` is or belongs to: the nearest above it."""
        path = self.projects.paths.get(unit, "") if unit is not None else ""
        while path:
            if path in places:
                return places[path]
            path = path.rstrip(".").rpartition(".")[0]
            path = f"{path}." if path else ""
        return None

    def _reported(self, part: TargetPart, share: Share) -> list[Row]:
        """Months the unit reported, and those that have ended without a report.

        A month without a plan may have brought something all the same: unreported it is unknown.
        """
        found = []
        for month in MONTHS:
            period = f"{self.year}-{month:02d}"
            told = self.figures.get((part.subject_id, period, Basis.PERIOD))
            if told is not None and told[1] is not None:
                found.append(Row(part.subject_id, part.unit_id, month, told[1], told[0]))
            elif month <= self.month and (told is not None or not share.empty):
                found.append(Row(part.subject_id, part.unit_id, month, None))
        return found

    def _line(
        self, kind: TargetKind, part: TargetPart | None, share: Share, rows: Sequence[Row]
    ) -> Line:
        done = reached(rows, self._known_to(kind))
        plan = [Sum(value, int(value is None)) for value in share.months]
        judged = judge(plan, done.year, self.month, self.rules.bounds)
        return Line(part, share, done, judged, tuple(rows))


def _months_of(sums: Sequence[Sum], months: range) -> Sum:
    chosen = [sums[month - 1] for month in months]
    known = [one.value for one in chosen if one.value is not None]
    unknown = sum(one.unknown for one in chosen)
    return Sum(sum(known, Decimal(0)) if known else None, unknown)


def observation_of(key: int) -> Observation | None:
    """One figure with what it came from."""
    rows = Observation.objects.select_related("indicator", "cell__workbook", "officer", "subject")
    return rows.filter(pk=key).first()
