"""A signed lead becomes a project in one transaction, each pointing to the other."""

from decimal import Decimal

import pytest

from guatu.attraction import actions
from guatu.attraction.models import Lead
from guatu.campaign.handover import hand_over
from guatu.investment.models import Category, Project
from guatu.register.enums import PartyRole
from guatu.register.errors import Forbidden, Invalid, Stale
from guatu.register.models import Party
from tests.attraction.conftest import Place
from tests.attraction.conftest import place as place  # noqa: PLC0414 -- a fixture
from tests.factories import act_of

pytestmark = pytest.mark.django_db


def signed(place: Place) -> Lead:
    """The lead of the place with all it needs, signed."""
    act = act_of(place.clerk)
    actions.edit_lead(
        act,
        place.lead,
        investor="示例装备公司",
        intended_wan=Decimal(32000),
        content="示例厂房",
        site="示例园",
        leader_post=place.leader_post,
    )
    actions.name_contact(act, place.lead, name="示例联系人", phone="00000000000")
    actions.move_lead(act, place.lead, "talk")
    return actions.move_lead(act, place.lead, "sign")


def test_hand_over_when_signed_then_project_takes_over_and_both_are_linked(place: Place) -> None:
    lead = signed(place)
    category = Category.objects.get(code="industry")
    project = hand_over(act_of(place.clerk), lead, category=category)
    assert (project.name, project.investor, project.total_wan, project.content) == (
        lead.name,
        "示例装备公司",
        Decimal(32000),
        "示例厂房",
    )
    assert (project.address, project.subject.unit, project.category) == (
        "示例园",
        place.unit,
        category,
    )
    assert project.stage is not None
    assert project.stage.code == "landing"
    lead.refresh_from_db()
    assert (lead.stage, lead.became, project.subject.came_from) == (
        "landed",
        project.subject,
        lead,
    )
    named = Party.objects.filter(subject=project.subject).order_by("pk")
    assert [(one.role, one.post, one.outside_name) for one in named] == [
        (PartyRole.LEADER, place.leader_post, ""),
        (PartyRole.CONTACT, None, "示例联系人"),
    ]
    with pytest.raises(Invalid, match="已经转为项目"):
        hand_over(act_of(place.clerk), lead)
    assert Project.objects.count() == 1


def test_hand_over_when_not_signed_or_not_ones_own_then_nothing_is_made(place: Place) -> None:
    with pytest.raises(Invalid, match="签约后才能移交"):
        hand_over(act_of(place.clerk), place.lead)
    lead = signed(place)
    for standing in (place.stranger, place.reader):
        with pytest.raises(Forbidden):
            hand_over(act_of(standing), lead)
    with pytest.raises(Stale):
        hand_over(act_of(place.clerk), lead, expected_revision=1)
    assert Project.objects.count() == 0
    lead.refresh_from_db()
    assert (lead.stage, lead.became) == ("sign", None)


def test_hand_over_when_the_project_is_there_then_joined_once(place: Place) -> None:
    lead = signed(place)
    project = hand_over(act_of(place.clerk), lead)
    other = actions.add_lead(
        act_of(place.clerk),
        name="示例二期",
        unit=place.unit,
        investor="示例装备公司",
        intended_wan=Decimal(1),
        owner_post=place.post,
    )
    actions.move_lead(act_of(place.clerk), other, "talk")
    actions.move_lead(act_of(place.clerk), other, "sign")
    with pytest.raises(Invalid, match="已由另一条线索转来"):
        hand_over(act_of(place.clerk), other, project=project)
    assert Project.objects.count() == 1
