"""Pages of levellings: run one, see what it would change, adopt it or put it aside."""

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guatu.loop.actions.levelling import (
    MOVED,
    adopt_levelling,
    drop_levelling,
    level_portfolio,
    moved_since,
)
from guatu.loop.enums import LevellingState
from guatu.loop.models import Levelling
from guatu.register.campaign import act_now
from guatu.register.errors import RegisterError
from guatu.register.policies import may, require
from guatu.register.versions import rows_as_of
from guatu.web.downloads import XLSX, made
from guatu.web.questions import ask
from guatu.web.refusals import forbidden_is_missing, tell
from guatu.web.requests import OfficerRequest
from guatu.web.resources.forms import AdoptForm, DropForm, LevelForm
from guatu.web.resources.reading import Judged, judged, rows_on
from guatu.web.resources.views import choices, listed


@require_POST
@forbidden_is_missing
def level(request: OfficerRequest) -> HttpResponse:
    """Level what was chosen, and show the run."""
    require(request.standing, "levelling.run")
    if request.as_of is not None:
        raise Http404
    used = [row for row in rows_on(None, request.standing.today) if row.load.uses]
    form = LevelForm(choices(used), request.POST)
    if form.is_valid():
        chosen = set(form.cleaned_data["resources"])
        subjects = {
            use.subject for row in used if row.resource.code in chosen for use in row.load.uses
        }
        try:
            run = level_portfolio(
                act_now(request.standing), subjects, seconds=form.cleaned_data["seconds"]
            )
        except RegisterError as refusal:
            tell(form, refusal)
        else:
            return redirect("resources:levelling", run.public_id)
    return listed(request, form)


@require_safe
@forbidden_is_missing
def levelling(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Show what a run would change, as of today or a past day."""
    require(request.standing, "resource.see")
    rows = rows_as_of(Levelling, request.as_of).select_related("officer")
    run = rows.filter(public_id=key).first()
    if run is None:
        raise Http404
    today = request.as_of or request.standing.today
    found = judged(run, request.as_of, today)
    if request.GET.get("export") == "xlsx":
        return _export(found)
    asked = request.as_of is None and run.state == LevellingState.OPEN
    may_decide = asked and may(request.standing, "levelling.run")
    context = {
        "found": found,
        "run": run,
        "may_decide": may_decide,
        "moved": MOVED if may_decide and run.holds and moved_since(run, today) else "",
    }
    return render(request, "resources/levelling.html", context)


def _export(found: Judged) -> HttpResponse:
    from guatu.engines import exports  # noqa: PLC0415 -- Excel is loaded by the first export

    columns = [
        exports.ExportColumn("项目", width=28),
        exports.ExportColumn("工作", width=24),
        exports.ExportColumn("所需资源", width=24),
        *(exports.ExportColumn(name, "date") for name in ("原开始", "原完成", "新开始", "新完成")),
        exports.ExportColumn("推迟天数", "number"),
        exports.ExportColumn("原因", width=18),
    ]
    lines = [
        (
            move.subject.title if move.subject else "",
            move.step.name,
            move.needs,
            *move.old,
            *move.new,
            move.days,
            "让出资源" if move.held else "随前项变动",
        )
        for move in found.moves
    ]
    day = found.run.made_on
    content = exports.write_table(columns, lines, title="资源平衡变动", as_of=day)
    return made(content, XLSX, f"资源平衡变动-{day}.xlsx")


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def adopt(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Show which work is put off in which plans, and do it for a reason."""
    run = _open(request, key)
    found = judged(run, None, request.standing.today)
    posted = request.POST if request.method == "POST" else None

    def act(values: dict[str, Any]) -> str:
        count = adopt_levelling(
            act_now(request.standing),
            run,
            reason=values["reason"],
            expected_revision=values["revision"],
        )
        return f"已采用：{count} 个项目的计划已改，灯和责任事项已重算"

    affected = [
        f"{move.subject.title if move.subject else ''}「{move.step.name}」"
        f"{move.old[0]} → {move.new[0]} 开始"
        for move in found.moves
        if move.held
    ]
    late = f"采用后有 {found.broken} 个期限不能按期。" if found.broken else "采用后各期限都能按期。"
    return ask(
        request,
        AdoptForm(posted, initial={"revision": run.revision}),
        act,
        heading="采用资源平衡",
        back=_address(run),
        check={
            "consequence": f"下列工作改定最早开始，后续工作随之变动，全部办成或一项不动。{late}",
            "affected": affected,
            "submit": "采用",
            "danger": False,
        },
        shown={"revision": run},
    )


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def drop(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Put a run aside; no plan changes."""
    run = _open(request, key)
    posted = request.POST if request.method == "POST" else None

    def act(values: dict[str, Any]) -> str:
        drop_levelling(act_now(request.standing), run, expected_revision=values["revision"])
        return "已放弃这次平衡，计划没有变动"

    return ask(
        request,
        DropForm(posted, initial={"revision": run.revision}),
        act,
        heading="放弃资源平衡",
        back=_address(run),
        check={"consequence": "这次平衡留存可查，不能再采用；计划没有变动。", "submit": "放弃"},
        shown={"revision": run},
    )


def _open(request: OfficerRequest, key: uuid.UUID) -> Levelling:
    """Return a run to decide on, or 404."""
    require(request.standing, "levelling.run")
    run = Levelling.objects.filter(public_id=key).first()
    if run is None:
        raise Http404
    return run


def _address(run: Levelling) -> str:
    return reverse("resources:levelling", args=[run.public_id])
