"""Who is asking: the token in the header, its scope, and how often it may ask."""

from dataclasses import dataclass, replace
from http import HTTPStatus

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from ninja.errors import HttpError
from ninja.security import HttpBearer

from guatu.api.problems import NoScope, TooMany
from guatu.register import campaign as campaigns
from guatu.register.campaign import act_now
from guatu.register.models import ApiToken, Campaign
from guatu.register.policies import Standing, standing_of
from guatu.register.recording import Act
from guatu.register.tokens import Locked, recognise

MINUTE = 60


@dataclass(frozen=True)
class Program:
    """A program at work: its token, the standing of the officer it acts for, the campaign."""

    token: ApiToken
    standing: Standing
    campaign: Campaign | None

    def act(self, reason: str = "") -> Act:
        """Begin an act of the officer; its events tell the token."""
        through = f"{self.token.name}（{self.token.prefix}）"
        return replace(act_now(self.standing, reason), through=through)


class ProgramRequest(HttpRequest):
    """A request once its token was recognised; a type only."""

    program: Program


class Bearer(HttpBearer):
    """``Authorization: Bearer gt_…`` with one scope; each operation has its own."""

    openapi_description = "「我的账号—接口令牌」中建立的令牌，放在 Authorization 头中。"

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Program | None:
        """Look at what is sent before at who sends it; here the method is known to be right."""
        if request.method == "POST" and request.content_type != "application/json":
            raise HttpError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "")
        found: Program | None = super().__call__(request)
        return found

    def authenticate(self, request: HttpRequest, token: str) -> Program | None:
        """Recognise the token. Raises NoScope, and TooMany for one that asks too often."""
        try:
            found = recognise(token)
        except Locked as refusal:
            raise TooMany(refusal.seconds, str(refusal)) from refusal
        if found is None:
            place = request.META.get("REMOTE_ADDR", "")
            _bound(f"api-wrong:{place}", settings.API_WRONG_TOKENS_A_MINUTE)
            return None
        row, scopes = found
        _bound(f"api:{row.pk}", settings.API_REQUESTS_A_MINUTE)
        if self.scope not in scopes:
            raise NoScope(self.scope)
        campaign = campaigns.current()
        standing = standing_of(row.officer, campaigns.day_of(campaign))
        program = Program(row, standing, campaign)
        request.program = program  # type: ignore[attr-defined]
        return program


def _bound(name: str, most: int) -> None:
    """Count one more in this minute. Raises TooMany beyond ``most``.

    Counted in each process by itself: with n of them up to n times as many get through.
    """
    second = int(timezone.now().timestamp())
    key = f"{name}:{second // MINUTE}"
    cache.add(key, 0, 2 * MINUTE)
    if cache.incr(key) > most:
        raise TooMany(MINUTE - second % MINUTE)
