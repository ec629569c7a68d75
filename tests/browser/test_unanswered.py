"""What nobody answers in Chromium: it climbs, a letter presses, and the letter closes with it."""

import datetime as dt
from pathlib import Path

import pytest
from playwright.sync_api import Page

from guatu.campaign import tick
from guatu.loop import actions
from guatu.loop.models import Blocker, EscalationStep, Letter
from guatu.register.campaign import current, pin_business_date
from guatu.register.enterprises import add_enterprise
from guatu.register.enums import PartyRole
from guatu.register.models import Party
from guatu.register.policies import standing_of
from guatu.register.recording import create
from tests.browser.test_duty_life import OFFICE, PASSWORD, PHONE, People, people
from tests.browser.test_duty_life import place as place  # noqa: PLC0414 -- a fixture
from tests.factories import TODAY, act_of, make_officer, make_post, make_unit, system_act
from tests.loop.blockers import Bureau, raised
from tests.loop.builders import District, issued, on

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAY = dt.timedelta(days=1)


def pass_days(first: int, last: int) -> int:
    """Let days pass, the timer running on each; returns how many steps it took."""
    campaign, steps = current(), 0
    assert campaign is not None
    for number in range(first, last + 1):
        pin_business_date(system_act(reason="模拟"), campaign, TODAY + number * DAY)
        steps += tick.run().steps
    return steps


@pytest.fixture
def finance(place: District) -> Bureau:
    """A bureau whose clerk can sign in."""
    post = make_post(make_unit(place.root, "示例财政局"))
    return Bureau(post, standing_of(make_officer(post, password=PASSWORD), TODAY))


def pressed(crowd: People, place: District, blocker: Blocker) -> None:
    """The office finds it in the cockpit, sees how far it climbed, and writes; the leader signs."""
    office = crowd.at(place.office, OFFICE, "/cockpit/")
    crowd.judge(office, "cockpit-blocker-1366")
    office.click(".cockpit-decisions a:has-text('已堵 7 个工作日')")
    office.wait_for_selector("#ladder")
    assert "各级均已提醒" in office.inner_text("main")
    crowd.judge(office, "blocker-climbed-1366")
    office.click("#acts >> text=发函")
    office.check("text=督办函")
    office.click("main button[type=submit]")
    office.wait_for_selector("#id_body")
    assert "已影响7个工作日" in office.input_value("#id_body")
    letter = office.url.split("/letters/")[1].split("/")[0]
    office.goto(f"{crowd.root}/letters/{letter}/deliver/")
    office.click("main button[type=submit]")
    office.wait_for_selector("text=现在是拟稿，不能送达")
    office.goto(f"{crowd.root}/letters/{letter}/to-sign/")
    office.click("main button[type=submit]")
    office.wait_for_selector("text=已送签")
    leader = crowd.at(place.leader, PHONE)
    leader.tap("text=核对签发")
    leader.tap("main button[type=submit]")
    leader.wait_for_selector("text=已签发")
    assert blocker.title in leader.inner_text("#blockers")


def test_firm_when_its_blocker_is_ignored_then_it_climbs_and_its_letter_closes_with_it(
    live_server: object, place: District, finance: Bureau, tmp_path: Path
) -> None:
    firm = add_enterprise(act_of(place.owner), name="示例汽车零部件有限公司", unit=place.unit)
    vouching = Party(subject=firm.subject, role=PartyRole.LEADER, post=place.leader_post)
    create(system_act(), "project.name_party", vouching)
    with people(live_server, tmp_path) as crowd:
        page = crowd.at(place.owner, PHONE, f"/enterprises/{firm.subject.public_id}/")
        crowd.judge(page, "enterprise-390")
        page.tap("text=上报堵点 >> nth=0")
        page.tap(".raise-cause:has-text('资金到位')")
        page.tap("text=上报 >> visible=true >> nth=-1")
        page.wait_for_selector("text=已上报：资金到位")
        crowd.judge(page, "blocker-coming-390")
    blocker = Blocker.objects.get()
    assert (blocker.subject, blocker.remover_unit) == (firm.subject, finance.remover.unit)
    assert pass_days(0, 9) == 2
    assert pass_days(8, 9) == 0
    with people(live_server, tmp_path) as crowd:
        pressed(crowd, place, blocker)
        clerk = crowd.at(finance.standing, PHONE)
        clerk.tap("#blockers a:has-text('资金到位')")
        clerk.tap("#acts >> text=答复")
        clerk.fill("[name=answer]", "已列入四月用款计划")
        clerk.tap("main button[type=submit]")
        clerk.wait_for_selector("text=已答复")
        owner = crowd.at(place.owner, PHONE)
        owner.tap("#blockers button:has-text('确认解决')")
        owner.wait_for_selector("text=已确认解决")
        clerk.goto(f"{crowd.root}/letters/")
        crowd.judge(clerk, "letters-390")
        assert "办结" in clerk.inner_text("#list-part")
    blocker.refresh_from_db()
    letter = Letter.objects.get()
    assert (blocker.days_lost, letter.state, letter.reference) == (
        7,
        "closed",
        "示攻坚督〔2025〕1号",
    )
    steps = EscalationStep.objects.values_list("step", "fell_on")
    assert [(step, fell.isoformat()) for step, fell in steps] == [
        ("parent", "2025-03-21"),
        ("leader", "2025-03-27"),
    ]


def filled(page: Page, address: str, field: str, words: str) -> None:
    """Open a form and write into it, without sending it."""
    page.goto(address)
    page.fill(field, words)


def test_bad_input_when_it_comes_then_said_plainly_and_words_kept(
    live_server: object, place: District, finance: Bureau, tmp_path: Path
) -> None:
    colleague = standing_of(make_officer(make_post(place.unit), password=PASSWORD), TODAY)
    blocker = raised(place, finance.remover)
    actions.send_up(on(finance.standing, 0), blocker, to=place.leader_post)
    duty = issued(place)
    letter = actions.draft_letter(act_of(place.office), "supervision", duty=duty)
    actions.send_to_sign(act_of(place.office), letter)
    actions.sign(act_of(place.leader), letter)
    root = str(live_server)
    with people(live_server, tmp_path) as crowd:
        first, second = crowd.at(place.owner, PHONE), crowd.at(colleague, OFFICE)
        first.goto(f"{root}/blockers/{blocker.public_id}/urge/")
        first.wait_for_selector("text=不能催办上级")
        assert first.query_selector("[name=words]") is None
        assert "status of 403" in crowd.complaints.pop()  # Chromium notes the refusal as an error
        crowd.judge(first, "urge-upward-390")
        reply = f"{root}/letters/{letter.public_id}/reply/"
        filled(first, reply, "#id_text", "三月底前完成")
        filled(second, reply, "#id_text", "四月完成")
        first.tap("main button[type=submit]")
        first.wait_for_selector("text=已回复")
        second.click("main button[type=submit]")
        second.wait_for_selector("[data-error-summary]")
        assert second.input_value("#id_text") == "四月完成"
        crowd.judge(second, "reply-second-1366")
        extension = f"{root}/duties/{duty.public_id}/extension/"
        filled(first, extension, "[name=reason]", "雨季影响")
        first.fill("[name=to_due]", "2019-12-31")
        first.tap("main button[type=submit]")
        first.wait_for_selector("[data-error-summary]")
        assert first.input_value("[name=reason]") == "雨季影响"
    letter.refresh_from_db()
    assert letter.reply == "三月底前完成"
