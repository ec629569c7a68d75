"""A meeting in Chromium: its agenda is built from exceptions and its minutes become duties."""

import datetime as dt
from pathlib import Path

import pytest
from playwright.sync_api import Page

from guatu.loop.models import Decision, DispatchMeeting, Finding
from tests.browser.test_duty_life import OFFICE, PHONE, People, people
from tests.browser.test_duty_life import place as place  # noqa: PLC0414 -- a fixture
from tests.factories import TODAY
from tests.loop.builders import District, issued
from tests.loop.gatherings import LATE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MINUTES = """示例区项目攻坚调度会会议纪要
会议议定以下事项：
示例工信局负责，确保示例道路4月底前完成管线迁改。
"""
ROOM = (1920, 1080)
SMALL = (
    "[...document.querySelectorAll('.raise .button, .raise-cause, .raise-more > summary')]"
    ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 44).length"
)


def _called(crowd: People, place: District) -> Page:
    """The office calls a meeting, builds its agenda and makes it final."""
    page = crowd.at(place.office, OFFICE, "/meetings/")
    page.click("text=新建会议")
    page.check("text=调度会 >> visible=true >> nth=-1")
    page.select_option("#id_chair_post", str(place.leader_post.public_id))
    page.check("#id_attendant_units label:has-text('示例工信局')")
    crowd.judge(page, "meeting-new-1366")
    page.click("form.form button[type=submit]")
    page.click("#acts >> text=按例外编排")
    page.click("form.form button[type=submit]")
    page.wait_for_selector("text=已按今天的例外编排议程")
    agenda = page.inner_text("#agenda")
    assert "须会上督办" in agenda
    assert "已逾期 8 天" in agenda
    crowd.judge(page, "meeting-planned-1366")
    page.click("#acts >> text=定稿")
    page.click("form.form button[type=submit]")
    page.wait_for_selector("text=已定稿")
    return page


def _decided(crowd: People, page: Page) -> None:
    """A decision at the table, then the minutes, of which one promise is confirmed."""
    page.click(".agenda-item >> text=议定")
    page.fill("#id_title", "三日内补齐手续")
    page.fill("#id_due", (TODAY + dt.timedelta(days=3)).isoformat())
    crowd.judge(page, "meeting-decide-1366")
    page.click("form.form button[type=submit]")
    page.wait_for_selector("text=已议定并下达")
    page.click("#acts >> text=读入纪要")
    file = {"name": "纪要.txt", "mimeType": "text/plain", "buffer": MINUTES.encode()}
    page.set_input_files("#id_file", files=[file])
    page.click("form.form button[type=submit]")
    page.wait_for_selector("#minutes")
    crowd.judge(page, "meeting-final-1366")
    page.click("#minutes >> text=逐条核对")
    page.wait_for_selector(".draft-list")
    page.click("text=全部采纳确认项")
    page.click("#main form button[type=submit]")
    page.wait_for_load_state("networkidle")


def test_meeting_when_held_then_agenda_is_of_exceptions_and_minutes_become_duties(
    live_server: object, place: District, tmp_path: Path
) -> None:
    issued(place, due=LATE)
    with people(live_server, tmp_path) as crowd:
        page = _called(crowd, place)
        address = page.url.split("#")[0]
        _decided(crowd, page)
        page.goto(address)
        decisions = page.inner_text("section:has(#decisions)")
        assert "三日内补齐手续" in decisions
        assert "纪要原文：确保示例道路4月底前完成管线迁改" in decisions
        path = address.removeprefix(crowd.root)
        room = crowd.at(place.leader, ROOM, path)
        room.goto(f"{address}?screen=1")
        assert "推进示例事项" in room.inner_text("main")
        crowd.judge(room, "meeting-screen-1920")
        small = crowd.at(place.leader, PHONE, path)
        crowd.judge(small, "meeting-390")
    meeting = DispatchMeeting.objects.get()
    owed = Decision.objects.order_by("pk").values_list("meeting", "duty__source", "duty__due")
    assert list(owed) == [
        (meeting.pk, "meeting", TODAY + dt.timedelta(days=3)),
        (meeting.pk, "meeting", dt.date(2025, 4, 30)),
    ]


def test_phone_when_a_leader_visits_then_three_taps_and_a_sentence_record_it(
    live_server: object, place: District, tmp_path: Path
) -> None:
    with people(live_server, tmp_path) as crowd:
        page = crowd.at(place.leader, PHONE, f"/visits/new/?subject={place.subject.public_id}")
        assert page.evaluate(SMALL) == 0
        page.tap(".raise-cause:has-text('进展滞后')")
        page.fill("#id_text", "北段机械闲置")
        crowd.judge(page, "visit-new-390")
        page.tap(".raise-end button")
        page.wait_for_selector("text=已记督帮")
        assert "北段机械闲置" in page.inner_text("#main")
        crowd.judge(page, "visit-390")
        page.goto(f"{crowd.root}/visits/")
        crowd.judge(page, "visits-390")
    finding = Finding.objects.get()
    assert (finding.subject, finding.verdict, finding.visit.leader_post) == (
        place.subject,
        "slow",
        place.leader_post,
    )
