"""Who sees which duties: list, single duty and past state by one condition."""

import datetime as dt
from dataclasses import replace

import pytest

from guatu.loop.actions import issue, name_co_owner
from guatu.loop.models import Duty
from guatu.loop.queries.sight import duties_in_sight, identity, sees_duty
from guatu.register.enums import PartyRole, Role, SubjectKind
from guatu.register.models import Party
from guatu.register.policies import Standing, unit_keys
from guatu.register.recording import create
from tests.factories import TODAY, act_of, make_standing, make_subject, make_unit, system_act
from tests.loop.builders import District, drafted, issued


def seen(standing: Standing, as_of: dt.date | None = None) -> list[int]:
    return sorted(identity(duty) for duty in duties_in_sight(standing, as_of))


def test_sight_when_owner_and_whole_district_then_seen_and_stranger_not(place: District) -> None:
    duty = issued(place)
    statistician = make_standing(place.root, Role.STATISTICIAN)
    standings = [place.owner, place.office, place.leader, statistician, place.stranger]
    assert [seen(standing) for standing in standings] == [[duty.pk]] * 4 + [[]]


def test_sight_when_draft_then_only_those_who_issue(place: District) -> None:
    duty = drafted(place)
    assert (seen(place.office), seen(place.leader), seen(place.owner)) == ([duty.pk], [duty.pk], [])
    assert not sees_duty(place.owner, duty)


def test_sight_when_co_owner_then_seen(place: District) -> None:
    duty = issued(place)
    name_co_owner(act_of(place.office), duty, place.stranger_post)
    assert seen(place.stranger) == [duty.pk]
    assert sees_duty(place.stranger, duty)


def test_sight_when_named_on_subject_then_its_duties_are_seen(place: District) -> None:
    duty = issued(place)
    post = place.stranger.posts[0]
    create(
        system_act(),
        "party.name",
        Party(subject=place.subject, role=PartyRole.SPECIALIST, post=post),
    )
    assert seen(place.stranger) == [duty.pk]


def test_sight_when_two_duties_hang_on_the_campaign_then_each_sees_only_their_own(
    place: District,
) -> None:
    campaign = make_subject(place.root, SubjectKind.CAMPAIGN)
    mine = issue(act_of(place.office), drafted(place, subject=campaign))
    theirs = issue(
        act_of(place.office), drafted(place, subject=campaign, owner_post=place.stranger_post)
    )
    assert (seen(place.owner), seen(place.stranger)) == ([mine.pk], [theirs.pk])


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_sight_when_administrator_then_nothing_even_in_the_owner_unit(
    place: District, role: Role
) -> None:
    duty = issued(place)
    administrator = make_standing(place.unit, role)
    assert (seen(administrator), sees_duty(administrator, duty)) == ([], False)


def test_sight_when_section_below_then_its_department_sees(place: District) -> None:
    section = make_standing(make_unit(place.unit, "示例科室"))
    duty = issued(place, owner_post=section.posts[0], subject=make_subject(None))
    assert (seen(place.owner), seen(section), seen(place.stranger)) == ([duty.pk], [duty.pk], [])


def test_sight_when_past_day_then_state_of_that_day_by_permissions_of_today(
    place: District,
) -> None:
    duty = issued(place)
    before = TODAY - dt.timedelta(days=1)
    assert seen(place.owner, before) == []
    assert seen(place.owner, TODAY) == [duty.pk]
    assert seen(place.stranger, TODAY) == []


def test_sight_when_listed_then_equals_asking_one_by_one(place: District) -> None:
    issued(place)
    drafted(place)
    issued(place, owner_post=place.stranger_post, subject=make_subject(None))
    for standing in (place.owner, place.office, place.stranger, place.leader):
        single = [duty.pk for duty in Duty.objects.order_by("pk") if sees_duty(standing, duty)]
        assert seen(standing) == single


def test_sight_when_asked_again_by_one_standing_then_what_changed_between_is_seen(
    place: District,
) -> None:
    duty = issued(place)
    before = seen(place.stranger)
    name_co_owner(act_of(place.office), duty, place.stranger_post)
    assert (before, seen(place.stranger)) == ([], [duty.pk])


def test_sight_when_only_some_posts_then_nothing_of_the_others(place: District) -> None:
    duty = issued(place)
    both = replace(place.owner, posts=(*place.owner.posts, *place.stranger.posts), subqueries={})
    assert seen(both) == [duty.pk]
    assert seen(both.only(place.stranger.posts)) == []


def test_subquery_when_nothing_can_be_in_sight_then_it_holds_no_key(place: District) -> None:
    issued(place)
    nowhere = replace(place.owner, paths=(), subqueries={})
    assert not Duty.objects.filter(owner_unit_id__in=unit_keys(nowhere)).exists()
    assert Duty.objects.exclude(owner_unit_id__in=unit_keys(nowhere)).count() == 1
