"""Pages of resources: read by the office and leaders, changed by the office alone."""

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from guatu.loop.actions.resources import add_resource, change_resource
from guatu.loop.models import Resource
from guatu.register.campaign import act_now
from guatu.register.policies import may, require
from guatu.web.downloads import XLSX, made
from guatu.web.questions import ask
from guatu.web.refusals import forbidden_is_missing
from guatu.web.requests import OfficerRequest
from guatu.web.resources.forms import LevelForm, NewResourceForm, ResourceForm
from guatu.web.resources.reading import STATUS, Row, rows_on, runs_on


@require_safe
@forbidden_is_missing
def resources(request: OfficerRequest) -> HttpResponse:
    """List resources with what they are needed for week by week, as of today or a past day."""
    require(request.standing, "resource.see")
    if request.GET.get("export") == "xlsx":
        return _export(request, rows_on(request.as_of, request.as_of or request.standing.today))
    return listed(request, None)


def listed(request: OfficerRequest, form: LevelForm | None) -> HttpResponse:
    """Draw the page of all resources, perhaps with a refused form."""
    today = request.as_of or request.standing.today
    rows = rows_on(request.as_of, today)
    used = [row for row in rows if row.load.uses]
    chosen = [row.resource.code for row in used if row.load.overloaded] or [
        row.resource.code for row in used
    ]
    runs = [(run, STATUS.get(run.status, run.status)) for run in runs_on(request.as_of)]
    context = {
        "rows": rows,
        "overloaded": sum(bool(row.load.overloaded) for row in rows),
        "day": today,
        "runs": runs,
        "may_change": request.as_of is None and may(request.standing, "resource.change"),
        "may_level": request.as_of is None
        and bool(used)
        and may(request.standing, "levelling.run"),
        "form": form or LevelForm(choices(used), initial={"resources": chosen}),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "resources/resources.html", context, status=status)


def choices(rows: list[Row]) -> list[tuple[str, str]]:
    """Resources to choose from, each with what is too much of it."""
    return [(row.resource.code, f"{row.resource.name}（{row.overload}）") for row in rows]


def _export(request: OfficerRequest, rows: list[Row]) -> HttpResponse:
    from guatu.engines import exports  # noqa: PLC0415 -- Excel is loaded by the first export

    day = request.as_of or request.standing.today
    columns = [
        exports.ExportColumn("资源", width=24),
        exports.ExportColumn("类别"),
        exports.ExportColumn("数量", "number"),
        exports.ExportColumn("周一", "date"),
        exports.ExportColumn("最多需要", "number"),
        exports.ExportColumn("超出", "number"),
    ]
    lines = [
        (row.resource.name, row.kind, week.capacity, week.monday, week.peak, week.over)
        for row in rows
        for week in row.load.weeks
        if week.peak
    ]
    content = exports.write_table(columns, lines, title="资源每周需要", as_of=day)
    return made(content, XLSX, f"资源每周需要-{day}.xlsx")


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def new(request: OfficerRequest) -> HttpResponse:
    """Ask for a resource that is not there yet."""
    require(request.standing, "resource.change")
    form = NewResourceForm(request.standing, request.POST if request.method == "POST" else None)

    def act(values: dict[str, Any]) -> str:
        row = add_resource(act_now(request.standing), form.said(), code=values["code"])
        return f"已登记：{row.name}"

    return ask(request, form, act, heading="登记资源", back=reverse("resources:resources"))


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def edit(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Ask how a resource is to be."""
    require(request.standing, "resource.change")
    row = Resource.objects.filter(public_id=key).first()
    if row is None:
        raise Http404
    posted = request.POST if request.method == "POST" else None
    form = ResourceForm(request.standing, posted, initial=ResourceForm.initial_of(row))

    def act(values: dict[str, Any]) -> str:
        change_resource(
            act_now(request.standing),
            row,
            form.said(),
            reason=values["reason"],
            expected_revision=values["revision"],
        )
        return f"已改：{row.name}；计划不随之移动，请按需重新平衡"

    back = reverse("resources:resources")
    heading = f"修改资源：{row.name}"
    return ask(request, form, act, heading=heading, back=back, shown={"revision": row})
