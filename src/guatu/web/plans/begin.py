"""Making a plan from a template: what a completion date asks for is seen before it is saved."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from guatu.investment.actions.templates import Infeasible, plan_from_template
from guatu.investment.models import Project
from guatu.investment.planning import draft_plan
from guatu.loop.actions.network import HAS_PLAN, sketch_of
from guatu.register.campaign import act_now
from guatu.register.errors import Invalid, RegisterError
from guatu.register.policies import require
from guatu.web.plans.answers import answer
from guatu.web.plans.forms import BeginForm
from guatu.web.plans.reading import Reckoned, plan_url, stage_names
from guatu.web.plans.repairs import repairs_of
from guatu.web.plans.views import drawn
from guatu.web.projects.faces import project_url
from guatu.web.projects.views import seen
from guatu.web.refusals import forbidden_is_missing, tell
from guatu.web.requests import OfficerRequest


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def begin(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Ask for template and day, show what follows, and lay the plan when told to.

    A project that has a plan already is led to it.
    """
    project = _editable(request, key)
    if any(step.networked for step in sketch_of(project.subject).steps.values()):
        messages.warning(request, HAS_PLAN)
        return redirect(plan_url(project))
    given = request.POST if request.method == "POST" else request.GET or None
    form = BeginForm(project, given)
    if request.method == "POST" and form.is_valid():
        try:
            planned = plan_from_template(
                act_now(request.standing),
                project,
                form.cleaned_data["template"],
                form.cleaned_data["completion"],
                start_no_earlier=form.cleaned_data["start_no_earlier"],
                skipped=form.skipped(),
                accept_infeasible=form.cleaned_data["accept_infeasible"],
            )
        except Infeasible as refusal:
            form.add_error("completion", str(refusal))
        except RegisterError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, f"已按模板排定 {len(planned.activities)} 项工作")
            return redirect(plan_url(project))
    context = {"project": project, "subject": project.subject, "form": form}
    context |= _foreseen(request, project, form)
    context["back"] = project_url(project)
    return render(
        request, "plans/begin.html", context, status=422 if form.errors and given else 200
    )


@require_safe
@forbidden_is_missing
def foresee(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Answer what a template and a day would mean; nothing is saved."""
    project = _editable(request, key)
    form = BeginForm(project, request.GET)
    return render(request, "plans/foreseen.html", _foreseen(request, project, form))


def _editable(request: OfficerRequest, key: uuid.UUID) -> Project:
    if request.as_of is not None:
        raise Http404
    project = seen(request, key)
    require(request.standing, "project.edit", project)
    return project


def _foreseen(request: OfficerRequest, project: Project, form: BeginForm) -> dict[str, Any]:
    """What the plan would be, as far as the form says enough."""
    if not form.is_bound:
        return {}
    # What was refused lost its value; the answer is still about what was asked.
    asked = BeginForm(project, form.data)
    asked.full_clean()
    kept = asked.cleaned_data
    if not kept.get("template") or not kept.get("completion"):
        wrong = asked.errors.get("completion") if form.data.get("completion") else None
        missing = "请填写完成日期，就能看到最迟哪天开工。"
        return {"form": form, "refusal": str(wrong[0]) if wrong else missing}
    try:
        draft = draft_plan(
            project,
            kept["template"],
            kept["completion"],
            request.standing.today,
            start_no_earlier=kept.get("start_no_earlier"),
            skipped=asked.skipped(),
        )
    except Invalid as refusal:
        return {"form": form, "refusal": str(refusal)}
    plan = Reckoned.of(draft.computed, draft.sketch)
    return {
        "form": form,
        "project": project,
        "draft": draft,
        "answer": answer(plan),
        "repairs": repairs_of(plan),
        "drawing": drawn(plan, stage_names()),
        "optional": [
            (row, row.id in asked.skipped()) for row in draft.template.activities if row.optional
        ],
    }
