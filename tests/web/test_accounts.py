"""Signing in, lock-out, password age and change, signing out."""

import datetime as dt

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from guatu.register.enums import Role
from guatu.register.models import Event, Officer
from tests import factories

pytestmark = [pytest.mark.urls("tests.web.shell_site"), pytest.mark.django_db]
PASSWORD = "示例-password-1"
NEW = "另一个-password-2"


@pytest.fixture
def officer() -> Officer:
    """Officer of the campaign office with a fresh password."""
    district = factories.make_district()
    return factories.make_officer(factories.make_post(district, Role.OFFICE), password=PASSWORD)


def sign_in(client: Client, officer: Officer, password: str = PASSWORD) -> int:
    data = {"username": officer.username, "password": password}
    return client.post("/account/login/", data).status_code


def change(client: Client, old: str, new: str, again: str) -> dict[str, list[str]]:
    data = {"old_password": old, "new_password1": new, "new_password2": again}
    response = client.post("/account/password/", data)
    return dict(response.context["form"].errors) if response.status_code == 422 else {}


def test_home_when_nobody_is_signed_in_then_the_log_in_page(client: Client) -> None:
    response = client.get("/duties/?kind=street")
    assert response.headers["Location"] == "/account/login/?next=/duties/%3Fkind%3Dstreet"


def test_part_when_the_session_has_ended_then_the_whole_page_leaves_for_the_log_in(
    client: Client,
) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/duties/?kind=street"}
    response = client.get("/duties/?kind=district", headers=headers)
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["HX-Redirect"] == "/account/login/?next=%2Fduties%2F"


def test_log_in_when_right_then_a_new_session_and_the_desk(
    client: Client, officer: Officer
) -> None:
    client.get("/account/login/")
    before = client.session.session_key
    assert sign_in(client, officer) == 302
    assert client.session.session_key != before
    assert client.get("/").headers["Location"] == "/desk/"


def test_log_in_when_wrong_then_the_same_words_for_name_and_password(
    client: Client, officer: Officer
) -> None:
    data = {"username": officer.username, "password": "wrong"}
    wrong_password = client.post("/account/login/", data).context["form"].non_field_errors()
    data = {"username": "nobody", "password": PASSWORD}
    wrong_name = client.post("/account/login/", data).context["form"].non_field_errors()
    assert wrong_password == wrong_name
    assert wrong_name == ["登录名或密码不对。密码区分大小写，连续输错 5 次将暂停登录。"]


def test_log_in_when_wrong_five_times_then_locked_even_with_the_right_password(
    client: Client, officer: Officer
) -> None:
    statuses = [sign_in(client, officer, "wrong") for _ in range(5)]
    assert statuses == [200, 200, 200, 200, 429]
    response = client.post("/account/login/", {"username": officer.username, "password": PASSWORD})
    assert response.status_code == 429
    assert "暂停登录 15 分钟" in response.content.decode()


@pytest.mark.parametrize(
    ("age_days", "must_change", "open_page"),
    [(0, False, True), (89, False, True), (91, False, False), (0, True, False)],
)
def test_password_when_old_or_initial_then_every_page_leads_to_its_change(
    client: Client,
    officer: Officer,
    age_days: int,
    must_change: bool,  # noqa: FBT001 -- a case of the table
    open_page: bool,  # noqa: FBT001 -- what the case expects
) -> None:
    officer.password_changed_at = timezone.now() - dt.timedelta(days=age_days)
    officer.must_change_password = must_change
    officer.save()
    client.force_login(officer, settings.AUTHENTICATION_BACKENDS[1])
    response = client.get("/duties/")
    assert (response.status_code == 200) == open_page
    if not open_page:
        assert response.headers["Location"] == "/account/password/"
        assert client.get("/account/password/").context["why"] != ""


def test_change_when_right_then_stored_and_other_sessions_end(
    client: Client, officer: Officer
) -> None:
    officer.must_change_password = True
    officer.save()
    elsewhere = Client()
    sign_in(elsewhere, officer)
    sign_in(client, officer)
    assert change(client, PASSWORD, NEW, NEW) == {}
    officer.refresh_from_db()
    assert officer.check_password(NEW)
    assert not officer.must_change_password
    assert Event.objects.filter(verb="officer.password").count() == 1
    assert client.get("/duties/").status_code == 200
    assert elsewhere.get("/duties/").status_code == 302


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        (("wrong", NEW, NEW), {"old_password": ["原密码不对。"]}),
        ((PASSWORD, NEW, "x" * 12), {"new_password2": ["两次输入的新密码不一样。"]}),
        ((PASSWORD, PASSWORD, PASSWORD), {"new_password1": ["新密码不能与原密码相同。"]}),
        ((PASSWORD, "8520147963", "8520147963"), {"new_password2": ["密码只包含数字。"]}),
    ],
)
def test_change_when_wrong_then_refused_with_a_reason_at_its_field(
    client: Client, officer: Officer, typed: tuple[str, str, str], errors: dict[str, list[str]]
) -> None:
    sign_in(client, officer)
    assert change(client, *typed) == errors
    officer.refresh_from_db()
    assert officer.check_password(PASSWORD)


def test_log_out_when_asked_by_get_then_refused_and_by_post_done(
    client: Client, officer: Officer
) -> None:
    sign_in(client, officer)
    assert client.get("/account/logout/").status_code == 405
    assert client.post("/account/logout/").headers["Location"] == "/account/login/"
    assert client.get("/duties/").status_code == 302
