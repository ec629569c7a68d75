"""A blocker in Chromium: to a leader in three taps from a phone, sent up, solved, confirmed."""

import datetime as dt
from pathlib import Path

import pytest

from guatu.loop.enums import BlockerState
from guatu.loop.models import Blocker
from guatu.register.enums import Role
from guatu.register.models import Campaign
from guatu.register.policies import standing_of
from guatu.register.recording import change
from tests.browser.test_duty_life import OFFICE, PASSWORD, PHONE, people
from tests.browser.test_duty_life import place as place  # noqa: PLC0414 -- a fixture
from tests.factories import TODAY, make_officer, make_post, system_act
from tests.loop.builders import District, issued

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TARGETS = (
    "[...document.querySelectorAll('.raise .button, .raise-cause, .raise-more > summary')]"
    ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 44).length"
)


def _pass_days(number: int) -> None:
    """Let the business date go on."""
    Campaign.objects.update(pinned_date=TODAY + dt.timedelta(days=number))


def test_phone_when_something_blocks_then_three_taps_bring_it_to_a_leader_and_back_solved(
    live_server: object, place: District, tmp_path: Path
) -> None:
    first = make_post(place.leader_post.organisation, Role.LEADER, "常务副区长")
    change(system_act(), "post.edit", first, rank=1)
    above = standing_of(make_officer(first, password=PASSWORD), TODAY)
    issued(place, due=TODAY)
    with people(live_server, tmp_path) as crowd:
        page = crowd.at(place.owner, PHONE)
        page.tap("text=上报堵点")
        page.wait_for_selector(".raise")
        crowd.judge(page, "blocker-raise-390")
        assert page.evaluate(TARGETS) == 0
        page.tap(".raise-cause:has-text('跨部门意见不一致')")
        page.tap("text=上报 >> visible=true >> nth=-1")
        page.wait_for_selector("text=已上报：跨部门意见不一致")
        crowd.judge(page, "blocker-390")
    _pass_days(1)  # Wednesday
    with people(live_server, tmp_path) as crowd:
        page = crowd.at(place.leader, PHONE)
        assert "审核：跨部门意见不一致" in page.inner_text("#blockers")
        crowd.judge(page, "blocker-leader-desk-390")
        page.tap("#blockers button:has-text('上级协调')")
        page.wait_for_selector("text=已提请上级协调")
    _pass_days(3)  # Friday
    with people(live_server, tmp_path) as crowd:
        page = crowd.at(above, OFFICE)
        page.click("#blockers a:has-text('答复')")
        page.fill("[name=answer]", "已明确由住建局牵头")
        page.click("form.form button[type=submit]")
        page.wait_for_selector("text=已答复：跨部门意见不一致")
    _pass_days(6)  # Monday
    with people(live_server, tmp_path) as crowd:
        page = crowd.at(place.owner, PHONE)
        assert "答复：已明确由住建局牵头" in page.inner_text("#blockers")
        page.tap("#blockers button:has-text('确认解决')")
        page.wait_for_selector("text=已确认解决")
        page.goto(f"{crowd.root}/blockers/causes/")
        assert "4 个工作日" in page.inner_text("main")
        crowd.judge(page, "blocker-causes-390")
        page.goto(f"{crowd.root}/blockers/")
        crowd.judge(page, "blockers-390")
    row = Blocker.objects.get()
    # 19, 20, 21 and 24 March; with those above on two of them.
    assert (row.state, row.days_lost) == (BlockerState.CLOSED, 4)
