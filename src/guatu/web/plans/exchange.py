"""A plan out as a file of other tools, and in as a copy to be compared before it is taken."""

import uuid
from typing import TYPE_CHECKING
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from guatu.investment.models import Project
from guatu.loop.actions import scenarios
from guatu.loop.actions.network import lay_network
from guatu.loop.models import Scenario
from guatu.loop.plan.commands import Command
from guatu.loop.plan.computing import network_of
from guatu.register.campaign import act_now
from guatu.register.errors import Invalid, RegisterError
from guatu.web.plans.incoming import edits, sketch_from
from guatu.web.plans.reading import Read, plan_url, read, stage_names
from guatu.web.plans.trials import project_to_edit
from guatu.web.refusals import forbidden_is_missing
from guatu.web.requests import OfficerRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from guatu.engines.schedule import Network

LARGEST = 5 * 1024 * 1024
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class FileForm(forms.Form):
    """A plan file."""

    file = forms.FileField(
        label="计划文件",
        help_text="Microsoft Project 的 XML，或由本系统导出后修改的 .xlsx；不超过 5 MB。",
    )

    def clean_file(self) -> object:
        """Refuse what is too large to be one plan."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError("文件超过 5 MB。")
        return file


@require_safe
def export(request: OfficerRequest, key: uuid.UUID, kind: str) -> HttpResponse:
    """Answer with the plan as a file: MSPDI (xml) or a workbook (xlsx)."""
    found = read(request, key)
    write = {"xml": _xml, "xlsx": _xlsx}.get(kind)
    if write is None or found.plan is None or found.plan.computed is None:
        raise Http404
    content, kind_of = write(found)
    name = quote(f"{found.project.name}-倒排工期-{found.today}.{kind}")
    answer = HttpResponse(content, content_type=kind_of)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer


def _network(found: Read) -> "Network":
    return network_of(found.sketch, found.calendars, found.today)


def _xml(found: Read) -> tuple[bytes, str]:
    from guatu.engines.schedule.formats.mspdi import write_mspdi  # noqa: PLC0415 -- numpy, as needed

    computed = found.plan.computed if found.plan else None
    content = write_mspdi(
        _network(found),
        computed.schedule if computed else None,
        title=found.project.name,
        table=found.calendars.table,
    )
    return content, "application/xml"


def _xlsx(found: Read) -> tuple[bytes, str]:
    from guatu.engines.schedule.formats.table import write_plan_table  # noqa: PLC0415 -- as above

    computed = found.plan.computed if found.plan else None
    names = stage_names()
    stages = {key: names.get(step.stage, "") for key, step in found.sketch.steps.items()}
    content = write_plan_table(
        _network(found),
        computed.schedule if computed else None,
        title=found.project.name,
        stages=stages,
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
    came = network_from_file(name, content, found)
    act = act_now(request.standing)
    if found.plan is None:
        with transaction.atomic():
            rows = lay_network(
                act.because(f"由文件「{name[:60]}」导入"), project.subject, sketch_from(came)
            )
        messages.success(request, f"已导入 {len(rows)} 项工作")
        return redirect(plan_url(project))
    asked = edits(_network(found), came, found.sketch)
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


def network_from_file(name: str, content: bytes, found: Read) -> "Network":
    """Read a plan file by its kind; Invalid with the engine's sentence."""
    from guatu.engines.schedule import BadNetwork  # noqa: PLC0415 -- as above
    from guatu.engines.schedule.formats.mspdi import read_mspdi  # noqa: PLC0415 -- as above
    from guatu.engines.schedule.formats.table import read_plan_table  # noqa: PLC0415 -- as above

    kinds: dict[str, Callable[[], Network]] = {
        "xml": lambda: read_mspdi(content, found.calendars.table),
        "xlsx": lambda: read_plan_table(content, name),
    }
    make = kinds.get(name.rpartition(".")[2].lower())
    if make is None:
        raise Invalid("只认 .xml（Microsoft Project）和 .xlsx 文件。", "file")
    try:
        return make()
    except BadNetwork as bad:
        raise Invalid(str(bad), "file") from bad
