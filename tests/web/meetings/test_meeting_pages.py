"""Meetings, visits and reforms as pages."""

import datetime as dt
import io
import re
from html import unescape
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from docx import Document as Docx
from openpyxl import load_workbook

from guatu.engines.official import days_told
from guatu.loop.actions.agendas import build_agenda
from guatu.loop.actions.reforms import add_reform
from guatu.loop.enums import DutySource
from guatu.loop.models import (
    AgendaItem,
    Blocker,
    Decision,
    DispatchMeeting,
    Duty,
    Finding,
    Outcome,
    Reform,
    Visit,
)
from guatu.register.models import Rule
from guatu.web.meetings.views import ON_SCREEN
from tests.factories import TODAY, act_of, make_subject, make_unit
from tests.loop.builders import District, issued
from tests.loop.gatherings import LATE, called, final
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


def test_office_when_it_calls_a_meeting_then_agenda_is_built_arranged_and_frozen(
    place: District, signed_in: SignIn
) -> None:
    issued(place, due=LATE)
    office = signed_in(place.office)
    told = {
        "kind": "push",
        "on": "2025-03-20",
        "time": "09:30",
        "chair_post": place.leader_post.public_id,
        "attendant_units": [place.unit.public_id],
    }
    refused = office.post("/meetings/new/", told | {"on": "2024-03-20", "where": "示例会议室"})
    assert refused.status_code == 422
    assert body(refused).count("早于「示例攻坚年」") == 2
    assert 'value="示例会议室"' in body(refused)
    made = office.post("/meetings/new/", told)
    meeting = DispatchMeeting.objects.get()
    assert (made.status_code, made["Location"], meeting.title) == (302, page(meeting), "推进会")
    empty = office.post(page(meeting, "finalise/"), {"revision": meeting.revision})
    assert (empty.status_code, "议程还是空的" in body(empty)) == (422, True)
    office.post(page(meeting, "build/"), {"revision": meeting.revision})
    item, shown = AgendaItem.objects.get(), body(office.get(page(meeting)))
    assert ("须会上督办" in shown, "示例工信局" in shown, item.reason in shown) == (True,) * 3
    alone = office.post(f"/meetings/items/{item.public_id}/up/", {"revision": item.revision})
    assert "已排在本组的最前" in body(office.get(alone["Location"].split("#")[0]))
    assert signed_in(place.owner).get(page(meeting)).status_code == 404
    meeting.refresh_from_db()
    office.post(page(meeting, "finalise/"), {"revision": meeting.revision})
    assert item.title in body(signed_in(place.owner).get(page(meeting)))


def test_decision_when_posted_then_issued_and_a_second_at_once_keeps_its_words(
    place: District, signed_in: SignIn
) -> None:
    meeting, item = final(place)
    leader, address = signed_in(place.leader), f"/meetings/items/{item.public_id}/decide/"
    AgendaItem.objects.filter(pk=item.pk).update(reason="尚未完成。", ask="请明确赶工措施")
    form = body(leader.get(address))
    assert ("尚未完成。" in form, "请会议决定：请明确赶工措施" in form, "。。" in form) == (
        True,
        True,
        False,
    )
    told = {
        "revision": item.revision,
        "title": "三日内补齐手续",
        "owner_post": place.owner_post.public_id,
        "due": "2025-03-21",
    }
    done = leader.post(address, told)
    assert done["Location"] == f"{page(meeting)}#item-{item.public_id}"
    duty = Decision.objects.get().duty
    assert (duty.title, duty.state, duty.due) == ("三日内补齐手续", "issued", dt.date(2025, 3, 21))
    assert "议定于" in body(signed_in(place.owner).get(f"/duties/{duty.public_id}/"))
    late = signed_in(place.office).post(address, told | {"title": "另一位同时议定的话"})
    assert (late.status_code, Decision.objects.count()) == (422, 1)
    assert ("刚被别人改过" in body(late), "另一位同时议定的话" in body(late)) == (True, True)
    shown = body(leader.get(page(meeting)))
    assert ("已议定 1 项" in shown, "三日内补齐手续" in shown) == (True, True)


def test_agenda_when_printed_exported_and_shown_in_the_room_then_it_says_the_same(
    place: District, signed_in: SignIn
) -> None:
    meeting, item = final(place)
    AgendaItem.objects.filter(pk=item.pk).update(reason=f"{item.reason}，2025-03-11 到期。")
    office = signed_in(place.office)
    sheet = body(office.get(page(meeting, "paper/")))
    assert "。。" not in sheet
    docx = Docx(io.BytesIO(office.get(page(meeting, "paper.docx")).content))
    text = "\n".join(one.text for one in docx.paragraphs)
    room = body(office.get(page(meeting, "?screen=1")))
    reason = days_told(item.reason, 2025)
    for shown, why, due in (
        (sheet, reason, "3月11日到期"),
        (text, reason, "3月11日到期"),
        (room, item.reason, "2025-03-11 到期"),
    ):
        assert (item.title in shown, why in shown, due in shown) == (True, True, True)
    assert re.findall(r"\d{4}-\d{2}-\d{2}", text) == []
    assert ("会议材料" in sheet, "时间：2025年3月18日" in text) == (True, True)
    draft = called(place, title="未定稿的会")
    assert "草稿，未定稿" in body(office.get(page(draft, "paper/")))
    book = load_workbook(io.BytesIO(office.get("/meetings/?export=xlsx").content)).active
    assert "示例调度会" in {row[2].value for row in book.iter_rows()}
    found = body(office.get("/search/?q=示例调度会"))
    assert page(meeting) in found


def test_agenda_when_cut_then_page_paper_docx_and_room_say_what_is_left_and_where(
    place: District, signed_in: SignIn
) -> None:
    rule = Rule.objects.get(key="dispatch.agenda")
    Rule.objects.filter(pk=rule.pk).update(value=rule.value | {"most": 1})
    for number in range(3):
        issued(place, due=LATE, title=f"示例事项{number}")
    office, meeting = signed_in(place.office), called(place)
    build_agenda(act_of(place.office), meeting)
    shown = body(office.get(page(meeting)))
    assert "另有 <b>2</b> 项未列入" in shown
    (href,) = re.findall(r'<a href="([^"]+)">红灯事项 2 项</a>', shown)
    assert unescape(href) == page(meeting, "left/?cause=duty_red")
    opened = office.get(unescape(href))
    (group,) = opened.context["shown"]
    listed = set(meeting.items.values_list("title", flat=True))
    assert {one.title for one in group.items} == {f"示例事项{n}" for n in range(3)} - listed
    assert all(f'href="{one.href}"' in body(opened) for one in group.items)
    assert signed_in(place.owner).get(unescape(href)).status_code == 404
    said = "另有 2 项未列入议程：红灯事项 2 项，详见系统中本次会议的「未列入议程」。"
    assert said in body(office.get(page(meeting, "paper/")))
    docx = Docx(io.BytesIO(office.get(page(meeting, "paper.docx")).content))
    assert said in [one.text for one in docx.paragraphs]
    assert "另有 <b>2</b> 项未列入" in body(office.get(page(meeting, "?screen=1")))
    Rule.objects.filter(pk=rule.pk).update(value=rule.value)
    build_agenda(act_of(place.office), meeting)
    assert "未列入" not in body(office.get(page(meeting)))


def test_meeting_when_a_second_of_its_name_is_called_then_its_name_tells_them_apart(
    place: District,
) -> None:
    def title(on: dt.date) -> str:
        return called(place, on, title="").title

    assert [title(TODAY) for _ in range(3)] == [
        "3月份调度会",
        "3月份调度会（第2次）",
        "3月份调度会（第3次）",
    ]
    assert title(TODAY + dt.timedelta(days=31)) == "4月份调度会"


def test_agenda_when_shown_in_the_room_then_a_tier_counts_all_its_items_on_every_page(
    place: District, signed_in: SignIn
) -> None:
    for number in range(ON_SCREEN + 2):
        issued(place, due=LATE, title=f"示例事项{number}")
    office, meeting = signed_in(place.office), called(place)
    build_agenda(act_of(place.office), meeting)
    told = []
    for number in (1, 2):
        room = body(office.get(page(meeting, f"?screen=1&page={number}")))
        heads = re.findall(r"<h3>([^<]+) <span[^>]*>(\d+) 项</span></h3>", room)
        told.append((heads, room.count('class="agenda-item"')))
    in_all = str(ON_SCREEN + 2)
    assert told == [
        ([("须会上督办", in_all)], ON_SCREEN),
        ([("须会上督办（续）", in_all)], 2),
    ]


def test_meeting_page_when_items_grow_then_its_queries_do_not(
    place: District, signed_in: SignIn
) -> None:
    def counted() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page(meeting)).status_code == 200
        return len(captured)

    client, meeting = signed_in(place.office), called(place)
    issued(place, due=LATE)
    build_agenda(act_of(place.office), meeting)
    counted()
    few = counted()
    for number in range(12):
        unit = make_unit(place.root)
        issued(place, due=LATE, title=f"示例事项{number}", subject=make_subject(unit))
    build_agenda(act_of(place.office), meeting)
    assert (counted(), few <= 25) == (few, True)


def test_visit_when_recorded_then_project_page_list_and_outcomes_show_it(
    place: District, signed_in: SignIn
) -> None:
    leader = signed_in(place.leader)
    asked = body(leader.get(f"/visits/new/?subject={place.subject.public_id}"))
    assert f'value="{place.subject.title}"' in asked
    told = {
        "subject": place.subject.code,
        "verdict": "slow",
        "text": "北段机械闲置",
        "on": TODAY.isoformat(),
        "leader_post": place.leader_post.public_id,
    }
    wrong = leader.post("/visits/new/", told | {"subject": "没有这个项目"})
    assert (wrong.status_code, "北段机械闲置" in body(wrong)) == (422, True)
    assert "「没有这个项目」没有找到" in body(wrong)
    leader.post("/visits/new/", told)
    finding, visit = Finding.objects.get(), Visit.objects.get()
    leader.post(
        f"/visits/findings/{finding.public_id}/duty/",
        {"title": "补足机械", "owner_post": place.owner_post.public_id},
    )
    leader.post(
        f"/visits/findings/{finding.public_id}/blocker/",
        {"cause": "funds", "remover_unit": place.unit.public_id},
    )
    assert (Outcome.objects.count(), Blocker.objects.count()) == (2, 1)
    duty = Duty.objects.get(title="补足机械")
    assert (duty.source, duty.due, duty.due_text) == (DutySource.VISIT, None, "待定")
    owner = signed_in(place.owner)
    shown = body(owner.get(f"/visits/{visit.public_id}/"))
    for words in ("进展滞后", "北段机械闲置", "补足机械", Blocker.objects.get().title):
        assert words in shown
    assert "交办</a>" not in shown
    card = f"/visits/of/{place.subject.public_id}/"
    part = body(owner.get(card, headers={"HX-Request": "true"}))
    assert ("北段机械闲置" in part, "<html" in part) == (True, False)
    assert signed_in(place.stranger).get(card).status_code == 404
    assert "督帮" in body(owner.get("/visits/"))
    assert signed_in(place.stranger).get(f"/visits/{visit.public_id}/").status_code == 404
    left = make_subject(place.unit, title="示例久未督帮")
    listed = body(leader.get("/visits/unvisited/"))
    there = [f"/projects/{one.public_id}/" in listed for one in (left, place.subject)]
    assert there == [True, False]


def test_reform_when_added_then_duties_hang_on_it_and_search_leads_there(
    place: District, signed_in: SignIn
) -> None:
    office = signed_in(place.office)
    told = {"name": "示例审批改革", "unit": place.unit.public_id, "state": "doing"}
    made = office.post("/reforms/new/", told | {"domain": "governance", "due": "2025-06-30"})
    reform = Reform.objects.get()
    address = f"/reforms/{reform.subject.public_id}/"
    assert (made["Location"], reform.due) == (address, dt.date(2025, 6, 30))
    charged = {"title": "拟定流程", "owner_post": place.owner_post.public_id}
    office.post(f"{address}duty/", charged)
    assert Duty.objects.get(title="拟定流程").subject == reform.subject
    shown = body(signed_in(place.owner).get(address))
    assert ("拟定流程" in shown, "上报堵点" in shown) == (True, True)
    assert address in body(office.get("/search/?q=审批改革"))
    office.post(
        f"/blockers/raise/subject/{reform.subject.public_id}/",
        {"cause": "funds", "remover_unit": place.unit.public_id},
    )
    assert Blocker.objects.get().subject == reform.subject
    again = office.post("/reforms/new/", told | {"domain": "governance"})
    assert (again.status_code, "已有改革任务" in body(again)) == (422, True)
    past = add_reform(act_of(place.office), name="示例另一项改革", due=None)
    listed = body(office.get("/reforms/"))
    assert ("待定" in listed, past.subject.title in listed) == (True, True)


def test_meeting_when_its_day_has_not_come_then_nothing_of_the_day_is_offered(
    place: District, signed_in: SignIn
) -> None:
    tomorrow = TODAY + dt.timedelta(days=1)
    meeting, item = final(place, on=tomorrow)
    office = signed_in(place.office)
    shown = body(office.get(page(meeting)))
    for address in (f"/meetings/items/{item.public_id}/decide/", page(meeting, "minutes/")):
        assert address not in shown
    assert page(meeting, "hold/") not in shown
    assert f"会议定于 {tomorrow} 召开，到日子后在此议定、登记召开、读入纪要。" in shown
    why = f"会议定于 {tomorrow} 召开，还没有到日子，开完再读入纪要。"
    assert why in body(office.get(page(meeting, "minutes/")))
    answer = office.post(page(meeting, "minutes/"), {"file": minutes(), "revision": 1})
    assert (answer.status_code, why in body(answer)) == (422, True)


def test_history_when_a_meeting_has_a_time_then_it_is_told_whole_everywhere(
    place: District, signed_in: SignIn
) -> None:
    office = signed_in(place.office)
    meeting = called(place, time=dt.time(9), where="示例区政府三楼会议室")
    shown = office.get(page(meeting))
    line = shown.context["changes"][0]
    assert "时间 9:00" in body(shown)
    assert (
        "…" in line.new,
        "09:00" in body(shown),
        "2025年3月18日 星期二 9:00" in body(shown),
    ) == (
        False,
        False,
        True,
    )
    assert ">9:00<" in body(office.get("/meetings/"))
