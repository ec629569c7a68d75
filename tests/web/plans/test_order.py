"""Reports against the order of a plan: told while typing, taken all the same, marked for good."""

from typing import Any

import pytest
from django.http import HttpResponse

from guatu.engines.schedule import RETAINED
from guatu.loop.actions.network import sketch_of
from guatu.loop.models import Activity
from guatu.loop.plan.calendars import calendars_on
from guatu.loop.plan.order import contradictions
from guatu.loop.plan.sketch import Step
from tests.factories import TODAY
from tests.web.plans.conftest import Place

pytestmark = pytest.mark.django_db
FINISHED = {"way": "finished", "day": TODAY.isoformat()}
SAID = (
    f"「方案设计」已于{TODAY}完成，而前项「勘察设计评标、公示与合同签订」尚未完成；"
    "已完成的不再等前项。"
)
MARK = "先后颠倒</span>"


def posted(place: Place, node: str, **values: str) -> HttpResponse:
    answer: HttpResponse = place.office.post(place.url(f"steps/{node}/report/"), values)
    return answer


def context(answer: HttpResponse) -> Any:  # noqa: ANN401 -- whatever a page is drawn from
    return answer.context  # type: ignore[attr-defined]


def test_report_when_finished_before_its_predecessors_then_said_while_typing_and_not_saved(
    planned: Place,
) -> None:
    answer = posted(planned, "scheme", hints="1", **FINISHED)
    text = answer.content.decode()
    assert (answer.status_code, "<html" in text, SAID in text, RETAINED in text) == (
        200,
        False,
        True,
        True,
    )
    assert Activity.objects.get(node="scheme").finished is None


@pytest.mark.parametrize(
    "values", [{}, {"way": "finished"}, {"way": "late-10"}, {"way": "finished", "day": "x"}]
)
def test_report_when_nothing_is_contradicted_yet_then_nothing_is_said(
    planned: Place, values: dict[str, str]
) -> None:
    answer = posted(planned, "scheme", hints="1", **values)
    assert (answer.status_code, "尚未" in answer.content.decode()) == (200, False)


def test_report_when_tried_then_the_consequences_name_it(planned: Place) -> None:
    answer = posted(planned, "scheme", **{"try": "1"}, **FINISHED)
    assert [one.reason for one in context(answer)["found"].disorder] == [SAID]
    assert SAID in answer.content.decode()
    assert Activity.objects.get(node="scheme").finished is None


def test_report_when_taken_then_a_mark_stays_in_the_table_and_on_paper(planned: Place) -> None:
    before = planned.office.get(planned.url()).content.decode()
    answer = posted(planned, "scheme", **FINISHED)
    assert [one.reason for one in context(answer)["found"].disorder] == [SAID]
    assert SAID in context(answer)["found"].words
    assert Activity.objects.get(node="scheme").finished == TODAY
    page, paper = (
        planned.office.get(planned.url(tail)).content.decode() for tail in ("", "paper/")
    )
    assert (before.count(MARK), page.count(MARK), paper.count(MARK)) == (0, 1, 1)
    assert SAID in page
    assert f"有先后颠倒的工作，{RETAINED}" in page
    assert RETAINED not in before


def test_report_when_the_predecessor_is_reported_later_then_it_says_so_too(planned: Place) -> None:
    posted(planned, "scheme", way="finished", day="2025-03-10")
    answer = posted(planned, "design_contract", **FINISHED)
    reasons = [one.reason for one in context(answer)["found"].disorder]
    past = (
        "「方案设计」已于2025-03-10开始，早于前项「勘察设计评标、公示与合同签订」"
        f"完成的{TODAY}；两项都已成事实，不再影响推算。"
    )
    assert past in reasons


def test_contradictions_when_the_plan_cannot_be_computed_then_none(planned: Place) -> None:
    posted(planned, "scheme", **FINISHED)
    sketch, calendars = sketch_of(planned.road.subject), calendars_on()
    assert [one.successor for one in contradictions(sketch, calendars, TODAY)] == ["scheme"]
    assert contradictions(sketch, calendars, TODAY, "permit") == ()
    unknown = sketch.with_step(Step(key="x", name="示例", duration=1))
    assert contradictions(unknown, calendars, TODAY) == ()


def test_report_when_finished_before_the_campaign_then_a_box_to_tick_and_then_taken(
    planned: Place,
) -> None:
    told = {"way": "finished", "day": "2024-06-03"}
    box = "情况属实，仍按此登记"
    assert box not in planned.office.get(planned.url("steps/site/report/")).content.decode()
    assert posted(planned, "site", **{"try": "1"}, **told).status_code == 200
    asked = posted(planned, "site", **told)
    assert (asked.status_code, box in asked.content.decode()) == (422, True)
    assert posted(planned, "site", knowing="on", **told).status_code == 200
    assert str(Activity.objects.get(node="site").finished) == "2024-06-03"


def test_node_of_a_plan_when_finished_before_the_years_of_the_calendar_then_still_computed(
    planned: Place,
) -> None:
    address = f"/projects/{planned.url().split('/')[2]}/nodes/site/finish/"
    told = {"day": "2017-06-05", "knowing": "on"}
    answer = planned.office.post(address, told)
    assert answer.status_code == 302
    assert planned.office.get(planned.url()).status_code == 200
