"""The district whose papers and ledgers come in."""

import pytest

from guatu.investment import stages
from guatu.register import rules
from guatu.register.enums import Role
from tests.factories import make_campaign, make_district, make_officer, make_post, make_unit
from tests.web.intake.uploads import World


@pytest.fixture
def world() -> World:
    rules.load_shipped()
    stages.load_shipped()
    district = make_district()
    make_campaign(district)
    unit = make_unit(district, "示例一局")
    office = make_officer(make_post(make_unit(district, "示例专班"), Role.OFFICE))
    return World(district, unit, office, make_officer(make_post(unit, Role.UNIT)))
