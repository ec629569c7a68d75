"""The page of an approval's time limit: what it asks, what it tells at once, what it saves."""

import datetime as dt
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from guatu.loop.actions.clocks import kept_clock
from guatu.loop.enums import StopKind
from guatu.loop.models import Activity, ApprovalClock
from guatu.loop.plan.clocks import Stop
from guatu.register.enums import Role
from tests.web.plans.conftest import Place

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
CLOCK = "steps/project_approval/clock/"


def context(answer: HttpResponse, name: str) -> Any:  # noqa: ANN401 -- whatever a page is drawn from
    """Return a value the page was drawn from."""
    return answer.context[name]  # type: ignore[attr-defined]


def approval() -> Activity:
    return Activity.objects.get(node="project_approval")


def asked(**more: str) -> dict[str, str]:
    return {
        "stamp": "0",
        "received": "2025-03-03",
        "limit_days": "15",
        "limit_unit": "working",
        "basis": "《行政许可法》第四十二条",
        "kind0": "review",
        "first0": "",
        "last0": "",
        "note0": "",
        **more,
    }


def post(client: Client, place: Place, *, htmx: bool = False, **more: str) -> HttpResponse:
    headers = HTMX if htmx else {}
    answer: Any = client.post(place.url(CLOCK), asked(**more), headers=headers)
    return answer


def test_clock_when_filled_in_then_the_legal_days_are_told_and_nothing_is_saved(
    planned: Place,
) -> None:
    answer = post(planned.office, planned, htmx=True, **{"try": "1"})
    reading = context(answer, "told").reading
    assert (answer.status_code, reading.acceptance.day, reading.last) == (
        200,
        dt.date(2025, 3, 3),
        dt.date(2025, 3, 24),
    )
    assert "第三十二条" in answer.content.decode()
    assert not ApprovalClock.objects.exists()
    broken = post(planned.office, planned, htmx=True, received="", **{"try": "1"})
    assert (broken.status_code, context(broken, "told")) == (200, None)


def test_clock_when_saved_then_told_on_the_page_the_plan_and_the_report(planned: Place) -> None:
    unit = planned.signed_in(Role.UNIT)
    answer = post(
        unit, planned, first0="2025-03-06", last0="2025-03-12", note0="示例通知", complete="on"
    )
    assert answer.status_code == 200
    kept = kept_clock(approval())
    assert kept is not None
    stop = Stop(StopKind.REVIEW, dt.date(2025, 3, 6), dt.date(2025, 3, 12), "示例通知")
    assert kept.clock.stops == (stop,)
    assert context(answer, "found").activity == approval()
    page = planned.office.get(planned.url()).content.decode()
    assert "办理时限：法定最后一日 2025-03-31，还剩 9 个工作日" in page
    assert (
        planned.url(CLOCK)
        in unit.get(planned.url("steps/project_approval/report/")).content.decode()
    )


def test_clock_when_a_line_is_emptied_then_its_stop_is_gone(planned: Place) -> None:
    post(planned.office, planned, first0="2025-03-06", last0="2025-03-12")
    form = context(planned.office.get(planned.url(CLOCK)), "form")
    assert [line[1].value() for line in form.lines] == [dt.date(2025, 3, 6), None]
    stamp = str(form["stamp"].value())
    lines = {"kind1": "review", "first1": "", "last1": "", "note1": ""}
    post(planned.office, planned, stamp=stamp, **lines)
    kept = kept_clock(approval())
    assert kept is not None
    assert kept.clock.stops == ()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"received": ""}, "received"),
        ({"received": "明天"}, "received"),
        ({"received": "2999-01-01"}, "received"),
        ({"limit_days": "-1"}, "limit_days"),
        ({"limit_unit": "weeks"}, "limit_unit"),
        ({"last0": "2025-03-12"}, "first0"),
        ({"first0": "2025-02-01"}, "first0"),
        ({"kind0": "lunch"}, "kind0"),
        ({"extension_days": "10"}, "extension_reason"),
    ],
)
def test_clock_when_what_is_sent_cannot_be_then_422_at_its_field(
    planned: Place, more: dict[str, str], field: str
) -> None:
    answer = post(planned.office, planned, **more)
    assert (answer.status_code, list(context(answer, "form").errors)) == (422, [field])
    assert not ApprovalClock.objects.exists()


def test_clock_when_the_page_is_old_then_told_and_the_next_try_saves(planned: Place) -> None:
    post(planned.office, planned)
    stale = post(planned.office, planned, complete="on")
    assert stale.status_code == 422
    stamp = context(stale, "form").data["stamp"]
    assert post(planned.office, planned, complete="on", stamp=stamp).status_code == 200


def test_drop_when_a_reason_is_given_then_the_record_is_gone(planned: Place) -> None:
    post(planned.office, planned)
    url = planned.url(f"{CLOCK}drop/")
    planned.office.post(url, {"reason": ""})
    assert kept_clock(approval()) is not None
    planned.office.post(url, {"reason": "填错了工作"})
    assert kept_clock(approval()) is None


def test_clock_when_no_approval_or_in_the_past_then_404(planned: Place) -> None:
    works = Activity.objects.filter(cause="weather").first()
    assert works is not None
    assert planned.office.get(planned.url(f"steps/{works.node}/clock/")).status_code == 404
    assert planned.office.get(f"{planned.url(CLOCK)}?as_of=2025-03-01").status_code == 404


def test_lamp_when_the_driver_is_an_approval_then_its_limit_is_told(planned: Place) -> None:
    approvals = list(Activity.objects.filter(cause="approval", duration__gt=0))
    for row in approvals:
        url = planned.url(f"steps/{row.node}/clock/")
        assert planned.office.post(url, asked(limit_days="3")).status_code == 200
    page = planned.office.get(planned.url().replace("/plan/", "/lamp/"))
    clock = context(page, "plan").clock
    assert clock is not None
    assert clock.short in page.content.decode()
