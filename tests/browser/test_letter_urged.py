"""A letter nobody answers, in Chromium: urged from the desk, told and marked until it is met."""

import datetime as dt
from pathlib import Path

import pytest

from guatu.loop.models import Letter, Urge
from guatu.register.campaign import current, pin_business_date
from guatu.register.models import Post
from tests.browser.test_duty_life import OFFICE, PHONE, people
from tests.browser.test_duty_life import place as place  # noqa: PLC0414 -- a fixture
from tests.factories import TODAY, system_act
from tests.loop.builders import District
from tests.loop.letters import sent, signed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MARK = "3月19日 示例专班催办"


@pytest.fixture
def letter(place: District) -> Letter:
    """Letter delivered yesterday that nobody has read."""
    made = sent(place)
    campaign = current()
    assert campaign is not None
    pin_business_date(system_act(reason="示例"), campaign, TODAY + dt.timedelta(days=1))
    return made


def test_letter_when_nobody_reads_it_then_urged_from_the_desk_and_marked_until_answered(
    live_server: object, place: District, letter: Letter, tmp_path: Path
) -> None:
    with people(live_server, tmp_path) as crowd:
        office = crowd.at(place.office, OFFICE)
        crowd.judge(office, "desk-awaited-1366")
        office.click("#awaited >> text=催办")
        office.fill("#id_words", "请今天签收")
        crowd.judge(office, "letter-urge-1366")
        office.click("main button[type=submit]")
        office.wait_for_selector("text=已催办示例工信局经办岗")
        assert office.url.endswith("/desk/")
        assert MARK in office.inner_text("#awaited")
        office.click("#awaited .desk-open")
        office.wait_for_selector("#urges")
        assert f"{MARK}，尚未回复。" in office.inner_text("main")
        crowd.judge(office, "letter-urged-1366")
        office.click("#acts >> text=催办")
        office.click("main button[type=submit]")
        office.wait_for_selector("text=同一事项每个工作日只催一次")
        unit = crowd.at(place.owner, PHONE)
        assert MARK in unit.inner_text("#letters")
        crowd.judge(unit, "desk-urged-390")
        unit.goto(f"{crowd.root}/inbox/")
        assert "催办：请今天签收" in unit.inner_text("#list-part")
        unit.tap("#list-part a:has-text('督办函')")
        unit.wait_for_selector("#urges")
        crowd.judge(unit, "letter-urged-390")
        unit.tap("#acts >> text=回复")
        unit.fill("#id_text", "已明确专人，3月底前完成。")
        unit.tap("main button[type=submit]")
        unit.wait_for_selector("text=已回复：")
        assert MARK not in unit.inner_text("main")
        office.goto(f"{crowd.root}/letters/{letter.public_id}/urge/")
        office.wait_for_selector("text=已于 2025-03-19 回复，不用再催。")
        assert "status of 403" in crowd.complaints.pop()  # Chromium notes the refusal as an error
    urge = Urge.objects.get()
    assert (urge.letter, urge.words, urge.on) == (
        letter,
        "请今天签收",
        TODAY + dt.timedelta(days=1),
    )


def test_letters_when_several_are_ticked_then_checked_and_only_those_that_may_be_are_urged(
    live_server: object, place: District, letter: Letter, tmp_path: Path
) -> None:
    kept = signed(place)
    with people(live_server, tmp_path) as crowd:
        office = crowd.at(place.office, OFFICE, "/letters/")
        for key in (letter.public_id, kept.public_id):
            office.check(f"[data-choose][value='{key}']")
        office.click(".bulk-bar >> text=催办")
        office.click("text=下一步：核对")
        office.wait_for_selector("text=尚未送达，收件单位还看不到，不能催办")
        crowd.judge(office, "letters-urge-1366")
        office.click("text=确认催办")
        office.wait_for_selector("text=催办：已办理 1 项，1 项未办理。")
    assert Urge.objects.get().letter == letter
    assert Post.objects.filter(urges_got__letter=letter).get() == place.owner_post
