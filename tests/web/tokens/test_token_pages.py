import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse

from guatu.register.campaign import calendar_day
from guatu.register.enums import Role
from guatu.register.models import ApiPermit, ApiToken, Event, Officer
from guatu.register.policies import Standing
from guatu.register.rules import load_shipped
from tests.factories import make_campaign, make_district, make_standing, make_unit

pytestmark = pytest.mark.django_db
SOON = (calendar_day() + dt.timedelta(days=30)).isoformat()
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def clerk() -> Standing:
    load_shipped()
    root = make_district()
    make_campaign(root)
    return make_standing(make_unit(root))


@pytest.fixture
def admin(clerk: Standing) -> Standing:
    return make_standing(clerk.posts[0].organisation, Role.SECURITY_ADMIN)


def signed_in(standing: Standing) -> Client:
    client = Client()
    client.force_login(standing.officer, BACKEND)
    return client


def permit(admin: Standing, officer: Officer, **told: object) -> int:
    said = {"scopes": ["read:duties"], "until": SOON, "reason": "示例对接", **told}
    return (
        signed_in(admin).post(reverse("people:permit", args=[officer.public_id]), said).status_code
    )


def test_tokens_when_nothing_is_permitted_then_the_page_says_whom_to_ask(clerk: Standing) -> None:
    client = signed_in(clerk)
    assert "请联系安全管理员" in client.get(reverse("tokens:tokens")).content.decode()
    page = client.post(reverse("tokens:new"), {"name": "示例", "expires_on": SOON})
    assert (page.status_code, ApiToken.objects.count()) == (422, 0)


def test_permit_when_the_business_date_is_pinned_then_forms_tell_the_calendars_days(
    clerk: Standing, admin: Standing
) -> None:
    first, last = calendar_day(), calendar_day() + dt.timedelta(days=366)
    told = f"按实际日期计，与业务日期无关：{first}（今天）至 {last}。"
    assert first != admin.today
    address = reverse("people:permit", args=[clerk.officer.public_id])
    page = signed_in(admin).get(address).content.decode()
    assert (told in page, f'min="{first}"' in page, f'max="{last}"' in page) == (True, True, True)
    said = {"scopes": ["read:duties"], "until": admin.today, "reason": "示例对接"}
    refused = signed_in(admin).post(address, said)
    words = f"截止日期按实际日期计（不是业务日期），应在 {first} 至 {last} 之间。"
    assert (refused.status_code, words in refused.content.decode()) == (422, True)
    permit(admin, clerk.officer)
    assert told in signed_in(clerk).get(reverse("tokens:new")).content.decode()


def test_token_when_permitted_made_used_and_revoked_then_shown_once(
    clerk: Standing, admin: Standing
) -> None:
    assert permit(admin, clerk.officer) == 302
    client = signed_in(clerk)
    form = client.get(reverse("tokens:new")).content.decode()
    assert re.findall(r'name="scopes" value="([^"]+)"', form) == ["read:duties"]
    said = {"name": "示例程序", "scopes": ["read:duties"], "expires_on": SOON}
    shown = client.post(reverse("tokens:new"), said)
    secret = re.search(r"gt_[a-z2-9]{8}_[\w-]{43}", shown.content.decode())
    assert secret is not None
    assert shown["Cache-Control"].find("no-store") >= 0
    listed = client.get(reverse("tokens:tokens")).content.decode()
    assert secret.group() not in listed
    assert "示例程序" in listed
    bearer = {"Authorization": f"Bearer {secret.group()}"}
    assert Client().get("/api/v1/duties", headers=bearer).status_code == 200
    assert Client().get("/api/v1/projects", headers=bearer).status_code == 403

    token = ApiToken.objects.get()
    seen = signed_in(admin).get(reverse("people:officer", args=[clerk.officer.public_id]))
    assert "示例程序" in seen.content.decode()
    revoke = reverse("tokens:revoke", args=[token.public_id])
    assert signed_in(make_standing(clerk.posts[0].organisation)).post(revoke).status_code == 404
    assert signed_in(admin).post(revoke).status_code == 302
    assert Client().get("/api/v1/duties", headers=bearer).status_code == 401
    verbs = Event.objects.filter(verb__startswith="token.").order_by("pk")
    assert list(verbs.values_list("verb", "actor")) == [
        ("token.permit", admin.officer.username),
        ("token.make", clerk.officer.username),
        ("token.revoke", admin.officer.username),
    ]


def test_permit_when_taken_back_then_ended_with_its_reason(
    clerk: Standing, admin: Standing
) -> None:
    permit(admin, clerk.officer)
    assert permit(admin, clerk.officer, end="1", reason="") == 422
    assert permit(admin, clerk.officer, end="1", reason="示例：对接结束") == 302
    assert ApiPermit.objects.get().ended
    assert Event.objects.get(verb="token.end_permit").reason == "示例：对接结束"
    assert permit(admin, clerk.officer) == 302
    assert not ApiPermit.objects.get().ended


def test_tokens_when_the_permit_is_narrowed_or_taken_back_then_the_page_tells_what_holds(
    clerk: Standing, admin: Standing
) -> None:
    wide = ["read:duties", "read:projects"]
    permit(admin, clerk.officer, scopes=wide)
    client, listed = signed_in(clerk), reverse("tokens:tokens")
    client.post(reverse("tokens:new"), {"name": "示例", "scopes": wide, "expires_on": SOON})

    def told() -> list[tuple[list[str], str]]:
        return [(face.scopes, face.state) for face in client.get(listed).context["faces"]]

    assert told() == [(["读取项目", "读取责任事项"], "有效")]
    permit(admin, clerk.officer)
    assert told() == [(["读取责任事项"], "有效")]
    permit(admin, clerk.officer, scopes=["read:leads"])
    assert told() == [([], "所选权限均已收回")]
    permit(admin, clerk.officer, end="1", reason="示例：对接结束")
    assert told() == [(["读取项目", "读取责任事项"], f"{calendar_day()} 停用")]
    permit(admin, clerk.officer, scopes=wide)
    assert told()[0][1] == f"{calendar_day()} 停用"


def test_account_when_opened_then_the_menu_of_the_name_leads_to_it_and_on_to_the_tokens(
    clerk: Standing, admin: Standing
) -> None:
    client = signed_in(clerk)
    assert '<a href="/account/">' in client.get("/desk/").content.decode()
    address = reverse("accounts:account")
    page = client.get(address).content.decode()
    assert ("没有接口权限" in page, reverse("api:reference") in page) == (True, True)
    permit(admin, clerk.officer)
    page = client.get(address).content.decode()
    assert ("有效令牌 0 个" in page, f'href="{reverse("tokens:tokens")}"' in page) == (True, True)
    strip = client.get(reverse("tokens:new")).context["rooms"]()
    assert [(room.name, here) for room, here in strip] == [
        ("我的账号", False),
        ("接口令牌", True),
        ("数据接口", False),
    ]
    assert "数据接口</h2>" not in signed_in(admin).get(address).content.decode()


def test_officer_when_permitted_or_taken_back_then_told_in_the_inbox(
    clerk: Standing, admin: Standing
) -> None:
    permit(admin, clerk.officer)
    permit(admin, clerk.officer, end="1", reason="示例：对接结束")
    inbox = signed_in(clerk).get("/inbox/").content.decode()
    assert f"安全管理员已准许{clerk.officer.name}使用数据接口，至 {SOON}" in inbox
    assert f"已收回{clerk.officer.name}的接口权限，已建的令牌全部停用：示例：对接结束" in inbox
    assert inbox.count('href="/account/tokens/"') >= 2


def test_account_when_it_does_no_business_then_no_permit_is_offered(
    clerk: Standing, admin: Standing
) -> None:
    auditor = make_standing(clerk.posts[0].organisation, Role.AUDIT_ADMIN).officer
    client, address = signed_in(admin), reverse("people:permit", args=[auditor.public_id])
    page = client.get(reverse("people:officer", args=[auditor.public_id])).content.decode()
    assert (address in page, "没有办理业务的岗位，不能使用接口" in page) == (False, True)
    asked = client.get(address, follow=True)
    assert asked.redirect_chain == [(reverse("people:officer", args=[auditor.public_id]), 302)]
    assert "没有办理业务的岗位，不能使用接口" in asked.content.decode()


def test_reference_when_opened_then_every_operation_with_an_example(clerk: Standing) -> None:
    page = signed_in(clerk).get(reverse("api:reference"))
    text = page.content.decode()
    assert page.status_code == 200
    for wanted in ("/api/v1/projects", "/api/v1/blockers/raise", "report:duties", "示例路改造项目"):
        assert wanted in text
    assert "<script>" not in text
    assert " style=" not in text
