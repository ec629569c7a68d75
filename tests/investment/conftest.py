"""A district with a campaign, its rules, stages and one category path."""

from dataclasses import dataclass

import pytest

from guatu.investment import stages
from guatu.investment.actions import add_project
from guatu.investment.models import Category, Project, Stage
from guatu.register.enums import Role
from guatu.register.models import Organisation
from guatu.register.policies import Standing
from guatu.register.rules import load_shipped
from tests.factories import make_campaign, make_district, make_standing, make_unit, system_act


@dataclass(frozen=True)
class World:
    """Two units, an officer of each role that matters, and a school of the first unit."""

    district: Organisation
    unit: Organisation
    other: Organisation
    office: Standing
    clerk: Standing
    stranger: Standing
    school: Project


@pytest.fixture
def world(db: None) -> World:
    """Set up the smallest district in which projects make sense."""
    del db
    load_shipped()
    stages.load_shipped()
    district = make_district()
    make_campaign(district)
    unit = make_unit(district, "示例建设局")
    other = make_unit(district, "示例教育局")
    school = add_project(
        system_act(),
        name="示例小学",
        unit=unit,
        category=Category.objects.get(code="school"),
        stage=Stage.objects.get(code="landing"),
    )
    return World(
        district,
        unit,
        other,
        make_standing(district, Role.OFFICE),
        make_standing(unit),
        make_standing(other),
        school,
    )
