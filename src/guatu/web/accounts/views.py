"""Signing in and out, one's own account, changing the password."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters

from guatu.register.campaign import act_now
from guatu.register.officers import change_own_password
from guatu.register.policies import may
from guatu.register.tokens import living_tokens, permit_of
from guatu.web import navigation
from guatu.web.accounts.forms import ChangeForm, LogInForm
from guatu.web.accounts.passwords import reason_to_change
from guatu.web.requests import OfficerRequest


class LogIn(LoginView):
    """The log-in page; Django gives the session a new key, axes counts the failures."""

    authentication_form = LogInForm
    template_name = "registration/login.html"
    redirect_authenticated_user = True


class LogOut(LogoutView):
    """Ends the session; POST only."""

    next_page = "accounts:login"


def home(request: OfficerRequest) -> HttpResponse:
    """Lead to the first page that is of use to the officer."""
    return redirect(navigation.home_of(request.standing))


def account(request: OfficerRequest) -> HttpResponse:
    """Show one's own account, and what its programs may do."""
    context: dict[str, Any] = {}
    if may(request.standing, "token.make"):
        permit = permit_of(request.officer)
        living = living_tokens(request.officer).count() if permit else 0
        context = {"makes_tokens": True, "permit": permit, "tokens": living}
    return render(request, "registration/account.html", context)


@method_decorator(sensitive_post_parameters(), name="dispatch")
class ChangePassword(View):
    """Change one's own password; the other sessions of the account end with it."""

    def get(self, request: OfficerRequest) -> HttpResponse:
        """Show the form, with the reason where the change is demanded."""
        return self._page(request, ChangeForm(request.officer))

    def post(self, request: OfficerRequest) -> HttpResponse:
        """Change it, or show what is wrong."""
        form = ChangeForm(request.officer, request.POST)
        if not form.is_valid():
            return self._page(request, form, 422)
        act = act_now(request.standing)
        officer = change_own_password(act, form.cleaned_data["new_password1"])
        update_session_auth_hash(request, officer)
        messages.success(request, "密码已修改，其他地方的登录已退出。")
        return redirect("home")

    def _page(self, request: OfficerRequest, form: ChangeForm, status: int = 200) -> HttpResponse:
        why = reason_to_change(request.officer, timezone.now())
        context: dict[str, Any] = {"form": form, "why": why}
        return render(request, "registration/password.html", context, status=status)


@login_not_required
def locked(request: HttpRequest, *_: object, **__: object) -> HttpResponse:
    """Answer of axes when an account is locked; named by AXES_LOCKOUT_CALLABLE."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    context = {"failure_limit": settings.AXES_FAILURE_LIMIT, "minutes": minutes}
    return render(request, "registration/locked.html", context, status=429)
