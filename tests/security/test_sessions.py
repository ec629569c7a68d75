"""Signing in gives a new session, leads nowhere else, and production settings leave no warning."""

import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from guatu.register.enums import Role
from guatu.register.models import Officer
from tests.factories import make_campaign, make_district, make_officer, make_post

pytestmark = pytest.mark.django_db
PASSWORD = "示例-Passw0rd-2025"
LOG_IN = "/account/login/"


@pytest.fixture
def officer() -> Officer:
    district = make_district()
    make_campaign(district)
    return make_officer(make_post(district, Role.OFFICE), password=PASSWORD)


def sign_in(client: Client, officer: Officer, **query: str) -> Any:  # noqa: ANN401 -- Django gives its test answers no public type
    return client.post(
        LOG_IN, {"username": officer.username, "password": PASSWORD}, query_params=query
    )


def test_log_in_when_a_session_was_planted_then_its_key_is_worth_nothing(
    officer: Officer,
) -> None:
    planted = Client()
    session = planted.session
    session["planted"] = "yes"
    session.save()
    before = session.session_key
    planted.cookies[settings.SESSION_COOKIE_NAME] = before
    sign_in(planted, officer)
    after = planted.cookies[settings.SESSION_COOKIE_NAME].value
    assert after != before
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = before
    assert thief.get("/enterprises/")["Location"].startswith(LOG_IN)


def test_log_out_when_done_then_the_old_key_opens_nothing(officer: Officer) -> None:
    client = Client()
    sign_in(client, officer)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert client.get("/enterprises/").status_code == 200
    client.post("/account/logout/")
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = key
    assert thief.get("/enterprises/")["Location"].startswith(LOG_IN)


@pytest.mark.parametrize(
    "target",
    [
        "https://example.org/",
        "//example.org/",
        "/\\example.org",
        "http:///example.org",
        "javascript:alert(1)",
        "\thttps://example.org",
    ],
)
def test_log_in_when_next_leads_elsewhere_then_home(officer: Officer, target: str) -> None:
    assert sign_in(Client(), officer, next=target)["Location"] == "/"


def test_log_in_when_next_is_a_page_of_ours_then_there(officer: Officer) -> None:
    assert sign_in(Client(), officer, next="/enterprises/?q=示例")["Location"].startswith(
        "/enterprises/"
    )


def test_cookies_when_signed_in_then_scripts_cannot_read_them(officer: Officer) -> None:
    client = Client()
    client.get(LOG_IN)
    sign_in(client, officer)
    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
        cookie = client.cookies[name]
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


@pytest.mark.parametrize("address", ["/intake/papers/", "/intake/ledgers/"])
def test_upload_when_file_is_larger_than_allowed_then_told_and_nothing_kept(
    officer: Officer, address: str
) -> None:
    client = Client()
    client.force_login(officer, "django.contrib.auth.backends.ModelBackend")
    file = io.BytesIO(b"x" * (51 * 1024 * 1024))
    file.name = "示例.txt" if "papers" in address else "示例.csv"
    answer = client.post(address, {"file": file, "plan_year": 2025})
    assert answer.status_code in {302, 400, 413, 422}
    assert list(Path(settings.GUATU_HOME).glob("files/**/*.part")) == []
    assert not any(
        path.stat().st_size > 50 * 1024 * 1024
        for path in Path(settings.GUATU_HOME).rglob("*")
        if path.is_file()
    )


def test_deploy_check_when_served_over_https_then_no_warning(tmp_path: Path) -> None:
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("GUATU_", "DJANGO_"))
    }
    found = subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"],
        env=environment
        | {
            "DJANGO_SETTINGS_MODULE": "guatu.config.settings",
            "GUATU_HOME": str(tmp_path),
            "GUATU_HTTPS": "1",
            "GUATU_HOSTS": "guatu.example",
        },
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (found.returncode, "no issues" in found.stdout) == (0, True), found.stderr
