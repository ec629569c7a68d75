"""A district with a firm of one unit, its clerk, its specialist, its own account and a stranger."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import pytest

from guatu.growth.actions import Entry, Ground, appoint_specialist, give_consent
from guatu.growth.models import Consent
from guatu.register.enterprises import add_enterprise
from guatu.register.enums import PartyRole, Role
from guatu.register.models import Enterprise, Organisation, Party, Post, Subject
from guatu.register.policies import Standing, standing_of
from guatu.register.recording import create
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
    system_act,
)


@dataclass(frozen=True)
class Place:
    """Who stands where: ``specialist`` serves ``firm``, ``contact`` is the firm's own account."""

    district: Organisation
    unit: Organisation
    post: Post
    leader_post: Post
    clerk: Standing
    office: Standing
    leader: Standing
    statistician: Standing
    specialist: Standing
    contact: Standing
    stranger: Standing
    enterprise: Enterprise
    consent: Consent

    @property
    def firm(self) -> Subject:
        """Subject of the enterprise."""
        return self.enterprise.subject

    def entry(self, value: str, indicator: str = "firm_revenue", period: str = "2025-02") -> Entry:
        """A figure the firm gave for its service."""
        ground = Ground("firm", "service", self.consent)
        return Entry(self.firm, indicator, period, Decimal(value), ground)


@pytest.fixture
def place(db: None) -> Place:
    """Set up the smallest district in which firms report."""
    del db
    load_shipped()
    district = make_district()
    make_campaign(district)
    unit = make_unit(district, "示例街道")
    post = make_post(unit, Role.UNIT, "经济办经办岗")
    clerk = standing_of(make_officer(post), TODAY)
    bureau = make_unit(district, "示例政数局")
    leader_post = make_post(make_unit(district, "示例区政府"), Role.LEADER, "副区长")
    enterprise = add_enterprise(system_act(), name="示例机械有限公司", unit=unit)
    serving = make_post(bureau, Role.SPECIALIST, "企业服务专员岗")
    appoint_specialist(act_of(clerk), enterprise.subject, serving, since=dt.date(2025, 2, 1))
    own = make_post(bureau, Role.ENTERPRISE, "企业联系岗")
    contact = Party(subject=enterprise.subject, role=PartyRole.CONTACT, post=own)
    create(system_act(), "party.name", contact)
    consent = give_consent(
        act_of(clerk),
        enterprise.subject,
        basis="consent",
        given_by="示例公司财务负责人",
        purposes=["service", "dispatch"],
        on=dt.date(2025, 2, 10),
    )
    return Place(
        district,
        unit,
        post,
        leader_post,
        clerk,
        make_standing(make_unit(district, "示例专班"), Role.OFFICE),
        standing_of(make_officer(leader_post), TODAY),
        make_standing(make_unit(district, "示例统计局"), Role.STATISTICIAN),
        standing_of(make_officer(serving), TODAY),
        standing_of(make_officer(own), TODAY),
        make_standing(make_unit(district, "示例教育局")),
        enterprise,
        consent,
    )
