"""The legal clock of one approval: what its authority did when, and what the law makes of it."""

import datetime as dt
import uuid
from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from guatu.investment.models import Project
from guatu.investment.queries import find_project
from guatu.loop.actions.clocks import (
    Kept,
    checked_clock,
    drop_clock,
    kept_clock,
    limit_of,
    record_clock,
)
from guatu.loop.consequences import Consequences
from guatu.loop.models import Activity
from guatu.loop.plan.calendars import calendars_on
from guatu.loop.plan.clock_words import RULE, ClockTold, told
from guatu.loop.plan.clocks import Clock, is_approval
from guatu.register.campaign import act_now
from guatu.register.errors import Invalid, RegisterError
from guatu.register.policies import require
from guatu.register.rules import rule_on
from guatu.web.plans.clock_forms import ClockForm, DropForm
from guatu.web.plans.progress import activities_reported, chances
from guatu.web.plans.reading import plan_url
from guatu.web.refusals import forbidden_is_missing, tell
from guatu.web.requests import OfficerRequest


@dataclass
class _Shown:
    """What the page shows: the form, the record behind it, the clock told, what followed."""

    form: ClockForm
    kept: Kept | None
    clock: Clock | None
    found: Consequences | None = None


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def clock(request: OfficerRequest, key: uuid.UUID, node: str) -> HttpResponse:
    """Ask what the authority did when; tell the days that follow by law, before and after saving.

    Sent with ``try`` nothing is saved; a script asks so while the form is filled in.
    """
    activity, project = _sought(request, key, node)
    shown = _asked(activity, request.standing.today)
    if request.method == "POST":
        shown = _submitted(request, activity, shown)
    form, kept = shown.form, shown.kept
    context = {
        "project": project,
        "subject": project.subject,
        "activity": activity,
        "form": form,
        "told": None if form.errors else _told(request, activity, shown.clock),
        "refusals": [str(error) for row in form.errors.values() for error in row],
        "tried": request.method == "POST" and shown.found is None,
        "found": shown.found,
        **chances(shown.found, request.standing.today),
        "drop_form": DropForm(initial={"stamp": kept.stamp}) if kept else None,
        "back": _back(request, project, node),
    }
    if request.htmx:
        return render(request, "plans/clock_answer.html", context)
    return render(request, "plans/clock.html", context, status=422 if form.errors else 200)


def _asked(activity: Activity, today: dt.date) -> _Shown:
    kept = kept_clock(activity)
    form = ClockForm.of(kept, limit_of(activity, today))
    return _Shown(form, kept, kept.clock if kept else None)


def _submitted(request: OfficerRequest, activity: Activity, shown: _Shown) -> _Shown:
    """Try what was sent, or keep it."""
    form, today = ClockForm.posted(request.POST), request.standing.today
    answered = replace(shown, form=form)
    if not form.is_valid():
        return answered
    said, stamp = form.said(), form.cleaned_data["stamp"]
    try:
        if "try" in request.POST:
            return replace(answered, clock=checked_clock(activity, said, today))
        found = record_clock(act_now(request.standing), activity, said, expected_stamp=stamp)
    except RegisterError as refusal:
        _tell(form, refusal, shown.kept.stamp if shown.kept else 0)
        return answered
    return replace(_asked(activity, today), found=found)


@require_POST
@forbidden_is_missing
def drop(request: OfficerRequest, key: uuid.UUID, node: str) -> HttpResponse:
    """Take the record back, for a reason."""
    activity, _ = _sought(request, key, node)
    form = DropForm(request.POST)
    if form.is_valid():
        try:
            drop_clock(
                act_now(request.standing),
                activity,
                reason=form.cleaned_data["reason"],
                expected_stamp=form.cleaned_data["stamp"],
            )
        except RegisterError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, f"已撤销：{activity.name}的办理时限记录")
    for error in (str(error) for row in form.errors.values() for error in row):
        messages.error(request, error)
    return redirect("plans:clock", key=key, node=node)


def _sought(request: OfficerRequest, key: uuid.UUID, node: str) -> tuple[Activity, Project]:
    """Return the approval and its project, 404 where there is none the officer reports on."""
    if request.as_of is not None:
        raise Http404
    activity = activities_reported().filter(subject__public_id=key, node=node).first()
    project = Project.objects.select_related("subject").filter(subject__public_id=key).first()
    if activity is None or project is None or not is_approval(activity):
        raise Http404
    require(request.standing, "clock.record", activity)
    return activity, project


def _told(request: OfficerRequest, activity: Activity, clock: Clock | None) -> ClockTold | None:
    if clock is None:
        return None
    law = rule_on(RULE, clock.received).value
    table, today = calendars_on().table, request.standing.today
    return told(clock, table, law, today, activity.finished)


def _tell(form: ClockForm, refusal: RegisterError, stamp: int) -> None:
    """Put the refusal at its field, that of stops at the first line; the next try may save."""
    if isinstance(refusal, Invalid) and refusal.field == "stops":
        refusal = Invalid(str(refusal), "first0")
    tell(form, refusal)
    if isinstance(form.data, QueryDict):
        form.data = form.data.copy()
        form.data["stamp"] = str(stamp)


def _back(request: OfficerRequest, project: Project, node: str) -> str:
    key = project.subject.public_id
    if find_project(request.standing, key, None) is None:
        return reverse("desk:desk")
    return f"{plan_url(project)}#row-{node}"
