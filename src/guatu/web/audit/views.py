"""One event, withdrawing its payload, checking the chain, taking the head away."""

import uuid

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guatu.register.campaign import act_now
from guatu.register.enums import Effect
from guatu.register.errors import RegisterError
from guatu.register.models import Event, Head
from guatu.register.policies import may, require
from guatu.register.recording import Json, note
from guatu.register.sealing import verify, withdraw_payload
from guatu.register.sealing.heads import as_text, signed
from guatu.register.versions import end_of
from guatu.web.audit.listing import sealed, thing_of
from guatu.web.downloads import made
from guatu.web.history import column_name, history_of, verb_name
from guatu.web.refusals import forbidden_is_missing, tell
from guatu.web.requests import OfficerRequest

LINKS_CHECKED = 2_000
"""Newest links that the page checks; the whole chain is `guatu audit verify`."""

# Whose values the audit administrator reads; the values of business stay with business.
ADMINISTRATION = frozenset(
    {
        "register.Organisation",
        "register.Post",
        "register.Officer",
        "register.Holding",
        "register.Campaign",
        "register.Rule",
        "register.Industry",
        "register.Event",
    }
)


class WithdrawForm(forms.Form):
    """Why a payload is withdrawn."""

    reason = forms.CharField(label="撤回原因和依据", max_length=300)


def _event(request: OfficerRequest, key: uuid.UUID) -> Event:
    if not may(request.standing, "event.list"):
        raise Http404
    events = Event.objects.select_related(
        "officer", "behalf__organisation", "subject", "seal", "withdrawn_by"
    )
    if request.as_of is not None:
        events = events.filter(at__lt=end_of(request.as_of))
    return get_object_or_404(events, public_id=key)


@require_GET
def event(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Show one event; values only where they are administration."""
    row = _event(request, key)
    names = [name for name in (column_name(row.model, c) for c in row.changes) if name]
    return render(
        request,
        "audit/event.html",
        {
            "event": row,
            "verb": verb_name(row.verb),
            "thing": thing_of(row),
            "effect": Effect(row.effect).label,
            "sealed": sealed(row),
            "seal": getattr(row, "seal", None),
            "names": names,
            "changes": history_of([row]) if row.model in ADMINISTRATION else None,
            "can_withdraw": request.as_of is None
            and row.withdrawn_by_id is None
            and row.verb != "event.withdraw"
            and may(request.standing, "event.withdraw", row),
        },
    )


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def withdraw(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Empty an event's payload, after saying what stays."""
    row = _event(request, key)
    require(request.standing, "event.withdraw", row)
    if request.as_of is not None:
        raise Http404
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_payload(act_now(request.standing), row, form.cleaned_data["reason"])
        except RegisterError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, "内容已撤回；撤回本身已记入日志。")
            return redirect("audit:event", key)
    context = {
        "form": form,
        "heading": "撤回日志内容",
        "consequence": (
            "变更前后的值和原因将被永久清除，不能恢复；时间、人员、动作和摘要值保留，"
            "链仍可校验，并注明内容已依规撤回。"
        ),
        "affected": [f"{row.public_id}　{verb_name(row.verb)}"],
        "back": reverse("audit:event", args=[key]),
        "danger": True,
        "submit": "确认撤回",
    }
    return render(request, "check.html", context, status=422 if form.errors else 200)


@require_POST
def check(request: OfficerRequest) -> HttpResponse:
    """Check the newest links and the rows they changed; that it was checked is an event, too."""
    if not may(request.standing, "event.list"):
        raise Http404
    result = verify(last=LINKS_CHECKED)
    newest = Event.objects.order_by("-pk").first()
    if newest is not None:
        told: dict[str, Json] = {"faults": [None, len(result.faults)]}
        note(act_now(request.standing), "event.verify", newest, told)
    return render(request, "audit/verify.html", {"result": result, "limit": LINKS_CHECKED})


@require_GET
def head(request: OfficerRequest) -> HttpResponse:
    """Hand out the newest signed head, to be kept apart from the system."""
    row = Head.objects.order_by("-day").first()
    if row is None or not may(request.standing, "event.list"):
        raise Http404
    return made(as_text(signed(row)).encode(), "application/json", f"guatu-head-{row.day}.json")
