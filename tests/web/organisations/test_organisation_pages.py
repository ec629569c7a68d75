"""The tree in protocol order, as of any day; each administrator's acts on it."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from guatu.register.enterprises import add_enterprise
from guatu.register.enums import OrganisationKind, PartyRole, Role
from guatu.register.models import Holding, Organisation, Party, Post
from guatu.register.organisations import edit_organisation, move_organisation
from guatu.register.posts import hold_post, release_post
from guatu.register.recording import create
from tests.factories import (
    NOON,
    make_campaign,
    make_district,
    make_officer,
    make_post,
    make_unit,
    system_act,
)

pytestmark = pytest.mark.django_db
TREE = "/organisations/"


@pytest.fixture
def district() -> Organisation:
    root = make_district()
    make_campaign(root)
    return root


def logged_in(client: Client, unit: Organisation, role: Role) -> Client:
    client.force_login(make_officer(make_post(unit, role, "登录岗")))
    return client


def page(name: str, unit: Organisation | Post) -> str:
    return reverse(f"organisations:{name}", args=[unit.public_id])


def test_tree_when_shown_then_protocol_order_not_alphabet(
    client: Client, district: Organisation
) -> None:
    make_unit(district, "甲示例局", rank=9)
    first = make_unit(district, "乙示例局", rank=1)
    make_unit(first, "丙示例科", OrganisationKind.SECTION)
    text = logged_in(client, district, Role.OFFICE).get(TREE).content.decode()
    places = [text.index(name) for name in ("乙示例局", "丙示例科", "甲示例局")]
    assert places == sorted(places)
    assert "新增" not in text


def test_unit_when_its_code_is_a_bare_word_then_the_page_does_not_show_it(
    client: Client, district: Organisation
) -> None:
    logged_in(client, district, Role.OFFICE)
    unit = make_unit(district, "示例财政局")
    assert f"部门 · {unit.code}" in client.get(page("unit", unit)).content.decode()
    Organisation.objects.filter(pk=unit.pk).update(code="finance")
    for shown in (page("unit", unit), "/search/?q=示例财"):
        text = client.get(shown).content.decode()
        assert (unit.get_kind_display() in text, "finance" in text) == (True, False)


def test_tree_when_read_as_of_a_past_day_then_that_days_names_and_holders(
    client: Client, district: Organisation
) -> None:
    unit = make_unit(district, "示例旧局")
    post = make_post(unit, title="局长")
    before, after = make_officer(post, name="示例前任"), make_officer(name="示例后任")
    later = system_act(NOON + dt.timedelta(days=5), NOON.date())
    edit_organisation(later, unit, name="示例新局", rank=1)
    release_post(later, Holding.objects.get(officer=before), until=dt.date(2025, 3, 1))
    hold_post(later, post, after, since=dt.date(2025, 3, 2))
    logged_in(client, district, Role.OFFICE)
    past = client.get(TREE, {"as_of": "2025-03-18"}).content.decode()
    assert [t in past for t in ("示例旧局", "示例前任", "示例新局", "示例后任")] == [
        True,
        True,
        False,
        False,
    ]
    now = client.get(TREE).content.decode()
    assert [t in now for t in ("示例新局", "示例后任", "示例前任")] == [True, True, False]


def test_units_when_system_admin_adds_renames_moves_closes_then_done(
    client: Client, district: Organisation
) -> None:
    first, second = make_unit(district, "示例甲局"), make_unit(district, "示例乙局")
    logged_in(client, district, Role.SYSTEM_ADMIN)
    told = {"name": "示例科", "kind": "section", "rank": 5}
    assert client.post(page("add", first), told).status_code == 302
    section = Organisation.objects.get(name="示例科")
    told = {"name": "示例一科", "rank": 5, "revision": section.revision}
    assert client.post(page("edit", section), told).status_code == 302
    asked = client.get(page("move", section)).content.decode()
    assert "核对：调整隶属" in asked
    told = {"parent": second.pk, "reason": "机构改革", "revision": 3}
    assert client.post(page("move", section), told).status_code == 302
    section.refresh_from_db()
    assert (section.name, section.parent, section.path.startswith(second.path)) == (
        "示例一科",
        second,
        True,
    )
    told = {"reason": "撤销", "revision": section.revision}
    assert client.post(page("close", section), told).status_code == 302
    client.get(TREE)  # shows what was done, once
    assert "示例一科" not in client.get(TREE).content.decode()


def test_move_when_target_is_wrong_then_form_says_so(
    client: Client, district: Organisation
) -> None:
    unit = make_unit(district, "示例甲局")
    below = make_unit(unit, "示例科", OrganisationKind.SECTION)
    logged_in(client, district, Role.SYSTEM_ADMIN)
    answer = client.post(page("move", unit), {"parent": below.pk, "reason": "x", "revision": 2})
    assert answer.status_code == 422


def test_posts_when_security_admin_adds_appoints_releases_then_done(
    client: Client, district: Organisation
) -> None:
    unit, officer = make_unit(district, "示例局"), make_officer(name="示例新人")
    logged_in(client, district, Role.SECURITY_ADMIN)
    told = {"title": "经办", "role": "unit", "rank": 1}
    assert client.post(page("post_add", unit), told).status_code == 302
    post = Post.objects.get(title="经办")
    told = {"officer": officer.pk, "since": "2025-03-01"}
    assert client.post(page("hold", post), told).status_code == 302
    holding = Holding.objects.get(officer=officer)
    shown = client.get(page("unit", unit)).content.decode()
    assert "示例新人" in shown
    release = reverse("organisations:release", args=[holding.pk])
    assert "责任事项留在岗位上" in client.get(release).content.decode()
    told = {"until": "2025-03-17", "reason": "调离"}
    assert client.post(release, told).status_code == 302
    holding.refresh_from_db()
    assert holding.until == dt.date(2025, 3, 17)


def test_hold_when_officer_is_an_administrator_then_the_form_says_why(
    client: Client, district: Organisation
) -> None:
    auditor = make_officer(make_post(district, Role.AUDIT_ADMIN, "审计岗"))
    post = make_post(district, title="经办")
    logged_in(client, district, Role.SECURITY_ADMIN)
    answer = client.post(page("hold", post), {"officer": auditor.pk, "since": "2025-03-01"})
    assert answer.status_code == 422
    assert answer.content.decode().count("不得兼任") == 2


def test_pages_when_tree_is_large_then_at_most_25_queries(
    client: Client, district: Organisation, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for number in range(40):
        make_officer(make_post(make_unit(district, f"示例{number}局")))
    unit = Organisation.objects.get(name="示例7局")
    move_organisation(system_act(), make_unit(district, "示例处"), unit, reason="归并")
    logged_in(client, district, Role.SECURITY_ADMIN)
    for address in (TREE, f"{TREE}?as_of=2025-03-18", page("unit", unit)):
        with django_assert_max_num_queries(25):  # type: ignore[attr-defined]
            assert client.get(address).status_code == 200


def test_post_when_of_a_firms_account_then_shown_to_who_sees_the_firm_and_keeps_accounts(
    client: Client, district: Organisation
) -> None:
    bureau, other = make_unit(district, "示例工信局"), make_unit(district, "示例住建局")
    firm = add_enterprise(system_act(), name="示例精密厂", unit=bureau)
    post = make_post(bureau, Role.ENTERPRISE, "企业填报岗")
    make_officer(post, name="示例精密厂账号")
    create(
        system_act(),
        "party.name",
        Party(subject=firm.subject, role=PartyRole.CONTACT, post=post),
    )
    seen = {
        (role, unit.name): {
            "精密厂" in logged_in(client, unit, role).get(address).content.decode()
            for address in (TREE, page("unit", bureau))
        }
        for role, unit in (
            (Role.UNIT, bureau),
            (Role.LEADER, district),
            (Role.SECURITY_ADMIN, other),
            (Role.UNIT, other),
            (Role.SPECIALIST, bureau),
        )
    }
    assert list(seen.values()) == [{True}, {True}, {True}, {False}, {False}]
