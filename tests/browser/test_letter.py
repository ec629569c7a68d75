"""A letter in Chromium: drafted, signed, numbered, read and answered on a phone, closed."""

import re
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from guatu.loop.models import Letter, Receipt
from tests.browser.test_duty_life import OFFICE, PASSWORD, PHONE, People, people
from tests.factories import TODAY
from tests.loop.builders import District, issued, make_loop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MARK = "草稿，未签发"
NUMBER = "示攻坚督〔2025〕1号"
SMALL = (
    "[...document.querySelectorAll('#main .button, #main input[type=checkbox],"
    " #main input[type=radio]')].filter(e => e.offsetParent)"
    ".map(e => Math.round(e.getBoundingClientRect().height)).filter(h => h < 44)"
)


@pytest.fixture
def district() -> District:
    """District in which everyone can sign in."""
    made = make_loop()
    for standing in (made.owner, made.office, made.leader):
        standing.officer.set_password(PASSWORD)
        standing.officer.password_changed_at = timezone.now()
        standing.officer.save()
    return made


def _drafted(crowd: People, district: District, address: str) -> Page:
    """The office drafts from the duty, adds a sentence and sends it to be signed."""
    office = crowd.at(district.office, OFFICE, address)
    office.click("text=发函")
    office.check("text=督办函")
    crowd.judge(office, "letter-new-1366")
    office.click("main button[type=submit]")
    office.wait_for_selector("#id_body")
    body = office.input_value("#id_body")
    assert "该事项已逾期8天" in body
    office.fill("#id_body", f"{body}\n请于3月25日前补齐手续。")
    crowd.judge(office, "letter-edit-1366")
    office.click("main button[type=submit]")
    office.wait_for_selector(".letter-sheet")
    sheet = office.inner_text(".letter-sheet")
    assert (MARK in sheet, NUMBER in sheet) == (True, False)
    crowd.judge(office, "letter-draft-1366")
    office.click("#acts >> text=送签")
    office.click("main button[type=submit]")
    office.wait_for_selector("text=已送签")
    return office


def _signed(crowd: People, district: District) -> None:
    """The leader checks the paper on a phone and signs."""
    leader = crowd.at(district.leader, PHONE)
    crowd.judge(leader, "letter-desk-leader-390")
    leader.tap("text=核对签发")
    leader.wait_for_selector(".letter-sheet")
    assert "请于3月25日前补齐手续。" in leader.inner_text(".letter-sheet")
    assert NUMBER not in leader.inner_text("#main")
    assert leader.evaluate(SMALL) == []
    crowd.judge(leader, "letter-sign-390")
    leader.tap("main button[type=submit]")
    leader.wait_for_selector("text=已签发")
    assert leader.url.endswith("/desk/")


def _answered(crowd: People, district: District) -> None:
    """The unit reads it on a phone, acknowledges and answers."""
    unit = crowd.at(district.owner, PHONE)
    unit.tap("#letters .desk-open")
    unit.wait_for_selector(".letter-sheet")
    assert NUMBER in unit.inner_text(".letter-sheet")
    assert MARK not in unit.inner_text("#main")
    unit.tap("#acts >> text=签收")
    unit.tap("main button[type=submit]")
    unit.wait_for_selector("text=已签收")
    crowd.judge(unit, "letter-read-390")
    unit.tap("#acts >> text=回复")
    unit.fill("#id_text", "已查明原因，3月25日前补齐。")
    assert unit.evaluate(SMALL) == []
    crowd.judge(unit, "letter-reply-390")
    unit.tap("main button[type=submit]")
    unit.wait_for_selector("text=已回复：")


def test_letter_when_it_goes_its_way_then_signed_numbered_read_answered_and_closed(
    live_server: object, district: District, tmp_path: Path
) -> None:
    duty = issued(district, due=TODAY.replace(day=10))
    with people(live_server, tmp_path) as crowd:
        office = _drafted(crowd, district, f"/duties/{duty.public_id}/")
        _signed(crowd, district)
        _answered(crowd, district)
        office.goto(f"{live_server}/desk/")
        assert "已查明原因，3月25日前补齐。" in office.inner_text("#letters")
        office.click("#letters >> text=认可")
        office.wait_for_selector("text=已办结：")
        office.goto(f"{live_server}/letters/")
        crowd.judge(office, "letters-1366")
        assert re.findall(r"\S*〔2025〕\d+号", office.inner_text("#list-part")) == [NUMBER]
    letter = Letter.objects.get()
    assert (letter.state, letter.reference, letter.signer) == (
        "closed",
        NUMBER,
        district.leader.officer,
    )
    assert [row.officer for row in Receipt.objects.all()] == [district.owner.officer]
    duty.refresh_from_db()
    assert duty.state == "issued"
