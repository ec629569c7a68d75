"""One account: what it holds and its history; opening, resetting, closing it."""

import uuid
from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from guatu.register import officers as acts
from guatu.register.campaign import act_now
from guatu.register.errors import RegisterError
from guatu.register.models import Holding, Officer
from guatu.register.policies import may, require
from guatu.register.versions import rows_as_of
from guatu.web.history import events_of, history_of
from guatu.web.people.access import access_of, access_rows
from guatu.web.refusals import forbidden_is_missing, tell
from guatu.web.requests import OfficerRequest


class AccountForm(forms.Form):
    """A new account."""

    username = forms.CharField(
        label="登录名",
        max_length=40,
        help_text="小写字母开头，3 至 40 位小写字母、数字、点、横线。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    name = forms.CharField(label="姓名", max_length=60)


class ReasonForm(forms.Form):
    """Why an account is reset, closed or opened again."""

    reason = forms.CharField(label="原因", max_length=300)


@require_GET
def officer(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Show one account."""
    if not may(request.standing, "officer.list"):
        raise Http404
    row = get_object_or_404(Officer, public_id=key)
    held = rows_as_of(Holding, request.as_of).filter(officer=row)
    known = [int(getattr(holding, "row_id", holding.pk)) for holding in held]
    rows = [("register.Officer", row.pk), *(("register.Holding", pk) for pk in known)]
    rows += access_rows(request, row)
    return render(
        request,
        "people/officer.html",
        {
            "account": row,
            "holdings": held.select_related("post__organisation").order_by("-since"),
            "changes": history_of(events_of(rows=rows, as_of=request.as_of)),
            "can_edit": request.as_of is None and may(request.standing, "officer.edit", row),
            "is_self": row.pk == request.officer.pk,
            "today": request.as_of or request.standing.today,
            **access_of(request, row),
        },
    )


@never_cache
@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def add(request: OfficerRequest) -> HttpResponse:
    """Open an account; its one-time password is shown once and kept nowhere."""
    _now(request)
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made, password = acts.add_officer(act_now(request.standing), **form.cleaned_data)
        except RegisterError as refusal:
            tell(form, refusal)
        else:
            return _shown_once(request, made, password, "账号已建立")
    context = {"form": form, "heading": "新增账号", "cancel_url": reverse("people:officers")}
    return render(request, "people/form.html", context, status=422 if form.errors else 200)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def reset(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Replace a forgotten password, after saying what follows."""
    _now(request)
    row = get_object_or_404(Officer, public_id=key)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            password = acts.reset_password(act_now(request.standing), row, reason=reason)
        except RegisterError as refusal:
            tell(form, refusal)
        else:
            return _shown_once(request, row, password, "密码已重置")
    words = "原密码立即失效，该账号在各处的登录随即退出；系统给出一次性密码，首次登录后必须修改。"
    return _check(request, form, row, "重置密码", words)


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def deactivate(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Close an account."""
    words = "停用后不能登录，已登录的随即退出；办理过的事项和历史记录都保留。"
    return _switch(request, key, acts.deactivate_officer, "停用账号", words)


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def reactivate(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Open a closed account again."""
    words = "恢复后可用原密码登录，岗位以现任为准。"
    return _switch(request, key, acts.reactivate_officer, "恢复账号", words)


def _switch(
    request: OfficerRequest,
    key: uuid.UUID,
    act: Callable[..., Officer],
    heading: str,
    words: str,
) -> HttpResponse:
    _now(request)
    row = get_object_or_404(Officer, public_id=key)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            act(act_now(request.standing), row, reason=reason)
        except RegisterError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, f"{heading}：{row.name}，已办理。")
            return redirect("people:officer", key)
    return _check(request, form, row, heading, words)


def _now(request: OfficerRequest) -> None:
    """Let nobody but the system administrator on, and nobody while reading the past."""
    require(request.standing, "officer.edit")
    if request.as_of is not None:
        raise Http404


def _check(
    request: OfficerRequest, form: forms.Form, row: Officer, heading: str, words: str
) -> HttpResponse:
    context = {
        "form": form,
        "heading": heading,
        "consequence": words,
        "affected": [f"{row.name}（{row.username}）"],
        "back": reverse("people:officer", args=[row.public_id]),
        "danger": True,
        "submit": f"确认{heading}",
    }
    return render(request, "check.html", context, status=422 if form.errors else 200)


def _shown_once(request: OfficerRequest, row: Officer, password: str, heading: str) -> HttpResponse:
    context = {"account": row, "password": password, "heading": heading}
    return render(request, "people/password.html", context)
