from collections.abc import Callable

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.cache import SessionStore
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from guatu.web import security

START = 1_742_270_400  # 2025-03-18 12:00 in Shanghai
HOUR = 3600
Visit = Callable[[int], HttpRequest]


def answer(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("正文")


def test_policy_when_any_page_is_answered_then_nothing_inline_and_nothing_from_outside() -> None:
    response = security.ProtectiveHeaders(answer)(RequestFactory().get("/"))
    directives = dict(
        part.split(maxsplit=1) for part in response.headers["Content-Security-Policy"].split("; ")
    )
    assert directives == {
        "default-src": "'self'",
        "img-src": "'self' data: blob:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }


def test_cache_when_page_says_nothing_then_it_is_not_kept() -> None:
    response = security.ProtectiveHeaders(answer)(RequestFactory().get("/"))
    assert response.headers["Cache-Control"] == "no-store"


def test_cache_when_answer_says_how_long_then_left_alone() -> None:
    def lasting(_request: HttpRequest) -> HttpResponse:
        return HttpResponse("图", headers={"Cache-Control": "max-age=60"})

    response = security.ProtectiveHeaders(lasting)(RequestFactory().get("/"))
    assert response.headers["Cache-Control"] == "max-age=60"


@pytest.fixture
def visit() -> Visit:
    """Return a function that lets one logged-in officer ask for a page at a time."""
    session = SessionStore()
    officer = get_user_model()(username="officer", pk=1)

    def at(moment: int) -> HttpRequest:
        request = RequestFactory().get("/")
        request.session = session
        request.user = officer
        security.keep_or_end(request, moment)
        return request

    return at


def ended(request: HttpRequest) -> bool:
    return isinstance(request.user, AnonymousUser)


def test_session_when_used_again_within_the_idle_time_then_kept(visit: Visit) -> None:
    visit(START)
    assert not ended(visit(START + 2 * HOUR - 1))


@pytest.mark.django_db
def test_session_when_idle_for_two_hours_then_ended_and_emptied(visit: Visit) -> None:
    visit(START)
    request = visit(START + 2 * HOUR)
    assert ended(request)
    assert dict(request.session.items()) == {}


@pytest.mark.django_db
def test_session_when_in_use_all_day_then_ended_all_the_same_at_its_age(visit: Visit) -> None:
    for hour in range(12):
        assert not ended(visit(START + hour * HOUR))
    assert ended(visit(START + settings.SESSION_COOKIE_AGE))


def test_session_when_seen_again_within_minutes_then_not_written(visit: Visit) -> None:
    visit(START).session.modified = False
    assert not visit(START + security.NOTE_EVERY_SECONDS - 1).session.modified
    assert visit(START + security.NOTE_EVERY_SECONDS).session.modified
