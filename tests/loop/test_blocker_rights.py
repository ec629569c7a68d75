"""The whole matrix of who may do what to a blocker: every cell is written down."""

import pytest

from guatu.loop.actions import accept_blocker, raise_blocker, send_up
from guatu.loop.models import Blocker
from guatu.loop.removers import Remover, Spot
from guatu.register.enums import PartyRole, Role
from guatu.register.models import Party, Post
from guatu.register.policies import Standing, may, standing_of
from guatu.register.recording import create
from tests.factories import (
    TODAY,
    act_of,
    make_officer,
    make_post,
    make_standing,
    make_subject,
    make_unit,
    system_act,
)
from tests.loop.blockers import bureau, raised
from tests.loop.builders import District, issued

READ = {"blocker.see"}
TAKE_PART = {"blocker.see", "blocker.urge"}
OWN = TAKE_PART | {"blocker.own", "blocker.confirm", "blocker.edit", "blocker.send_up"}
REMOVE = TAKE_PART | {"blocker.handle", "blocker.answer", "blocker.send_up"}
ABOVE = TAKE_PART | {"blocker.answer", "blocker.send_up", "blocker.coordinate"}
LEAD = REMOVE | ABOVE | {"blocker.assign"}
OFFICE = LEAD | {"blocker.confirm", "blocker.edit"}
ALL = OFFICE | OWN

# (who, role) → what they may do to a blocker that the owner raised on their duty.
MATRIX: dict[tuple[str, Role], set[str]] = {
    ("in the raising unit", Role.UNIT): OWN,
    ("in the raising unit", Role.ATTRACTION): OWN,
    ("in the raising unit", Role.SPECIALIST): set(),
    ("in the raising unit", Role.ENTERPRISE): set(),
    ("in the raising unit", Role.SYSTEM_ADMIN): set(),
    ("is named as remover", Role.UNIT): REMOVE,
    ("is named as remover", Role.SPECIALIST): REMOVE,
    ("is named as remover", Role.LEADER): LEAD,
    ("in the removing unit", Role.UNIT): REMOVE,
    ("in the removing unit", Role.ATTRACTION): REMOVE,
    ("in the removing unit", Role.SPECIALIST): set(),
    ("in the removing unit", Role.AUDIT_ADMIN): set(),
    ("it was sent up to", Role.UNIT): ABOVE,
    ("elsewhere", Role.LEADER): LEAD,
    ("elsewhere", Role.OFFICE): OFFICE,
    ("elsewhere", Role.STATISTICIAN): READ,
    ("elsewhere", Role.UNIT): set(),
    ("elsewhere", Role.SPECIALIST): set(),
    ("elsewhere", Role.ATTRACTION): set(),
    ("elsewhere", Role.ENTERPRISE): set(),
    ("elsewhere", Role.SYSTEM_ADMIN): set(),
    ("elsewhere", Role.SECURITY_ADMIN): set(),
    ("elsewhere", Role.AUDIT_ADMIN): set(),
}


def _above(place: District) -> tuple[Standing, Blocker]:
    """A blocker of a section, sent up to the clerk of the unit above."""
    parent = bureau(place)
    section = make_post(make_unit(parent.post.organisation))
    clerk = standing_of(make_officer(section), TODAY)
    blocker = raised(place, Remover(section.organisation))
    accept_blocker(act_of(clerk), blocker)
    return parent.standing, send_up(act_of(clerk), blocker)


def _placed(place: District, who: str, role: Role) -> tuple[Standing, Blocker]:
    if who == "it was sent up to":
        return _above(place)
    there = bureau(place)
    unit = {
        "in the raising unit": place.unit,
        "in the removing unit": there.post.organisation,
    }.get(who)
    standing = make_standing(unit or make_unit(place.root), role)
    post: Post = standing.posts[0]
    named = Remover(post.organisation, post)
    return standing, raised(place, named if who == "is named as remover" else there.remover)


@pytest.mark.parametrize(("who", "role"), MATRIX)
def test_policies_when_asked_for_every_act_on_a_blocker_then_as_the_matrix_says(
    place: District, who: str, role: Role
) -> None:
    standing, blocker = _placed(place, who, role)
    assert {action for action in ALL if may(standing, action, blocker)} == MATRIX[who, role]


# role → where an officer of that role elsewhere may raise: own unit's subject, named on, foreign.
RAISE: dict[Role, tuple[bool, bool, bool]] = {
    Role.LEADER: (True, True, True),
    Role.OFFICE: (True, True, True),
    Role.UNIT: (True, False, False),
    Role.ATTRACTION: (True, False, False),
    Role.SPECIALIST: (False, True, False),
    Role.STATISTICIAN: (False, False, False),
    Role.ENTERPRISE: (False, False, False),
    Role.SYSTEM_ADMIN: (False, False, False),
    Role.SECURITY_ADMIN: (False, False, False),
    Role.AUDIT_ADMIN: (False, False, False),
}


@pytest.mark.parametrize("role", RAISE)
def test_raise_when_asked_by_every_role_then_as_reporting_is_theirs(
    place: District, role: Role
) -> None:
    standing = make_standing(make_unit(place.root), role)
    own = make_subject(standing.posts[0].organisation)
    named, foreign = make_subject(place.unit), make_subject(place.unit)
    party = Party(subject=named, role=PartyRole.SPECIALIST, post=standing.posts[0])
    create(system_act(), "party.name", party)
    spots = [Spot(subject) for subject in (own, named, foreign)]
    assert tuple(may(standing, "blocker.raise", spot) for spot in spots) == RAISE[role]


def test_raise_when_on_a_duty_then_owner_helper_and_who_steers_may(place: District) -> None:
    duty = issued(place)
    spot = Spot(duty.subject, duty=duty)
    people = (place.owner, place.office, place.leader, place.stranger)
    assert [may(one, "blocker.raise", spot) for one in people] == [True, True, True, False]


def test_see_when_it_hangs_on_an_own_project_then_in_sight_whoever_raised_it(
    place: District,
) -> None:
    subject = make_subject(place.unit)
    blocker = raise_blocker(act_of(place.leader), Spot(subject), "discord")
    assert [may(who, "blocker.see", blocker) for who in (place.owner, place.stranger)] == [
        True,
        False,
    ]
