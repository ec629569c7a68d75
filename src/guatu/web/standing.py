"""Puts the officer, the posts held and the campaign on the request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from guatu.register import campaign as campaigns
from guatu.register.policies import standing_of


class StandingMiddleware:
    """Set ``request.officer``, ``request.campaign`` and ``request.standing`` before the view.

    Stands after authentication. It works in ``process_view`` so that static files and unknown
    addresses cost no query. While nobody is signed in the attributes are absent, never None: to
    policies None is the system itself.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; the work is done once the view is known."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> None:
        """Look up the standing on the campaign's business date; four queries at most."""
        officer = request.user
        if not officer.is_authenticated:
            return
        campaign = campaigns.current()
        today = campaigns.day_of(campaign)
        request.officer = officer  # type: ignore[attr-defined]
        request.campaign = campaign  # type: ignore[attr-defined]
        request.standing = standing_of(officer, today)  # type: ignore[attr-defined]
