"""The page of results by kind, and the few lines that stand under the bar while one types."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guatu.campaign.search import MOST, Asked, Kind, search, suggest
from guatu.web.refusals import forbidden_is_missing
from guatu.web.requests import OfficerRequest
from guatu.web.search.faces import face, shown

A_KIND = 8
SUGGESTED = 8


@require_safe
@forbidden_is_missing
def results(request: OfficerRequest) -> HttpResponse:
    """Show what fits by kind; ``?kind=`` shows one kind at length."""
    asked = _asked(request)
    kinds = [kind for kind in Kind if kind.value == request.GET.get("kind")]
    found = search(asked, MOST if kinds else A_KIND, kinds)
    context = {"asked": asked, "groups": [shown(asked, group) for group in found], "only": kinds}
    return render(request, "search/search.html", context)


@require_safe
@forbidden_is_missing
def suggestions(request: OfficerRequest) -> HttpResponse:
    """Answer with the best of all kinds, as the part under the bar."""
    asked = _asked(request)
    rows = [face(asked, hit) for hit in suggest(asked, SUGGESTED)]
    return render(request, "search/suggestions.html", {"asked": asked, "rows": rows})


def _asked(request: OfficerRequest) -> Asked:
    return Asked(request.standing, request.as_of, request.GET.get("q", ""))
