"""Visits as pages: their list by project and leader, their history, charging from a finding."""

import datetime as dt
import io
from typing import Any

from openpyxl import load_workbook

from guatu.loop.actions.visits import add_finding, edit_finding, record_visit
from guatu.loop.models import Duty, Visit
from guatu.register.enums import Role
from tests.factories import TODAY, act_of, make_post, make_standing, make_subject, make_unit
from tests.loop.builders import District
from tests.loop.gatherings import called, final
from tests.web.meetings.conftest import SignIn


def body(answer: Any) -> str:  # noqa: ANN401 -- Django gives its test answers no public type
    return str(answer.content.decode())


def visited(place: District, *others: Any, on: dt.date = TODAY) -> Visit:  # noqa: ANN401 -- subjects
    act = act_of(place.leader)
    visit = record_visit(
        act,
        on=on,
        leader_post=place.leader_post,
        subject=place.subject,
        text="北段机械闲置",
        verdict="slow",
    )
    for other in others:
        add_finding(act, visit, subject=other, text="已经开工", verdict="normal")
    return visit


def test_history_when_a_finding_is_told_better_then_the_visit_tells_it_old_and_new(
    place: District, signed_in: SignIn
) -> None:
    visit = visited(place, make_subject(place.unit, title="示例二号桥"))
    first = visit.findings.earliest("pk")
    edit_finding(act_of(place.leader), first, text="北段机械已到位", verdict="normal")
    changes = signed_in(place.office).get(f"/visits/{visit.public_id}/").context["changes"]
    told = [(one.what, one.old, one.new) for one in changes]
    assert (f"{place.subject.title}：内容", "北段机械闲置", "北段机械已到位") in told
    assert any(what == f"{place.subject.title}：结论" for what, _, _ in told)


def test_history_when_a_place_is_out_of_sight_then_its_finding_is_not_told(
    place: District, signed_in: SignIn
) -> None:
    other = make_unit(place.root)
    visit = visited(place, make_subject(other, title="示例别处"))
    last = visit.findings.latest("pk")
    edit_finding(act_of(place.leader), last, text="别处停工了", verdict="slow")
    shown = body(signed_in(place.owner).get(f"/visits/{visit.public_id}/"))
    assert ("北段机械闲置" in shown, "别处停工了" in shown) == (True, False)


def test_visits_when_listed_then_places_are_named_and_a_leader_is_a_filter(
    place: District, signed_in: SignIn
) -> None:
    visited(place, *(make_subject(place.unit, title=f"示例工程{n}") for n in ("甲", "乙")))
    other = make_post(place.leader_post.organisation, Role.LEADER, "另一位区领导")
    alone = record_visit(
        act_of(place.office),
        on=TODAY,
        leader_post=other,
        subject=place.subject,
        text="正在浇筑",
        verdict="normal",
    )
    office = signed_in(place.office)
    assert f"{place.subject.title}、示例工程甲等" in body(office.get("/visits/"))
    one = office.get("/visits/", {"leader": str(other.public_id)})
    assert [row.code for row in one.context["listing"].rows] == [alone.code]
    assert office.get("/visits/", {"leader": "不是编号"}).context["listing"].count == 0


def test_visits_when_there_are_none_then_only_who_may_record_is_told_how(
    place: District, signed_in: SignIn
) -> None:
    assert "点「记督帮」" in body(signed_in(place.leader).get("/visits/"))
    shown = body(signed_in(make_standing(place.unit)).get("/visits/"))
    assert ("点「记督帮」" in shown, "区领导或服务专员到过的地方" in shown) == (False, True)


def test_charge_when_asked_then_the_places_unit_and_the_leader_stand_in_the_form(
    place: District, signed_in: SignIn
) -> None:
    visit = visited(place)
    finding = visit.findings.get()
    form = (
        signed_in(place.leader).get(f"/visits/findings/{finding.public_id}/duty/").context["form"]
    )
    post = form.initial["owner_post"]
    assert place.unit.posts.get(public_id=post).organisation == place.unit
    assert form.initial["leader_post"] == place.leader_post.public_id
    assert Duty.objects.count() == 0


def test_meetings_when_exported_then_their_codes_are_in_the_workbook(
    place: District, signed_in: SignIn
) -> None:
    meeting = called(place)
    answer = signed_in(place.office).get("/meetings/", {"export": "xlsx"})
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row]
    assert ("编号" in cells, meeting.code in cells) == (True, True)


def test_history_when_an_agenda_is_built_then_its_figures_are_no_line(
    place: District, signed_in: SignIn
) -> None:
    meeting, _ = final(place)
    assert "会议数字" not in body(signed_in(place.office).get(f"/meetings/{meeting.public_id}/"))
