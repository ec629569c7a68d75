"""One's own tokens: see, make, take back. A secret is shown once and kept nowhere."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from guatu.register import tokens as acts
from guatu.register.campaign import act_now, calendar_day
from guatu.register.enums import TokenState
from guatu.register.errors import RegisterError
from guatu.register.models import ApiToken, Officer
from guatu.register.policies import require
from guatu.register.scopes import SCOPES
from guatu.web.refusals import forbidden_is_missing, tell
from guatu.web.requests import OfficerRequest
from guatu.web.tokens.forms import TokenForm


@dataclass(frozen=True)
class TokenFace:
    """One token as a line: what it still opens, until when, and whether it does at all."""

    token: ApiToken
    scopes: list[str]
    last_day: dt.date
    state: str
    stoppable: bool


def faces_of(officer: Officer) -> list[TokenFace]:
    """Tokens of an officer, the newest first; one query."""
    rows = ApiToken.objects.filter(officer=officer)
    return [_face(row) for row in rows.select_related("secret", "officer__api_permit")]


def _face(token: ApiToken) -> TokenFace:
    """Tell a token as it is; one that opens nothing any more names what it was made for."""
    day = calendar_day()
    state = acts.state_of(token, day)
    living = state == TokenState.LIVING
    scopes = [name for name in token.scopes if not living or name in acts.scopes_of(token)]
    words = f"{token.revoked_on} 停用" if state == TokenState.REVOKED else str(state.label)
    if living and not scopes:
        words = "所选权限均已收回"
    last_day = acts.last_day_of(token) if living else token.expires_on
    named = [SCOPES.get(name, name) for name in scopes]
    return TokenFace(token, named, last_day, words, token.holds(day))


@require_safe
@forbidden_is_missing
def tokens(request: OfficerRequest) -> HttpResponse:
    """Show one's own tokens, and what is permitted."""
    require(request.standing, "token.make")
    permit = acts.permit_of(request.officer)
    context = {
        "faces": faces_of(request.officer),
        "permit": permit,
        "permitted": [SCOPES.get(name, name) for name in permit.scopes] if permit else [],
        "writable": request.as_of is None,
    }
    return render(request, "tokens/tokens.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def new(request: OfficerRequest) -> HttpResponse:
    """Ask what the token is for, make it, show it this once."""
    require(request.standing, "token.make")
    if request.as_of is not None:
        raise Http404
    permit = acts.permit_of(request.officer)
    posted = request.POST if request.method == "POST" else None
    form = TokenForm(
        permit.scopes if permit else (),
        posted,
        initial={"expires_on": permit.until if permit else None},
    )
    if request.method == "POST" and form.is_valid():
        try:
            token, secret = acts.make_token(act_now(request.standing), **form.cleaned_data)
        except RegisterError as refusal:
            tell(form, refusal)
        else:
            shown = {"token": token, "secret": secret}
            return render(request, "tokens/secret.html", shown)
    context = {"form": form, "permit": permit, "back": reverse("tokens:tokens")}
    return render(request, "tokens/new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def revoke(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Ask once, then take a token back for good; the security administrator may, too."""
    token = get_object_or_404(ApiToken.objects.select_related("officer"), public_id=key)
    require(request.standing, "token.revoke", token)
    if request.as_of is not None:
        raise Http404
    own = token.officer_id == request.officer.pk
    back = (
        reverse("tokens:tokens")
        if own
        else reverse("people:officer", args=[token.officer.public_id])
    )
    if request.method == "POST":
        try:
            acts.revoke_token(act_now(request.standing), token)
        except RegisterError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"令牌「{token.name}」已停用。")
        return redirect(back)
    context = {
        "heading": f"停用令牌「{token.name}」",
        "consequence": "停用后使用它的程序立即不能再读取和报告，不能恢复；需要时另建令牌。",
        "affected": [f"{token.officer.name} · {token.name}（gt_{token.prefix}…）"],
        "action": request.path,
        "back": back,
        "submit": "停用",
        "danger": True,
    }
    return render(request, "check.html", context)
