"""What the wall draws of one project: a bar up to each node, its promise, ghost, float, links.

Pure: activities in, bars out; the server's drawing, the canvas and the printed sheets show the
same ones.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from guatu.investment.queries.wall import WallRow, WallStep
from guatu.loop.plan.timing_rows import NO_ROW, TimingRow

SHAPES = {"done": "已完成", "claimed": "已报完成、未附佐证", "late": "逾期", "open": "未到期"}
MOST_LANES = 3


class Bar(NamedTuple):
    """One node: drawn from ``first`` to ``last``, both included, its mark on ``day``.

    ``planned`` says that the start is a fact or was planned or computed; else the bar begins where
    the node before ended, and without one there is only the mark. ``latest`` is the last day that
    breaks no deadline. ``lane`` counts from the top of the row.
    """

    key: str
    name: str
    shape: str
    first: dt.date | None
    last: dt.date
    day: dt.date
    planned: bool
    due: dt.date | None
    finished: dt.date | None
    baseline: dt.date | None
    forecast: dt.date | None
    latest: dt.date | None
    critical: bool
    lane: int = 0

    @property
    def ghost(self) -> tuple[dt.date, dt.date] | None:
        """The first promise as a bar of the same length, where it differs from what holds now."""
        if self.baseline is None or self.baseline == self.day:
            return None
        length = self.last - self.first if self.first else dt.timedelta()
        return self.baseline - length, self.baseline


def shape_of(node: Any, today: dt.date) -> str:  # noqa: ANN401 -- a step, an activity or a state
    """Name the shape of a node: done, claimed, late or open."""
    if node.finished is not None:
        return "done" if node.evidence_id is not None else "claimed"
    return "late" if node.due is not None and node.due < today else "open"


def bars_of(row: WallRow, today: dt.date) -> tuple[Bar, ...]:
    """Bars of a project's dated nodes in path order, on lanes so that planned ones never overlap.

    A node's bar covers its own duration; that of a milestone the work right before it.
    """
    leading = _leading(row)
    bars: list[Bar] = []
    before: dt.date | None = None
    for node in row.nodes:
        bar = _bar(row, node, leading.get(node.key, ()), before, today)
        if bar is not None:
            bars.append(bar)
            before = bar.last if before is None else max(before, bar.last)
    return tuple(_laned(bars))


def ties_of(row: WallRow, bars: Sequence[Bar]) -> list[tuple[int, int]]:
    """Links between drawn nodes, by their places among ``bars``; work between is skipped over."""
    places = {bar.key: place for place, bar in enumerate(bars)}
    nodes = {node.key for node in row.nodes}
    after: dict[str, list[str]] = {}
    for source, target in row.links:
        after.setdefault(source, []).append(target)
    return [
        (place, places[reached])
        for key, place in places.items()
        for reached in sorted(_reached(key, after, nodes))
        if reached in places
    ]


def _bar(
    row: WallRow,
    node: WallStep,
    leading: Sequence[str],
    before: dt.date | None,
    today: dt.date,
) -> Bar | None:
    timing = row.timing or {}
    own = timing.get(node.key, NO_ROW)
    computed = None if node.finished else own.early_finish
    day = node.finished or node.due or computed
    if day is None:
        return None
    last = node.finished or computed or day
    begin = node.started or node.start or _begin(own, [timing.get(key, NO_ROW) for key in leading])
    planned = begin is not None and begin <= last
    first = begin if planned else before + dt.timedelta(1) if before and before < last else None
    return Bar(
        key=node.key,
        name=node.name,
        shape=shape_of(node, today),
        first=first,
        last=last,
        day=day,
        planned=planned,
        due=node.due,
        finished=node.finished,
        baseline=node.baseline,
        forecast=None if node.finished else node.forecast,
        latest=None if node.finished else own.late_finish,
        critical=own.critical and node.finished is None,
    )


def _begin(own: TimingRow, before: Sequence[TimingRow]) -> dt.date | None:
    """Computed start of a node, or where it takes no time of the work right before it."""
    if own.early_start != own.early_finish:
        return own.early_start
    return min(filter(None, (one.early_start for one in before)), default=None)


def _leading(row: WallRow) -> Mapping[str, Sequence[str]]:
    """Work right before each node."""
    work = {step.key for step in row.steps if step.kind}
    found: dict[str, list[str]] = {}
    for source, target in row.links:
        if source in work:
            found.setdefault(target, []).append(source)
    return found


def _reached(key: str, ways: Mapping[str, Sequence[str]], nodes: set[str]) -> set[str]:
    return {reached for reached in _walked(key, ways, nodes) if reached in nodes}


def _walked(key: str, ways: Mapping[str, Sequence[str]], nodes: set[str]) -> Iterator[str]:
    """Everything reached from ``key``, each once; at a node the walk ends."""
    seen: set[str] = {key}
    waiting = list(ways.get(key, ()))
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        yield here
        if here not in nodes:
            waiting += ways.get(here, ())


def _laned(bars: Sequence[Bar]) -> list[Bar]:
    """Put planned bars that overlap on lanes of their own, as many as the row can hold."""
    ends: list[dt.date] = []
    lanes: dict[str, int] = {}
    for bar in sorted(bars, key=lambda bar: (bar.first or bar.last, bar.last)):
        if not bar.planned or bar.first is None:
            continue
        free = next((lane for lane, end in enumerate(ends) if end < bar.first), len(ends))
        if free == MOST_LANES:
            free = min(range(MOST_LANES), key=ends.__getitem__)
        ends[free : free + 1] = [bar.last]
        lanes[bar.key] = free
    return [bar._replace(lane=lanes[bar.key]) if lanes.get(bar.key) else bar for bar in bars]


def _day(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)
