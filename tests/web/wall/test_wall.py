"""The wall as a page: order, counts, screen mode, what is left aside."""

import datetime as dt
import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from guatu.investment.actions import add_project, finish_node, make_timetable, name_party
from guatu.investment.models import Category, Project
from guatu.register.enums import PartyRole, Role
from tests.factories import TODAY, make_post, system_act
from tests.investment.conftest import World, world  # noqa: F401 -- a fixture is used by its name

DAY = dt.timedelta(days=1)


def a_project(world: World, name: str, days: int | None) -> Project:  # noqa: F811 -- the fixture
    project = add_project(
        system_act(), name=name, unit=world.unit, category=Category.objects.get(code="road")
    )
    if days is not None:
        make_timetable(system_act(), project, {"permit": TODAY + days * DAY})
    return project


@pytest.fixture
def office(world: World) -> Client:  # noqa: F811 -- as above
    a_project(world, "示例甲路", 30)
    a_project(world, "示例乙路", -5)
    a_project(world, "示例丙路", 3)
    client = Client()
    client.force_login(world.office.officer, "django.contrib.auth.backends.ModelBackend")
    return client


def names(page: str) -> list[str]:
    return re.findall(r'class="wall-name"[^>]*>([^<]+)<', page)


def test_wall_when_read_then_sorted_by_slack_and_unrated_stands_aside(office: Client) -> None:
    page = office.get("/wall/").content.decode()
    assert names(page) == ["示例乙路", "示例丙路", "示例甲路"]
    assert "施工许可 逾期 5 天" in page
    assert "数据不全 1 项" in page


def test_wall_when_counted_then_each_figure_equals_its_list(office: Client) -> None:
    page = office.get("/wall/").content.decode()
    counted = re.findall(r'class="wall-count[^>]*href="([^"]+)">(\S+) <b>(\d+)</b>', page)
    assert [(word, count) for _, word, count in counted] == [
        ("红", "1"),
        ("黄", "1"),
        ("绿", "1"),
        ("数据不全", "1"),
    ]
    for href, _, count in counted:
        assert f"共 {count} 项" in office.get(href).content.decode()


def test_wall_when_leader_chosen_then_only_the_named(office: Client, world: World) -> None:  # noqa: F811 -- as above
    leader = make_post(world.district, Role.LEADER, "副区长")
    named = Project.objects.get(name="示例甲路")
    name_party(system_act(), named, role=PartyRole.LEADER, post=leader)
    page = office.get(f"/wall/?leader={leader.pk}").content.decode()
    assert names(page) == ["示例甲路"]
    assert f"/projects/?lamp=green&amp;leader={leader.pk}" in page


def test_wall_when_as_of_before_finish_then_still_open(office: Client) -> None:
    late = system_act(dt.datetime(2025, 3, 20, 4, tzinfo=dt.UTC))
    finish_node(late, Project.objects.get(name="示例乙路"), "permit", day=TODAY)
    assert names(office.get("/wall/?as_of=2025-03-19").content.decode())[0] == "示例乙路"
    assert "示例乙路" not in names(office.get("/wall/").content.decode())


@pytest.mark.parametrize(
    "query", ["?zoom=decade", "?at=tomorrow", "?page=99", "?leader=x&unit=9e9"]
)
def test_wall_when_address_is_nonsense_then_plain_wall(office: Client, query: str) -> None:
    assert names(office.get(f"/wall/{query}").content.decode()) == [
        "示例乙路",
        "示例丙路",
        "示例甲路",
    ]


def test_screen_when_many_projects_then_pages_of_fifteen_and_no_menu(
    office: Client,
    world: World,  # noqa: F811 -- as above
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for n in range(20):
        a_project(world, f"示例{n}号路", n + 40)
    with django_assert_max_num_queries(25):
        page = office.get("/wall/?screen=1").content.decode()
    assert (len(names(page)), "第 1/2 页" in page, "topbar" in page) == (15, True, False)
    assert 'data-next="?screen=1&amp;page=2"' in page
    assert len(names(office.get("/wall/?screen=1&page=2").content.decode())) == 8
