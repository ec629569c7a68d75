"""Giving several rows of a list to another unit or leader: shown first, then all or none."""

from typing import Any

import pytest
from django.test import Client

from guatu.attraction.actions import add_lead
from guatu.attraction.models import Lead
from guatu.investment.actions import propose, submit
from guatu.loop.actions.reforms import add_reform
from guatu.loop.models import Reform
from guatu.register.models import Event
from guatu.register.policies import Standing
from tests.attraction.conftest import Place
from tests.attraction.conftest import place as place  # noqa: PLC0414 -- a fixture
from tests.factories import act_of

pytestmark = pytest.mark.django_db
LEADS, RESERVES, REFORMS = "/leads/bulk/assign/", "/reserve/bulk/unit/", "/reforms/bulk/assign/"


def browser(standing: Standing) -> Client:
    client = Client()
    client.force_login(standing.officer, "django.contrib.auth.backends.ModelBackend")
    return client


def keys(*rows: Any) -> list[str]:  # noqa: ANN401 -- anything with a subject
    return [str(row.subject.public_id) for row in rows]


def told(answer: Any) -> tuple[list[str], list[tuple[str, str]]]:  # noqa: ANN401 -- a test answer
    """What a 核对 page would do, and what it leaves out."""
    return answer.context["affected"], answer.context["refused"]


def test_leads_when_given_to_another_unit_then_all_move_and_its_posts_own_them(
    place: Place,
) -> None:
    mine = add_lead(act_of(place.office), name="示例光学镜头项目", unit=place.unit)
    office = browser(place.office)
    rows = {"row": keys(place.lead, mine)}
    page = office.post(LEADS, rows)
    assert told(page) == (
        [
            "XS-00001 示例冷链装备基地（示例招商局）",
            "XS-00002 示例光学镜头项目（示例招商局）",
        ],
        [],
    )
    given = {"unit": place.other.pk, "leader_post": place.leader_post.pk, "reason": "职责调整"}
    done = office.post(LEADS, {**rows, **given, "checked": "1"})
    assert done["Location"] == "/leads/"
    found = Lead.objects.filter(
        subject__unit=place.other, leader_post=place.leader_post, owner_post=None
    )
    assert found.count() == 2
    events = Event.objects.filter(verb="lead.edit").values_list("reason", flat=True)
    assert list(events) == ["职责调整"] * 2


def test_leads_when_one_cannot_be_given_then_none_is_and_it_is_named_with_why(
    place: Place,
) -> None:
    add_lead(act_of(place.office), name="示例冷链装备基地", unit=place.other)
    free = add_lead(act_of(place.office), name="示例光学镜头项目", unit=place.unit)
    office = browser(place.office)
    given = {"unit": place.other.pk, "reason": "职责调整", "checked": "1"}
    page = office.post(LEADS, {"row": keys(place.lead, free), **given})
    assert (page.status_code, told(page)) == (
        422,
        (
            ["XS-00003 示例光学镜头项目（示例招商局）"],
            [
                (
                    "XS-00001 示例冷链装备基地（示例招商局）",
                    "「示例冷链装备基地」在该单位名下已有线索",
                )
            ],
        ),
    )
    assert Lead.objects.filter(subject__unit=place.unit).count() == 2
    office.post(LEADS, {"row": page.context["keys"], **given})
    moved = Lead.objects.get(pk=free.pk)
    assert moved.subject.unit == place.other


def test_leads_when_nothing_is_chosen_or_nothing_changes_then_said(place: Place) -> None:
    office = browser(place.office)
    assert office.post(LEADS, {"row": ["x"]})["Location"] == "/leads/"
    page = office.post(LEADS, {"row": keys(place.lead), "checked": "1", "reason": "调整"})
    assert page.context["form"].non_field_errors() == ["请选择要改成什么。"]
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
    given = {"unit": place.other.pk, "reason": "职责调整", "checked": "1"}
    asked = told(office.post(RESERVES, {"row": keys(waiting, judged)}))
    page = office.post(RESERVES, {"row": keys(waiting, judged), **given})
    assert told(page) == asked
    affected, refused = told(page)
    assert [name.split(" ")[1] for name in affected] == ["示例产业园（示例招商局）"]
    assert ["正在" in why or "不能" in why for _, why in refused] == [True]
    office.post(RESERVES, {"row": page.context["keys"], **given})
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
    page = office.post(REFORMS, {"row": keys(reform, second)})
    assert [name.split(" ")[1] for name in told(page)[0]] == [
        "示例高效办成一件事（示例招商局）",
        "示例标准地改革（待定）",
    ]
    office.post(
        REFORMS,
        {
            "row": keys(reform, second),
            "checked": "1",
            "unit": place.other.pk,
            "leader_post": place.leader_post.pk,
            "reason": "机构改革",
        },
    )
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
