"""The editor of a plan: commands tried on a copy, undone and redone, before it is taken."""

import json
import uuid

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from guatu.investment.models import Project
from guatu.loop.actions import scenarios
from guatu.loop.models import Scenario
from guatu.loop.plan.commands import Command
from guatu.loop.plan.lookup import planned
from guatu.loop.plan.reported import left_until
from guatu.loop.plan.sketch import Sketch, Step
from guatu.register.campaign import act_now
from guatu.register.errors import Invalid, RegisterError
from guatu.web.plans.answers import answer
from guatu.web.plans.editor_forms import (
    AddForm,
    AdoptForm,
    LeaveForm,
    LinkForm,
    StepForm,
    within_bounds,
)
from guatu.web.plans.reading import plan_url
from guatu.web.plans.repairs import repairs_of
from guatu.web.plans.trials import (
    Trial,
    project_to_edit,
    scenario_of,
    shown,
    step_context,
    trial,
)
from guatu.web.refusals import forbidden_is_missing
from guatu.web.requests import OfficerRequest

FIRST_NAME = "方案"


@require_POST
@forbidden_is_missing
def open_(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Begin a copy of the plan, perhaps with a repair done on it."""
    project = project_to_edit(request, key)
    count = Scenario.objects.filter(subject=project.subject).count()
    name = request.POST.get("name", "").strip() or f"{FIRST_NAME}{count + 1}"
    act = act_now(request.standing)
    try:
        commands = _commands(request.POST.get("commands", "[]"))
        with transaction.atomic():
            made = scenarios.open_scenario(act, project.subject, name=name)
            for command in commands:
                scenarios.push_command(act, made, command)
    except RegisterError as refusal:
        messages.error(request, str(refusal))
        return redirect(plan_url(project))
    return redirect(plan_url(project, "scenario", scenario=made.public_id))


def _commands(text: str) -> list[Command]:
    try:
        found = json.loads(text)
    except ValueError:
        raise Invalid("这一步编辑的写法不对。") from None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise Invalid("这一步编辑的写法不对。")
    return found


@require_safe
@forbidden_is_missing
def scenario(request: OfficerRequest, key: uuid.UUID, scenario: uuid.UUID) -> HttpResponse:
    """Show a copy of the plan: the drawing to edit, and what it changes."""
    project = project_to_edit(request, key)
    found = trial(project, scenario_of(project, scenario), request)
    context = shown(request, found)
    step = request.GET.get("step", "")
    if step and found.open:
        context |= step_context(found, step)
    return render(request, "plans/scenario.html", context)


@require_safe
@forbidden_is_missing
def step(request: OfficerRequest, key: uuid.UUID, scenario: uuid.UUID, node: str) -> HttpResponse:
    """Answer with the form of one step."""
    project = project_to_edit(request, key)
    found = trial(project, scenario_of(project, scenario), request)
    context = shown(request, found) | step_context(found, node)
    return render(request, "plans/step_form.html", context)


@require_safe
@forbidden_is_missing
def why(request: OfficerRequest, key: uuid.UUID, scenario: uuid.UUID) -> HttpResponse:
    """Answer why the plan as tried cannot hold and what would save it: its own request."""
    project = project_to_edit(request, key)
    row = scenario_of(project, scenario)
    found = trial(project, row, request)
    context = {
        "answer": answer(found.explained),
        "repairs": repairs_of(found.explained),
        "do_url": plan_url(project, "do", scenario=row.public_id) if found.open else "",
        "scenario": row,
        "prefix": "trial-",
    }
    return render(request, "plans/clashes.html", context)


@require_POST
@forbidden_is_missing
def do(request: OfficerRequest, key: uuid.UUID, scenario: uuid.UUID) -> HttpResponse:
    """Take one edit in, from a drag, a key or a form, and answer with what follows."""
    project = project_to_edit(request, key)
    row = scenario_of(project, scenario)
    refusals = []
    try:
        before = trial(project, row, request)
        commands = _asked(request, before)
        with transaction.atomic():
            for number, command in enumerate(commands):
                revision = _revision(request) if number == 0 else None
                scenarios.push_command(
                    act_now(request.standing), row, command, expected_revision=revision
                )
    except RegisterError as refusal:
        refusals.append(str(refusal))
        row = scenario_of(project, scenario)
    return _answered(request, project, row, refusals)


def _asked(request: OfficerRequest, found: Trial) -> list[Command]:
    """Commands of what was posted: one as JSON, or a form's fields."""
    text = request.POST.get("command")
    if text is not None:
        return [_plain(command, found) for command in _commands(f"[{text}]")]
    sketch = found.sketch
    kind = request.POST.get("form", "")
    if kind == "step":
        current = _current(request, sketch)
        return StepForm.read(request.POST, current, found.standing.calendars)
    if kind == "leave":
        return LeaveForm.read(request.POST, _current(request, sketch))
    if kind == "link":
        return LinkForm.read(request.POST, sketch)
    if kind == "add":
        return AddForm.read(request.POST, sketch, found.standing.calendars.names)
    raise Invalid("这一步编辑的写法不对。")


def _current(request: OfficerRequest, sketch: Sketch) -> Step:
    found = planned(sketch).get(request.POST.get("key", ""))
    if found is None:
        raise Invalid("计划里没有这项工作。")
    return found


def _plain(command: Command, found: Trial) -> Command:
    """Turn what a hand did into what the plan knows: an end drawn to a day is a duration."""
    key = str(command.get("key", ""))
    step = found.sketch.steps.get(key)
    if command.get("op") == "stretch":
        days = _days_until(step, str(command.get("finish", "")), found)
        command = {"op": "duration", "key": key, "duration": days}
    if command.get("op") == "duration" and step is not None:
        return within_bounds(step, command)
    return command


def _days_until(step: Step | None, text: str, found: Trial) -> int:
    if step is None:
        raise Invalid("计划里没有这项工作。")
    dated = found.after.dates.get(step.key)
    start = step.started or (dated.early_start if dated else None)
    try:
        finish = type(found.standing.today).fromisoformat(text)
    except ValueError:
        raise Invalid("日期写法不对，应如 2026-03-01。") from None
    if start is None:
        raise Invalid(f"「{step.name}」的开始日期算不出，请直接填写工期。")
    return (
        max(left_until(step, finish, found.standing.calendars, start), 1) if finish >= start else 1
    )


def _revision(request: OfficerRequest) -> int | None:
    text = request.POST.get("revision", "")
    return int(text) if text.isdecimal() else None


@require_POST
@forbidden_is_missing
def log(request: OfficerRequest, key: uuid.UUID, scenario: uuid.UUID, move: str) -> HttpResponse:
    """Undo, redo, rest on the plan as it now stands, or put the copy aside."""
    moves = {
        "undo": scenarios.undo,
        "redo": scenarios.redo,
        "refresh": scenarios.refresh_scenario,
        "drop": scenarios.drop,
    }
    if move not in moves:
        raise Http404
    project = project_to_edit(request, key)
    row = scenario_of(project, scenario)
    refusals = []
    try:
        moves[move](act_now(request.standing), row, expected_revision=_revision(request))
    except RegisterError as refusal:
        refusals.append(str(refusal))
        row = scenario_of(project, scenario)
    if move == "drop" and not refusals:
        messages.success(request, f"已放弃：{row.name}")
        return redirect(plan_url(project))
    return _answered(request, project, row, refusals)


def _answered(
    request: OfficerRequest, project: Project, row: Scenario, refusals: list[str]
) -> HttpResponse:
    if not request.htmx and not refusals:
        return redirect(plan_url(project, "scenario", scenario=row.public_id))
    found = trial(project, row, request)
    found.refusals += refusals
    template = "plans/editor.html" if request.htmx else "plans/scenario.html"
    status = 422 if refusals else 200
    return render(request, template, shown(request, found), status=status)


@require_POST
@forbidden_is_missing
def adopt(request: OfficerRequest, key: uuid.UUID, scenario: uuid.UUID) -> HttpResponse:
    """Make the copy the plan, for a reason."""
    project = project_to_edit(request, key)
    row = scenario_of(project, scenario)
    form = AdoptForm(request.POST)
    refusals = []
    if form.is_valid():
        try:
            scenarios.adopt(
                act_now(request.standing),
                row,
                reason=form.cleaned_data["reason"],
                expected_revision=_revision(request),
            )
        except RegisterError as refusal:
            refusals.append(str(refusal))
            row = scenario_of(project, scenario)
        else:
            messages.success(request, f"已采用：{row.name}，计划、灯和责任事项已重算")
            return redirect(plan_url(project))
    found = trial(project, row, request)
    found.refusals += refusals
    context = shown(request, found) | {"adopt_form": form}
    return render(request, "plans/scenario.html", context, status=422)
