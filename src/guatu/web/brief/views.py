"""Pages of the weekly brief."""

import datetime as dt
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from guatu.campaign.brief import (
    Brief,
    Figure,
    Item,
    Scope,
    Week,
    brief_of,
    default_scope,
    remark_of,
    scopes_for,
    week_of,
    write_remark,
)
from guatu.campaign.brief.remarks import LENGTH
from guatu.campaign.brief.weeks import SEVEN
from guatu.register.campaign import act_now
from guatu.register.past import EARLIEST
from guatu.register.policies import may, require
from guatu.web.asof import keep
from guatu.web.blockers.faces import blocker_url
from guatu.web.brief.days import asked
from guatu.web.duties.faces import duty_url
from guatu.web.duties.forms import SECRET
from guatu.web.questions import ask
from guatu.web.refusals import forbidden_is_missing
from guatu.web.requests import OfficerRequest

SECTIONS = (
    ("duties", "责任事项", "件"),
    ("projects", "项目", "个"),
    ("blockers", "堵点", "项"),
    ("letters", "函件", "件"),
)


class RemarkForm(forms.Form):
    """Words that stand in the brief as they are."""

    text = forms.CharField(
        label="补充说明",
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=LENGTH,
        required=False,
        help_text=f"一行一段，原样写入简报；留空则不列。{SECRET}",
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)


@require_safe
@forbidden_is_missing
def index(request: OfficerRequest) -> HttpResponse:
    """Lead to the brief of this week, or of a past day's, and of the officer's own scope."""
    require(request.standing, "brief.see")
    monday = week_of(request.as_of or request.standing.today)
    address = reverse("brief:brief", args=[monday, default_scope(request.standing)])
    return redirect(keep(address, request.as_of))


@require_safe
@forbidden_is_missing
def scopes(request: OfficerRequest) -> HttpResponse:
    """Show whose briefs there are."""
    require(request.standing, "brief.see")
    monday = week_of(request.as_of or request.standing.today)
    found = scopes_for(request.standing)
    groups = (
        ("总览", [one for one in found if one.unit is None and one.post is None]),
        ("包保领导", [one for one in found if one.post is not None]),
        ("单位", [one for one in found if one.unit is not None]),
    )
    return render(request, "brief/scopes.html", {"groups": groups, "monday": monday})


@require_safe
@forbidden_is_missing
def brief(request: OfficerRequest, monday: dt.date, scope: str) -> HttpResponse:
    """Show the brief with the list behind each figure."""
    week, whose = asked(request, monday, scope)
    told = brief_of(request.standing, week, whose)
    remark = remark_of(week, whose, request.as_of)
    context = {
        "brief": told,
        "week": week,
        "scope": whose,
        "sections": [_section(told, *section) for section in SECTIONS],
        "late": _rows(told.late, week),
        "decide": _rows(told.decide, week),
        "coming": _rows(told.coming, week),
        "late_in_all": told.figure("duties", "red").value,
        "remark": remark,
        "can_remark": request.as_of is None and may(request.standing, "brief.remark", whose),
        "earlier": monday - SEVEN if monday - SEVEN >= EARLIEST else None,
        "later": monday + SEVEN
        if monday + SEVEN <= (request.as_of or request.standing.today)
        else None,
    }
    return render(request, "brief/brief.html", context)


def _section(told: Brief, kind: str, name: str, unit: str) -> dict[str, Any]:
    figures = [
        {
            "figure": one,
            "href": _list_of(told.week.first, told.scope, one),
            "before_href": _list_of(told.week.first - SEVEN, told.scope, one),
        }
        for one in told.figures[kind]
    ]
    return {"kind": kind, "name": name, "unit": unit, "figures": figures}


def _list_of(monday: dt.date, scope: Scope, figure: Figure) -> str:
    return reverse(f"brief:{figure.kind}", args=[monday, scope.key, figure.key])


def _rows(items: "tuple[Item, ...] | Any", week: Week) -> list[dict[str, Any]]:  # noqa: ANN401 -- any sequence
    return [{"item": item, "href": keep(_address(item), week.as_of)} for item in items]


def _address(item: Item) -> str:
    if item.kind == "blockers":
        return blocker_url(item.thing)
    if item.kind == "projects":
        return reverse("projects:project", args=[item.thing.subject.public_id])
    return duty_url(item.thing)


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def remark(request: OfficerRequest, monday: dt.date, scope: str) -> HttpResponse:
    """Ask for the words that are added to the brief."""
    week, whose = asked(request, monday, scope)
    require(request.standing, "brief.remark", whose)
    row = remark_of(week, whose, None)
    first = {"text": row.text, "revision": row.revision} if row else {"revision": 0}
    posted = request.POST if request.method == "POST" else None
    form = RemarkForm(posted, initial=first)

    def act(told: dict[str, Any]) -> str:
        write_remark(
            act_now(request.standing),
            week,
            whose,
            text=told["text"],
            expected_revision=told["revision"],
        )
        return "补充说明已保存。"

    back = reverse("brief:brief", args=[monday, scope])
    shown = {"revision": row} if row else None
    return ask(request, form, act, heading=f"{whose.name}：补充说明", back=back, shown=shown)
