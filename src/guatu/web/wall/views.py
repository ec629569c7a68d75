"""The wall as a page, as data for its canvas; with ``?screen=1`` pages that turn by themselves."""

import math

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guatu.investment.queries.wall import stops, wall_rows
from guatu.web.projects.faces import listed_face
from guatu.web.requests import OfficerRequest
from guatu.web.wall.address import at_of, day_of, same_choice, zoom_of
from guatu.web.wall.axis import ZOOM_NAMES, window
from guatu.web.wall.bars import SHAPES
from guatu.web.wall.choice import choose, counts_of, incomplete
from guatu.web.wall.data import wall_data, worst
from guatu.web.wall.drawing import draw

DESKTOP_ROWS = 20
SCREEN_ROWS = 15
TURN_SECONDS = 20


@require_safe
def wall(request: OfficerRequest) -> HttpResponse:
    """Draw the projects in sight, today's wall or a past day's."""
    choice = choose(request)
    counts = counts_of(choice)
    size = SCREEN_ROWS if request.GET.get("screen") == "1" else DESKTOP_ROWS
    pages = max(1, math.ceil(counts.hung / size))
    page = min(choice.state.page, pages)
    hung = wall_rows(list(choice.hung[(page - 1) * size : page * size]), request.as_of)
    day = day_of(request)
    drawing = draw(hung, day, zoom_of(request), at_of(request), stops(request.as_of))
    context = {
        "day": day,
        "choice": choice,
        "counts": counts,
        "groups": choice.groups(),
        "data_url": same_choice(request, "wall:data"),
        "print_url": same_choice(request, "wall:sheets"),
        "drawing": drawing,
        "lines": [(row, listed_face(row.project), worst(row.project)) for row in drawing.rows],
        "zooms": [
            (zoom.value, name, zoom is drawing.span.zoom) for zoom, name in ZOOM_NAMES.items()
        ],
        "shapes": SHAPES.items(),
        "page": page,
        "pages": pages,
        "next_page": page % pages + 1,
        "turn_seconds": TURN_SECONDS,
        "incomplete": incomplete(choice, counts),
    }
    return render(request, "wall/wall.html", context)


@require_safe
def data(request: OfficerRequest) -> JsonResponse:
    """Give all projects that the wall's address keeps, for its canvas."""
    hung = wall_rows(list(choose(request).hung), request.as_of)
    day = day_of(request)
    span = window(zoom_of(request), at_of(request) or day)
    answer = wall_data(hung, day, span, stops(request.as_of), request.as_of)
    return JsonResponse(answer, json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})
