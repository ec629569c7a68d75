"""An ignored duty climbs its ladder in Chromium: weeks, a pause, an extension, a clock set back."""

import datetime as dt
from pathlib import Path

import pytest

from guatu.campaign import tick
from guatu.loop.models import Duty, EscalationStep, Letter
from guatu.register.campaign import current, pin_business_date
from guatu.register.enums import Role
from guatu.register.models import Post
from guatu.register.recording import create
from tests.browser.test_duty_life import OFFICE, PHONE, People, people, place
from tests.factories import TODAY, make_officer, system_act
from tests.loop.builders import District, issued

__all__ = ["place"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAY = dt.timedelta(days=1)
WALL = (1920, 1080)


def live(first: dt.date, last: dt.date) -> int:
    """Let the campaign's days pass, the timer running on each; returns how many steps it took."""
    steps = 0
    for number in range((last - first).days + 1):
        pin(first + number * DAY)
        steps += tick.run().steps
        assert tick.run().steps == 0
    return steps


def pin(day: dt.date) -> None:
    """Set the campaign's day."""
    campaign = current()
    assert campaign is not None
    pin_business_date(system_act(reason="模拟"), campaign, day)


def climbed(duty: Duty) -> list[tuple[str, str]]:
    """Steps taken on the duty, each with the day it fell due and was taken."""
    rows = EscalationStep.objects.filter(duty=duty)
    assert all(row.fell_on == row.taken_on for row in rows)
    return [(row.step, row.fell_on.isoformat()) for row in rows]


def read_and_told_what_comes(crowd: People, place: District, address: str) -> None:
    """The owner reads the later of two reminders on the phone and sees the next step."""
    owner = crowd.at(place.owner, PHONE, "/inbox/")
    assert owner.inner_text(".topbar-count") == "1"
    assert "此前 1 条" in owner.inner_text("#list-part")
    crowd.judge(owner, "inbox-390")
    small = owner.evaluate(
        "[...document.querySelectorAll('#main .button, .topbar-inbox, .table .choose')]"
        ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 44)"
        ".map(e => e.outerHTML)"
    )
    assert small == []
    owner.tap("text=全部已读")
    owner.wait_for_selector("text=已读 2 条。")
    assert owner.locator(".topbar-count").count() == 0
    owner.goto(f"{crowd.root}{address}")
    assert "到 2025-04-08 仍未办结，将建议专班发督办函" in owner.inner_text("main")
    crowd.judge(owner, "ladder-390")


def rule_opened_and_paused(crowd: People, place: District, address: str) -> None:
    """The office opens the rule of the next step, then pauses the duty."""
    office = crowd.at(place.office, OFFICE, address)
    crowd.judge(office, "ladder-1366")
    office.click("text=依据：逾期 5 个工作日")
    office.wait_for_selector("text=逐级提醒规则")
    assert office.locator("tr:target").inner_text().endswith("建议专班发督办函")
    crowd.judge(office, "ladders-1366")
    office.goto(f"{crowd.root}{address}pause/")
    office.fill("textarea[name=reason]", "等上级批复")
    office.click("main button[type=submit]")
    office.wait_for_selector("text=暂停期间不提醒")


def copied_and_extended(crowd: People, place: District, address: str) -> None:
    """The leader reads the copy on the desk; the owner asks for time and the office grants it."""
    leader = crowd.at(place.leader, PHONE)
    assert "抄送：推进示例事项" in leader.inner_text("#told")
    leader.tap("#told button:has-text('已读')")
    # The reminder of the day it became late, which went past the owner, is read with it.
    leader.wait_for_selector("text=已读 2 条。")
    assert leader.locator("#told").count() == 0
    office = crowd.at(place.office, WALL, "/inbox/digest/?day=2025-04-17")
    assert "建议专班（示例专班）发督办函" in office.inner_text("main")
    crowd.judge(office, "digest-1920")
    office.goto(f"{crowd.root}/desk/")
    office.click("text=按规则拟出、待核对送签的函稿 1 件")
    office.wait_for_selector("#list-part")
    office.click("#list-part a:has-text('督办函')")
    office.wait_for_selector(".letter-sheet")
    assert "应于2025年3月31日前完成" in office.inner_text(".letter-sheet")
    crowd.judge(office, "letter-by-rule-1920")
    owner = crowd.at(place.owner, PHONE, f"{address}extension/")
    owner.fill("[name=to_due]", "2025-05-12")
    owner.fill("[name=reason]", "雨季影响")
    owner.tap("main button[type=submit]")
    owner.wait_for_selector("text=雨季影响")
    office.goto(f"{crowd.root}/desk/")
    office.click("button:has-text('同意') >> nth=0")
    office.wait_for_selector("text=延期申请已批复")


def test_duty_when_ignored_for_weeks_then_climbs_each_step_once_and_people_are_told(
    live_server: object, place: District, tmp_path: Path
) -> None:
    duty = issued(place, dt.date(2025, 3, 31), title="推进示例事项，名称很长的一项跨部门协调工作")
    address = f"/duties/{duty.public_id}/"
    assert live(TODAY, dt.date(2025, 4, 2)) == 3
    with people(live_server, tmp_path) as crowd:
        read_and_told_what_comes(crowd, place, address)
        rule_opened_and_paused(crowd, place, address)
    assert live(dt.date(2025, 4, 3), dt.date(2025, 4, 13)) == 0
    pin(dt.date(2025, 4, 14))
    with people(live_server, tmp_path) as crowd:
        office = crowd.at(place.office, OFFICE, f"{address}resume/")
        office.click("main button[type=submit]")
        office.wait_for_selector("text=到 2025-04-17 仍未办结")
    assert live(dt.date(2025, 4, 14), dt.date(2025, 4, 18)) == 2
    with people(live_server, tmp_path) as crowd:
        copied_and_extended(crowd, place, address)
    assert live(dt.date(2025, 4, 19), dt.date(2025, 5, 9)) == 2
    before = climbed(duty)
    assert live(dt.date(2025, 5, 8), dt.date(2025, 5, 9)) == 0
    assert climbed(duty) == before
    live(dt.date(2025, 5, 10), dt.date(2025, 5, 25))
    # The draft of April still waits: a second about the same duty would say no more.
    assert [(one.duty, one.step.cycle) for one in Letter.objects.all() if one.step] == [
        (duty, dt.date(2025, 3, 31))
    ]
    assert climbed(duty) == [
        ("soon", "2025-03-24"),
        ("near", "2025-03-28"),
        ("late", "2025-04-01"),
        ("letter", "2025-04-17"),
        ("copy", "2025-04-17"),
        ("soon", "2025-05-05"),
        ("near", "2025-05-09"),
        ("late", "2025-05-13"),
        ("letter", "2025-05-19"),
        ("copy", "2025-05-19"),
    ]


def test_duty_when_its_post_is_vacant_then_the_unit_head_finds_it_on_the_desk(
    live_server: object, place: District, tmp_path: Path
) -> None:
    vacant = create(
        system_act(), "post.add", Post(organisation=place.unit, title="空岗", role=Role.UNIT)
    )
    issued(place, TODAY + 7 * DAY, owner_post=vacant)
    make_officer(vacant).holdings.update(until=TODAY - DAY)
    assert live(TODAY, TODAY) == 1
    with people(live_server, tmp_path) as crowd:
        head = crowd.at(place.owner, OFFICE)
        words = head.inner_text("#told")
        assert "示例工信局空岗暂无人任职，转由您处理" in words
        crowd.judge(head, "desk-vacant-1366")
