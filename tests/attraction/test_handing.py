"""A post that keeps leads changes hands: leads and next steps stand on its list."""

import datetime as dt

import pytest

from guatu.attraction import actions
from guatu.attraction.actions import Next
from guatu.loop.enums import ItemKind
from guatu.loop.handover_things import open_things
from guatu.loop.models import HandoverItem
from guatu.register.models import Holding, Post
from guatu.register.posts import release_post
from guatu.register.recording import change
from tests.attraction.conftest import Place
from tests.factories import TODAY, act_of, system_act

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def listed(post: Post) -> list[tuple[str, str, str]]:
    return [(one.kind, one.item.title, one.item.words) for one in open_things(post)]


def test_post_when_it_keeps_leads_then_they_and_their_steps_are_listed(place: Place) -> None:
    step = Next("送资料", TODAY + DAY, None)
    told = actions.follow_up(
        act_of(place.clerk), place.lead, way="phone", said="有意", next_step=step
    )
    assert listed(place.post) == [
        (ItemKind.LEAD, place.lead.name, "线索"),
        (ItemKind.STEP, "送资料", place.lead.name),
    ]
    item = open_things(place.post)[1].item
    assert (item.subject_id, item.due) == (place.lead.subject_id, TODAY + DAY)
    actions.end_step(act_of(place.clerk), place.lead, told, result="已送")
    actions.move_lead(act_of(place.clerk), place.lead, "ended", reason="对方放弃")
    assert listed(place.post) == []


def test_post_when_a_step_is_its_units_then_it_is_listed_as_shared(place: Place) -> None:
    step = Next("送资料", TODAY + DAY, None)
    told = actions.follow_up(
        act_of(place.clerk), place.lead, way="phone", said="有意", next_step=step
    )
    change(act_of(place.office), "lead.import", told, next_post=None)
    assert (ItemKind.STEP, "送资料", f"{place.lead.name}，单位事项") in listed(place.post)
    assert listed(place.leader_post) == []


def test_step_when_it_is_its_units_and_becomes_a_duty_then_the_unit_owes_it(place: Place) -> None:
    step = Next("送资料", TODAY + DAY, None)
    told = actions.follow_up(
        act_of(place.clerk), place.lead, way="phone", said="有意", next_step=step
    )
    change(act_of(place.office), "lead.import", told, next_post=None)
    duty = actions.step_into_duty(act_of(place.office), place.lead, told)
    assert (duty.owner_unit, duty.owner_post, duty.due) == (place.unit, None, TODAY + DAY)


def test_leader_when_vouching_for_a_lead_then_listed_as_such(place: Place) -> None:
    actions.edit_lead(act_of(place.office), place.lead, leader_post=place.leader_post)
    assert listed(place.leader_post) == [(ItemKind.LEAD, place.lead.name, "包保，线索")]


def test_holder_when_leaving_then_the_hand_over_lists_the_lead(place: Place) -> None:
    holding = Holding.objects.get(post=place.post, until=None)
    release_post(system_act(), holding, until=TODAY)
    assert [(row.kind, row.title) for row in HandoverItem.objects.all()] == [
        ("lead", place.lead.name)
    ]
