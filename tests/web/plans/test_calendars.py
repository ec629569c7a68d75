"""Calendars and holiday notices as pages: changed by the office alone, plans follow at once."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from guatu.loop.models import HolidayNotice, ReviewMeeting, Timing, WorkCalendar
from guatu.register.enums import Role
from guatu.web.calendars.forms import CalendarForm, MeetingForm
from tests.web.plans.conftest import Place

pytestmark = pytest.mark.django_db
NOTICE = (
    "year,date,kind,source,provisional\n"
    "2027,2027-01-01,off,示例通知,false\n"
    "2027,2027-02-06,work,示例通知,false\n"
)


def file(text: str) -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile("示例.csv", text.encode())}


def test_calendars_when_read_then_years_without_notice_are_provisional(planned: Place) -> None:
    answer = planned.signed_in(Role.UNIT).get("/calendars/")
    years = {one.year: one.announced for one in answer.context["years"]}
    assert (years[2025], years[2027]) == (True, False)
    assert answer.context["may_change"] is False


def test_stop_when_made_longer_then_plans_are_computed_again(planned: Place) -> None:
    outdoor = WorkCalendar.objects.get(code="outdoor")
    before = Timing.objects.get(known_to=None).dates["start"].late_start
    posted = CalendarForm.initial_of(outdoor) | {
        "stop": "10-01 至 04-30",
        "reason": "示例：住建部门通知",
    }
    answer = planned.office.post(f"/calendars/{outdoor.public_id}/", posted)
    assert answer.headers["Location"] == "/calendars/"
    outdoor.refresh_from_db()
    assert outdoor.stop == [["10-01", "04-30"]]
    assert Timing.objects.get(known_to=None).dates["start"].late_start != before


def test_stop_when_written_wrongly_then_refused_at_its_field(planned: Place) -> None:
    outdoor = WorkCalendar.objects.get(code="outdoor")
    posted = CalendarForm.initial_of(outdoor) | {"stop": "十一月起", "reason": "示例"}
    answer = planned.office.post(f"/calendars/{outdoor.public_id}/", posted)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["stop"]


def test_notice_when_uploaded_then_shown_first_and_loaded_on_confirming(planned: Place) -> None:
    preview = planned.office.post("/calendars/notices/", file(NOTICE))
    one = preview.context["previews"][0]
    # Where a notice is silent the days of the law alone are no longer off.
    opened = ["02-05", "02-06", "02-08", "04-05", "06-09", "09-15", "10-01"]
    assert [f"{day:%m-%d}" for day in one.opened] == opened
    assert (one.year, one.closed) == (2027, ())
    assert HolidayNotice.objects.count() == 0
    posted = {"content": preview.context["content"]}
    refused = planned.office.post("/calendars/notices/confirm/", posted, follow=True)
    assert "法定节假日会变成上班日" in str(next(iter(refused.context["messages"])))
    assert HolidayNotice.objects.count() == 0
    said = preview.content.decode()
    assert "2027 年有 7 天法定节假日会变成上班日" in said
    assert 'name="accept" value="1" required' in said
    planned.office.post("/calendars/notices/confirm/", {**posted, "accept": "1"})
    assert list(HolidayNotice.objects.values_list("year", flat=True)) == [2027]


def test_notice_when_a_line_is_wrong_then_named_and_nothing_loaded(planned: Place) -> None:
    answer = planned.office.post(
        "/calendars/notices/", file(NOTICE + "2027,二月,off,示例,\n"), follow=True
    )
    assert "第 4 行" in str(next(iter(answer.context["messages"])))
    assert HolidayNotice.objects.count() == 0


def test_body_when_its_days_change_then_the_plans_that_wait_follow(planned: Place) -> None:
    body = ReviewMeeting.objects.get(code="planning_review")
    page = planned.signed_in(Role.UNIT).get("/calendars/").content.decode()
    assert "规划方案审查会" in page
    assert "每 2 周的周四" in page
    before = Timing.objects.get(known_to=None).dates["scheme_review"].early_start
    posted = MeetingForm.initial_of(body) | {"cancelled": str(before), "reason": "示例：改期"}
    answer = planned.office.post(f"/calendars/meetings/{body.public_id}/", posted)
    assert answer.headers["Location"] == "/calendars/"
    after = Timing.objects.get(known_to=None).dates["scheme_review"].early_start
    assert before is not None
    assert after is not None
    assert after > before


def test_body_when_written_wrongly_then_refused_at_its_field(planned: Place) -> None:
    posted = {"name": "示例评审会", "code": "expert", "since": "2025-03-01", "weeks": "1"}
    wrong = {**posted, "weekday": "9", "status": "pending", "reason": "示例"}
    answer = planned.office.post("/calendars/meetings/new/", wrong)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["weekday"])
    right = {**wrong, "weekday": "3"}
    assert planned.office.post("/calendars/meetings/new/", right).status_code == 302
    assert ReviewMeeting.objects.get(code="expert").weekday == 3
    again = planned.office.post("/calendars/meetings/new/", right)
    assert list(again.context["form"].errors) == ["code"]
