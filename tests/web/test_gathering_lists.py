"""Meetings, visits, reforms, hand-overs and absences group, sum and go out as other lists do."""

import datetime as dt
import io
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from guatu.loop.actions.deciding import decide
from guatu.loop.actions.dispatches import cancel_meeting
from guatu.loop.actions.reforms import add_reform
from guatu.loop.actions.visits import add_finding, record_visit, withdraw_visit
from guatu.loop.models import Visit
from guatu.register.absences import add_absence
from guatu.register.models import Holding
from guatu.register.posts import release_post
from tests.factories import TODAY, act_of, make_subject, system_act
from tests.loop.builders import District, issued, make_loop, on
from tests.loop.gatherings import called, final

APRIL = dt.date(2025, 4, 10)
LISTS = ("/meetings/", "/visits/", "/visits/unvisited/", "/reforms/", "/handovers/", "/absences/")


@pytest.fixture
def place(db: None) -> District:  # noqa: ARG001 -- the database must be open first
    return make_loop()


@pytest.fixture
def office(place: District) -> Client:
    client = Client()
    client.force_login(place.office.officer, "django.contrib.auth.backends.ModelBackend")
    return client


def groups(client: Client, address: str) -> list[tuple[str, int]]:
    """Names and sizes of the groups of a list."""
    return [(one.name, one.count) for one in client.get(address).context["listing"].index]


def visited(place: District, on: dt.date) -> Visit:
    """Visit of the leader at the district's project."""
    return record_visit(
        act_of(place.leader),
        on=on,
        leader_post=place.leader_post,
        subject=place.subject,
        text="现场有序",
        verdict="normal",
    )


def sheet(client: Client, address: str) -> list[list[Any]]:
    """Rows of an exported list without its title, day and headers."""
    sheet = load_workbook(io.BytesIO(client.get(address).content)).worksheets[0]
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]


def test_meetings_when_grouped_then_months_run_backwards_and_others_as_declared(
    place: District, office: Client
) -> None:
    called(place)
    called(place, APRIL, title="示例推进会", unit=place.unit)
    dropped = called(place, APRIL, title="示例碰头会")
    cancel_meeting(act_of(place.office), dropped, reason="并入下次")
    assert groups(office, "/meetings/?group=month") == [("2025年4月", 2), ("2025年3月", 1)]
    assert groups(office, "/meetings/?group=state") == [("筹备", 2), ("取消", 1)]
    assert groups(office, "/meetings/?group=unit") == [("示例工信局", 1), ("不限单位", 2)]
    assert groups(office, "/meetings/?group=domain") == [("不限篇章", 3)]
    assert groups(office, "/meetings/?group=chair") == [(place.leader_post.title, 3)]
    assert groups(office, "/meetings/?group=kind&as_of=2025-03-01") == []


def test_meetings_when_exported_by_month_then_sums_of_decisions_stand_by_each(
    place: District, office: Client
) -> None:
    called(place)
    called(place, APRIL, title="示例推进会")
    rows = sheet(office, "/meetings/?group=month&hide=code&export=xlsx")
    assert [(row[2], row[7]) for row in rows] == [
        ("2025年4月：1 项", 0),
        ("示例推进会", 0),
        ("2025年3月：1 项", 0),
        ("示例调度会", 0),
        ("合计：2 项", 0),
    ]


def test_visits_when_grouped_then_places_are_summed_but_not_those_withdrawn(
    place: District, office: Client
) -> None:
    visit = visited(place, TODAY)
    second = make_subject(place.unit, title="示例二期")
    add_finding(act_of(place.leader), visit, subject=second, text="现场有序", verdict="normal")
    gone = visited(place, TODAY - dt.timedelta(days=1))
    withdraw_visit(act_of(place.office), gone, reason="重复登记")
    page = office.get("/visits/?group=leader").context
    assert [(one.count, one.sums) for one in page["listing"].index] == [(2, {"found": "2"})]
    assert page["listing"].sums == {"found": "2"}
    assert groups(office, "/visits/?group=month&state=withdrawn") == [("2025年3月", 1)]


def test_lists_when_a_past_day_is_read_then_what_came_later_is_not_counted(
    place: District, office: Client
) -> None:
    _, item = final(place)
    visit, second = visited(place, TODAY), make_subject(place.unit, title="示例二期")
    decide(on(place.office), item, title="示例议定", owner_unit=place.unit)
    add_finding(on(place.leader), visit, subject=second, text="现场有序", verdict="normal")
    told = {
        f"{path}{past}": office.get(f"{path}?group=month{past}").context["listing"].sums
        for path in ("/meetings/", "/visits/")
        for past in ("", f"&as_of={TODAY}")
    }
    assert list(told.values()) == [{"taken": "1"}, {"taken": "0"}, {"found": "2"}, {"found": "1"}]


def test_unvisited_when_grouped_by_month_then_those_never_visited_come_last(
    office: Client,
) -> None:
    assert groups(office, "/visits/unvisited/?group=last") == [("从未督帮", 1)]
    assert groups(office, "/visits/unvisited/?group=unit") == [("示例工信局", 1)]


def test_reforms_when_grouped_then_open_duties_are_summed_and_undated_come_last(
    place: District, office: Client
) -> None:
    act = act_of(place.office)
    reform = add_reform(act, name="示例高效办成一件事", unit=place.unit, due=APRIL)
    add_reform(act, name="示例标准地改革", leader_post=place.leader_post)
    issued(place, subject=reform.subject)
    index = office.get("/reforms/?group=due").context["listing"].index
    assert [(one.name, one.count, one.sums) for one in index] == [
        ("2025年4月", 1, {"open": "1"}),
        ("待定", 1, {"open": "0"}),
    ]
    assert groups(office, "/reforms/?group=unit") == [("示例工信局", 1), ("未定", 1)]
    lines = office.get(f"/reforms/?leader={place.leader_post.pk}").context["lines"]
    assert [line.label for line in lines] == ["示例标准地改革"]


def test_handovers_and_absences_when_grouped_then_by_unit_state_and_month(
    place: District, office: Client
) -> None:
    issued(place)
    add_absence(act_of(place.office), place.owner_post, since=TODAY, until=APRIL)
    assert groups(office, "/absences/?group=state") == [("请假中", 1)]
    assert groups(office, "/absences/?group=month") == [("2025年3月", 1)]
    assert groups(office, "/absences/?group=unit") == [("示例工信局", 1)]
    release_post(system_act(), Holding.objects.get(post=place.owner_post), until=TODAY)
    index = office.get("/handovers/?group=unit").context["listing"].index
    assert [(one.name, one.count, one.sums) for one in index] == [("示例工信局", 1, {"items": "1"})]
    assert groups(office, "/handovers/?group=month") == [("2025年3月", 1)]


@pytest.mark.parametrize("path", LISTS)
def test_list_when_its_ways_columns_and_views_are_used_then_each_answers(
    place: District, office: Client, path: str
) -> None:
    called(place)
    page = office.get(path).context
    ways = [way.id for way, _ in page["ways"]]
    told = [office.get(f"{path}?group={way}&as_of={TODAY}").context["state"].group for way in ways]
    assert (told, bool(ways), page["may_save"]) == (ways, True, True)
    name = page["page"].saved
    office.post(f"/views/new/{name}/?group={ways[0]}", {"name": "示例视图", "audience": ""})
    shown = office.get(path).context["views"]
    assert [(one.view.name, one.view.query) for one in shown] == [("示例视图", f"group={ways[0]}")]
