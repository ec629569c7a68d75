"""Any page as it was known on a past day: ``?as_of=2025-03-01``.

The day stands for all that was recorded before the next midnight in Asia/Shanghai. The past can be
read, not written; today's permissions apply.
"""

import datetime as dt
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from guatu.register.past import read_day
from guatu.register.versions import SHANGHAI

__all__ = ["AsOfMiddleware", "keep", "read_day"]

PARAMETER = "as_of"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def keep(address: str, as_of: dt.date | None) -> str:
    """Carry the day into a link of this site.

    >>> keep("/duties/?colour=red#top", dt.date(2025, 3, 1))
    '/duties/?colour=red&as_of=2025-03-01#top'
    """
    if as_of is None:
        return address
    parts = urlsplit(address)
    if f"{PARAMETER}=" in parts.query:
        return address
    pair = urlencode({PARAMETER: as_of.isoformat()})
    return urlunsplit(parts._replace(query=f"{parts.query}&{pair}" if parts.query else pair))


class AsOfMiddleware:
    """Set ``request.as_of`` to the day asked for, or None; refuse writing into the past."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Validate the day once, so that no page needs to."""
        request.as_of = None  # type: ignore[attr-defined]
        text = request.GET.get(PARAMETER, "")
        # A program is answered in its own way by what it asks, see `api.door`.
        if not text or hasattr(request, "program"):
            return self.get_response(request)
        today = timezone.now().astimezone(SHANGHAI).date()
        try:
            day = read_day(text, today)
        except ValueError as refusal:
            return _refuse(request, 400, str(refusal))
        if request.method not in SAFE_METHODS:
            return _refuse(request, 403, f"正在查看 {day} 当日所知，历史只能查看，不能办理。")
        request.as_of = day  # type: ignore[attr-defined]
        return self.get_response(request)


def _refuse(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    return render(
        request, "refused.html", {"sentence": sentence, "back": request.path}, None, status
    )
