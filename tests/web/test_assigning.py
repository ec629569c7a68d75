"""Giving several rows of a list to another unit or leader: shown first, then done."""

import re
import uuid
from html import unescape
from typing import Any

import pytest
from django.test import Client

from guatu.attraction.actions import add_lead
from guatu.attraction.models import Lead
from guatu.investment.actions import propose, remove_reserve, submit
from guatu.investment.actions.projects import add_project
from guatu.loop.actions.reforms import add_reform
from guatu.loop.models import Reform
from guatu.register.models import Event, Subject
from guatu.register.policies import Standing
from tests.attraction.conftest import Place
from tests.attraction.conftest import place as place  # noqa: PLC0414 -- a fixture
from tests.factories import act_of, make_unit
from tests.web.confirming import confirm, look, told

pytestmark = pytest.mark.django_db
LEADS, RESERVES, REFORMS = "/leads/bulk/assign/", "/reserve/bulk/unit/", "/reforms/bulk/assign/"
STEPS = {
    LEADS: "示例镜头",
    RESERVES: "示例储备",
    REFORMS: "示例改革",
    "/projects/bulk/unit/": "示例项目",
}


def browser(standing: Standing) -> Client:
    client = Client()
    client.force_login(standing.officer, "django.contrib.auth.backends.ModelBackend")
    return client


def keys(*rows: Any) -> list[str]:  # noqa: ANN401 -- anything with a subject
    return [str(row.subject.public_id) for row in rows]


def test_leads_when_given_to_another_unit_then_all_move_and_its_posts_own_them(
    place: Place,
) -> None:
    mine = add_lead(act_of(place.office), name="示例光学镜头项目", unit=place.unit)
    office = browser(place.office)
    given = {"unit": place.other.pk, "leader_post": place.leader_post.pk, "reason": "职责调整"}
    sent = {"row": keys(place.lead, mine), **given}
    page = look(office, LEADS, sent)
    assert told(page) == (
        [
            "XS-00001 示例冷链装备基地（示例招商局）",
            "XS-00002 示例光学镜头项目（示例招商局）",
        ],
        [],
    )
    assert page.context["told"] == [
        ("责任单位", str(place.other)),
        ("包保领导", str(place.leader_post)),
        ("理由", "职责调整"),
    ]
    assert confirm(office, LEADS, sent)["Location"] == "/leads/"
    found = Lead.objects.filter(
        subject__unit=place.other, leader_post=place.leader_post, owner_post=None
    )
    assert found.count() == 2
    events = Event.objects.filter(verb="lead.edit").values_list("reason", flat=True)
    assert list(events) == ["职责调整"] * 2


def test_leads_when_one_cannot_be_given_then_it_is_named_with_why_and_stays(
    place: Place,
) -> None:
    add_lead(act_of(place.office), name="示例冷链装备基地", unit=place.other)
    free = add_lead(act_of(place.office), name="示例光学镜头项目", unit=place.unit)
    office = browser(place.office)
    sent = {"row": keys(place.lead, free), "unit": place.other.pk, "reason": "职责调整"}
    assert told(look(office, LEADS, sent)) == (
        ["XS-00003 示例光学镜头项目（示例招商局）"],
        [("XS-00001 示例冷链装备基地（示例招商局）", "「示例冷链装备基地」在该单位名下已有线索")],
    )
    assert Lead.objects.filter(subject__unit=place.unit).count() == 2
    confirm(office, LEADS, sent)
    found = Lead.objects.order_by("pk").values_list("pk", "subject__unit")
    assert dict(found)[free.pk] == place.other.pk
    assert dict(found)[place.lead.pk] == place.unit.pk


def test_leads_when_two_of_one_name_are_given_then_only_the_first(place: Place) -> None:
    twin = add_lead(act_of(place.office), name="示例冷链装备基地", unit=place.other)
    third = make_unit(place.district, "示例商务局")
    office = browser(place.office)
    sent = {"row": keys(place.lead, twin), "unit": third.pk, "reason": "职责调整"}
    assert [why for _, why in told(look(office, LEADS, sent))[1]] == [
        "「示例冷链装备基地」在该单位名下已有线索"
    ]


def test_leads_when_nothing_is_chosen_or_nothing_changes_then_said(place: Place) -> None:
    office = browser(place.office)
    assert office.post(LEADS, {"row": ["x"]})["Location"] == "/leads/"
    page = look(office, LEADS, {"row": keys(place.lead), "reason": "调整"})
    assert page.context["form"].non_field_errors() == ["请选择要改成什么。"]
    same = {"row": keys(place.lead), "unit": place.unit.pk, "reason": "调整"}
    assert [why for _, why in told(look(office, LEADS, same))[1]] == ["已经如此，没有变化"]
    assert Lead.objects.get().subject.unit == place.unit


def test_leads_when_the_officer_may_not_keep_them_then_there_is_no_such_step(
    place: Place,
) -> None:
    assert browser(place.reader).post(LEADS, {"row": keys(place.lead)}).status_code == 404
    other = browser(place.stranger).post(LEADS, {"row": keys(place.lead)})
    assert other["Location"] == "/leads/"
    page = browser(place.reader).get("/leads/")
    assert (page.context["bulk"], len(page.context["lines"])) == ([], 1)


def test_reserves_when_one_is_being_judged_then_it_stays_and_the_rest_can_be_given(
    place: Place,
) -> None:
    waiting = propose(
        act_of(place.clerk), name="示例产业园", unit=place.unit, origin="unit", content="厂房"
    )
    judged = propose(
        act_of(place.clerk),
        name="示例学校",
        unit=place.unit,
        origin="unit",
        content="新建",
        total_wan=100,
        land_state="已收储",
    )
    submit(act_of(place.clerk), judged)
    office = browser(place.office)
    given = {"unit": place.other.pk, "reason": "职责调整"}
    sent = {"row": keys(waiting, judged), **given}
    affected, refused = told(look(office, RESERVES, sent))
    assert [name.split(" ")[1] for name in affected] == ["示例产业园（示例招商局）"]
    assert [why for _, why in refused] == ["现在是待初审，不能修改"]
    confirm(office, RESERVES, sent)
    waiting.subject.refresh_from_db()
    judged.subject.refresh_from_db()
    assert (waiting.subject.unit, judged.subject.unit) == (place.other, place.unit)


def test_reforms_when_given_to_unit_and_leader_then_names_states_and_texts_stay(
    place: Place,
) -> None:
    reform = add_reform(
        act_of(place.office), name="示例高效办成一件事", unit=place.unit, content="拟定流程"
    )
    second = add_reform(act_of(place.office), name="示例标准地改革")
    office = browser(place.office)
    sent = {
        "row": keys(reform, second),
        "unit": place.other.pk,
        "leader_post": place.leader_post.pk,
        "reason": "机构改革",
    }
    assert [name.split(" ")[1] for name in told(look(office, REFORMS, sent))[0]] == [
        "示例高效办成一件事（示例招商局）",
        "示例标准地改革（责任单位待定）",
    ]
    confirm(office, REFORMS, sent)
    found = Reform.objects.order_by("pk").values_list(
        "subject__title", "subject__unit", "leader_post", "content"
    )
    unit, leader = place.other.pk, place.leader_post.pk
    assert list(found) == [
        ("示例高效办成一件事", unit, leader, "拟定流程"),
        ("示例标准地改革", unit, leader, ""),
    ]
    assert browser(place.clerk).post(REFORMS, {"row": keys(reform)}).status_code == 404


def test_lists_when_read_by_the_office_then_they_offer_the_step(place: Place) -> None:
    office = browser(place.office)
    offered = {
        path: [step.path for step in office.get(path).context["page"].bulk]
        for path in ("/leads/", "/reserve/", "/reforms/")
    }
    assert offered == {"/leads/": [LEADS], "/reserve/": [RESERVES], "/reforms/": [REFORMS]}


def test_all_of_a_filter_when_confirmed_then_rows_beyond_the_page_and_no_others(
    place: Place,
) -> None:
    office = browser(place.office)
    for number in range(51):
        add_lead(act_of(place.office), name=f"示例镜头{number}", unit=place.unit)
        add_reform(act_of(place.office), name=f"示例改革{number}", unit=place.unit)
        propose(act_of(place.office), name=f"示例储备{number}", unit=place.unit, origin="unit")
        add_project(act_of(place.office), name=f"示例项目{number}", unit=place.unit)
    add_reform(act_of(place.office), name="示例另事", unit=place.unit)
    given = {"unit": place.other.pk, "reason": "职责调整"}
    for path, words in STEPS.items():
        page = office.get(path.split("bulk/")[0], {"q": words})
        offered = re.search(r'name="all" value="([^"]*)"[^>]*> ([^<]*)', page.content.decode())
        assert offered is not None
        assert offered[2] == "选中筛选出的全部 51 项"
        sent = {"all": unescape(offered[1]), **given}
        known = Event.objects.count()
        assert look(office, path, sent).context["heading"].endswith(" 51 项")
        assert confirm(office, path, sent).status_code == 302
        assert Event.objects.count() == known + 51
    kinds = ("lead", "project", "reform")
    stayed = Subject.objects.filter(unit=place.unit, kind__in=kinds).values_list("title", flat=True)
    assert sorted(stayed) == ["示例冷链装备基地", "示例另事"]


def test_all_of_a_filter_when_the_clerk_confirms_then_only_what_is_in_sight(place: Place) -> None:
    add_lead(act_of(place.office), name="示例镜头", unit=place.other)
    sent = {"all": "", "unit": place.unit.pk, "reason": "职责调整"}
    page = look(browser(place.clerk), LEADS, sent)
    assert told(page) == ([], [("XS-00001 示例冷链装备基地（示例招商局）", "已经如此，没有变化")])
    assert 'type="submit">确认改派' not in page.content.decode()


def test_reserve_when_its_list_hides_what_is_taken_out_then_all_does_not_touch_it(
    place: Place,
) -> None:
    kept, gone = (
        propose(act_of(place.office), name=name, unit=place.unit, origin="unit")
        for name in ("示例产业园", "示例学校")
    )
    remove_reserve(act_of(place.office), gone, reason="不再实施")
    office = browser(place.office)
    given = {"unit": place.other.pk, "reason": "职责调整"}
    for query, found in (("", [kept]), ("state=removed", [gone])):
        page = look(office, RESERVES, {"all": query, **given})
        verdicts = page.context["plan"].verdicts
        assert [one.row.subject_id for one in verdicts] == [one.subject_id for one in found]


def test_limits_when_more_is_asked_than_one_step_takes_then_said(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_lead(act_of(place.office), name="示例镜头", unit=place.unit)
    office = browser(place.office)
    monkeypatch.setattr("guatu.web.lists.chosen.MOST", 1)
    page = office.post(LEADS, {"all": ""}, follow=True)
    assert "一次最多办理 1 项，请先用筛选缩小范围。" in page.content.decode()
    many = office.post(LEADS, {"row": [str(uuid.uuid4()) for _ in range(501)]}, follow=True)
    assert "一次最多勾选 500 行" in many.content.decode()
    monkeypatch.setattr("guatu.web.lists.page.MOST", 1)
    monkeypatch.setattr("guatu.web.leads.listing.LeadList.page_size", 1)
    listed = office.get("/leads/").content.decode()
    assert "超过一次 1 项的上限" in listed
    assert 'name="all"' not in listed
