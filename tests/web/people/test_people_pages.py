"""Accounts: opened, reset and closed by the system administrator, looked at by the security one."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from guatu.register.enums import Role
from guatu.register.models import Officer, Organisation
from tests.factories import make_campaign, make_district, make_officer, make_post

pytestmark = pytest.mark.django_db
LIST = "/officers/"


@pytest.fixture
def district() -> Organisation:
    root = make_district()
    make_campaign(root)
    return root


def logged_in(client: Client, unit: Organisation, role: Role) -> Officer:
    officer = make_officer(make_post(unit, role, "登录岗"))
    client.force_login(officer)
    return officer


def page(name: str, officer: Officer) -> str:
    return reverse(f"people:{name}", args=[officer.public_id])


def test_add_when_account_is_opened_then_password_shown_once_and_must_be_changed(
    client: Client, district: Organisation
) -> None:
    logged_in(client, district, Role.SYSTEM_ADMIN)
    answer = client.post(f"{LIST}add/", {"username": "li.si", "name": "示例人员"})
    shown = re.search(r'id="one-time-password">([^<]+)<', answer.content.decode())
    assert shown is not None
    assert "no-store" in answer["Cache-Control"]
    newcomer = Client()
    told = {"username": "li.si", "password": shown[1]}
    newcomer.post("/account/login/", told)
    assert newcomer.get("/desk/")["Location"] == "/account/password/"
    assert (
        shown[1]
        not in client.get(page("officer", Officer.objects.get(username="li.si"))).content.decode()
    )


def test_reset_and_deactivate_when_done_then_open_sessions_end(
    client: Client, district: Organisation
) -> None:
    logged_in(client, district, Role.SYSTEM_ADMIN)
    officer = make_officer(make_post(district, Role.OFFICE, "专班岗"), password="示例-旧密码-2025")
    other = Client()
    for name in ("reset", "deactivate"):
        other.force_login(Officer.objects.get(pk=officer.pk))
        assert other.get("/organisations/").status_code in {200, 302}
        assert "核对" in client.get(page(name, officer)).content.decode()
        client.post(page(name, officer), {"reason": "本人申请"})
        assert other.get("/organisations/")["Location"].startswith("/account/login/")
    assert client.post(page("reactivate", officer), {"reason": "返岗"}).status_code == 302
    assert Officer.objects.get(pk=officer.pk).is_active


def test_list_when_security_admin_looks_then_posts_but_no_acts(
    client: Client, district: Organisation
) -> None:
    officer = make_officer(make_post(district, Role.OFFICE, "专班岗"), name="示例甲")
    logged_in(client, district, Role.SECURITY_ADMIN)
    text = client.get(LIST).content.decode()
    assert ("示例甲" in text, "专班岗" in text, "新增账号" in text) == (True, True, False)
    assert client.post(page("reset", officer), {"reason": "x"}).status_code == 404
    assert client.get(f"{LIST}add/").status_code == 404


def test_deactivate_when_it_is_oneself_then_refused_on_the_page(
    client: Client, district: Organisation
) -> None:
    admin = logged_in(client, district, Role.SYSTEM_ADMIN)
    answer = client.post(page("deactivate", admin), {"reason": "误"})
    assert (answer.status_code, "不能停用自己" in answer.content.decode()) == (422, True)


def test_pages_when_many_accounts_then_at_most_25_queries(
    client: Client, district: Organisation, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    for number in range(60):
        officer = make_officer(make_post(district, title=f"岗{number}"))
    logged_in(client, district, Role.SYSTEM_ADMIN)
    for address in (LIST, page("officer", officer)):
        with django_assert_max_num_queries(25):  # type: ignore[operator]
            assert client.get(address).status_code == 200
