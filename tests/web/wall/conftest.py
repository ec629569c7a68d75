"""An office that sees a few roads."""

import datetime as dt

import pytest
from django.test import Client

from guatu.investment.actions import add_project, make_timetable
from guatu.investment.models import Category, Project
from tests.factories import TODAY, system_act
from tests.investment.conftest import World, world  # noqa: F401 -- a fixture is used by its name

BACKEND = "django.contrib.auth.backends.ModelBackend"


def a_project(world: World, name: str, days: int | None) -> Project:  # noqa: F811 -- the fixture
    """Add a road whose permit is due in so many days; None for one without dates."""
    project = add_project(
        system_act(), name=name, unit=world.unit, category=Category.objects.get(code="road")
    )
    if days is not None:
        permit = TODAY + dt.timedelta(days=days)
        make_timetable(system_act(), project, {"permit": permit})
    return project


@pytest.fixture
def office(world: World) -> Client:  # noqa: F811 -- as above
    """Client of the campaign office, with three roads to see and one without dates."""
    a_project(world, "示例甲路", 30)
    a_project(world, "示例乙路", -5)
    a_project(world, "示例丙路", 3)
    client = Client()
    client.force_login(world.office.officer, BACKEND)
    return client
