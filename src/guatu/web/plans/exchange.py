"""A plan out as a file of other tools, and in as a copy to be compared before it is taken."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from guatu.investment.models import Project
from guatu.loop.actions import scenarios
from guatu.loop.actions.network import lay_network
from guatu.loop.models import Resource, Scenario
from guatu.loop.plan.commands import Command
from guatu.loop.plan.computing import network_of
from guatu.loop.queries.plan import baselines_of
from guatu.register.campaign import act_now
from guatu.register.errors import RegisterError
from guatu.register.versions import rows_as_of
from guatu.web.downloads import XLSX, made
from guatu.web.plans.files import FileForm, network_from_file
from guatu.web.plans.incoming import edits, sketch_from
from guatu.web.plans.outgoing import needing, numbered, stages_of
from guatu.web.plans.reading import Read, plan_url, read, stage_names
from guatu.web.plans.trials import project_to_edit
from guatu.web.refusals import forbidden_is_missing
from guatu.web.requests import OfficerRequest

if TYPE_CHECKING:
    from guatu.engines.schedule import Network


@require_safe
def export(request: OfficerRequest, key: uuid.UUID, kind: str) -> HttpResponse:
    """Answer with the plan as a file: MSPDI (xml) or a workbook (xlsx)."""
    found = read(request, key)
    write = {"xml": _xml, "xlsx": _xlsx}.get(kind)
    if write is None or found.plan is None or found.plan.computed is None:
        raise Http404
    content, kind_of = write(found)
    return made(content, kind_of, f"{found.project.name}-倒排工期-{found.today}.{kind}")


def _resources(as_of: dt.date | None = None) -> dict[str, Any]:
    """What plans share, by code, as known then; one query."""
    return {row.code: row for row in rows_as_of(Resource, as_of)}


def _network(found: Read, resources: Mapping[str, Any]) -> "Network":
    standing = network_of(found.sketch, found.calendars, found.today)
    return needing(standing, found.sketch, resources)


def _xml(found: Read) -> tuple[bytes, str]:
    from guatu.engines.schedule.formats.mspdi import write_mspdi  # noqa: PLC0415 -- numpy, as needed

    computed = found.plan.computed if found.plan else None
    content = write_mspdi(
        _network(found, _resources(found.as_of)),
        computed.schedule if computed else None,
        title=found.project.name,
        baselines=numbered(baselines_of(found.project.subject_id, found.as_of)),
        stages=stages_of(found.sketch, stage_names()),
        table=found.calendars.table,
    )
    return content, "application/xml"


def _xlsx(found: Read) -> tuple[bytes, str]:
    from guatu.engines.schedule.formats.table import write_plan_table  # noqa: PLC0415 -- as above

    computed = found.plan.computed if found.plan else None
    content = write_plan_table(
        _network(found, _resources(found.as_of)),
        computed.schedule if computed else None,
        title=found.project.name,
        stages=stages_of(found.sketch, stage_names()),
    )
    return content, XLSX


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def import_(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Ask for a plan file; what it changes is shown as a copy before it is taken."""
    project = project_to_edit(request, key)
    posted = request.method == "POST"
    form = FileForm(request.POST if posted else None, request.FILES if posted else None)
    if posted and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            return _taken(request, project, key, file.name, file.read())
        except RegisterError as refusal:
            form.add_error("file", str(refusal))
    context = {
        "form": form,
        "project": project,
        "subject": project.subject,
        "back": plan_url(project),
    }
    return render(request, "plans/import.html", context, status=422 if form.errors else 200)


def _taken(
    request: OfficerRequest, project: Project, key: uuid.UUID, name: str, content: bytes
) -> HttpResponse:
    found = read(request, key)
    came = network_from_file(name, content, found.calendars.table)
    resources = _resources()
    codes = {row.name: code for code, row in resources.items()}
    act = act_now(request.standing)
    if found.plan is None:
        with transaction.atomic():
            rows = lay_network(
                act.because(f"由文件「{name[:60]}」导入"), project.subject, sketch_from(came, codes)
            )
        messages.success(request, f"已导入 {len(rows)} 项工作")
        return redirect(plan_url(project))
    asked = edits(_network(found, resources), came, found.sketch, codes)
    for note in asked.notes[:5]:
        messages.warning(request, note)
    if not asked.commands:
        messages.success(request, "文件与现行计划完全一致，没有要改的。")
        return redirect(plan_url(project))
    made = _opened(request, project, name, asked.commands)
    messages.success(request, f"文件带来 {len(asked.commands)} 处改动，请核对后采用")
    return redirect(plan_url(project, "scenario", scenario=made.public_id))


def _opened(
    request: OfficerRequest, project: Project, name: str, commands: list[Command]
) -> Scenario:
    act = act_now(request.standing)
    with transaction.atomic():
        made = scenarios.open_scenario(act, project.subject, name=f"导入：{name}"[:60])
        for command in commands:
            scenarios.push_command(act, made, command)
    return made
