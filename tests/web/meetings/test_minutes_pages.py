"""Minutes as pages: read in, confirmed, taken off, completed by hand."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from guatu.campaign.reading import accept_draft, pending_drafts
from guatu.loop.actions.agendas import build_agenda
from guatu.loop.actions.dispatches import cancel_meeting
from guatu.loop.enums import DutySource
from guatu.loop.models import (
    Decision,
    DispatchMeeting,
)
from guatu.register.models import Batch, Event
from tests.factories import act_of
from tests.loop.builders import District
from tests.loop.gatherings import called, final
from tests.web.meetings.conftest import SignIn

MINUTES = """示例区项目攻坚调度会会议纪要
会议议定以下事项：
一、示例工信局负责，确保示例道路4月底前完成管线迁改。
二、示例幸福局牵头，确保6月底前完成竣工验收。
"""


def body(answer: Any) -> str:  # noqa: ANN401 -- Django gives its test answers no public type
    return str(answer.content.decode())


def page(meeting: DispatchMeeting, tail: str = "") -> str:
    return f"/meetings/{meeting.public_id}/{tail}"


def minutes(text: str = MINUTES, name: str = "纪要.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def test_minutes_when_read_in_then_what_is_confirmed_becomes_a_decision_with_its_quote(
    place: District, signed_in: SignIn
) -> None:
    meeting, _ = final(place)
    office = signed_in(place.office)
    meeting.refresh_from_db()
    address, told = page(meeting, "minutes/"), {"revision": meeting.revision}
    secret = office.post(address, told | {"file": minutes("机密★1年\n" + MINUTES)})
    assert (secret.status_code, "密级" in body(secret)) == (422, True)
    assert Event.objects.filter(verb="intake.refuse").count() == 1
    done = office.post(address, told | {"file": minutes()})
    assert done.status_code == 302
    shown = body(office.get(page(meeting)))
    assert "「示例幸福局」" in shown
    batch = Batch.objects.get()
    drafts = [one for one in pending_drafts(batch) if one.kind == "commitment"]
    first = next(one for one in drafts if one.payload.get("owner_unit"))
    accept_draft(act_of(place.office), first, {"owner_post": str(place.owner_post.public_id)})
    decision = Decision.objects.get()
    duty = decision.duty
    assert (decision.item, duty.source, duty.state) == (None, DutySource.MEETING, "issued")
    assert duty.quote is not None
    assert duty.document == batch.document
    told_of = body(office.get(page(meeting)))
    assert (f"纪要原文：{duty.quote.text}" in told_of, "已采纳 1" in told_of) == (True, True)
    other = called(place, title="另一次会议")
    build_agenda(act_of(place.office), other)
    other.refresh_from_db()
    office.post(page(other, "finalise/"), {"revision": other.revision})
    other.refresh_from_db()
    again = office.post(page(other, "minutes/"), {"revision": other.revision, "file": minutes()})
    assert (again.status_code, "已是「示例调度会」" in body(again)) == (422, True)
    assert signed_in(place.leader).get(address).status_code == 404


def test_minutes_when_the_wrong_file_was_read_then_it_is_taken_off_where_it_is_shown(
    place: District, signed_in: SignIn
) -> None:
    meeting, _ = final(place)
    office = signed_in(place.office)
    address = page(meeting, "minutes/")
    meeting.refresh_from_db()
    office.post(address, {"revision": meeting.revision, "file": minutes(name="错误的文件.txt")})
    off = page(meeting, "unminute/")
    assert f'href="{off}"' in body(office.get(page(meeting)))
    assert f'href="{off}"' in body(office.get(address))
    batch = Batch.objects.get()
    asked = body(office.get(f"/intake/batches/{batch.public_id}/drop/"))
    assert "它不再是「示例调度会」" in asked
    assert office.post(f"/intake/batches/{batch.public_id}/drop/")["Location"] == page(meeting)
    shown = body(office.get(page(meeting)))
    assert (f'href="{address}"' in shown, "会议纪要</h2>" in shown) == (True, False)
    meeting.refresh_from_db()
    office.post(address, {"revision": meeting.revision, "file": minutes()})
    meeting.refresh_from_db()
    done = office.post(off, {"revision": meeting.revision, "reason": "挂错了"})
    meeting.refresh_from_db()
    assert (done["Location"], meeting.minutes) == (page(meeting), None)
    assert "撤下纪要" in body(office.get(page(meeting)))


def test_minutes_when_an_entry_was_not_read_then_both_pages_tell_it_and_a_person_adds_it(
    place: District, signed_in: SignIn
) -> None:
    meeting, _ = final(place)
    office = signed_in(place.office)
    meeting.refresh_from_db()
    words = "示例道路照明问题，示例工信局那边给个说法。"
    paper = f"示例区会议纪要\n1.示例工信局4月底前完成迁改。\n2.{words}\n"
    told = {"revision": meeting.revision, "file": minutes(paper)}
    office.post(page(meeting, "minutes/"), told)
    document = Batch.objects.get().document
    assert document is not None
    for address in (page(meeting), f"/intake/papers/{document.public_id}/"):
        assert f"第2条未读出承诺：{words}" in body(office.get(address))
    assert words not in body(signed_in(place.owner).get(page(meeting)))
    start = paper.index(words)
    span = {"span": f"{start}-{start + len(words)}"}
    by_hand = f"/intake/papers/{document.public_id}/by-hand/"
    done = office.post(by_hand, span)
    assert done["Location"].startswith(f"/intake/papers/{document.public_id}/?q={start}-")
    assert "未读出承诺" not in body(office.get(page(meeting)))
    assert "已有读出或补记的承诺" in body(office.post(by_hand, span, follow=True))
    assert signed_in(place.leader).post(by_hand, span).status_code == 404


def test_minutes_when_the_agenda_is_not_final_then_the_page_names_and_links_the_next_step(
    place: District, signed_in: SignIn
) -> None:
    office = signed_in(place.office)
    meeting = called(place)
    asked = office.get(page(meeting, "minutes/"))
    assert "请先定稿，定稿后再读入纪要" in body(asked)
    assert f'href="{page(meeting, "finalise/")}">去定稿</a>' in body(asked)
    sent = office.post(page(meeting, "minutes/"), {"file": minutes()})
    assert (sent.status_code, "请先定稿" in body(sent), Batch.objects.count()) == (422, True, 0)
    cancel_meeting(act_of(place.office), meeting, reason="并入下次")
    over = body(office.get(page(meeting, "minutes/")))
    assert ("会议已取消" in over, "去定稿" in over) == (True, False)
