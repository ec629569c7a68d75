"""A district with one road planned from its template, and who may work on it."""

from dataclasses import dataclass

import pytest
from django.test import Client

from guatu.investment import stages
from guatu.investment.actions import add_project
from guatu.investment.actions.templates import plan_from_template
from guatu.investment.models import Category, Project
from guatu.loop.plan import calendars
from guatu.register.enums import Role
from guatu.register.models import Organisation, Post
from guatu.register.rules import load_shipped
from tests import factories

BACKEND = "django.contrib.auth.backends.ModelBackend"
COMPLETION = "2027-09-30"


@dataclass(frozen=True)
class Place:
    """The road, its unit, the post that answers for it, and a client signed in as the office."""

    district: Organisation
    unit: Organisation
    owner: Post
    road: Project
    office: Client

    def url(self, tail: str = "") -> str:
        """Address beneath the road's plan."""
        return f"/projects/{self.road.subject.public_id}/plan/{tail}"

    def signed_in(self, role: Role) -> Client:
        """Sign someone of the unit in under a role."""
        return signed_in(factories.make_post(self.unit, role, f"{role.label}岗"))


def signed_in(post: Post) -> Client:
    """Sign a holder of the post in."""
    client = Client()
    client.force_login(factories.make_officer(post), BACKEND)
    return client


@pytest.fixture
def bare(db: None) -> Place:  # noqa: ARG001 -- the database must be there first
    """A road that has no plan yet."""
    load_shipped()
    stages.load_shipped()
    calendars.load_shipped()
    district = factories.make_district("示例市示例区")
    factories.make_campaign(district)
    unit = factories.make_unit(district, "示例建设局")
    owner = factories.make_post(unit, Role.UNIT, "建设科经办岗")
    road = Category.objects.get(code="road")
    project = add_project(factories.system_act(), name="示例一号路", unit=unit, category=road)
    office = factories.make_post(factories.make_unit(district, "示例专班"), Role.OFFICE)
    return Place(district, unit, owner, project, signed_in(office))


@pytest.fixture
def planned(bare: Place) -> Place:
    """The road planned to open on COMPLETION."""
    day = factories.TODAY.fromisoformat(COMPLETION)
    plan_from_template(factories.system_act(), bare.road, "municipal_road", day)
    return bare
