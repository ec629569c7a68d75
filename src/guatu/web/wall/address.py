"""What the wall's address says of time."""

import datetime as dt

from django.urls import reverse

from guatu.web.requests import OfficerRequest
from guatu.web.wall.axis import Zoom


def day_of(request: OfficerRequest) -> dt.date:
    """Day the wall counts from: the past day read, else the business date."""
    return request.as_of or request.standing.today


def zoom_of(request: OfficerRequest) -> Zoom:
    """Stretch asked for; a year unless told."""
    asked = request.GET.get("zoom", "")
    return Zoom(asked) if asked in set(Zoom) else Zoom.YEAR


def at_of(request: OfficerRequest) -> dt.date | None:
    """Day that the stretch shall hold, None for today."""
    try:
        at = dt.date.fromisoformat(request.GET.get("at", ""))
    except ValueError:
        return None
    return at if dt.date(1990, 1, 1) <= at <= dt.date(2100, 1, 1) else None


def same_choice(request: OfficerRequest, route: str) -> str:
    """Another address of the wall that shows the same choice, stretch and day."""
    query = request.GET.copy()
    for name in ("page", "screen"):
        query.pop(name, None)
    address = reverse(route)
    return f"{address}?{query.urlencode()}" if query else address
