"""Pages of calendars: read by whoever works inside, changed by the campaign office alone."""

import base64
import binascii
import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guatu.loop.actions.calendars import (
    add_calendar,
    change_calendar,
    load_notices,
    preview_notices,
)
from guatu.loop.enums import CalendarBase
from guatu.loop.models import ReviewMeeting, WorkCalendar
from guatu.loop.plan.calendars import Calendars, calendars_on, spec_of
from guatu.loop.plan.meetings import meetings_of, sits_words
from guatu.register.campaign import act_now
from guatu.register.errors import Invalid, RegisterError
from guatu.register.policies import may, require
from guatu.register.versions import rows_as_of
from guatu.web.calendars.forms import CalendarForm, NewCalendarForm, NoticeForm
from guatu.web.plans.faces import stop_words
from guatu.web.refusals import forbidden_is_missing, tell
from guatu.web.requests import OfficerRequest

YEARS_BEFORE, YEARS_AFTER = 1, 4
A_YEAR, SHOWN = 366, 4
"""Days ahead, and meetings of them, that a body's line shows."""


@dataclass(frozen=True)
class Year:
    """How a year is known: by notice, or computed and provisional."""

    year: int
    announced: bool
    working: int
    off: tuple[dt.date, ...]
    work: tuple[dt.date, ...]
    source: str


@require_safe
def calendars(request: OfficerRequest) -> HttpResponse:
    """Show calendars and years, as they are or were known."""
    if not may(request.standing, "project.list"):
        raise Http404
    today = request.as_of or request.standing.today
    rows = [
        (row, stop_words(spec_of(row).stop), CalendarBase(row.base).label)
        for row in rows_as_of(WorkCalendar, request.as_of).order_by("pk")
    ]
    bodies = [
        (row, sits_words(row.weeks, row.weekday), _next(row, today))
        for row in rows_as_of(ReviewMeeting, request.as_of).order_by("pk")
    ]
    context = {
        "rows": rows,
        "bodies": bodies,
        "years": years(calendars_on(request.as_of), today),
        "may_change": request.as_of is None and may(request.standing, "calendar.change"),
        "notice_form": NoticeForm(),
    }
    return render(request, "calendars/calendars.html", context)


def _next(row: Any, today: dt.date) -> tuple[dt.date, ...]:  # noqa: ANN401 -- a body or a past state
    """The coming days of a body, as many as fit a line."""
    return meetings_of(row).days(today, today + dt.timedelta(days=A_YEAR))[:SHOWN]


def years(known: Calendars, today: dt.date) -> list[Year]:
    """Years around today as the table knows them."""
    table = known.table
    found = []
    for year in range(today.year - YEARS_BEFORE, today.year + YEARS_AFTER + 1):
        first = dt.date(year, 1, 1).toordinal()
        count = dt.date(year, 12, 31).toordinal() - first + 1
        notice = table.notices.get(year)
        found.append(
            Year(
                year,
                table.announced(year),
                int(table.working(first, count).sum()),
                _days(notice.off if notice else frozenset()),
                _days(notice.work if notice else frozenset()),
                notice.source if notice else "尚无放假通知：按周一至周五扣除法定节假日推算",
            )
        )
    return found


def _days(ordinals: frozenset[int]) -> tuple[dt.date, ...]:
    return tuple(dt.date.fromordinal(day) for day in sorted(ordinals))


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def new(request: OfficerRequest) -> HttpResponse:
    """Ask for a new calendar."""
    _office(request)
    form = NewCalendarForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            row = add_calendar(
                act_now(request.standing),
                form.said(),
                code=form.cleaned_data["code"],
                base=CalendarBase(form.cleaned_data["base"]),
                reason=form.cleaned_data["reason"],
            )
        except RegisterError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, f"已增加日历：{row.name}")
            return redirect("calendars:calendars")
    return _asked(request, form, "增加日历")


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def edit(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Ask how a calendar is to be; every plan is computed again."""
    _office(request)
    row = WorkCalendar.objects.filter(public_id=key).first()
    if row is None:
        raise Http404
    posted = request.POST if request.method == "POST" else None
    form = CalendarForm(posted, initial=CalendarForm.initial_of(row))
    if posted is not None and form.is_valid():
        try:
            lamps = change_calendar(
                act_now(request.standing),
                row,
                form.said(),
                reason=form.cleaned_data["reason"],
                expected_revision=form.cleaned_data["revision"],
            )
        except RegisterError as refusal:
            tell(form, refusal, revision=row)
        else:
            messages.success(request, f"已改：{row.name}；全部计划已重算，{lamps} 个灯有变化")
            return redirect("calendars:calendars")
    return _asked(request, form, f"修改日历：{row.name}")


def _asked(request: OfficerRequest, form: CalendarForm, heading: str) -> HttpResponse:
    context = {"form": form, "heading": heading, "cancel_url": reverse("calendars:calendars")}
    return render(request, "form.html", context, status=422 if form.errors else 200)


@require_POST
@forbidden_is_missing
def upload(request: OfficerRequest) -> HttpResponse:
    """Show what a file of notices would change; nothing is saved."""
    _office(request)
    form = NoticeForm(request.POST, request.FILES)
    if form.is_valid():
        content = form.cleaned_data["file"].read()
        try:
            previews = preview_notices(content)
        except Invalid as refusal:
            tell(form, refusal)
        else:
            kept = base64.b64encode(content).decode()
            context = {
                "previews": previews,
                "content": kept,
                "doubtful": any(one.statutory for one in previews),
            }
            return render(request, "calendars/preview.html", context)
    messages.error(request, "；".join(str(error) for row in form.errors.values() for error in row))
    return redirect("calendars:calendars")


@require_POST
@forbidden_is_missing
def confirm(request: OfficerRequest) -> HttpResponse:
    """Put the notices in force and compute every plan again."""
    _office(request)
    try:
        content = base64.b64decode(request.POST.get("content", ""), validate=True)
        lamps = load_notices(
            act_now(request.standing), content, accept_statutory=bool(request.POST.get("accept"))
        )
    except (binascii.Error, RegisterError) as refusal:
        messages.error(request, str(refusal) if isinstance(refusal, Invalid) else "请重新上传。")
    else:
        messages.success(request, f"放假安排已装入；全部计划已重算，{lamps} 个灯有变化")
    return redirect("calendars:calendars")


def _office(request: OfficerRequest) -> None:
    if request.as_of is not None:
        raise Http404
    require(request.standing, "calendar.change")
