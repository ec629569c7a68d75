"""A plan drawn: bars, float tails, ghosts, links and bands as places in one SVG.

Pure: a sketch and computed dates in, shapes and words out. The same drawing serves the page, the
editor and paper, and needs no script.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from guatu.loop.plan.leave import leaves_of
from guatu.loop.plan.sketch import Sketch, Step
from guatu.web.plans.arrows import arrows_of
from guatu.web.plans.dated import Dated
from guatu.web.plans.scale import (
    MonthDay,
    Scale,
    Window,
    Zoom,
    scale_of,
    stops_between,
    ticks,
    without,
    years,
)
from guatu.web.plans.shapes import (
    HEAD,
    ROW,
    Band,
    Bar,
    Drawing,
    Group,
    Piece,
)

Stops = Mapping[str, Sequence[tuple[MonthDay, MonthDay]]]


@dataclass(frozen=True)
class Given:
    """All that a drawing is made from; ``stages`` names stage codes in their order.

    ``baseline``: first and last day by key as last agreed. ``stops``: seasonal stops by calendar
    code, ``calendar_names`` what they are called; a stop is hatched behind the rows it stops.
    ``by_late`` draws bars at their latest dates: the schedule as it was worked back.
    """

    sketch: Sketch
    dates: Mapping[str, Dated]
    today: dt.date
    stages: Mapping[str, str] = field(default_factory=dict)
    baseline: Mapping[str, tuple[dt.date | None, dt.date | None]] = field(default_factory=dict)
    stops: Stops = field(default_factory=dict)
    calendar_names: Mapping[str, str] = field(default_factory=dict)
    changed: frozenset[str] = frozenset()
    by_late: bool = False


def draw(given: Given, zoom: Zoom = Zoom.WHOLE, width: int = 860) -> Drawing | None:
    """Draw a plan; None while it has not one known day."""
    shown = [step for step in given.sketch.steps.values() if step.networked]
    days = list(_days(given, shown))
    if not days:
        return None
    scale = scale_of([*days, given.today], zoom, width)
    groups, bands, y = [], list[Band](), HEAD
    for name, steps in _grouped(given, shown):
        bars = tuple(
            _bar(given, step, scale, y + ROW * (place + 1)) for place, step in enumerate(steps)
        )
        groups.append(Group(name, y, bars, _span(bars, scale)))
        bands += _bands(given, steps, scale, y + ROW)
        y += ROW * (len(steps) + 1)
    places = {bar.step.key: bar for group in groups for bar in group.bars}
    return Drawing(
        scale=scale,
        years=years(scale),
        ticks=ticks(scale),
        bands=bands,
        today_x=scale.start(given.today) if scale.holds(given.today) else None,
        today=given.today,
        groups=groups,
        arrows=arrows_of(given.sketch.ties, places),
        height=y,
    )


def _days(given: Given, steps: Iterable[Step]) -> Iterable[dt.date]:
    for step in steps:
        dated = given.dates.get(step.key, Dated())
        known = (dated.early_start, dated.early_finish, dated.late_finish)
        rest = (step.started, step.finished, step.due, *given.baseline.get(step.key, ()))
        yield from (day for day in (*known, *rest) if day is not None)


def _grouped(given: Given, steps: Sequence[Step]) -> list[tuple[str, list[Step]]]:
    """Steps by stage, stages in their order; a stage nobody named comes last."""
    order = list(given.stages)
    by_stage: dict[str, list[Step]] = {}
    for step in steps:
        by_stage.setdefault(step.stage, []).append(step)
    codes = sorted(by_stage, key=lambda code: order.index(code) if code in order else len(order))
    return [
        (given.stages.get(code, code or "未分阶段"), sorted(by_stage[code], key=_begins(given)))
        for code in codes
    ]


def _begins(given: Given) -> Callable[[Step], tuple[dt.date, dt.date, int]]:
    """Order of steps within a stage: as they begin, so that a plan reads like a stair."""

    def place(step: Step) -> tuple[dt.date, dt.date, int]:
        ends = ends_of(step, given.dates.get(step.key, Dated()))
        first, last = ends or (dt.date.max, dt.date.max)
        return first, last, step.sequence

    return place


def state_of(step: Step, dated: Dated) -> str:
    """Name the state of a step: done, doing, late (its deadline cannot be kept) or open."""
    if step.finished is not None:
        return "done"
    finish = dated.early_finish
    if step.firm and step.due is not None and finish is not None and finish > step.due:
        return "late"
    return "doing" if step.started is not None else "open"


def ends_of(step: Step, dated: Dated, *, by_late: bool = False) -> tuple[dt.date, dt.date] | None:
    """First and last day a step is drawn at: as it was, else as early or as late as can be."""
    if step.finished is not None:
        return min(step.started or step.finished, step.finished), step.finished
    start, finish = dated.early_start, dated.early_finish
    if by_late and dated.late_start is not None:
        start, finish = dated.late_start, dated.late_finish
    if step.started is not None:
        start = step.started
    if start is None or finish is None:
        return None
    return min(start, finish), finish


def _bar(given: Given, step: Step, scale: Scale, y: int) -> Bar:
    dated = given.dates.get(step.key, Dated())
    ends = ends_of(step, dated, by_late=given.by_late)
    state = state_of(step, dated)
    changed = step.key in given.changed
    if ends is None:
        words = _words(step, dated, None)
        return Bar(step, dated, y, "", state, None, None, words=words, changed=changed)
    start, finish = ends
    milestone = step.duration == 0
    late = dated.late_finish
    tail = None
    if state in {"open", "doing"} and not given.by_late and late is not None and late > finish:
        x = scale.end(finish)
        tail = Piece(x, round(scale.end(late) - x, 2))
    x = scale.end(finish) if milestone else scale.start(start)
    return Bar(
        step=step,
        dated=dated,
        y=y,
        shape="diamond" if milestone else "bar",
        state=state,
        start=start,
        finish=finish,
        x=x,
        end=scale.end(finish),
        pieces=() if milestone else _pieces(given, step, scale, ends),
        tail=tail,
        ghost=_ghost(given.baseline.get(step.key), scale),
        due_x=scale.end(step.due) if step.firm and step.due else None,
        forecast_x=_end(step.forecast, scale),
        words=_words(step, dated, ends),
        changed=changed,
        provisional=dated.late_provisional if given.by_late else dated.early_provisional,
    )


def _end(day: dt.date | None, scale: Scale) -> float | None:
    return scale.end(day) if day is not None and scale.holds(day) else None


def _pieces(given: Given, step: Step, scale: Scale, ends: Window) -> tuple[Piece, ...]:
    """Stretches in which a step is worked: one that may be split pauses for its stops."""
    parts = [ends]
    if step.splittable and step.finished is None:
        stops = stops_between(given.stops.get(step.calendar, ()), *ends)
        closed = [part for stop in stops for part in without(stop, _free(step, stop))]
        parts = without(ends, closed) or parts
    return tuple(_piece(scale, part) for part in parts)


def _free(step: Step, stop: Window) -> list[Window]:
    """Stretches of a stop in which a step has leave to work."""
    leave = [one for one in leaves_of(step.leave) if one.kind != "rest"]
    cut = [(max(one.first, stop[0]), min(one.last, stop[1])) for one in leave]
    return _joined(sorted(window for window in cut if window[0] <= window[1]))


def _piece(scale: Scale, window: Window) -> Piece:
    x = scale.start(window[0])
    return Piece(x, round(max(scale.end(window[1]) - x, 1.5), 2))


def _ghost(agreed: tuple[dt.date | None, dt.date | None] | None, scale: Scale) -> Piece | None:
    if agreed is None or agreed[1] is None:
        return None
    return _piece(scale, (min(agreed[0] or agreed[1], agreed[1]), agreed[1]))


def _span(bars: Sequence[Bar], scale: Scale) -> Piece | None:
    starts = [bar.start for bar in bars if bar.start]
    finishes = [bar.finish for bar in bars if bar.finish]
    return _piece(scale, (min(starts), max(finishes))) if starts and finishes else None


def _joined(windows: Sequence[Window]) -> list[Window]:
    """Windows that touch or overlap as one."""
    found: list[Window] = []
    for first, last in windows:
        if found and first <= found[-1][1] + dt.timedelta(days=1):
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def _bands(given: Given, steps: Sequence[Step], scale: Scale, y: int) -> Iterator[Band]:
    """Stops behind the rows they stop, and behind no others: neighbours of a calendar as one.

    ``y`` is the top of the first row.
    """
    place = 0
    for code, rows in groupby(steps, key=lambda step: step.calendar):
        count = sum(1 for _row in rows)
        name = given.calendar_names.get(code, code)
        for first, last in stops_between(given.stops.get(code, ()), scale.first, scale.last):
            piece = _piece(scale, (first, last))
            top, height = y + ROW * place, ROW * count
            yield Band(piece.x, piece.width, top, height, f"{name}：{first} 至 {last} 停工")
        place += count


def _words(step: Step, dated: Dated, ends: Window | None) -> str:
    """What a bar says to whoever cannot see it."""
    if ends is None:
        return f"{step.name}：日期无法推算"
    start, finish = ends
    when = f"{finish}" if step.duration == 0 else f"{start} 至 {finish}"
    parts = [f"{step.name}：{when}"]
    if step.finished is not None:
        parts.append("已完成")
    elif step.started is not None:
        parts.append("进行中")
    elif step.duration:
        parts.append(f"{step.duration} 天")
    if step.finished is None and dated.critical:
        parts.append("关键工作")
    if step.finished is None and dated.days is not None:
        parts.append(f"时差 {dated.days} 个日历日")
    if step.firm and step.due:
        parts.append(f"须于 {step.due} 前完成")
    if dated.provisional_words:
        parts.append(f"日期{dated.provisional_words}")
    return "，".join(parts)
