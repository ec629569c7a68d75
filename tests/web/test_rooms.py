"""The strip of rooms above the pages of one first-level menu item."""

import pytest

from guatu.register.enums import Role
from guatu.web import navigation
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/duties/", "/letters/", "/blockers/causes/"])
def test_rooms_when_an_item_holds_several_then_the_same_wherever_one_stands(path: str) -> None:
    standing = factories.make_standing(factories.make_district(), Role.UNIT)
    item = next(item for item in navigation.MAIN if item.path == "/duties/")
    rooms = navigation.rooms_for(standing, path)
    assert [room for room, _ in rooms] == list(item.rooms)
    assert [room.path for room, here in rooms if here] == [f"/{path.split('/')[1]}/"]


def test_rooms_when_an_item_is_one_page_then_no_strip() -> None:
    standing = factories.make_standing(factories.make_district(), Role.UNIT)
    assert navigation.rooms_for(standing, "/desk/") == []


def test_rooms_when_one_may_not_be_entered_then_it_is_not_shown() -> None:
    standing = factories.make_standing(factories.make_district(), Role.ENTERPRISE)
    assert "堵点" not in [room.name for room, _ in navigation.rooms_for(standing, "/duties/")]


def test_rooms_when_any_item_has_them_then_the_first_is_its_own_page() -> None:
    items = (*navigation.MAIN, *navigation.MANAGEMENT)
    assert all(item.rooms[0].path == item.path for item in items if item.rooms)


def test_rooms_when_the_item_is_not_the_officers_then_no_strip_leads_into_it() -> None:
    standing = factories.make_standing(factories.make_district(), Role.ENTERPRISE)
    assert navigation.rooms_for(standing, "/handovers/") == []
