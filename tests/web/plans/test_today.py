"""What to push today: ordered by the days it saves, one click from the duty."""

import datetime as dt

import pytest

from guatu.investment.actions import add_project
from guatu.investment.actions.templates import plan_from_template
from guatu.investment.models import Category
from guatu.loop.models import Timing
from guatu.register.enums import Role
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


def test_today_when_nothing_is_planned_then_says_so(bare: Place) -> None:
    answer = bare.office.get("/today/")
    assert answer.context["pushes"] == []
    assert answer.context["day"] == dt.date(2025, 3, 18)
    assert "今天没有要您推的工作" in answer.content.decode()
