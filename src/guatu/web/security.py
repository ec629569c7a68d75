"""What every answer and every session must obey, whatever the page."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase

Handler = Callable[[HttpRequest], HttpResponseBase]

# Scripts, styles and requests come from this host alone and nothing is inline: a text that slips
# into a page as markup cannot run, and no page calls the outside world. `data:` and `blob:`
# pictures are drawings a page makes of its own data and photos shown before they are sent.
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
PERMISSIONS = "accelerometer=(), camera=(), geolocation=(), microphone=(), payment=(), usb=()"

BEGAN = "session_began"
SEEN = "session_seen"
# A request within this time of the last note does not write the session again.
NOTE_EVERY_SECONDS = 300


@dataclass(frozen=True)
class ProtectiveHeaders:
    """Puts the policy on every answer, error pages included, and keeps pages off the disk.

    Office computers are shared: after a log-out nothing may be left to page back to. An answer
    that is no secret says so itself with a Cache-Control of its own.
    """

    get_response: Handler

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer as the next handler does, with the headers added."""
        response = self.get_response(request)
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Permissions-Policy"] = PERMISSIONS
        response.headers.setdefault("Cache-Control", "no-store")
        return response


@dataclass(frozen=True)
class SessionLimits:
    """Ends a log-in after an idle time and, whatever happens, after SESSION_COOKIE_AGE.

    Django prolongs a session whenever it is saved, so the beginning is kept inside it. The last
    sight is noted every few minutes only: most requests write nothing.
    """

    get_response: Handler

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer as the next handler does, to an officer still logged in."""
        if request.user.is_authenticated:
            keep_or_end(request, int(time.time()))
        return self.get_response(request)


def keep_or_end(request: HttpRequest, now: int) -> None:
    """Log the officer out when a limit has passed at ``now`` (Unix seconds), else note it."""
    began = request.session.setdefault(BEGAN, now)
    seen = request.session.get(SEEN, began)
    if now - began >= settings.SESSION_COOKIE_AGE or now - seen >= settings.SESSION_IDLE_SECONDS:
        logout(request)
    elif SEEN not in request.session or now - seen >= NOTE_EVERY_SECONDS:
        request.session[SEEN] = now
