"""What every signed-in request carries; views annotate their request with it."""

import datetime as dt

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from guatu.register.models.campaigns import Campaign
from guatu.register.models.organisations import Officer
from guatu.register.policies import Standing


class OfficerRequest(HttpRequest):
    """A request after the middleware of ``standing`` and ``asof``.

    It is a type only: Django builds plain requests and the middleware sets these attributes. None
    of the first three exists while nobody is signed in, so a view that forgets to ask fails.
    ``place`` is set by pages whose address does not tell which menu they belong to.
    """

    officer: Officer
    standing: Standing
    campaign: Campaign | None
    as_of: dt.date | None
    htmx: HtmxDetails
    place: str
