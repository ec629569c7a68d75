"""A post that keeps leads changes hands: leads and next steps stand on its list."""

import datetime as dt

import pytest

from guatu.attraction import actions
from guatu.attraction.actions import Next
from guatu.attraction.bulk_plans import give_leads, plan_leads
from guatu.loop.actions.handing_over import accept, hand_over
from guatu.loop.enums import ItemKind, ItemState
from guatu.loop.handover_things import open_things
from guatu.loop.models import Handover, HandoverItem
from guatu.register.enums import Role
from guatu.register.models import Event, Holding, Post
from guatu.register.policies import standing_of
from guatu.register.posts import hold_post, release_post
from guatu.register.recording import change
from tests.attraction.conftest import Place
from tests.factories import NOON, TODAY, act_of, make_officer, make_post, shut, system_act

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


def handed(post: Post) -> list[tuple[str, str, str]]:
    """What the list has that is drawn when the holder of ``post`` leaves."""
    release_post(system_act(), Holding.objects.get(post=post, until=None), until=TODAY)
    return list(HandoverItem.objects.order_by("pk").values_list("kind", "title", "words"))


def without_post(place: Place) -> None:
    """A lead that names its unit alone, with a step whose post was closed since."""
    closed = make_post(place.unit, Role.ATTRACTION, "原招商岗")
    step = Next("送资料", TODAY + DAY, closed)
    actions.follow_up(act_of(place.clerk), place.lead, way="phone", said="有意", next_step=step)
    actions.edit_lead(act_of(place.office), place.lead, reason="岗位撤并", owner_post=None)
    shut(closed)


def test_holder_when_leaving_then_what_names_the_unit_alone_is_listed_and_accepted_once(
    place: Place,
) -> None:
    without_post(place)
    assert handed(place.post) == [
        ("lead", place.lead.name, "线索，单位事项"),
        ("step", "送资料", f"{place.lead.name}，单位事项"),
    ]
    successor = make_officer(name="示例接任")
    hold_post(system_act(), place.post, successor, since=TODAY + DAY)
    row = Handover.objects.get()
    hand_over(act_of(place.clerk), row, remarks={})
    accept(act_of(standing_of(successor, TODAY + DAY), NOON + DAY), row)
    assert set(row.items.values_list("state", flat=True)) == {ItemState.ACCEPTED}
    item = row.items.get(kind=ItemKind.STEP)
    told = Event.objects.filter(model="loop.HandoverItem", row=item.pk)
    assert list(told.order_by("pk").values_list("verb", flat=True)) == [
        "handover.list",
        "handover.accept",
    ]


def test_holder_when_a_colleague_stays_then_what_names_the_unit_alone_stays_with_them(
    place: Place,
) -> None:
    without_post(place)
    make_officer(make_post(place.unit, Role.ATTRACTION, "招商二岗"))
    assert handed(place.post) == []


def test_step_when_its_lead_is_given_away_then_it_is_with_the_new_unit_and_no_longer_with_the_post(
    place: Place,
) -> None:
    step = Next("送资料", TODAY + DAY, None)
    actions.follow_up(act_of(place.clerk), place.lead, way="phone", said="有意", next_step=step)
    plan = plan_leads(act_of(place.office, reason="职责调整"), [place.lead], unit=place.other)
    give_leads(plan)
    there = place.stranger.posts[0]
    assert listed(place.post) == []
    assert listed(there) == [
        (ItemKind.LEAD, place.lead.name, "线索，单位事项"),
        (ItemKind.STEP, "送资料", f"{place.lead.name}，单位事项"),
    ]
    steering = Next("请领导会见", TODAY + 2 * DAY, place.leader_post)
    actions.follow_up(act_of(place.office), place.lead, way="phone", said="可", next_step=steering)
    assert [one.item.title for one in open_things(place.leader_post)] == ["请领导会见"]
    assert len(listed(there)) == 2
