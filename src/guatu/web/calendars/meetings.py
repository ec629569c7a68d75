"""Review bodies: asked for and changed by the campaign office, beside the calendars."""

import uuid

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from guatu.loop.actions.meetings import add_meeting, change_meeting
from guatu.loop.models import ReviewMeeting
from guatu.register.campaign import act_now
from guatu.register.errors import RegisterError
from guatu.register.policies import require
from guatu.web.calendars.forms import MeetingForm, NewMeetingForm
from guatu.web.refusals import forbidden_is_missing, tell
from guatu.web.requests import OfficerRequest


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def new(request: OfficerRequest) -> HttpResponse:
    """Ask for a new body."""
    _office(request)
    form = NewMeetingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        code, reason = form.cleaned_data["code"], form.cleaned_data["reason"]
        try:
            row = add_meeting(act_now(request.standing), form.said(), code=code, reason=reason)
        except RegisterError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, f"已增加评审会：{row.name}")
            return redirect("calendars:calendars")
    return _asked(request, form, "增加评审会")


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def edit(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Ask how a body is to be; the plans that wait for it are computed again."""
    _office(request)
    row = ReviewMeeting.objects.filter(public_id=key).first()
    if row is None:
        raise Http404
    posted = request.POST if request.method == "POST" else None
    form = MeetingForm(posted, initial=MeetingForm.initial_of(row))
    if posted is not None and form.is_valid():
        try:
            lamps = change_meeting(
                act_now(request.standing),
                row,
                form.said(),
                reason=form.cleaned_data["reason"],
                expected_revision=form.cleaned_data["revision"],
            )
        except RegisterError as refusal:
            tell(form, refusal, revision=row)
        else:
            messages.success(request, f"已改：{row.name}；有关计划已重算，{lamps} 个灯有变化")
            return redirect("calendars:calendars")
    return _asked(request, form, f"修改评审会：{row.name}")


def _asked(request: OfficerRequest, form: Form, heading: str) -> HttpResponse:
    context = {"form": form, "heading": heading, "cancel_url": reverse("calendars:calendars")}
    return render(request, "form.html", context, status=422 if form.errors else 200)


def _office(request: OfficerRequest) -> None:
    if request.as_of is not None:
        raise Http404
    require(request.standing, "calendar.change")
