"""The wall as a page: chips, zoom, pages; with ``?screen=1`` pages that turn by themselves."""

import datetime as dt
import math
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from guatu.investment.queries import listed_projects, wall_rows
from guatu.investment.queries.wall import by_slack
from guatu.loop.enums import Colour
from guatu.register.policies import may
from guatu.web.format import days_left
from guatu.web.lists import ChoiceFilter
from guatu.web.lists.listing import ChipGroup, narrowed, searched
from guatu.web.lists.state import ListState, read_state
from guatu.web.projects.faces import listed_face, project_url
from guatu.web.projects.filters import KnownFilter, LeaderFilter
from guatu.web.projects.listing import categories, units
from guatu.web.requests import OfficerRequest
from guatu.web.wall.drawing import SHAPES, ZOOM_NAMES, Zoom, draw

DESKTOP_ROWS = 30
SCREEN_ROWS = 15
TURN_SECONDS = 20
ASIDE_NAMES = 60
FILTERS = (
    ChoiceFilter("lamp", "灯", "lamp_colour", dict(Colour.choices)),
    LeaderFilter("leader", "包保领导"),
    KnownFilter("unit", "单位", "subject__unit_id", units, "待定"),
    KnownFilter("category", "类别", "category__code", categories),
)


@require_safe
def wall(request: OfficerRequest) -> HttpResponse:
    """Draw the projects in sight, today's wall or a past day's."""
    if not may(request.standing, "project.list"):
        raise Http404
    state = read_state(request.GET, [one.id for one in FILTERS], ())
    day = request.as_of or request.standing.today
    found = searched(
        listed_projects(request.standing, request.as_of),
        ("name", "subject__code", "subject__initials"),
        state.search,
    )
    groups = [
        ChipGroup(one, one.chips(narrowed(found, FILTERS, state, one.id), state.chosen[one.id]))
        for one in FILTERS
    ]
    kept = narrowed(found, FILTERS, state)
    counts = _counts(kept)
    rated = sum(n for colour, n in counts.items() if colour != Colour.UNRATED)
    size = SCREEN_ROWS if request.GET.get("screen") == "1" else DESKTOP_ROWS
    pages = max(1, math.ceil(rated / size))
    page = min(state.page, pages)
    rows = by_slack(kept.exclude(lamp_colour=Colour.UNRATED))[(page - 1) * size : page * size]
    drawing = draw(
        [(row.project, row.nodes) for row in wall_rows(list(rows), request.as_of)],
        day,
        _zoom(request),
        _at(request),
    )
    context = {
        "day": day,
        "state": state,
        "groups": [group for group in groups if group.chips],
        "narrowed": bool(state.search or any(state.chosen.values())),
        "total": sum(counts.values()),
        "total_url": _list_url(state),
        "counts": [
            (Colour(colour), n, _list_url(state, colour))
            for colour, n in counts.items()
            if colour != Colour.UNRATED
        ],
        "drawing": drawing,
        "lines": [(row, listed_face(row.project), _worst(row.project)) for row in drawing.rows],
        "zooms": [
            (zoom.value, name, zoom is drawing.span.zoom) for zoom, name in ZOOM_NAMES.items()
        ],
        "shapes": SHAPES.items(),
        "page": page,
        "pages": pages,
        "next_page": page % pages + 1,
        "turn_seconds": TURN_SECONDS,
        "incomplete": counts[Colour.UNRATED],
        "incomplete_url": _list_url(state, Colour.UNRATED),
        "incomplete_rows": _incomplete(kept, counts[Colour.UNRATED]),
    }
    return render(request, "wall/wall.html", context)


def _counts(rows: QuerySet[Any]) -> dict[Colour, int]:
    """Projects by colour; one query, each project in exactly one."""
    counted = rows.order_by().aggregate(
        **{colour.value: Count("pk", filter=Q(lamp_colour=colour.value)) for colour in Colour}
    )
    return {colour: counted[colour.value] for colour in Colour}


def _list_url(state: ListState, colour: Colour | None = None) -> str:
    """List of exactly the projects counted, of one colour or of all."""
    pairs = [] if colour is None else [("lamp", colour.value)]
    for name, values in state.chosen.items():
        pairs += [(name, value) for value in values if colour is None or name != "lamp"]
    if state.search:
        pairs.append(("q", state.search))
    address = reverse("projects:list")
    return f"{address}?{urlencode(pairs)}" if pairs else address


def _worst(project: Any) -> str:  # noqa: ANN401 -- a row of listed_projects
    """Worst open node and the days it leaves."""
    if project.next_due is None:
        return "全部节点已完成"
    return f"{project.next_node} {days_left((project.next_due - project.on_day).days)}"


def _incomplete(rows: QuerySet[Any], count: int) -> list[tuple[str, str]]:
    """Names and addresses of what cannot be judged; no query when there is none."""
    if not count:
        return []
    unrated = rows.filter(lamp_colour=Colour.UNRATED).order_by("unit_order", "subject_id")
    return [(row.name, project_url(row)) for row in unrated[:ASIDE_NAMES]]


def _zoom(request: OfficerRequest) -> Zoom:
    asked = request.GET.get("zoom", "")
    return Zoom(asked) if asked in set(Zoom) else Zoom.YEAR


def _at(request: OfficerRequest) -> dt.date | None:
    try:
        at = dt.date.fromisoformat(request.GET.get("at", ""))
    except ValueError:
        return None
    return at if dt.date(1990, 1, 1) <= at <= dt.date(2100, 1, 1) else None
