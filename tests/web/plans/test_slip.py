"""Whose delay a slip is, as the plan, the report, the lamp and the project page tell it."""

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guatu.loop.models import Activity, Duty, Lamp
from guatu.register.enums import Role
from tests import factories
from tests.web.plans.conftest import Place

pytestmark = pytest.mark.django_db
MOST_QUERIES = 25
LATE = "project_approval"
CAUSE = "因「可行性研究报告批复」预计晚 10 天"


@pytest.fixture
def late(planned: Place) -> tuple[Place, HttpResponse]:
    """The road after its approval was reported ten days late, and the answer to that."""
    url = reverse("plans:report", args=[planned.road.subject.public_id, LATE])
    return planned, planned.office.post(url, {"way": "late-10", "cause": "审批"})


def test_report_when_it_breaks_deadlines_then_each_names_the_late_activity(
    late: tuple[Place, HttpResponse],
) -> None:
    broken = late[1].context["found"].broken  # type: ignore[attr-defined]
    causes = {one.key: one.because for one in broken}
    assert causes.pop(LATE) == "本项自身延误"
    assert causes
    assert {words.split("，")[0] for words in causes.values()} == {CAUSE}
    said = late[1].content.decode()
    assert all(one.missed in said and one.because in said for one in broken[:5])
    assert all(CAUSE in one.words for one in broken if one.key != LATE)


def test_plan_when_a_step_slipped_then_its_row_names_the_cause(
    late: tuple[Place, HttpResponse],
) -> None:
    place = late[0]
    with CaptureQueriesContext(connection) as asked:
        answer = place.office.get(place.url())
    assert len(asked) <= MOST_QUERIES
    stages = answer.context["stages"]  # type: ignore[attr-defined]
    rows = {row.step.key: row for stage in stages for row in stage.rows}
    assert rows["operation"].because.startswith(CAUSE)
    assert rows[LATE].because == "本项自身延误"
    assert all(row.because for row in rows.values() if row.slip and row.slip > 0)
    assert not any(row.because for row in rows.values() if not row.slip or row.slip < 0)
    assert f"晚 {rows['operation'].slip} 天，{CAUSE}" in answer.content.decode()


def test_lamp_and_project_when_a_step_slipped_then_they_name_the_cause(
    late: tuple[Place, HttpResponse],
) -> None:
    place = late[0]
    key = place.road.subject.public_id
    with CaptureQueriesContext(connection) as asked:
        lamp = place.office.get(reverse("projects:lamp", args=[key]))
    assert len(asked) <= MOST_QUERIES
    assert lamp.context["plan"].slip.startswith("「通车」比基线晚 ")  # type: ignore[attr-defined]
    assert CAUSE in lamp.content.decode()
    address = reverse("plans:slip", args=[key])
    assert address in place.office.get(reverse("projects:project", args=[key])).content.decode()
    assert CAUSE in place.office.get(address).content.decode()


def test_project_when_nothing_is_late_then_nothing_is_asked(planned: Place) -> None:
    key = planned.road.subject.public_id
    page = planned.office.get(reverse("projects:project", args=[key])).content.decode()
    assert reverse("plans:slip", args=[key]) not in page
    assert planned.office.get(reverse("plans:slip", args=[key])).content.decode().strip() == ""


def test_lamp_when_the_owner_cannot_report_then_it_says_who_is_charged(
    planned: Place,
) -> None:
    other = factories.make_unit(planned.district, "示例规划局")
    key = planned.road.subject.public_id
    url = reverse("projects:lamp", args=[key])
    lamp = Lamp.objects.get()
    Activity.objects.filter(pk=lamp.activity_id).update(owner_unit=other)
    said = "示例规划局没有可填报的岗位，责任事项届时由示例建设局承办"
    assert said in planned.office.get(url).content.decode()
    factories.make_post(other, Role.UNIT, "审批岗")
    assert "承办" not in planned.office.get(url).content.decode()


def test_lamp_when_the_duty_went_to_another_unit_then_it_says_so(
    late: tuple[Place, HttpResponse],
) -> None:
    place = late[0]
    other = factories.make_unit(place.district, "示例规划局")
    duty = Duty.objects.get(kind="node", activity__node=LATE)
    Lamp.objects.update(activity=duty.activity)
    Activity.objects.filter(pk=duty.activity_id).update(owner_unit=other)
    url = reverse("projects:lamp", args=[place.road.subject.public_id])
    said = "示例规划局没有可填报的岗位，责任事项由示例建设局承办"
    assert said in place.office.get(url).content.decode()
    factories.make_post(other, Role.UNIT, "审批岗")
    shown = place.office.get(url).content.decode()
    assert '<br><span class="quiet">责任事项由示例建设局承办' in shown
