"""Pages beside a duty's own acts: charging somebody with a new one, filling a counted group."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from guatu.loop import actions
from guatu.loop.enums import DutySource
from guatu.loop.models import CoOwner, Duty, QuotaPlace
from guatu.register.campaign import act_now
from guatu.register.errors import RegisterError
from guatu.register.models import Subject
from guatu.register.policies import in_sight, require
from guatu.web.blockers.spots import PAGES, subject_page
from guatu.web.duties.faces import duty_url
from guatu.web.duties.forms import ActForm, NewForm, PlaceForm
from guatu.web.duties.views import seen
from guatu.web.refusals import forbidden_is_missing, tell
from guatu.web.requests import OfficerRequest


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def new(request: OfficerRequest) -> HttpResponse:
    """Draft a duty by hand; it is issued from its own page.

    It hangs on what one came from (``?subject=``), else on the campaign.
    """
    require(request.standing, "duty.draft")
    campaign = request.campaign
    if campaign is None or request.as_of is not None:
        raise Http404
    place = _place(request)
    form = NewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        duty = _drafted(request, form, place or campaign.subject)
        if duty is not None:
            messages.success(request, f"已拟定：{duty.title}。核对后请下达。")
            return redirect(duty_url(duty))
    context = {
        "form": form,
        "heading": f"新增交办事项：{place.title}" if place else "新增交办事项",
        "consequence": "先拟定，核对后下达；下达前责任岗位看不到。",
        "action": request.get_full_path(),
        "submit": "拟定",
        "back": (place and subject_page(place)) or reverse("duties:duties"),
    }
    return render(request, "duties/act.html", context, status=422 if form.errors else 200)


def _place(request: OfficerRequest) -> Subject | None:
    """The project, firm, lead or reform one came from; 404 for any other."""
    asked = request.GET.get("subject")
    if not asked:
        return None
    try:
        key = uuid.UUID(asked)
    except ValueError:
        raise Http404 from None
    rows = Subject.objects.filter(in_sight(request.standing), active=True, kind__in=PAGES)
    place = rows.select_related("unit").filter(public_id=key).first()
    if place is None:
        raise Http404
    return place


def _drafted(request: OfficerRequest, form: NewForm, subject: Subject) -> Duty | None:
    try:
        return actions.draft_duty(
            act_now(request.standing),
            kind="task",
            subject=subject,
            source=DutySource.LEADER,
            **form.cleaned_data,
        )
    except RegisterError as refusal:
        tell(form, refusal)
        return None


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def fill(request: OfficerRequest, key: uuid.UUID, number: int) -> HttpResponse:
    """Put a firm or project on one place of the duty's counted group."""
    duty = seen(request, key)
    place = QuotaPlace.objects.filter(quota=duty.quota_id, number=number).first()
    if place is None or request.as_of is not None:
        raise Http404
    require(request.standing, "quota.fill", place)
    bound = request.POST if request.method == "POST" else None
    form = PlaceForm(bound, initial={"revision": place.revision}, standing=request.standing)
    if request.method == "POST" and form.is_valid():
        try:
            actions.fill_quota_place(
                act_now(request.standing),
                place,
                form.cleaned_data["subject"],
                expected_revision=form.cleaned_data["revision"],
            )
        except RegisterError as refusal:
            tell(form, refusal, revision=place)
        else:
            messages.success(request, f"已落实第 {number} 个名额：{place.subject}")
            return redirect(duty_url(duty))
    context = {
        "form": form,
        "heading": f"落实第 {number} 个名额：{duty.title}",
        "consequence": f"现为：{place.subject}" if place.subject else "",
        "action": reverse("duties:fill", args=[key, number]),
        "submit": "确认落实",
        "back": duty_url(duty),
    }
    return render(request, "duties/act.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def end_helper(request: OfficerRequest, key: uuid.UUID, helper: int) -> HttpResponse:
    """End the naming of a co-owner, after asking."""
    duty = seen(request, key)
    row = CoOwner.objects.filter(duty=duty.pk, pk=helper, ended=False).first()
    if row is None or request.as_of is not None:
        raise Http404
    require(request.standing, "duty.edit", duty)
    form = ActForm(
        request.POST if request.method == "POST" else None, initial={"revision": duty.revision}
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_co_owner(
                act_now(request.standing), row, expected_revision=form.cleaned_data["revision"]
            )
        except RegisterError as refusal:
            tell(form, refusal, revision=duty)
        else:
            messages.success(request, f"已取消配合单位：{row}")
            return redirect(duty_url(duty))
    context = {
        "form": form,
        "heading": f"取消配合单位：{row}",
        "consequence": "取消后，该单位不再看到这一事项。",
        "action": reverse("duties:end_helper", args=[key, helper]),
        "submit": "确认取消",
        "back": duty_url(duty),
        "danger": True,
    }
    return render(request, "duties/act.html", context, status=422 if form.errors else 200)
