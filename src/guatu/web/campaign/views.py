"""The campaign's page, and pinning or releasing its business date after a 核对 page."""

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from guatu.loop.actions.escalating import steps_between
from guatu.loop.actions.setting_back import ahead_of
from guatu.loop.enums import OPEN_STATES
from guatu.loop.models import Duty
from guatu.register.campaign import (
    act_now,
    business_date,
    calendar_day,
    current,
    pin_business_date,
    pinned_as_of,
)
from guatu.register.errors import RegisterError
from guatu.register.models import Campaign
from guatu.register.organisations import known_number
from guatu.register.policies import may, require
from guatu.web.campaign.forms import PinForm, ReleaseForm
from guatu.web.history import events_of, history_of
from guatu.web.refusals import forbidden_is_missing, tell
from guatu.web.requests import OfficerRequest


@require_GET
@forbidden_is_missing
def campaign(request: OfficerRequest) -> HttpResponse:
    """Show the campaign and every adjustment of its business date."""
    require(request.standing, "campaign.view")
    row = current()
    if row is None:
        raise Http404
    day = request.as_of
    pinned = row.pinned_date if day is None else pinned_as_of(row, day)
    context = {
        "campaign": row,
        "district_number": known_number(row.district.code),
        "pinned": pinned,
        "business": business_date() if day is None else pinned or day,
        "calendar": calendar_day(),
        "changes": history_of(events_of(rows=[("register.Campaign", row.pk)], as_of=day)),
        "can_edit": day is None and may(request.standing, "campaign.edit", row),
    }
    return render(request, "campaign/campaign.html", context)


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def pin(request: OfficerRequest) -> HttpResponse:
    """Ask for the day, show what follows, then pin it."""
    row = _editable(request)
    form = PinForm(row, request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return _asked(request, form, "固定业务日期")
    day: dt.date = form.cleaned_data["day"]
    if "checked" in request.POST and _saved(request, form, row, day):
        messages.success(request, f"业务日期已固定为 {day}。")
        return redirect("campaign:campaign")
    if form.errors:
        return _asked(request, form, "固定业务日期")
    for field in form.fields.values():
        field.widget = field.hidden_widget()
    return _checked(request, form, "固定业务日期", day)


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def release(request: OfficerRequest) -> HttpResponse:
    """Show what follows, then let the business date follow the calendar again."""
    row = _editable(request)
    if row.pinned_date is None:
        raise Http404
    form = ReleaseForm(row, request.POST or None)
    if request.method == "POST" and form.is_valid() and _saved(request, form, row, None):
        messages.success(request, "业务日期已恢复随日历。")
        return redirect("campaign:campaign")
    return _checked(request, form, "解除固定业务日期", calendar_day())


def _editable(request: OfficerRequest) -> Campaign:
    require(request.standing, "campaign.edit")
    row = current()
    if row is None or request.as_of is not None:
        raise Http404
    return row


def _saved(request: OfficerRequest, form: ReleaseForm, row: Campaign, day: dt.date | None) -> bool:
    try:
        pin_business_date(act_now(request.standing, form.cleaned_data["reason"]), row, day)
    except RegisterError as refusal:
        tell(form, refusal)
        return False
    return True


def _asked(request: OfficerRequest, form: ReleaseForm, heading: str) -> HttpResponse:
    context = {
        "form": form,
        "heading": heading,
        "submit": "下一步：核对",
        "cancel_url": reverse("campaign:campaign"),
    }
    status = 422 if form.errors else 200
    return render(request, "form.html", context, status=status)


def _reminded(now: dt.date, day: dt.date) -> str:
    """What the timer does next on the new day: reminders go out, or are taken back."""
    if day > now and (waiting := steps_between(now, day)):
        return (
            f"随后将按规则逐级提醒 {waiting} 项次，并按每日上限拟出函稿，提醒发出后各岗位即收到。"
        )
    if day < now and (back := ahead_of(day).count()):
        return f"按较晚日期作出的逐级提醒收回 {back} 项次，未经改动的函稿撤回，到期时重新提醒。"
    return ""


def _checked(
    request: OfficerRequest, form: ReleaseForm, heading: str, day: dt.date
) -> HttpResponse:
    """Say how many open duties are overdue on the new day, and how many on the present one."""
    now = business_date()
    due = Duty.objects.filter(state__in=OPEN_STATES)
    consequence = (
        f"业务日期由 {now} 调整为 {day}。各单位看到的期限、逾期和亮灯随即按新日期计算："
        f"已过期限的未办结事项由 {due.filter(due__lt=now).count()} 项"
        f"变为 {due.filter(due__lt=day).count()} 项。任职也按新日期判断。{_reminded(now, day)}"
    )
    context = {
        "form": form,
        "heading": heading,
        "consequence": consequence,
        "submit": "确认调整",
        "danger": True,
        "back": reverse("campaign:campaign"),
    }
    return render(request, "check.html", context, status=422 if form.errors else 200)
