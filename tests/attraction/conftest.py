"""A district with a lead of one unit, its officer, the office, a leader and a stranger."""

from dataclasses import dataclass

import pytest

from guatu.attraction.actions import add_lead
from guatu.attraction.models import Lead
from guatu.investment import stages
from guatu.register.enums import Role
from guatu.register.models import Organisation, Post
from guatu.register.policies import Standing, standing_of
from guatu.register.rules import load_shipped
from tests.factories import (
    TODAY,
    act_of,
    make_campaign,
    make_district,
    make_officer,
    make_post,
    make_standing,
    make_unit,
)


@dataclass(frozen=True)
class Place:
    """Who stands where: ``clerk`` holds ``post`` of ``unit``, to which ``lead`` belongs."""

    district: Organisation
    unit: Organisation
    other: Organisation
    post: Post
    leader_post: Post
    clerk: Standing
    office: Standing
    leader: Standing
    stranger: Standing
    reader: Standing
    lead: Lead


@pytest.fixture
def place(db: None) -> Place:
    """Set up the smallest district in which leads make sense."""
    del db
    load_shipped()
    stages.load_shipped()
    district = make_district()
    make_campaign(district)
    unit, other = make_unit(district, "示例招商局"), make_unit(district, "示例教育局")
    post = make_post(unit, Role.ATTRACTION, "招商岗")
    leader_post = make_post(make_unit(district, "示例区政府"), Role.LEADER, "副区长")
    clerk = standing_of(make_officer(post), TODAY)
    lead = add_lead(act_of(clerk), name="示例冷链装备基地", unit=unit, owner_post=post)
    return Place(
        district,
        unit,
        other,
        post,
        leader_post,
        clerk,
        make_standing(make_unit(district, "示例专班"), Role.OFFICE),
        standing_of(make_officer(leader_post), TODAY),
        make_standing(other),
        make_standing(make_unit(district, "示例统计局"), Role.STATISTICIAN),
        lead,
    )
