"""The wall as a page: order, counts, screen mode, what is left aside."""

import datetime as dt
import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from guatu.investment.actions import finish_node, name_party
from guatu.investment.models import Project
from guatu.loop.models import Lamp
from guatu.register.enums import PartyRole, Role
from tests.factories import TODAY, make_post, system_act
from tests.investment.conftest import World
from tests.web.wall.conftest import a_project


def names(page: str) -> list[str]:
    return re.findall(r'class="wall-name"[^>]*>([^<]+)<', page)


def test_wall_when_read_then_sorted_by_slack_and_unrated_stands_aside(office: Client) -> None:
    page = office.get("/wall/").content.decode()
    assert names(page) == ["示例乙路", "示例丙路", "示例甲路"]
    assert "施工许可 逾期 5 天" in page
    assert "数据不全 1 项" in page


def test_wall_when_float_was_computed_then_it_decides_the_order(office: Client) -> None:
    Lamp.objects.filter(subject__title="示例甲路").update(margin=-12)
    Lamp.objects.filter(subject__title="示例乙路").update(margin=4)
    assert names(office.get("/wall/").content.decode()) == ["示例甲路", "示例丙路", "示例乙路"]


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


def test_wall_when_leader_chosen_then_only_the_named(office: Client, world: World) -> None:
    leader = make_post(world.district, Role.LEADER, "副区长")
    named = Project.objects.get(name="示例甲路")
    name_party(system_act(), named, role=PartyRole.LEADER, post=leader)
    page = office.get(f"/wall/?leader={leader.pk}").content.decode()
    assert names(page) == ["示例甲路"]
    assert f"/projects/?lamp=green&amp;leader={leader.pk}" in page
    assert f"/wall/data/?leader={leader.pk}" in page
    assert f"/wall/print/?leader={leader.pk}" in page


def test_wall_when_as_of_before_finish_then_still_open(office: Client) -> None:
    late = system_act(dt.datetime(2025, 3, 20, 4, tzinfo=dt.UTC))
    finish_node(late, Project.objects.get(name="示例乙路"), "permit", day=TODAY, knowing=True)
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


def test_wall_when_nothing_is_found_then_it_says_so_and_draws_nothing(office: Client) -> None:
    page = office.get("/wall/?q=无此项目").content.decode()
    assert ("没有排定日期的项目" in page, "data-wall-chart" in page) == (True, False)


def test_screen_when_many_projects_then_pages_of_fifteen_and_no_menu(
    office: Client, world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(20):
        a_project(world, f"示例{n}号路", n + 40)
    with django_assert_max_num_queries(25):
        page = office.get("/wall/?screen=1").content.decode()
    assert (len(names(page)), "第 1/2 页" in page, "topbar" in page) == (15, True, False)
    assert 'data-next="?screen=1&amp;page=2"' in page
    assert len(names(office.get("/wall/?screen=1&page=2").content.decode())) == 8
