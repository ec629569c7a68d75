"""What the pages read: resources with their load, and what a run of levelling would change."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from guatu.loop.enums import LevellingState, ResourceKind
from guatu.loop.models import Levelling, Resource
from guatu.loop.plan.calendars import Calendars, calendars_on
from guatu.loop.plan.capacity import periods_words
from guatu.loop.plan.sharing import Dates, Load, Use, loads, needing, needs_words
from guatu.loop.plan.sketch import Sketch, Step, sketches_of
from guatu.loop.queries.plan import timings_of
from guatu.register.models import Subject
from guatu.register.versions import rows_as_of
from guatu.web.resources.charts import Chart, chart_of, over_words

SHOWN_RUNS = 10
STATUS = {
    "OPTIMAL": "已证明最优",
    "FEASIBLE": "可行",
    "INFEASIBLE": "无解",
    "UNKNOWN": "限时内没有找到可行的安排",
}
Spans = Mapping[str, Iterable[str | None]]


@dataclass(frozen=True)
class Row:
    """A resource as listed; `resource` may be a past state."""

    resource: Any
    load: Load
    subjects: Mapping[int, Subject]

    @property
    def kind(self) -> str:
        """Name of its kind."""
        return str(ResourceKind(self.resource.kind).label)

    @cached_property
    def chart(self) -> Chart:
        """Its weeks drawn."""
        return chart_of(self.load, self.resource.capacity, self.resource.name)

    @property
    def periods(self) -> str:
        """When there are more or fewer than usual, in words."""
        return periods_words(self.resource.periods)

    @property
    def overload(self) -> str:
        """When it is too much, in words."""
        return over_words(self.load.weeks)

    @property
    def uses(self) -> list[tuple[Use, Subject | None]]:
        """The work it is needed for, the earliest first."""
        return [(use, self.subjects.get(use.subject)) for use in self.load.uses]


def rows_on(as_of: dt.date | None, today: dt.date) -> list[Row]:
    """Resources with their load by the computed dates of the plans, as known then."""
    resources = list(
        rows_as_of(Resource, as_of).select_related("unit").order_by("kind", "name", "pk")
    )
    if not resources:
        return []
    users = {
        key: one for key, one in sketches_of(None, as_of).items() if any(True for _ in needing(one))
    }
    dates = {
        key: {node: (one.early_start, one.early_finish) for node, one in timing.dates.items()}
        for key, timing in timings_of(users, as_of).items()
    }
    found = loads(users, dates, resources, calendars_on(as_of), today)
    subjects = subjects_of(users)
    return [Row(row, found[row.code], subjects) for row in resources]


def subjects_of(keys: Iterable[int]) -> dict[int, Subject]:
    """Return subjects by key; one query."""
    return Subject.objects.in_bulk(list(keys))


def runs_on(as_of: dt.date | None) -> list[Any]:
    """Return the latest runs, as they were known then."""
    rows = rows_as_of(Levelling, as_of).select_related("officer")
    heavy = ("rows", "before", "held", "inputs", "deadlines", "holds", "subjects")
    return list(rows.defer(*heavy).order_by("-at")[:SHOWN_RUNS])


@dataclass(frozen=True)
class Promise:
    """A deadline: calendar days late before and after, None when it is never met."""

    name: str
    due: dt.date
    before: int | None
    after: int | None

    @property
    def words(self) -> str:
        """How it stands before and after."""
        return f"{_lateness(self.before)} → {_lateness(self.after)}"

    @property
    def breaks(self) -> bool:
        """Whether it does not hold after."""
        return self.after is None or self.after > 0


@dataclass(frozen=True)
class Change:
    """A project: its last day before and after, its deadlines, how much work moves."""

    subject: Subject | None
    before: dt.date | None
    after: dt.date | None
    promises: tuple[Promise, ...]
    moved: int

    @property
    def days(self) -> int:
        """Calendar days it ends later; below zero earlier."""
        return (self.after - self.before).days if self.before and self.after else 0

    @property
    def words(self) -> str:
        """How its end moves."""
        if not self.days:
            return "完成日期不变"
        return f"晚 {self.days} 天" if self.days > 0 else f"早 {-self.days} 天"


@dataclass(frozen=True)
class Move:
    """Work whose dates change; ``held`` when it is itself put off, else it follows other work."""

    subject: Subject | None
    step: Step
    needs: str
    old: tuple[dt.date | None, dt.date | None]
    new: tuple[dt.date | None, dt.date | None]
    held: bool

    @property
    def days(self) -> int:
        """Calendar days it begins later; below zero earlier."""
        return (self.new[0] - self.old[0]).days if self.new[0] and self.old[0] else 0


@dataclass(frozen=True)
class Judged:
    """A run as its page shows it; `run` may be a past state."""

    run: Any
    today: dt.date
    sketches: Mapping[int, Sketch]
    resources: Mapping[str, Any]
    calendars: Calendars
    subjects: Mapping[int, Subject] = field(default_factory=dict)

    @property
    def state(self) -> str:
        """Name of its state."""
        return str(LevellingState(self.run.state).label)

    @property
    def verdict(self) -> str:
        """How good the answer is, in words."""
        words = STATUS.get(self.run.status, self.run.status)
        if self.run.status == "FEASIBLE" and self.run.gap:
            return f"{words}，差距 {self.run.gap:.1%}"
        return f"{words}，未证明最优" if self.run.status == "FEASIBLE" else words

    @property
    def explained(self) -> str:
        """What length, bound and gap mean, in one line."""
        run = self.run
        if run.makespan is None:
            return ""
        whole = f"从 {run.made_on} 到全部工作完成共 {run.makespan} 天"
        if run.makespan <= run.bound:
            tail = "" if run.status == "OPTIMAL" else "；各期限合计超期天数未证明最少"
            return f"{whole}，已证明不能再短{tail}。"
        return (
            f"{whole}；已证明任何安排都不少于 {run.bound} 天，"
            f"最多还能缩短 {run.makespan - run.bound} 天。"
        )

    @cached_property
    def changes(self) -> list[Change]:
        """Projects, those that end later first."""
        found = []
        for key in self.run.subjects:
            before, after = (self._spans(rows, key) for rows in (self.run.before, self.run.rows))
            found.append(
                Change(
                    self.subjects.get(key),
                    _last(before),
                    _last(after),
                    tuple(self._promises(key)),
                    sum(before.get(node) != span for node, span in after.items()),
                )
            )
        return sorted(found, key=lambda change: -change.days)

    def _promises(self, key: int) -> Iterable[Promise]:
        for row in self.run.deadlines:
            step = self._step(key, row["key"])
            if row["subject"] == key and step is not None:
                due = dt.date.fromisoformat(row["due"])
                yield Promise(step.name, due, row["before"], row["after"])

    @cached_property
    def moves(self) -> list[Move]:
        """Work whose dates change, by its new start."""
        found = []
        for key in self.run.subjects:
            before, after = (self._spans(rows, key) for rows in (self.run.before, self.run.rows))
            held = self.run.holds.get(str(key), {})
            for node, span in after.items():
                step = self._step(key, node)
                old = before.get(node, (None, None))
                if step is None or (old == span and node not in held):
                    continue
                subject = self.subjects.get(key)
                found.append(Move(subject, step, self._needs(step), old, span, node in held))
        return sorted(found, key=lambda move: (move.new[0] or dt.date.max, move.step.sequence))

    @property
    def broken(self) -> int:
        """Deadlines that do not hold after."""
        return sum(promise.breaks for one in self.changes for promise in one.promises)

    @cached_property
    def rows(self) -> list[tuple[Row, Row]]:
        """Resources in use with their load before and after."""
        used = [
            row
            for row in self.resources.values()
            if any(
                step.needs.get(row.code) for one in self.sketches.values() for step in needing(one)
            )
        ]
        before, after = (
            loads(self.sketches, self._dates(rows), used, self.calendars, self.run.made_on)
            for rows in (self.run.before, self.run.rows)
        )
        return [
            (
                Row(row, before[row.code], self.subjects),
                Row(row, after[row.code], self.subjects),
            )
            for row in used
        ]

    def _dates(self, rows: Mapping[str, Spans]) -> dict[int, Dates]:
        return {int(key): self._spans(rows, int(key)) for key in rows}

    def _spans(
        self, rows: Mapping[str, Spans], key: int
    ) -> dict[str, tuple[dt.date | None, dt.date | None]]:
        found = {}
        for node, span in rows.get(str(key), {}).items():
            first, last = span
            found[node] = (_day(first), _day(last))
        return found

    def _step(self, key: int, node: str) -> Step | None:
        sketch = self.sketches.get(key)
        return sketch.steps.get(node) if sketch else None

    def _needs(self, step: Step) -> str:
        return needs_words(step.needs, self.resources)


def judged(run: Any, as_of: dt.date | None, today: dt.date) -> Judged:  # noqa: ANN401 -- a run or a past state
    """Read what a run's page shows."""
    return Judged(
        run=run,
        today=today,
        sketches=sketches_of(run.subjects, as_of),
        resources={row.code: row for row in rows_as_of(Resource, as_of)},
        calendars=calendars_on(as_of),
        subjects=subjects_of(run.subjects),
    )


def _lateness(days: int | None) -> str:
    if days is None:
        return "无法完成"
    return f"超期 {days} 天" if days > 0 else f"余 {-days} 天" if days else "正好按期"


def _last(spans: Mapping[str, tuple[dt.date | None, dt.date | None]]) -> dt.date | None:
    return max((span[1] for span in spans.values() if span[1]), default=None)


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
