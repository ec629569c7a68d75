"""What is typed into the editor or a file: taken as it stands, or refused in a sentence."""

import datetime as dt
import json
from typing import Any

import pytest
from django.http import HttpResponse

from guatu.loop.actions.network import sketch_of
from guatu.loop.models import Activity, Scenario
from guatu.loop.plan.sketch import Step
from tests.factories import TODAY
from tests.web.plans.conftest import Place

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def refusals(answer: HttpResponse) -> list[str]:
    assert answer.status_code == 422
    found: list[str] = answer.context["refusals"]  # type: ignore[attr-defined]
    return found


def opened(place: Place) -> str:
    return str(place.office.post(place.url("tries/open/")).headers["Location"])


def typed(place: Place, url: str, key: str, **changes: Any) -> HttpResponse:  # noqa: ANN401 -- as typed
    """Send the form of one step as it is shown, but for some fields."""
    shown = place.office.get(url, {"step": key})
    initial = shown.context["step_form"].initial
    values = {name: "" if value is None else value for name, value in initial.items()}
    values |= {"form": "step", "key": key, **changes}
    posted = {name: value for name, value in values.items() if value is not False}
    answer: HttpResponse = place.office.post(f"{url}do/", posted)
    return answer


def step_of(place: Place, key: str) -> Step:
    return sketch_of(place.road.subject).steps[key]


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        ({"low": 50, "high": 10}, "的最短工期 50 天长于工期 30 天。"),
        ({"high": 10}, "的最长工期 10 天短于工期 30 天。"),
    ],
)
def test_step_when_typed_bounds_do_not_hold_the_duration_then_refused(
    planned: Place, bounds: dict[str, int], words: str
) -> None:
    url = opened(planned)
    name = step_of(planned, "study").name
    answer = typed(planned, url, "study", duration=30, **bounds)
    assert refusals(answer) == [f"「{name}」{words}"]
    command = {"op": "duration", "key": "study", "duration": 30, **bounds}
    again = planned.office.post(f"{url}do/", {"command": json.dumps(command)})
    assert refusals(again) == [f"「{name}」{words}"]
    assert Scenario.objects.get().commands == []


def test_step_when_only_the_duration_is_typed_then_bounds_follow_it(planned: Place) -> None:
    url, step = opened(planned), step_of(planned, "study")
    assert step.high is not None
    typed(planned, url, "study", duration=step.high + 5)
    (command,) = Scenario.objects.get().commands
    bounds = {"low": step.low, "high": step.high + 5}
    assert command == {"op": "duration", "key": "study", "duration": step.high + 5} | bounds


def test_step_when_bounds_are_typed_with_a_duration_between_then_taken_as_typed(
    planned: Place,
) -> None:
    url = opened(planned)
    typed(planned, url, "study", duration=30, low=29, high=31)
    (command,) = Scenario.objects.get().commands
    assert command == {"op": "duration", "key": "study", "duration": 30, "low": 29, "high": 31}


@pytest.mark.parametrize("firm", ["", "on"])
def test_step_when_the_day_typed_is_before_the_business_date_then_refused(
    planned: Place, firm: str
) -> None:
    url, past = opened(planned), (TODAY - DAY).isoformat()
    name = step_of(planned, "start").name
    flag: dict[str, Any] = {"firm": firm} if firm else {}
    answer = typed(planned, url, "start", due=past, **flag)
    assert refusals(answer) == [f"「{name}」的期限 {past} 早于业务日期 {TODAY}。"]
    assert Scenario.objects.get().commands == []


def test_step_when_its_day_passed_before_then_other_edits_are_taken(planned: Place) -> None:
    Activity.objects.filter(node="start").update(due=TODAY - DAY)
    url = opened(planned)
    typed(planned, url, "start", name="示例开工")
    assert [one["op"] for one in Scenario.objects.get().commands] == ["rename"]


@pytest.mark.parametrize("key", ["study", "permit"])
def test_step_when_a_duration_is_negative_then_refused_with_its_name(
    planned: Place, key: str
) -> None:
    url, name = opened(planned), step_of(planned, key).name
    answer = typed(planned, url, key, duration=-3)
    assert refusals(answer) == [f"「{name}」的工期（天）填了 -3，不能是负数。"]


def test_add_when_a_duration_is_negative_then_refused_with_its_name(planned: Place) -> None:
    url = opened(planned)
    posted = {"form": "add", "name": "示例增项", "duration": -3, "calendar": "office"}
    answer = planned.office.post(f"{url}do/", posted)
    assert refusals(answer) == ["「示例增项」的工期（天）填了 -3，不能是负数。"]
