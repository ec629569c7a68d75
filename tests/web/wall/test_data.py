"""The wall as data for its canvas: what is in it, for whom, of which day."""

import datetime as dt
from typing import Any

from django.test import Client
from pytest_django import DjangoAssertNumQueries

from guatu.investment.actions import finish_node
from guatu.investment.actions.templates import plan_from_template
from guatu.investment.models import Project
from guatu.loop.enums import CalendarBase
from guatu.loop.models import Activity, Lamp, Link, WorkCalendar
from guatu.loop.plan import calendars
from guatu.register.enums import Role, RuleStatus
from guatu.register.recording import create, create_many
from tests.factories import TODAY, make_standing, system_act
from tests.investment.conftest import World
from tests.web.wall.conftest import BACKEND, a_project

EPOCH = dt.date(1970, 1, 1)


def number(day: dt.date) -> int:
    return (day - EPOCH).days


def asked(client: Client, query: str = "") -> dict[str, Any]:
    answer: dict[str, Any] = client.get(f"/wall/data/{query}").json()
    return answer


def test_data_when_read_then_rows_as_on_the_page_and_bars_in_days(office: Client) -> None:
    data = asked(office)
    assert [row[0] for row in data["rows"]] == ["示例乙路", "示例丙路", "示例甲路"]
    assert data["day"] == number(TODAY)
    assert data["window"] == [number(dt.date(2025, 1, 1)), number(dt.date(2026, 1, 1))]
    worst = data["rows"][0]
    due = number(TODAY) - 5
    assert worst[1:5] == ["示例建设局", "red", "红 · 逾期 5 天", "施工许可 逾期 5 天"]
    assert worst[7] == [[data["names"].index("施工许可"), 2, 0, 0, None, due, due, due, None, due]]


def test_data_when_row_is_opened_then_project_and_lamp_answer(office: Client) -> None:
    data = asked(office, "?as_of=2025-03-19")
    for address in data["addresses"]:
        opened = address.replace("KEY", data["rows"][0][5])
        assert "as_of=2025-03-19" in opened
        assert office.get(opened).status_code == 200


def test_data_when_another_unit_asks_then_nothing_of_this_one(office: Client, world: World) -> None:
    stranger = Client()
    stranger.force_login(world.stranger.officer, BACKEND)
    assert asked(stranger)["rows"] == []
    assert "示例乙路" not in stranger.get("/wall/data/").content.decode()
    owner = Client()
    owner.force_login(world.clerk.officer, BACKEND)
    assert asked(owner)["rows"] == asked(office)["rows"]


def test_data_when_administrator_asks_then_not_there(world: World) -> None:
    client = Client()
    client.force_login(make_standing(world.district, Role.SYSTEM_ADMIN).officer, BACKEND)
    assert client.get("/wall/data/").status_code == 404


def test_data_when_filtered_then_the_same_choice_as_the_page(office: Client) -> None:
    assert [row[0] for row in asked(office, "?lamp=red&lamp=green")["rows"]] == [
        "示例乙路",
        "示例甲路",
    ]
    assert [row[0] for row in asked(office, "?q=丙")["rows"]] == ["示例丙路"]


def test_data_when_as_of_before_finish_then_the_bar_was_still_late(office: Client) -> None:
    late = system_act(dt.datetime(2025, 3, 20, 4, tzinfo=dt.UTC))
    finish_node(late, Project.objects.get(name="示例丙路"), "permit", day=TODAY, knowing=True)
    then = next(r for r in asked(office, "?as_of=2025-03-19")["rows"] if r[0] == "示例丙路")
    assert (then[7][0][1], then[7][0][8]) == (3, None)
    assert "示例丙路" not in [row[0] for row in asked(office)["rows"]]


def test_data_when_nodes_are_linked_through_work_then_ties_between_nodes(office: Client) -> None:
    act = system_act()
    project = Project.objects.get(name="示例甲路")
    permit = Activity.objects.get(subject=project.subject, node="permit")
    start = Activity.objects.get(subject=project.subject, node="start")
    start.due = TODAY + dt.timedelta(days=90)
    start.save()
    work = create(
        act,
        "node.plan",
        Activity(
            subject=project.subject,
            node="mobilise",
            name="进场准备",
            stage=permit.stage,
            sequence=permit.sequence,
            kind="work",
        ),
    )
    links = [(permit, work), (work, start)]
    create_many(
        act,
        "link.add",
        [Link(subject=project.subject, predecessor=a, successor=b) for a, b in links],
    )
    row = next(r for r in asked(office)["rows"] if r[0] == "示例甲路")
    assert (len(row[7]), row[8]) == (2, [0, 1])


def test_data_when_a_calendar_stops_in_winter_then_its_stops_are_given(office: Client) -> None:
    winter = WorkCalendar(
        code="yard",
        name="堆场",
        base=CalendarBase.CHINA,
        stop=[["12-01", "02-28"]],
        status=RuleStatus.PENDING,
    )
    create(system_act(), "calendar.add", winter)
    stops = [stop for stop in asked(office)["stops"] if stop[0] == "堆场"]
    assert stops[0] == [
        "堆场",
        False,
        number(dt.date(2024, 12, 1)),
        number(dt.date(2025, 3, 1)),
    ]


def test_data_when_there_are_more_projects_then_as_many_queries(
    office: Client, world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    calendars.load_shipped()
    assert asked(office)["stops"][0][:2] == ["室外施工", False]
    with django_assert_num_queries(9):
        asked(office)
    for n in range(5):
        a_project(world, f"示例{n}号路", n + 40)
    with django_assert_num_queries(9):
        assert len(asked(office)["rows"]) == 8


def tightest_as_told(client: Client) -> dict[str, str]:
    """What the page, the big screen and the paper say of the planned road."""
    return {
        "data": asked(client)["rows"][0][4],
        "page": str(client.get("/wall/").context["lines"][0][2]),
        "screen": str(client.get("/wall/?screen=1").context["lines"][0][2]),
        "paper": str(client.get("/wall/print/").context["sheets"][0].rows[0][2]),
    }


def test_tightest_when_a_plan_breaks_then_what_the_lamp_decided_on_everywhere_alike(
    office: Client, world: World
) -> None:
    calendars.load_shipped()
    road = a_project(world, "示例主干路", None)
    due = dt.date(2026, 6, 30)
    plan_from_template(system_act(), road, "municipal_road", due, accept_infeasible=True)
    lamp = Lamp.objects.select_related("activity").get(subject=road.subject)
    assert (lamp.colour, lamp.activity is not None, (lamp.margin or 0) < 0) == ("red", True, True)
    said = f"{lamp.activity} 差 {-(lamp.margin or 0)} 天"
    assert tightest_as_told(office) == dict.fromkeys(("data", "page", "screen", "paper"), said)
    listed = office.get("/projects/?q=示例主干路").content.decode()
    assert str(lamp.activity) in listed
    reason = office.get(f"/projects/{road.subject.public_id}/lamp/").content.decode()
    assert f">{lamp.activity}<" in reason
    screen = office.get("/wall/?screen=1").content.decode()
    assert f"<span>{lamp.activity}</span> <b>差 {-(lamp.margin or 0)} 天</b>" in screen


def test_tightest_when_there_is_no_plan_then_the_next_node_said_to_be_that(office: Client) -> None:
    assert [row[4] for row in asked(office)["rows"]] == [
        "施工许可 逾期 5 天",
        "下一节点 施工许可 还有 3 天",
        "下一节点 施工许可 还有 30 天",
    ]
