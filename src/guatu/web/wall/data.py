"""The whole wall as compact arrays for the canvas.

Days are numbers counted from 1970-01-01. A row is ``[name, unit, tone, lamp, worst, key, marks,
bars, ties]``: ``key`` stands for ``KEY`` in the ``addresses`` of project, lamp and plan; ``marks``
joins 1 示例, 2 starred, 4 planned as a network; ``ties`` is a flat list of pairs of places among
the bars. A bar is ``[name, shape, flags, lane, first, last, day, due, finished, baseline, forecast,
latest]``, unknown days null and the last ones left out: ``name`` is a place in ``names``,
``shape`` one in ``shapes``, ``flags`` joins 1 planned, 2 critical.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse

from guatu.investment.queries.wall import Stop, WallRow
from guatu.web import asof
from guatu.web.components import LampFace
from guatu.web.projects.faces import TONES, Tightest, tightest_of, told
from guatu.web.wall.axis import Window, seasons
from guatu.web.wall.bars import SHAPES, Bar, bars_of, ties_of

EPOCH = dt.date(1970, 1, 1).toordinal()
PLANNED, CRITICAL = 1, 2
SAMPLE, STARRED, NETWORK = 1, 2, 4
ROUTES = ("projects:project", "projects:lamp", "plans:plan")

NOBODY = "00000000-0000-0000-0000-000000000000"
SHAPE_PLACES = {shape: place for place, shape in enumerate(SHAPES)}

Json = dict[str, Any]


def wall_data(
    rows: Sequence[WallRow],
    day: dt.date,
    span: Window,
    stops: Iterable[Stop],
    as_of: dt.date | None = None,
) -> Json:
    """Everything the canvas draws: rows in their order, names once, stops, today, the extent."""
    names: dict[str, int] = {}
    written = []
    first, last = span.first, span.last
    for row in rows:
        bars = bars_of(row, day)
        for bar in bars:
            first = min(first, bar.first or bar.last)
            last = max(last, bar.last, bar.day)
        written.append(_row(row, bars, names))
    return {
        "day": _number(day),
        "window": [_number(span.first), _number(span.last) + 1],
        "extent": [_number(first), _number(last) + 1],
        "addresses": [_address(route, as_of) for route in ROUTES],
        "shapes": list(SHAPES.items()),
        "names": list(names),
        "stops": [
            [stop.name, stop.sure, _number(begin), _number(end) + 1]
            for stop, begin, end in seasons(stops, first, last)
        ],
        "rows": written,
    }


def worst(project: Any) -> Tightest:  # noqa: ANN401 -- a row of listed_projects
    """What leaves the least room, and how little, as the lamp and the list say it."""
    return tightest_of(project) or Tightest("全部节点已完成", "")


def _address(route: str, as_of: dt.date | None) -> str:
    """Address with ``KEY`` for a subject's key: five hundred are not reversed one by one."""
    return asof.keep(reverse(route, args=[NOBODY]).replace(NOBODY, "KEY"), as_of)


def _row(row: WallRow, bars: Sequence[Bar], names: dict[str, int]) -> list[Any]:
    project = row.project
    days, note = told(project.lamp_since, project.on_day, project.lamp_margin)
    face = LampFace(TONES.get(project.lamp_colour, "unrated"), "", days, note)
    return [
        project.name,
        project.unit_name or "责任单位待定",
        face.tone,
        face.text,
        str(worst(project)),
        str(project.subject.public_id),
        SAMPLE * project.subject.is_sample
        + STARRED * bool(project.starred)
        + NETWORK * (row.timing is not None),
        [_bar(bar, names.setdefault(bar.name, len(names))) for bar in bars],
        [place for tie in ties_of(row, bars) for place in tie],
    ]


def _bar(bar: Bar, name: int) -> list[int | None]:
    days = (
        *(bar.first, bar.last, bar.day, bar.due),
        *(bar.finished, bar.baseline, bar.forecast, bar.latest),
    )
    written = [None if day is None else day.toordinal() - EPOCH for day in days]
    while written[-1] is None:
        written.pop()
    flags = PLANNED * bar.planned + CRITICAL * bar.critical
    return [name, SHAPE_PLACES[bar.shape], flags, bar.lane, *written]


def _number(day: dt.date) -> int:
    return day.toordinal() - EPOCH
