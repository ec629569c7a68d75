"""Nobody works without signing in, nor on with a password that must be changed."""

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from guatu.web.accounts.passwords import reason_to_change


class SignInMiddleware(LoginRequiredMiddleware):
    """Lead whoever is not signed in to the log-in page, every view but those marked open.

    When only a part of a page was asked for, the whole page leaves for the log-in: a form to sign
    in has no place inside a row. Afterwards the officer is back on the page that was open.
    """

    def handle_no_permission(  # type: ignore[override] # an answer that redirects by a header
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        """Redirect, in the way htmx understands where it asked."""
        if not request.headers.get("HX-Request"):
            return super().handle_no_permission(request, view_func)
        open_page = urlsplit(request.headers.get("HX-Current-URL", ""))
        back = urlencode({"next": open_page.path or "/"})
        return HttpResponse(headers={"HX-Redirect": f"{reverse('accounts:login')}?{back}"})


class PasswordAgeMiddleware:
    """Send officers whose password is initial or too old to the page that changes it.

    Stands after authentication; the pages of one's own account stay open.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; the work is done once the view is known."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        """Redirect, or None to go on."""
        match = request.resolver_match
        if match is None or "accounts" in match.namespaces:
            return None
        officer = request.user
        if not officer.is_authenticated or not reason_to_change(officer, timezone.now()):
            return None
        if request.headers.get("HX-Request"):
            return HttpResponse(headers={"HX-Redirect": reverse("accounts:password")})
        return redirect("accounts:password")
