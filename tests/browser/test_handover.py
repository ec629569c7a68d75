"""A post changes hands in Chromium: handed over at a desk, accepted on a phone, nothing lost."""

from pathlib import Path

import pytest
from django.utils import timezone

from guatu.loop.enums import HandoverState
from guatu.loop.handover_things import open_things
from guatu.loop.models import Handover
from guatu.register.models import Holding
from guatu.register.policies import Standing, standing_of
from guatu.register.posts import hold_post, release_post
from tests.browser.test_duty_life import OFFICE, PASSWORD, PHONE, people
from tests.browser.test_letter import SMALL
from tests.factories import TODAY, make_officer, system_act
from tests.loop.blockers import raised
from tests.loop.builders import doing, issued, make_loop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _known(standing: Standing) -> Standing:
    standing.officer.set_password(PASSWORD)
    standing.officer.password_changed_at = timezone.now()
    standing.officer.save()
    return standing


def test_post_when_it_changes_hands_then_nothing_is_lost(
    live_server: object, tmp_path: Path
) -> None:
    place = make_loop()
    issued(place, due=TODAY.replace(day=10))
    doing(place)
    raised(place)
    before = {thing.key for thing in open_things(place.owner_post)}
    successor = make_officer(name="示例接任")
    hold_post(system_act(), place.owner_post, successor, since=TODAY)
    release_post(system_act(), Holding.objects.get(officer=place.owner.officer), until=TODAY)
    row = Handover.objects.get()
    assert set(row.items.values_list("kind", "thing_key")) == before
    owner, taker = _known(place.owner), _known(standing_of(successor, TODAY))
    with people(live_server, tmp_path) as crowd:
        leaving = crowd.at(owner, OFFICE)
        leaving.click("#handovers >> text=核对移交")
        leaving.fill("input[name^=remark_] >> nth=0", "资料在二号柜")
        leaving.fill("#id_note", "各项均已说明")
        crowd.judge(leaving, "handover-give-1366")
        leaving.click("main button[type=submit]")
        leaving.wait_for_selector("text=已移交，等待示例接任接收")
        crowd.judge(leaving, "handover-1366")
        taking = crowd.at(taker, PHONE)
        crowd.judge(taking, "handover-desk-390")
        taking.tap("#handovers >> text=核对接收")
        taking.wait_for_selector("text=资料在二号柜")
        assert taking.evaluate(SMALL) == []
        crowd.judge(taking, "handover-accept-390")
        taking.tap(".handover-item a.button >> nth=0")
        taking.fill("#id_words", "哪个房间？")
        taking.tap("main button[type=submit]")
        taking.wait_for_selector("text=已提出疑问")
        taking.tap('button:text("接收所选")')
        taking.wait_for_selector("text=还有 1 项未接收")
        leaving.goto(f"{live_server}/handovers/{row.public_id}/give/")
        leaving.fill("textarea[name^=remark_]", "三楼档案室")
        leaving.click("main button[type=submit]")
        leaving.wait_for_selector("text=已移交")
        taking.goto(f"{live_server}/handovers/{row.public_id}/accept/")
        taking.wait_for_selector("text=三楼档案室")
        taking.tap('button:text("全部接收")')
        taking.wait_for_selector("text=全部接收，交接完成")
        crowd.judge(taking, "handover-done-390")
        taking.goto(f"{live_server}/handovers/{row.public_id}/paper/")
        crowd.judge(taking, "handover-paper-390")
    row.refresh_from_db()
    assert (row.state, row.accepted_by) == (HandoverState.DONE, successor)
    assert {thing.key for thing in open_things(place.owner_post)} == before
