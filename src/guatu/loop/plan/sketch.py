"""A subject's plan as plain values: between the rows of the time account and the engines.

A sketch can be drawn, edited and computed without being saved.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any, Literal, NamedTuple

from django.db.models import TextField
from django.db.models.functions import Cast

from guatu.loop.models import Activity, Link
from guatu.loop.plan.clocks import Clock, clocks_of
from guatu.register.raw_rows import raw_rows
from guatu.register.versions import rows_as_of

BATCH = 500
SAME_NAMES = (
    "name",
    "stage",
    "kind",
    "sequence",
    "duration",
    "low",
    "high",
    "remaining",
    "calendar",
    "splittable",
    "firm",
    "due",
    "valid_days",
    "no_earlier",
    "fixed_start",
    "started",
    "finished",
    "forecast",
    "baseline",
    "target",
    "cause",
    "meeting",
    "needs",
    "basis",
    "leave",
)
"""Columns of an activity that its step carries under the same name, in the order of its fields."""
TEXTS = ("needs", "basis", "leave")
PLAIN_NAMES = tuple(name for name in SAME_NAMES if name not in TEXTS)


class Step(NamedTuple):
    """One activity; ``key`` is `Activity.node`, durations are working days of ``calendar``.

    ``duration`` None: only a date on the time account, not yet part of the network. ``clock`` is
    the legal clock of an approval that has been applied for; no edit of the plan touches it.

    A tuple, because a night makes 20,000: a frozen dataclass of so many fields takes ten times as
    long.  Nobody writes into what it holds.
    """

    key: str
    name: str
    stage: str = ""
    kind: str = ""
    sequence: int = 0
    duration: int | None = None
    low: int | None = None
    high: int | None = None
    remaining: int | None = None
    calendar: str = ""
    splittable: bool = False
    firm: bool = False
    due: dt.date | None = None
    valid_days: int | None = None
    no_earlier: dt.date | None = None
    fixed_start: dt.date | None = None
    started: dt.date | None = None
    finished: dt.date | None = None
    forecast: dt.date | None = None
    baseline: dt.date | None = None
    target: dt.date | None = None
    cause: str = ""
    meeting: str = ""
    needs: Mapping[str, int] = {}
    basis: Mapping[str, Any] = {}
    leave: Sequence[Mapping[str, str]] = []
    clock: Clock | None = None

    @property
    def networked(self) -> bool:
        """Whether the engine schedules it."""
        return self.duration is not None


class Tie(NamedTuple):
    """A precedence between two steps, named by their keys; ``lag`` in days of ``lag_calendar``."""

    before: str
    after: str
    type: Literal["FS", "SS", "FF", "SF"] = "FS"
    lag: int = 0
    lag_calendar: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it one of its kind."""
        return (self.before, self.after, self.type)


@dataclass(frozen=True)
class Sketch:
    """A whole plan: steps by key in their order, and the ties between them."""

    steps: Mapping[str, Step]
    ties: tuple[Tie, ...] = ()

    @cached_property
    def deadlines(self) -> tuple[Step, ...]:
        """Steps whose promised day is a deadline the plan is scheduled back from."""
        return tuple(step for step in self.steps.values() if step.firm and step.due is not None)

    def with_step(self, step: Step) -> "Sketch":
        """Return the sketch with one step put in or replaced."""
        return replace(self, steps={**self.steps, step.key: step})


def step_of(row: Any) -> Step:  # noqa: ANN401 -- an activity or a past state of one
    """Turn a row of the time account into a step."""
    return Step(key=row.node, **{name: getattr(row, name) for name in SAME_NAMES})


def sketches_of(
    subjects: Iterable[int] | None = None, as_of: dt.date | None = None
) -> dict[int, Sketch]:
    """Plans of the subjects that have a network; three or four queries per 500 of them.

    ``subjects`` None means all of them, which one more query finds. A subject has a network once
    an activity has a duration.
    """
    keys = _networked(as_of) if subjects is None else sorted(set(subjects))
    found: dict[int, Sketch] = {}
    for start in range(0, len(keys), BATCH):
        found |= _sketches(keys[start : start + BATCH], as_of)
    return {
        key: sketch
        for key, sketch in found.items()
        if any(step.networked for step in sketch.steps.values())
    }


def _networked(as_of: dt.date | None) -> list[int]:
    way = "subject_id" if as_of is None else "row__subject_id"
    rows = rows_as_of(Activity, as_of).filter(duration__isnull=False)
    return sorted(rows.order_by().values_list(way, flat=True).distinct())


def _sketches(subjects: list[int], as_of: dt.date | None) -> dict[int, Sketch]:
    steps: dict[int, dict[str, Step]] = {}
    names: dict[int, tuple[int, str]] = {}
    columns = ("subject_id", "pk" if as_of is None else "row_id", "node", *PLAIN_NAMES)
    rows = _hanging(Activity, subjects, as_of).order_by("subject_id", "sequence", "pk")
    texts = {f"{name}_text": Cast(name, TextField()) for name in TEXTS}
    clocks = clocks_of(subjects, as_of)
    asked = rows.annotate(**texts).values_list(*columns, *texts)
    for subject, key, node, *values, needs, basis, leave in raw_rows(asked):
        told = map(_decoded, (needs, basis, leave))
        step = Step._make((node, *values, *told, clocks.get(key)))
        steps.setdefault(subject, {})[node] = step
        names[key] = (subject, node)
    ties: dict[int, list[Tie]] = {}
    links = _hanging(Link, subjects, as_of).filter(ended=False).order_by("pk")
    for before, after, *told in links.values_list(
        "predecessor_id", "successor_id", "type", "lag", "lag_calendar"
    ):
        if before in names and after in names:
            subject, source = names[before]
            ties.setdefault(subject, []).append(Tie._make((source, names[after][1], *told)))
    return {subject: Sketch(own, tuple(ties.get(subject, ()))) for subject, own in steps.items()}


@lru_cache(maxsize=4_096)
def _decoded(text: str) -> Any:  # noqa: ANN401 -- what a JSON column holds
    """Decode what plans of one template hold a hundred times over; nobody writes into a step."""
    return json.loads(text)


def _hanging(model: Any, subjects: list[int], as_of: dt.date | None) -> Any:  # noqa: ANN401 -- versioned rows
    way = "subject_id__in" if as_of is None else "row__subject_id__in"
    return rows_as_of(model, as_of).filter(**{way: subjects})
