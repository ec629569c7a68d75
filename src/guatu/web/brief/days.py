"""Which week and scope an address of the brief asks for."""

import datetime as dt

from django.http import Http404

from guatu.campaign.brief import Scope, Week, read_scope, week_at
from guatu.register.past import EARLIEST
from guatu.register.policies import require
from guatu.web.requests import OfficerRequest


class DayConverter:
    """A day in an address, as 2025-03-17."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> dt.date:
        """Read the day; ValueError makes the address unknown."""
        return dt.date.fromisoformat(value)

    def to_url(self, value: dt.date | str) -> str:
        """Write the day."""
        return str(value)


def asked(request: OfficerRequest, monday: dt.date, scope: str) -> tuple[Week, Scope]:
    """The week and the scope of an address; missing where there is none for this officer."""
    require(request.standing, "brief.see")
    week = week_at(monday, request.standing.today, request.as_of)
    found = read_scope(request.standing, scope)
    if week is None or found is None or monday < EARLIEST:
        raise Http404
    return week, found
