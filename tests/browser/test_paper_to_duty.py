"""A paper in Chromium: read beside its text, decided by keyboard, and on the right desk."""

from pathlib import Path

import pytest
from django.utils import timezone

from guatu.investment import stages
from guatu.loop.enums import DutyState
from guatu.loop.models import Duty
from guatu.register.enums import DraftState
from guatu.register.models import Draft
from tests.browser.test_duty_life import OFFICE, PASSWORD, PHONE, people
from tests.loop.builders import District, make_loop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAPER = """在示例区项目攻坚年大会上的讲话
以超常规力度扩大有效投资
2025年，要加快推进示例东湖产业园项目建设，年底前完成竣工验收。力争示例云谷数据中心签约落位。
服务示例星河科技公司、示例长风装备公司等5户亿元企业，确保年内完成入库。推进示例长风路改造工程应开尽开。
以超常规举措稳定经济增长
全力抓好招商引资，加快示例招商专班驻点招商，年内引进示例光电产业园等3个项目。
"""


@pytest.fixture
def place() -> District:
    made = make_loop()
    stages.load_shipped()
    for standing in (made.owner, made.office):
        standing.officer.set_password(PASSWORD)
        standing.officer.password_changed_at = timezone.now()
        standing.officer.save()
    return made


def test_paper_when_uploaded_then_accepted_by_keyboard_and_duty_on_the_owners_desk(
    live_server: object, place: District, tmp_path: Path
) -> None:
    file = tmp_path / "讲话.txt"
    file.write_text(PAPER, encoding="utf-8")
    with people(live_server, tmp_path) as crowd:
        page = crowd.at(place.office, OFFICE, "/intake/")
        crowd.judge(page, "intake-1366")
        page.set_input_files("#id_file", file)
        page.click("text=上传并识读")
        page.wait_for_selector(".draft")
        crowd.judge(page, "paper-1366")
        page.keyboard.press("j")
        first = page.get_attribute(".draft.is-chosen", "data-draft")
        assert page.locator(f".hl.is-chosen[data-drafts~='{first}']").count() > 0
        page.keyboard.press("x")
        page.wait_for_selector(f"#draft-{first}.draft-rejected")
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.click(".paper-text .hl-commitment:has-text('竣工验收')")
        chosen = page.get_attribute(".draft.is-chosen", "data-draft")
        page.keyboard.press("e")
        page.wait_for_selector(".draft-form")
        page.select_option("select[name$=owner_unit]", label="示例工信局")
        page.select_option("select[name$=owner_post]", str(place.owner_post.public_id))
        crowd.judge(page, "paper-edit-1366")
        page.click("text=保存并采纳")
        page.wait_for_selector(f"#draft-{chosen}.draft-accepted")
        page.click("text=全部采纳确认项")
        page.wait_for_selector("text=核对")
        crowd.judge(page, "paper-check-1366")
        page.click("text=确认采纳")
        page.wait_for_selector("text=均已注明原文出处")
        crowd.judge(page, "paper-done-1366")
        desk = crowd.at(place.owner, PHONE)
        assert "竣工验收" in desk.inner_text("#desk")
    duty = Duty.objects.get(owner_post=place.owner_post)
    assert (duty.state, duty.quote is not None) == (DutyState.ISSUED, True)
    states = set(Draft.objects.values_list("state", flat=True))
    assert states == {DraftState.ACCEPTED, DraftState.REJECTED}


def test_paper_when_opened_by_a_quote_then_the_passage_is_marked_on_a_phone_too(
    live_server: object, place: District, tmp_path: Path
) -> None:
    file = tmp_path / "讲话.txt"
    file.write_text(PAPER, encoding="utf-8")
    with people(live_server, tmp_path) as crowd:
        page = crowd.at(place.office, PHONE, "/intake/")
        crowd.judge(page, "intake-390")
        page.set_input_files("#id_file", file)
        page.tap("text=上传并识读")
        page.wait_for_selector(".draft")
        crowd.judge(page, "paper-390")
        start = PAPER.index("示例云谷")
        page.goto(f"{page.url}#q{start}-{start + 8}")
        page.reload()
        page.wait_for_selector(".hl-quoted")
        assert page.inner_text(".hl-quoted").startswith("示例云谷")
