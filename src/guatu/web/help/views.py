"""Help: all guides by task, one guide, and the way there from a page."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from guatu.campaign import policies as _policies  # noqa: F401 -- declares help.read
from guatu.engines.guide import Section, found
from guatu.register.policies import require
from guatu.register.search import words_of
from guatu.web.asof import keep
from guatu.web.help.shelf import address, guides, place_of, shelf_of
from guatu.web.refusals import forbidden_is_missing
from guatu.web.requests import OfficerRequest

EXCERPT = 80


@require_safe
@forbidden_is_missing
def index(request: OfficerRequest) -> HttpResponse:
    """Tasks by guide, the reader's own first; ``?q=`` looks for words, ``?for=`` for a page."""
    require(request.standing, "help.read")
    page = request.GET.get("for", "")
    if page:
        return redirect(keep(address(place_of(page, request.standing)), request.as_of))
    asked = request.GET.get("q", "").replace("\0", "").strip()[:100]
    words = words_of(asked)
    shelf = [(name, guides()[name]) for name in shelf_of(request.standing)]
    books: list[dict[str, Any]] = [
        {
            "name": name,
            "guide": guide,
            "sections": [
                {"section": one, "excerpt": _excerpt(one, words)}
                for one in (found(guide, words) if words else guide.sections)
            ],
        }
        for name, guide in shelf
    ]
    return render(
        request,
        "help/index.html",
        {"books": books, "text": asked, "count": sum(len(book["sections"]) for book in books)},
    )


@require_safe
@forbidden_is_missing
def guide(request: OfficerRequest, name: str) -> HttpResponse:
    """Show one guide."""
    require(request.standing, "help.read")
    told = guides().get(name)
    if told is None:
        raise Http404
    return render(request, "help/guide.html", {"guide": told, "name": name})


def _excerpt(section: Section, words: Sequence[str]) -> str:
    """A piece of a section around the first of the words."""
    if not words:
        return ""
    places = [section.text.lower().find(word.lower()) for word in words]
    start = max(0, min((place for place in places if place >= 0), default=0) - 20)
    piece = section.text[start : start + EXCERPT]
    ends = "…" if start + EXCERPT < len(section.text) else ""
    return f"{'…' if start else ''}{piece}{ends}"
