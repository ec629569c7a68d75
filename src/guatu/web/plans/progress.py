"""Reporting on one activity from a phone, and what follows from it: lamp, deadlines, duties."""

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from guatu.investment.actions import report_progress
from guatu.investment.models import Project
from guatu.investment.queries import find_project
from guatu.loop.actions.progress import Said, foresee, planned_finish
from guatu.loop.consequences import Consequences
from guatu.loop.models import Activity
from guatu.loop.plan.calendars import calendars_on
from guatu.loop.plan.clocks import is_approval
from guatu.loop.plan.order import contradictions
from guatu.loop.plan.sketch import sketches_of
from guatu.register.campaign import act_now
from guatu.register.errors import RegisterError
from guatu.register.policies import may, require
from guatu.web.asof import keep
from guatu.web.duties.views import seen
from guatu.web.fields import AskedTwice, DayField
from guatu.web.plans.deadlines import causes_of, percent
from guatu.web.plans.reading import Reckoned, plan_url
from guatu.web.refusals import forbidden_is_missing, tell
from guatu.web.requests import OfficerRequest

LATE = (5, 10, 20, 30)
CAUSES = ("审批", "招采", "天气", "资金", "用地", "设计", "材料设备", "其他")


class ReportForm(AskedTwice):
    """One way to say how it goes; a cause; words if wanted."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    way = forms.ChoiceField(
        label="情况",
        choices=[
            *((f"late-{days}", f"预计晚 {days} 天") for days in LATE),
            ("expected", "预计完成日期"),
            ("remaining", "还需天数"),
            ("started", "已开始"),
            ("finished", "已完成"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "请选一项情况。"},
    )
    day = DayField(label="日期", required=False)
    days = forms.IntegerField(label="还需工作日", required=False, min_value=1)
    cause = forms.ChoiceField(
        label="原因", choices=[("", "")] + [(one, one) for one in CAUSES], required=False
    )
    words = forms.CharField(
        label="补充说明", required=False, max_length=300, help_text="禁止录入涉密及工作秘密。"
    )
    knowing = forms.BooleanField(label="情况属实，仍按此登记", required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for the day or the number of days where the way needs one."""
        kept: dict[str, Any] = super().clean() or {}
        way = kept.get("way", "")
        if way in {"expected", "started", "finished"} and not kept.get("day"):
            self.add_error("day", "请填写日期。")
        if way == "remaining" and not kept.get("days"):
            self.add_error("days", "请填写还需多少个工作日。")
        return kept

    def said(self) -> Said:
        """What the choice says to the plan."""
        way, day = self.cleaned_data["way"], self.cleaned_data["day"]
        if way.startswith("late-"):
            return Said(late_days=int(way.removeprefix("late-")))
        if way == "remaining":
            return Said(remaining=self.cleaned_data["days"])
        return {
            "expected": Said(expected_finish=day),
            "started": Said(started=day),
            "finished": Said(finished=day),
        }[way]

    def reason(self) -> str:
        """Cause and words together."""
        parts = (self.cleaned_data["cause"], self.cleaned_data["words"].strip())
        return "：".join(part for part in parts if part)


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def report(request: OfficerRequest, key: uuid.UUID, node: str) -> HttpResponse:
    """Ask how an activity goes; answer with everything that follows from it.

    Its owner reports even where the rest of the project is out of sight.
    """
    project, activity = _asked(request, key, node)
    posted = request.POST if request.method == "POST" else None
    form = ReportForm(
        posted, initial={"revision": activity.revision, "day": request.standing.today}
    )
    if posted is not None and "hints" in posted:
        return render(request, "plans/disorder.html", _hints(request, activity, form))
    trying = posted is not None and "try" in posted
    found = None
    if posted is not None and form.is_valid():
        try:
            found = _followed(request, project, activity, form, trying=trying)
        except RegisterError as refusal:
            tell(form, refusal, revision=activity)
    context = {
        **_about(request, project, activity),
        "form": form,
        "found": found,
        **chances(found, request.standing.today),
        "trying": trying,
    }
    done = found is not None and not trying
    template = "plans/reported.html" if done else "plans/report.html"
    return render(request, template, context, status=422 if form.errors else 200)


def _asked(request: OfficerRequest, key: uuid.UUID, node: str) -> tuple[Project, Activity]:
    """Return what is reported on; 404 in the past and for what is not the reader's to report."""
    if request.as_of is not None:
        raise Http404
    activity = activities_reported().filter(subject__public_id=key, node=node).first()
    project = Project.objects.select_related("subject").filter(subject__public_id=key).first()
    if activity is None or project is None:
        raise Http404
    require(request.standing, "timetable.report", activity)
    return project, activity


def _followed(
    request: OfficerRequest,
    project: Project,
    activity: Activity,
    form: ReportForm,
    *,
    trying: bool,
) -> Consequences:
    """Return what follows from the report, saved unless it is only tried."""
    act = act_now(request.standing)
    if trying:
        return foresee(act, activity, form.said(), reason=form.reason() or "试算")
    return report_progress(
        act,
        project,
        activity,
        form.said(),
        reason=form.reason(),
        knowing=form.cleaned_data["knowing"],
        expected_revision=form.cleaned_data["revision"],
    )


def _about(request: OfficerRequest, project: Project, activity: Activity) -> dict[str, Any]:
    """What the page says of the activity whatever is reported."""
    sighted = find_project(request.standing, project.subject.public_id, None) is not None
    return {
        "project": project,
        "subject": project.subject,
        "activity": activity,
        "planned": planned_finish(activity),
        "late": [(f"late-{days}", days) for days in LATE],
        "causes": CAUSES,
        "retained": retained(),
        "today": request.standing.today,
        "may_clock": is_approval(activity) and activity.duration != 0,
        "back": f"{plan_url(project)}#row-{activity.node}" if sighted else reverse("desk:desk"),
    }


def _hints(request: OfficerRequest, activity: Activity, form: ReportForm) -> dict[str, Any]:
    """What the report, as far as it is filled in, would contradict; nothing is saved."""
    sketch = sketches_of([activity.subject_id]).get(activity.subject_id)
    if sketch is None or not form.is_valid():
        return {}
    said, step = form.said(), sketch.steps[activity.node]
    step = step._replace(started=said.started or step.started, finished=said.finished)
    today = request.standing.today
    found = contradictions(sketch.with_step(step), calendars_on(), today, activity.node)
    return {"disorder": found, "retained": retained()}


def retained() -> str:
    """How a plan with such a contradiction is computed."""
    from guatu.engines.schedule import RETAINED  # noqa: PLC0415 -- numpy, when first needed

    return RETAINED


def chances(found: Consequences | None, today: dt.date) -> dict[str, str]:
    """Chances before and after in words, and what now drives them."""
    if found is None:
        return {}
    old, new = (
        "未测算" if one is None else percent(one)
        for one in (found.chance_before, found.chance_after)
    )
    return {"chance_before": old, "chance_after": new, "chance_why": _why(found, today)}


def _why(found: Consequences, today: dt.date) -> str:
    """Say what the plan's first uncertain deadline hangs on."""
    subject = found.activity.subject_id
    sketch = sketches_of([subject]).get(subject)
    if sketch is None:
        return ""
    plan = Reckoned(sketch, calendars_on(), today, explained=False)
    steps = sorted(sketch.deadlines, key=lambda step: step.due or dt.date.max)
    return next(filter(None, (causes_of(plan, step.key) for step in steps)), "")


def activities_reported() -> QuerySet[Activity]:
    """Activities with what the policy of reporting asks of them."""
    return Activity.objects.select_related("subject__unit", "owner_unit", "owner_post")


@require_safe
def of_duty(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Lead from a duty on an activity to where it is reported, or to its plan."""
    row = seen(request, key)
    if row.activity_id is None or request.standing.is_outside:
        raise Http404
    activity = activities_reported().get(pk=row.activity_id)
    subject = activity.subject.public_id
    if request.as_of is None and may(request.standing, "timetable.report", activity):
        return redirect("plans:report", key=subject, node=activity.node)
    return redirect(keep(reverse("plans:plan", args=[subject]), request.as_of))
