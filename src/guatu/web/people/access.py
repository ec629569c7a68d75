"""What the programs of an account may do, as the security administrator permits."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from guatu.campaign import access
from guatu.register import tokens as acts
from guatu.register.campaign import act_now
from guatu.register.errors import RegisterError
from guatu.register.models import ApiPermit, ApiToken, Officer
from guatu.register.policies import may, require
from guatu.register.scopes import SCOPES
from guatu.web.refusals import forbidden_is_missing, tell
from guatu.web.requests import OfficerRequest
from guatu.web.tokens.forms import PermitForm
from guatu.web.tokens.views import faces_of


def access_of(request: OfficerRequest, row: Officer) -> dict[str, object]:
    """What the page of an account shows of it; nothing to whoever may not permit."""
    if not may(request.standing, "token.permit", row):
        return {}
    permit = acts.permit_of(row)
    works = acts.does_business(row, request.standing.today)
    return {
        "permit": permit,
        "sees_access": True,
        "writable": request.as_of is None,
        "permitted": [SCOPES.get(name, name) for name in permit.scopes] if permit else [],
        "tokens": faces_of(row),
        "idle": not works,
        "can_permit": request.as_of is None and (works or permit is not None),
    }


def access_rows(request: OfficerRequest, row: Officer) -> list[tuple[str, int]]:
    """Rows whose history stands on the page of an account: its permission and its tokens."""
    if not may(request.standing, "token.permit", row):
        return []
    permits = ApiPermit.objects.filter(officer=row).values_list("pk", flat=True)
    tokens = ApiToken.objects.filter(officer=row).values_list("pk", flat=True)
    return [
        *(("register.ApiPermit", key) for key in permits),
        *(("register.ApiToken", key) for key in tokens),
    ]


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def permit(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Permit, change what is permitted, or take it back."""
    require(request.standing, "token.permit")
    if request.as_of is not None:
        raise Http404
    row = get_object_or_404(Officer, public_id=key)
    require(request.standing, "token.permit", row)
    found = ApiPermit.objects.filter(officer=row).first()
    held = found if found is not None and not found.ended else None
    if held is None and not acts.does_business(row, request.standing.today):
        messages.error(request, acts.NO_BUSINESS)
        return redirect("people:officer", key)
    first = {"scopes": held.scopes, "until": held.until} if held else {}
    posted = request.POST if request.method == "POST" else None
    form = PermitForm(SCOPES, posted, initial=first)
    ending = "end" in request.POST
    if ending:
        for name in ("scopes", "until"):
            form.fields[name].required = False
    if request.method == "POST" and form.is_valid():
        try:
            _done(request, row, form, ending=ending)
        except RegisterError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, f"{'已收回' if ending else '已准许'}接口权限：{row.name}")
            return redirect("people:officer", key)
    context = {
        "form": form,
        "account": row,
        "held": held,
        "back": reverse("people:officer", args=[row.public_id]),
    }
    return render(request, "tokens/permit.html", context, status=422 if form.errors else 200)


def _done(request: OfficerRequest, row: Officer, form: PermitForm, *, ending: bool) -> None:
    act, told = act_now(request.standing), form.cleaned_data
    if ending:
        access.end_access(act, row, reason=told["reason"])
    else:
        access.permit_access(act, row, **told)
