"""The page of one project's plan: the answer first, then the drawing, deadlines and four dates."""

import json
import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guatu.loop.actions.network import refuse_past
from guatu.loop.plan.clock_words import told_of
from guatu.loop.plan.commands import apply
from guatu.loop.plan.slippage import Agreed
from guatu.loop.plan.targets import followed
from guatu.loop.queries.timetable import lamps_of
from guatu.register.errors import Invalid
from guatu.register.policies import may
from guatu.web.asof import keep
from guatu.web.plans.answers import answer
from guatu.web.plans.dated import Dated
from guatu.web.plans.deadlines import deadlines_of
from guatu.web.plans.drawing import Given, draw, state_of
from guatu.web.plans.faces import StageRows, four_dates
from guatu.web.plans.reading import (
    Read,
    Reckoned,
    agreed_of,
    calendar_name,
    forecasts_of,
    plan_url,
    read,
    stage_names,
)
from guatu.web.plans.repairs import repairs_of
from guatu.web.plans.scale import ZOOM_NAMES, Zoom
from guatu.web.plans.shapes import Drawing
from guatu.web.projects.faces import lit
from guatu.web.requests import OfficerRequest

CHART_WIDTH = 900


@require_safe
def plan(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Show a project's plan, today's or a past day's; without one, offer to make it."""
    found = read(request, key)
    context = _head(request, found)
    if found.plan is None:
        return render(request, "plans/none.html", context)
    stages = stage_names()
    zoom = _zoom(request)
    deadlines = deadlines_of(found.plan, forecasts_of(found))
    agreed = agreed_of(found)
    context |= {
        "plan": found.plan,
        "answer": answer(found.plan),
        "repairs_url": keep(plan_url(found.project, "repairs"), request.as_of),
        "drawing": drawn(found.plan, stages, zoom, baseline=agreed),
        "zooms": [(one.value, name, one is zoom) for one, name in ZOOM_NAMES.items()],
        "stages": stage_rows(found.plan, stages, agreed),
        "deadlines": deadlines,
        "chance": next((one.latest for one in reversed(deadlines) if one.latest), None),
        "baseline": agreed,
    }
    return render(request, "plans/plan.html", context)


def _head(request: OfficerRequest, found: Read) -> dict[str, Any]:
    """What every page of a plan carries: project, lamp and what the officer may do."""
    project = found.project
    now = request.as_of is None
    light = lamps_of([project.subject_id], request.as_of).get(project.subject_id)
    return {
        "project": project,
        "subject": project.subject,
        "today": found.today,
        "face": lit(project, light, found.today),
        "lamp_words": light.reason["words"] if light else "尚未排定节点，无法评判。",
        "may_edit": now and may(request.standing, "project.edit", project),
        "may_report": now and may(request.standing, "project.forecast", project),
    }


def drawn(
    plan: Reckoned,
    stages: dict[str, str],
    zoom: Zoom = Zoom.WHOLE,
    width: int = CHART_WIDTH,
    **more: Any,  # noqa: ANN401 -- fields of Given
) -> Drawing | None:
    """Draw a reckoned plan."""
    given = Given(
        sketch=plan.sketch,
        dates=plan.dates,
        today=plan.today,
        stages=stages,
        stops=plan.stops,
        calendar_names=plan.calendars.names,
        **more,
    )
    return draw(given, zoom, width)


def stage_rows(plan: Reckoned, stages: dict[str, str], agreed: Agreed) -> list[StageRows]:
    """Four dates of every step, by stage; steps without a duration stand among them."""
    order = list(stages)
    risks = plan.risk.activities if plan.risk else {}
    slips = plan.slipped(agreed)
    clocks = told_of(plan.sketch, plan.calendars.table, plan.today)
    rows: dict[str, StageRows] = {code: StageRows(name) for code, name in stages.items()}
    for step in plan.sketch.steps.values():
        if step.kind and not step.networked:
            continue  # taken out of the plan
        dated = plan.dates.get(step.key)
        group = rows.setdefault(step.stage, StageRows(step.stage or "未分阶段"))
        group.rows.append(
            four_dates(
                step,
                dated or Dated(),
                agreed.get(step.key, (None, None))[1],
                calendar_name(plan.calendars.names, step.calendar),
                state_of(step, dated) if dated else "open",
                criticality=risks[step.key].criticality if step.key in risks else None,
                clock=clocks.get(step.key),
                on_path=step.key in plan.path,
                because=slips[step.key].words if step.key in slips else "",
                body=plan.calendars.bodies.get(step.meeting, step.meeting),
            )
        )
    known = sorted(rows, key=lambda code: order.index(code) if code in order else len(order))
    return [rows[code] for code in known if rows[code].rows]


def _zoom(request: OfficerRequest) -> Zoom:
    asked = request.GET.get("zoom", "")
    return Zoom(asked) if asked in set(Zoom) else Zoom.WHOLE


@require_safe
def preview(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Answer what another deadline would mean; nothing is saved."""
    found = read(request, key)
    command: dict[str, Any] = {
        "op": "deadline",
        "key": request.GET.get("step", ""),
        "due": request.GET.get("due", ""),
        "firm": True,
    }
    context: dict[str, Any] = {"project": found.project, "tried": True}
    try:
        tried = apply(found.sketch, [command])
        refuse_past(found.sketch, tried, found.today)
        subject = found.project.subject_id
        tried = followed(subject, found.sketch, tried, found.calendars, found.today)
        plan = Reckoned(tried, found.calendars, found.today)
    except Invalid as refusal:
        return render(request, "plans/answer.html", context | {"refusal": str(refusal)})
    context |= {
        "answer": answer(plan),
        "repairs": repairs_of(plan, [command]),
        "commands": json.dumps([command], ensure_ascii=False),
    }
    return render(request, "plans/answer.html", context | _trying(request, found))


@require_safe
def repairs(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Answer what would save the plan as it stands: its own request, for it takes a moment."""
    found = read(request, key)
    context = {"repairs": repairs_of(found.plan) if found.plan else []}
    return render(request, "plans/repairs.html", context | _trying(request, found))


@require_safe
def slip(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Answer whose delay it is, for pages that show no plan: its own request, as `repairs`."""
    found = read(request, key)
    told = found.plan.slip(agreed_of(found)) if found.plan else ""
    return render(request, "plans/slip.html", {"slip": told})


def _trying(request: OfficerRequest, found: Read) -> dict[str, Any]:
    """Where a repair can be tried, by whom."""
    may_try = request.as_of is None and may(request.standing, "project.edit", found.project)
    return {"may_try": may_try, "try_url": plan_url(found.project, "open")}
