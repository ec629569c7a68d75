"""Giving several projects to one unit: a 核对 page shows them, then all are given or none."""

import uuid

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from guatu.investment import actions
from guatu.investment.models import Project
from guatu.investment.queries import projects_in_sight
from guatu.register.campaign import act_now
from guatu.register.errors import RegisterError
from guatu.register.policies import require
from guatu.web.projects.forms import AssignForm
from guatu.web.refusals import forbidden_is_missing, tell
from guatu.web.requests import OfficerRequest

MOST = 500


@require_POST
@forbidden_is_missing
def assign(request: OfficerRequest) -> HttpResponse:
    """Show which projects will change their unit; change them when it was checked."""
    if request.as_of is not None:
        raise Http404
    require(request.standing, "project.import")
    projects = _chosen(request)
    if not projects:
        messages.warning(request, "请先选中要办理的项目。")
        return redirect("projects:list")
    checked = request.POST.get("checked") == "1"
    form = AssignForm(request.standing, request.POST if checked else None)
    if checked and form.is_valid() and _assigned(request, projects, form):
        messages.success(request, f"已调整 {len(projects)} 个项目的责任单位。")
        return redirect("projects:list")
    context = {
        "heading": f"调整 {len(projects)} 个项目的责任单位",
        "consequence": "所列项目改由同一单位负责，原单位将不再看到。",
        "affected": [
            f"{row.subject.code} {row.name}（{row.subject.unit or '待定'}）" for row in projects
        ],
        "keys": [str(row.subject.public_id) for row in projects],
        "form": form,
        "action": reverse("projects:bulk_unit"),
        "back": reverse("projects:list"),
        "submit": "确认调整",
    }
    return render(request, "check.html", context, status=422 if form.errors else 200)


def _chosen(request: OfficerRequest) -> list[Project]:
    """Projects in sight among the rows sent; what is not in sight is as if it were not sent."""
    keys = []
    for text in request.POST.getlist("row")[:MOST]:
        try:
            keys.append(uuid.UUID(text))
        except ValueError:
            continue
    rows = projects_in_sight(request.standing).filter(subject__public_id__in=keys)
    return list(rows.select_related("subject__unit").order_by("subject__code"))


def _assigned(request: OfficerRequest, projects: list[Project], form: AssignForm) -> bool:
    act = act_now(request.standing)
    given = form.cleaned_data
    try:
        with transaction.atomic():
            for row in projects:
                actions.edit_project(act, row, unit=given["unit"], reason=given["reason"])
    except RegisterError as refusal:
        tell(form, refusal)
        return False
    return True
