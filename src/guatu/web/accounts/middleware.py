"""Nobody works on with a password that must be changed."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from guatu.web.accounts.passwords import reason_to_change


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
