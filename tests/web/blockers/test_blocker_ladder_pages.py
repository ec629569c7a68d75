"""What nobody answers, on pages: the blocker's ladder, inbox, digest, desk and cockpit."""

import datetime as dt
import re
from html import unescape

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guatu.loop.actions import accept_blocker
from guatu.loop.actions.escalating import take_steps
from guatu.loop.models import Blocker, Duty
from guatu.loop.removers import Remover
from guatu.register.enterprises import add_enterprise
from guatu.register.enums import Role
from guatu.register.models import Campaign
from guatu.register.policies import Standing, standing_of
from guatu.register.recording import change
from tests.factories import NOON, TODAY, act_of, make_officer, make_post, system_act
from tests.loop.blockers import bureau, raised
from tests.loop.builders import District
from tests.web.blockers.conftest import SignIn

DAY = dt.timedelta(days=1)


def ticked(days: int) -> None:
    """Let the campaign's day come and the timer run."""
    Campaign.objects.update(pinned_date=TODAY + days * DAY)
    take_steps(system_act(NOON + days * DAY, TODAY + days * DAY))


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode())))


def blocked(place: District) -> Blocker:
    """A blocker that waits for a bureau."""
    return raised(place, bureau(place).remover)


def test_page_when_nobody_answers_then_what_comes_and_what_was_told(
    place: District, signed_in: SignIn
) -> None:
    blocker = blocked(place)
    client, path = signed_in(place.owner), f"/blockers/{blocker.public_id}/"
    page = text_of(client, path)
    assert "自 2025-03-18 请求示例财政局解决起计。" in page
    assert "到 2025-03-21 仍未答复，将提醒上级单位 依据：请求解决满 3 个工作日未答复" in page
    ticked(3)
    page = text_of(client, path)
    assert "示例财政局没有设岗的上级单位，转示例专班" in page
    assert "到 2025-03-27 仍未答复，将抄送包保领导" in page
    past = text_of(client, f"{path}?as_of={TODAY}")
    assert "转示例专班" not in past


def test_pages_when_a_blocker_climbs_then_inbox_digest_desk_and_cockpit_name_it(
    place: District, signed_in: SignIn
) -> None:
    blocker = blocked(place)
    ticked(9)
    leader, office = signed_in(place.leader), signed_in(place.office)
    said = "请求示例财政局解决满 7 个工作日未答复，抄送知悉"
    assert said in text_of(leader, "/inbox/")
    assert f"/blockers/{blocker.public_id}/#ladder" in leader.get("/inbox/").content.decode()
    assert f"堵点：{blocker.title}" in text_of(office, "/inbox/digest/")
    desk = text_of(leader, "/desk/")
    assert (f"过问：{blocker.title}" in desk, "示例财政局尚未答复" in desk) == (False, False)
    # Not taken on yet, it waits for the leader's 受理 before anything else.
    assert f"审核：{blocker.title}" in desk
    assert f"堵点 {blocker.title}" in text_of(leader, "/cockpit/")
    assert "待您审核，已堵 7 个工作日" in text_of(leader, "/cockpit/")
    Blocker.objects.update(state="working")
    assert f"过问：{blocker.title}" in text_of(leader, "/desk/")
    assert "待您过问，已堵 7 个工作日" in text_of(leader, "/cockpit/")


def test_pages_when_blockers_climb_then_queries_do_not_grow(
    place: District, signed_in: SignIn
) -> None:
    leader = signed_in(place.leader)
    first, there = blocked(place), bureau(place, "示例规划局")
    ticked(9)

    def counted() -> list[int]:
        counts = []
        for path in (f"/blockers/{first.public_id}/", "/inbox/", "/cockpit/", "/desk/"):
            with CaptureQueriesContext(connection) as captured:
                assert leader.get(path).status_code == 200
            counts.append(len(captured))
        return counts

    counted()
    before = counted()
    for _ in range(4):
        raised(place, there.remover)
    ticked(10)
    assert (counted(), max(before) <= 25) == (before, True)


def test_enterprise_when_something_blocks_it_then_raised_and_listed_on_its_page(
    place: District, signed_in: SignIn
) -> None:
    firm = add_enterprise(act_of(place.owner), name="示例汽车零部件有限公司", unit=place.unit)
    path = f"/enterprises/{firm.subject.public_id}/"
    address = f"/blockers/raise/subject/{firm.subject.public_id}/"

    def shown(standing: Standing) -> tuple[bool, bool]:
        page = signed_in(standing).get(path).content.decode()
        return address in page, "没有未完结的堵点" in page

    assert shown(place.owner) == (True, True)
    signed_in(place.owner).post(address, {"cause": "funds"})
    blocker = Blocker.objects.get()
    assert blocker.subject == firm.subject
    assert shown(place.owner) == (True, False)
    assert blocker.title in text_of(signed_in(place.owner), path)
    past = signed_in(place.owner).get(f"{path}?as_of={TODAY}").content.decode()
    assert address not in past


def test_desk_when_a_leader_is_silent_then_urging_is_offered_to_who_may_alone(
    place: District, signed_in: SignIn
) -> None:
    above = make_post(place.leader_post.organisation, Role.LEADER, "常务副区长")
    change(system_act(), "post.edit", above, rank=1)
    first = make_officer(above)
    remover = Remover(place.leader_post.organisation, place.leader_post)
    blocker = accept_blocker(act_of(place.leader), raised(place, remover))
    Duty.objects.filter(pk=blocker.duty_id).update(leader_post=None)
    ticked(9)
    way = f"/blockers/{blocker.public_id}/urge/"
    offered = [
        (f"过问：{blocker.title}" in page, way in page)
        for page in (
            signed_in(standing_of(officer, TODAY)).get("/desk/").content.decode()
            for officer in (first, place.office.officer)
        )
    ]
    assert offered == [(True, True), (True, False)]
