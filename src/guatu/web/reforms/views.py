"""The page of one reform, and every act on it."""

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from guatu.loop.actions import draft_duty, issue
from guatu.loop.actions.reforms import NAME_LENGTH, TEXT_LENGTH, add_reform, edit_reform
from guatu.loop.enums import DutySource, ReformState
from guatu.loop.queries.blocker_sums import open_blockers
from guatu.loop.queries.reforms import ReformRow, duties_of_reform, find_reform
from guatu.loop.removers import Spot
from guatu.register.campaign import act_now
from guatu.register.enums import Domain, Role
from guatu.register.errors import RegisterError
from guatu.register.models import Subject
from guatu.register.policies import may, require
from guatu.register.versions import rows_as_of
from guatu.web.blockers.faces import raise_url
from guatu.web.duties.faces import face_of
from guatu.web.duties.forms import SECRET, ActForm, NewForm, posts, units
from guatu.web.fields import DayField, PostField, UnitField
from guatu.web.history import events_of, history_of
from guatu.web.refusals import forbidden_is_missing, tell
from guatu.web.requests import OfficerRequest


class ReformForm(ActForm):
    """What is said of a reform."""

    subject_revision = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label="任务名称", max_length=NAME_LENGTH, help_text=SECRET)
    unit = UnitField(label="责任单位", required=False, empty_label="未定")
    leader_post = PostField(label="包保领导", required=False, empty_label="未定")
    domain = forms.ChoiceField(label="领域", required=False, choices=Domain.choices)
    state = forms.ChoiceField(label="状态", choices=ReformState.choices)
    due = DayField(label="完成期限", required=False, help_text="不填为待定。")
    content = forms.CharField(
        label="改革内容",
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    result = forms.CharField(
        label="预期成果",
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    progress = forms.CharField(
        label="进展",
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, fresh: bool = False, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units()  # type: ignore[attr-defined]
        self.fields["leader_post"].queryset = posts(Role.LEADER)  # type: ignore[attr-defined]
        if fresh:
            del self.fields["revision"], self.fields["subject_revision"]


def seen(request: OfficerRequest, key: uuid.UUID) -> ReformRow:
    """Return the reform in sight (as of the day read), or 404."""
    found = find_reform(request.standing, key, request.as_of)
    if found is None:
        raise Http404
    return found


def reform_url(reform: ReformRow) -> str:
    """Address of the reform's page."""
    return reverse("reforms:reform", args=[reform.subject.public_id])


@require_GET
def reform(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Show one reform: what it is, its duties and blockers."""
    row = seen(request, key)
    now = request.as_of is None
    spot = Spot(row.subject)
    lit = duties_of_reform(request.standing, row, request.as_of)
    events = events_of(subject_ids=[row.subject_id], as_of=request.as_of)
    context = {
        "reform": row,
        "subject": _subject(row, request.as_of),
        "duties": [(one.duty, face_of(one.duty, one.lamp)) for one in lit],
        "blockers": open_blockers(request.standing, spot, request.as_of),
        "raise_blocker": raise_url(spot) if now and _may_raise(request, spot) else "",
        "changes": history_of(events),
        "may_edit": now and may(request.standing, "reform.edit", row.subject),
        "may_charge": now and may(request.standing, "duty.draft", row.subject),
        "today": request.as_of or request.standing.today,
    }
    return render(request, "reforms/reform.html", context)


def _subject(row: ReformRow, as_of: dt.date | None) -> Subject:
    """The subject as it was named on the day read."""
    if as_of is None:
        return row.subject
    then = rows_as_of(Subject, as_of).filter(row_id=row.subject_id).select_related("unit")
    return then.first() or row.subject


def _may_raise(request: OfficerRequest, spot: Spot) -> bool:
    return may(request.standing, "blocker.raise", spot)


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def new(request: OfficerRequest) -> HttpResponse:
    """Add a reform."""
    require(request.standing, "reform.add")
    if request.as_of is not None:
        raise Http404
    bound = request.POST if request.method == "POST" else None
    form = ReformForm(bound, fresh=True, initial={"domain": Domain.GOVERNANCE})
    if request.method == "POST" and form.is_valid():
        try:
            made = add_reform(act_now(request.standing), **form.values())
        except RegisterError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, f"已登记改革任务：{made.subject.title}")
            return redirect(reform_url(made))
    return _asked(request, form, "登记改革任务", reverse("reforms:reforms"))


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def edit(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Change what is said of a reform."""
    row = _writable(request, key)
    require(request.standing, "reform.edit", row.subject)
    bound = request.POST if request.method == "POST" else None
    form = ReformForm(bound, initial=_first(row))
    if request.method == "POST" and form.is_valid():
        told = form.values()
        try:
            edit_reform(
                act_now(request.standing),
                row,
                expected_revision=form.cleaned_data["revision"],
                expected_subject=told.pop("subject_revision"),
                **told,
            )
        except RegisterError as refusal:
            tell(form, refusal, revision=row, subject_revision=row.subject)
        else:
            messages.success(request, f"已保存：{row.subject.title}")
            return redirect(reform_url(row))
    return _asked(request, form, f"修改：{row.subject.title}", reform_url(row))


def _first(row: ReformRow) -> dict[str, Any]:
    plain = ("revision", "state", "due", "content", "result", "progress")
    unit, leader = row.subject.unit, row.leader_post
    return {name: getattr(row, name) for name in plain} | {
        "subject_revision": row.subject.revision,
        "name": row.subject.title,
        "domain": row.subject.domain,
        "unit": unit.public_id if unit else None,
        "leader_post": leader.public_id if leader else None,
    }


def _writable(request: OfficerRequest, key: uuid.UUID) -> ReformRow:
    if request.as_of is not None:
        raise Http404
    return seen(request, key)


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def charge(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Charge somebody with a part of a reform."""
    row = _writable(request, key)
    require(request.standing, "duty.draft", row.subject)
    leader = row.leader_post.public_id if row.leader_post else None
    form = NewForm(request.POST or None, initial={"leader_post": leader})
    if request.method == "POST" and form.is_valid():
        act = act_now(request.standing)
        told = form.cleaned_data
        due_text = "" if told["due"] else "待定"
        try:
            with transaction.atomic():
                duty = draft_duty(
                    act,
                    kind="task",
                    subject=row.subject,
                    source=DutySource.LEADER,
                    due_text=due_text,
                    **told,
                )
                issue(act, duty)
        except RegisterError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, f"已下达：{duty.title}")
            return redirect(reform_url(row))
    return _asked(request, form, f"交办：{row.subject.title}", reform_url(row), "交办")


def _asked(
    request: OfficerRequest, form: forms.Form, heading: str, back: str, submit: str = "保存"
) -> HttpResponse:
    context = {
        "form": form,
        "heading": heading,
        "action": request.path,
        "submit": submit,
        "back": back,
    }
    return render(request, "meetings/act.html", context, status=422 if form.errors else 200)
