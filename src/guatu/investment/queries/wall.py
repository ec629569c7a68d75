"""Rows of the wall: projects with their nodes, links and computed dates, worst slack first."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet

from guatu.loop.models import Activity, Link, Timing
from guatu.loop.plan.calendars import calendar_rows
from guatu.loop.plan.timing_rows import TimingRow, timing_rows
from guatu.register.enums import RuleStatus
from guatu.register.versions import end_of, rows_as_of


class WallStep(NamedTuple):
    """An activity as the wall needs it; without ``kind`` it is a node, else work between nodes."""

    key: str
    name: str
    kind: str
    start: dt.date | None
    due: dt.date | None
    baseline: dt.date | None
    forecast: dt.date | None
    started: dt.date | None
    finished: dt.date | None
    evidence_id: int | None


@dataclass(frozen=True)
class WallRow:
    """One project of the wall: activities in path order, links by their keys, computed dates.

    ``timing`` is by activity key; None where nothing was computed.
    """

    project: Any
    steps: Sequence[WallStep] = ()
    links: Sequence[tuple[str, str]] = ()
    timing: Mapping[str, TimingRow] | None = None

    @property
    def nodes(self) -> list[WallStep]:
        """The nodes alone."""
        return [step for step in self.steps if not step.kind]


COLUMNS = ("node", *WallStep._fields[1:])


@dataclass(frozen=True)
class Stop:
    """A stop that repeats every year, from one ``MM-DD`` to another, both included."""

    name: str
    first: str
    last: str
    sure: bool


def by_slack(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Order listed projects by slack; what has no dated node comes last, in protocol order."""
    return rows.order_by(F("slack").asc(nulls_last=True), "unit_order", "subject_id")


def wall_rows(projects: Sequence[Any], as_of: dt.date | None = None) -> list[WallRow]:
    """Fetch activities, links and computed dates of listed projects; three queries."""
    subjects = [project.subject_id for project in projects]
    steps, links, timings = (
        _steps(subjects, as_of),
        _links(subjects, as_of),
        _timings(subjects, as_of),
    )
    return [
        WallRow(
            project,
            steps.get(project.subject_id, ()),
            links.get(project.subject_id, ()),
            timings.get(project.subject_id),
        )
        for project in projects
    ]


def row_of(project: Any, nodes: Iterable[Any]) -> WallRow:  # noqa: ANN401 -- a project or a past state
    """One row from nodes that were read already; no query, and nothing computed."""
    steps = [WallStep._make(getattr(node, name) for name in COLUMNS) for node in nodes]
    return WallRow(project, steps)


def stops(as_of: dt.date | None = None) -> list[Stop]:
    """When most outdoor work rests: the stops of the first calendar that has any; one query.

    Other calendars bind single works, and bands of all of them would hide each other.
    """
    for calendar in calendar_rows(as_of):
        if calendar.stop:
            sure = calendar.status == RuleStatus.VERIFIED
            return [Stop(calendar.name, first, last, sure) for first, last in calendar.stop]
    return []


def _of(model: Any, subjects: Iterable[int], as_of: dt.date | None) -> QuerySet[Any]:  # noqa: ANN401 -- a versioned model
    rows: QuerySet[Any] = rows_as_of(model, as_of).filter(subject_id__in=list(subjects))
    return rows


def _steps(subjects: Sequence[int], as_of: dt.date | None) -> dict[int, list[WallStep]]:
    # Plain columns: ten thousand rows of a district are read for one wall.
    rows = _of(Activity, subjects, as_of).order_by("subject_id", "sequence", "pk")
    found: dict[int, list[WallStep]] = {}
    for subject, *values in rows.values_list("subject_id", *COLUMNS):
        found.setdefault(subject, []).append(WallStep._make(values))
    return found


def _links(subjects: Sequence[int], as_of: dt.date | None) -> dict[int, list[tuple[str, str]]]:
    rows = _of(Link, subjects, as_of).filter(ended=False).order_by("subject_id", "pk")
    found: dict[int, list[tuple[str, str]]] = {}
    for subject, before, after in rows.values_list(
        "subject_id", "predecessor__node", "successor__node"
    ):
        found.setdefault(subject, []).append((before, after))
    return found


def _timings(subjects: Sequence[int], as_of: dt.date | None) -> dict[int, Mapping[str, TimingRow]]:
    rows = Timing.objects.filter(subject_id__in=subjects)
    if as_of is None:
        rows = rows.filter(known_to=None)
    else:
        moment = end_of(as_of)
        rows = rows.filter(Q(known_to=None) | Q(known_to__gte=moment), known_from__lt=moment)
    return {key: timing_rows(stored) for key, stored in rows.values_list("subject_id", "rows")}
