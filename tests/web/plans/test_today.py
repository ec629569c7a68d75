"""What to push today: ordered by the days it saves, one click from the duty."""

import datetime as dt

import pytest

from guatu.investment.actions import add_project
from guatu.investment.actions.templates import plan_from_template
from guatu.investment.models import Category
from guatu.loop.models import Timing
from guatu.register.enums import Role
from guatu.register.models import Subject
from tests.factories import system_act
from tests.web.plans.conftest import Place

pytestmark = pytest.mark.django_db


def test_today_when_a_plan_is_tight_then_its_first_work_with_what_it_saves(planned: Place) -> None:
    house = Category.objects.get(code="gov_building")
    hall = add_project(system_act(), name="示例文化馆", unit=planned.unit, category=house)
    due = dt.date(2026, 10, 31)
    plan_from_template(system_act(), hall, "gov_building", due, accept_infeasible=True)
    answer = planned.signed_in(Role.LEADER).get("/today/")
    pushes = answer.context["pushes"]
    assert pushes
    saved = [push.act.saved for push in pushes]
    assert saved == sorted(saved, reverse=True)
    first = pushes[0]
    assert (first.act.subject, first.is_late) == (hall.subject, True)
    late = Timing.objects.get(subject=hall.subject, known_to=None).late_by
    assert first.spare == f"差 {late} 天"
    if first.act.duty is not None:
        assert f"/duties/{first.act.duty.public_id}/" in answer.content.decode()


@pytest.fixture
def tight(planned: Place) -> Subject:
    """A plant, whose works wait for no meeting, whose deadline cannot be kept."""
    house = Category.objects.get(code="industry")
    hall = add_project(system_act(), name="示例厂房", unit=planned.unit, category=house)
    due = dt.date(2025, 12, 31)
    plan_from_template(system_act(), hall, "social_industry", due, accept_infeasible=True)
    return hall.subject


def test_desk_when_a_leader_opens_it_then_the_three_that_save_most_stand_on_top(
    planned: Place, tight: Subject
) -> None:
    leader = planned.signed_in(Role.LEADER)
    listed = [push.act for push in leader.get("/today/").context["pushes"]]
    answer = leader.get("/desk/")
    assert [push.act for push in answer.context["pushes"]] == listed[:3]
    page = answer.content.decode()
    first = answer.context["pushes"][0]
    assert (first.act.subject, first.saves) == (tight, True)
    assert f"推进：{first.act.activity.name}" in page
    assert f"早一天能省 {first.act.saved} 天" in page
    assert page.index('id="push"') < page.index("desk-rest")
    past = leader.get("/desk/?as_of=2025-03-10")
    assert past.context["pushes"] == []


@pytest.mark.usefixtures("tight")
def test_desk_when_the_office_opens_it_then_a_link_alone(planned: Place) -> None:
    answer = planned.office.get("/desk/")
    assert answer.context["pushes"] == []
    assert 'href="/today/"' in answer.content.decode()
    assert "推进：" not in answer.content.decode()


def test_desk_when_nothing_is_tight_then_no_empty_heading(planned: Place) -> None:
    leader = planned.signed_in(Role.LEADER)
    assert leader.get("/desk/").context["pushes"] == []
    assert 'id="push"' not in leader.get("/desk/").content.decode()


def test_today_when_a_push_saves_nothing_then_what_waiting_costs_stands_in_its_place(
    planned: Place, tight: Subject
) -> None:
    timing = Timing.objects.get(subject=tight, known_to=None)
    acts = [dict(timing.acts[0], saved=0, lost=140)]
    Timing.objects.filter(pk=timing.pk).update(acts=acts)
    leader = planned.signed_in(Role.LEADER)
    page = leader.get("/today/").content.decode()
    assert '<b class="today-saved">0</b>' not in page
    assert "早办不提前，拖不得" in page
    assert '<b class="today-saved">140</b> 天' in page
    assert "再拖五天要误 140 天" in leader.get("/desk/").content.decode()


def test_today_when_nothing_is_planned_then_says_so(bare: Place) -> None:
    answer = bare.office.get("/today/")
    assert answer.context["pushes"] == []
    assert answer.context["day"] == dt.date(2025, 3, 18)
    assert "今天没有要您推的工作" in answer.content.decode()
