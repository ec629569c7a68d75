"""Leads by stage as bars from zero on one scale; every count opens the list it was counted from."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from guatu.attraction.queries.funnel import Layer, funnel_of
from guatu.register.policies import may
from guatu.web import asof
from guatu.web.requests import OfficerRequest

WIDTH, HEIGHT = 320, 20


@dataclass(frozen=True)
class LayerShown:
    """A stage with the width of its bar in pixels and the addresses of its rows."""

    layer: Layer
    width: int
    href: str
    stale_href: str


@require_safe
def funnel(request: OfficerRequest) -> HttpResponse:
    """Show how many leads stand where, what they mean to invest, and who is forgotten."""
    if not may(request.standing, "lead.list"):
        raise Http404
    found = funnel_of(request.standing, request.as_of)
    most = max((layer.count for layer in found.layers), default=0)
    context = {
        "layers": [_shown(layer, most, request) for layer in found.layers],
        "whole": _shown(found.whole, most, request),
        "width": WIDTH,
        "height": HEIGHT,
        "today": request.as_of or request.standing.today,
    }
    return render(request, "leads/funnel.html", context)


def _shown(layer: Layer, most: int, request: OfficerRequest) -> LayerShown:
    stage = {"stage": layer.stage.code} if layer.stage else {}
    width = round(WIDTH * layer.count / most) if most else 0
    return LayerShown(
        layer, width, _address(request, stage), _address(request, {**stage, "follow": "stale"})
    )


def _address(request: OfficerRequest, query: dict[str, str]) -> str:
    href = reverse("leads:list")
    return asof.keep(f"{href}?{urlencode(query)}" if query else href, request.as_of)
