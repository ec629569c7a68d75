"""Showing the map, bringing an outline, locating a project."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from guatu.campaign.map import (
    Drawn,
    Located,
    bring_outline,
    drawn_outline,
    drop_outline,
    locate,
    located_projects,
    position_of,
)
from guatu.investment.queries import find_project
from guatu.register.campaign import act_now
from guatu.register.enums import Role
from guatu.register.errors import RegisterError
from guatu.register.models import MapOutline
from guatu.register.policies import may, require
from guatu.web.asof import keep
from guatu.web.map.forms import OutlineForm, PlaceForm
from guatu.web.projects.faces import listed_face, project_url
from guatu.web.questions import ask
from guatu.web.refusals import forbidden_is_missing, tell
from guatu.web.requests import OfficerRequest

SHOWN = 200
"""Most unlocated projects at the side; the number counts all."""


@require_safe
@forbidden_is_missing
def show(request: OfficerRequest) -> HttpResponse:
    """Show projects on the outline, and those that have no place yet at its side."""
    require(request.standing, "map.see")
    found = located_projects(request.standing, request.as_of)
    drawn = drawn_outline(request.campaign, request.as_of)
    beyond = _beyond(drawn, found)
    rows = [
        _point(request, *point) | {"number": number, "beyond": beyond[number - 1]}
        for number, point in enumerate(found.points, start=1)
    ]
    context = {
        "rows": rows,
        "points": [
            {name: row[name] for name in ("number", "name", "tone", "lamp", "unit", "href", "at")}
            for row in rows
        ],
        "unlocated": [
            {
                "name": row.name,
                "unit": row.unit_name,
                "key": row.subject.public_id,
                "may_locate": _may_locate(request, row),
            }
            for row in found.unlocated[:SHOWN]
        ],
        "unlocated_in_all": len(found.unlocated),
        "drawn": drawn,
        "shape": _shape(drawn),
        "can_bring": request.as_of is None and may(request.standing, "map.outline"),
    }
    return render(request, "map/map.html", context)


def _point(request: OfficerRequest, row: Any, longitude: Any, latitude: Any) -> dict[str, Any]:  # noqa: ANN401 -- a row of listed_projects and degrees
    face = listed_face(row)
    return {
        "name": row.name,
        "tone": face.tone,
        "lamp": face.text,
        "lamp_href": keep(face.href, request.as_of),
        "unit": row.unit_name or "责任单位待定",
        "href": keep(project_url(row), request.as_of),
        "at": [float(longitude), float(latitude)],
        "longitude": longitude,
        "latitude": latitude,
        "locate": reverse("map:locate", args=[row.subject.public_id])
        if _may_locate(request, row)
        else "",
    }


def _beyond(drawn: Drawn | None, found: Located) -> list[bool]:
    """Tell of each project on the map whether it lies outside of the outline."""
    if drawn is None:
        return [False] * len(found.points)
    return drawn.outline.outside([(float(x), float(y)) for _, x, y in found.points])


def _may_locate(request: OfficerRequest, row: Any) -> bool:  # noqa: ANN401 -- as above
    """Ask the policy; a project without a unit is the office's, which needs no look-up."""
    if request.as_of is not None:
        return False
    if row.subject.unit is None:
        return request.standing.has(Role.OFFICE)
    return may(request.standing, "place.edit", row.subject)


def _shape(drawn: Drawn | None) -> dict[str, Any] | None:
    return None if drawn is None else {"bounds": drawn.outline.bounds}


@require_safe
@forbidden_is_missing
def outline(request: OfficerRequest) -> HttpResponse:
    """Give the outline as GeoJSON; one without shapes where there is none."""
    require(request.standing, "map.see")
    drawn = drawn_outline(request.campaign, request.as_of)
    nothing = {"type": "FeatureCollection", "features": []}
    return JsonResponse(nothing if drawn is None else drawn.outline.geojson())


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def bring(request: OfficerRequest) -> HttpResponse:
    """Ask for the district's own outline and its 审图号."""
    require(request.standing, "map.outline")
    if request.as_of is not None:
        raise Http404
    posted = request.method == "POST"
    form = OutlineForm(request.POST if posted else None, request.FILES if posted else None)
    if posted and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            row = bring_outline(
                act_now(request.standing),
                data=file.read(),
                filename=file.name,
                review_number=form.cleaned_data["review_number"],
                knowing=form.cleaned_data["knowing"],
            )
        except RegisterError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, f"已启用本区轮廓图，共 {row.shapes} 个图形。")
            return redirect("map:map")
    present = MapOutline.objects.filter(ended=False).first()
    context = {"form": form, "present": present}
    return render(request, "map/bring.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def drop(request: OfficerRequest) -> HttpResponse:
    """Ask once, then take the district's own outline away."""
    require(request.standing, "map.outline")
    if request.as_of is not None:
        raise Http404
    if request.method == "POST":
        gone = drop_outline(act_now(request.standing))
        messages.success(request, "已撤下本区轮廓图。" if gone else "没有可撤下的轮廓图。")
        return redirect("map:map")
    context = {
        "heading": "撤下本区轮廓图",
        "consequence": "地图改用没有审图号的示意轮廓；文件和操作记录保留。",
        "action": request.path,
        "back": reverse("map:map"),
        "submit": "撤下",
        "danger": True,
    }
    return render(request, "check.html", context)


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def locate_project(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Ask where a project is: two figures, or a tap on the map. ``?from=project`` leads back."""
    row = find_project(request.standing, key)
    if row is None:
        raise Http404
    require(request.standing, "place.edit", row.subject)
    position = position_of(row.subject)
    known = {name: getattr(position, name, None) for name in ("longitude", "latitude")}
    form = PlaceForm(request.POST if request.method == "POST" else None, initial=known)
    back = project_url(row) if request.GET.get("from") == "project" else reverse("map:map")

    def act(told: dict[str, Any]) -> str:
        locate(act_now(request.standing), row.subject, **told)
        return f"「{row.name}」已定位。"

    heading = "改位置" if position else "定位"
    if request.method == "POST" or request.as_of is not None:
        answer = ask(request, form, act, heading=f"{heading}：{row.name}", back=back)
        if answer.status_code != 422:  # noqa: PLR2004 -- refused: shown below with the map
            return answer
    context = {
        "form": form,
        "project": row,
        "heading": heading,
        "shape": _shape(drawn_outline(request.campaign)),
        "cancel_url": back,
    }
    return render(request, "map/locate.html", context, status=422 if form.errors else 200)
