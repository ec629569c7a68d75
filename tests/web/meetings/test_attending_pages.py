"""Who is to attend a meeting: told of it, proposed for it, what they read of it."""

import datetime as dt
from typing import Any

from guatu.loop.actions.agendas import build_agenda, finalise, unfreeze
from guatu.loop.actions.deciding import decide
from guatu.loop.actions.dispatches import cancel_meeting, change_meeting
from guatu.loop.models import (
    DispatchMeeting,
    Notice,
)
from guatu.register.models import Rule
from tests.factories import TODAY, act_of, make_post, make_standing, make_unit
from tests.loop.builders import District, issued
from tests.loop.gatherings import LATE, called
from tests.web.meetings.conftest import SignIn


def body(answer: Any) -> str:  # noqa: ANN401 -- Django gives its test answers no public type
    return str(answer.content.decode())


def page(meeting: DispatchMeeting, tail: str = "") -> str:
    return f"/meetings/{meeting.public_id}/{tail}"


def test_agenda_when_read_by_who_attends_then_only_what_concerns_the_own_unit_is_counted(
    place: District, signed_in: SignIn
) -> None:
    rule = Rule.objects.get(key="dispatch.agenda")
    Rule.objects.filter(pk=rule.pk).update(value=rule.value | {"most": 2})
    other = make_unit(place.root, "示例二局")
    for post in (place.owner_post, make_post(other), make_post(other)):
        issued(place, due=LATE, owner_post=post)
    meeting = called(place)
    build_agenda(act_of(place.office), meeting)
    finalise(act_of(place.office), meeting)
    whole, own = (body(signed_in(who).get(page(meeting))) for who in (place.office, place.owner))
    district = ("另有 <b>1</b> 项未列入", "定稿时的数字")
    assert [words in whole for words in district] == [True, True]
    assert [words in own for words in district] == [False, False]
    assert "涉及本单位 1 项" in own
    people = (place.office, place.owner)
    sheets = [body(signed_in(who).get(page(meeting, "paper/"))) for who in people]
    assert ["项未列入议程" in sheet for sheet in sheets] == [True, False]


def test_agenda_when_final_then_who_attends_hears_of_it_of_a_new_day_and_of_its_end(
    place: District, signed_in: SignIn
) -> None:
    office, owner = signed_in(place.office), signed_in(place.owner)
    issued(place, due=LATE)
    meeting = called(place, where="区政府二楼")
    act = act_of(place.office)
    build_agenda(act, meeting)
    finalise(act, meeting)
    told = body(owner.get("/inbox/"))
    assert (f"定于 {TODAY}（时间待定）在区政府二楼召开" in told, page(meeting) in told) == (
        True,
        True,
    )
    assert f'href="{page(meeting)}"' in body(owner.get("/desk/"))
    unfreeze(act, meeting, reason="议题要补")
    assert "议程撤回修改，重新定稿后再通知：议题要补" in body(owner.get("/inbox/"))
    later = TODAY + dt.timedelta(days=2)
    change_meeting(act, meeting, on=later, where="区政府三楼")
    finalise(act, meeting)
    told = body(owner.get("/inbox/"))
    assert f"日期由 {TODAY} 改为 {later}，地点由 区政府二楼 改为 区政府三楼" in told
    cancel_meeting(act, meeting, reason="并入专题会")
    assert "会议取消：并入专题会" in body(owner.get("/inbox/"))
    assert "已取消：并入专题会" in body(owner.get(page(meeting)))
    assert office.get(page(meeting)).status_code == 200


def test_agenda_when_never_final_then_its_end_is_told_nobody(place: District) -> None:
    meeting = called(place)
    cancel_meeting(act_of(place.office), meeting, reason="不开了")
    assert Notice.objects.count() == 0


def test_agenda_when_it_deals_with_a_unit_that_is_not_to_attend_then_it_is_proposed_and_named(
    place: District, signed_in: SignIn
) -> None:
    office = signed_in(place.office)
    issued(place, due=LATE)
    meeting = called(place, attendants=[])
    build_agenda(act_of(place.office), meeting)
    meeting.refresh_from_db()
    name = "还没有列为参会的单位：示例工信局"
    assert "议程涉及、还没有列为参会：示例工信局" in body(office.get(page(meeting)))
    edit = body(office.get(page(meeting, "edit/")))
    assert "议程涉及、原来没有列入的已勾选：示例工信局" in edit
    assert name in body(office.get(page(meeting, "finalise/")))
    assert signed_in(place.owner).get(page(meeting)).status_code == 404
    also = {"revision": meeting.revision, "also": [str(place.unit.public_id)]}
    office.post(page(meeting, "finalise/"), also)
    assert signed_in(place.owner).get(page(meeting)).status_code == 200
    assert [str(row) for row in meeting.attendants.filter(ended=False)] == ["示例工信局"]
    assert "示例调度会" in body(signed_in(place.owner).get("/inbox/"))


def test_decisions_when_none_concerns_the_reader_then_their_number_is_told_and_no_advice(
    place: District, signed_in: SignIn
) -> None:
    issued(place, due=LATE)
    other = make_unit(place.root, "示例教育局")
    clerk = make_standing(other)
    meeting = called(place, attendants=[place.unit, other])
    act = act_of(place.office)
    build_agenda(act, meeting)
    finalise(act, meeting)
    reader = signed_in(clerk)
    assert "点「议定」" not in body(reader.get(page(meeting)))
    decide(act, meeting.items.get(), title="示例议定", owner_post=place.owner_post)
    shown = body(reader.get(page(meeting)))
    assert "涉及本单位 0 项，另有 1 项与本单位无关" in shown
    assert ("没有涉及本单位的议定事项" in shown, "点「议定」" in shown) == (True, False)
    assert "另有" not in body(signed_in(place.owner).get(page(meeting)))
