"""The whole matrix of who may do what to a duty: every cell is written down."""

import pytest

from guatu.loop.actions import name_co_owner, return_
from guatu.register.enums import Role
from guatu.register.errors import Forbidden
from guatu.register.policies import may
from tests.factories import act_of, make_standing, make_unit
from tests.loop.builders import District, issued

STEER = {
    "duty.see",
    "duty.draft",
    "duty.edit",
    "duty.issue",
    "duty.review",
    "duty.close",
    "duty.decide_extension",
    "duty.pause",
}
OWN = {"duty.see", "duty.report", "duty.ask_extension", "duty.attach"}
HELP = {"duty.see", "duty.supplement", "duty.attach"}
ALL = STEER | OWN | HELP

# (who, role) → what they may do to a duty of the owner post.
MATRIX: dict[tuple[str, Role], set[str]] = {
    ("holds the owner post", Role.UNIT): OWN,
    ("holds the owner post", Role.SPECIALIST): OWN,
    ("holds the owner post", Role.ATTRACTION): OWN,
    ("in the owner unit", Role.UNIT): OWN,
    ("in the owner unit", Role.ATTRACTION): OWN,
    ("in the owner unit", Role.SPECIALIST): set(),
    ("in the owner unit", Role.SYSTEM_ADMIN): set(),
    ("in the owner unit", Role.SECURITY_ADMIN): set(),
    ("in the owner unit", Role.AUDIT_ADMIN): set(),
    ("in the owner unit", Role.ENTERPRISE): set(),
    ("co-owner", Role.UNIT): HELP,
    ("co-owner", Role.SPECIALIST): HELP,
    ("elsewhere", Role.LEADER): STEER,
    ("elsewhere", Role.OFFICE): STEER,
    ("elsewhere", Role.STATISTICIAN): {"duty.see"},
    ("elsewhere", Role.UNIT): set(),
    ("elsewhere", Role.SPECIALIST): set(),
    ("elsewhere", Role.ATTRACTION): set(),
    ("elsewhere", Role.ENTERPRISE): set(),
    ("elsewhere", Role.SYSTEM_ADMIN): set(),
    ("elsewhere", Role.SECURITY_ADMIN): set(),
    ("elsewhere", Role.AUDIT_ADMIN): set(),
}


@pytest.mark.parametrize(("who", "role"), MATRIX)
def test_policies_when_asked_for_every_action_then_as_the_matrix_says(
    place: District, who: str, role: Role
) -> None:
    unit = place.unit if who in {"holds the owner post", "in the owner unit"} else None
    standing = make_standing(unit or make_unit(place.root), role)
    holds = who == "holds the owner post"
    duty = issued(place, owner_post=standing.posts[0] if holds else place.owner_post)
    if who == "co-owner":
        name_co_owner(act_of(place.office), duty, standing.posts[0])
    allowed = {action for action in ALL if may(standing, action, duty)}
    assert allowed == MATRIX[who, role]


def test_action_when_not_allowed_then_forbidden_before_anything_is_told(place: District) -> None:
    with pytest.raises(Forbidden) as caught:
        return_(act_of(place.owner), issued(place), reason="x")
    assert str(caught.value) == "没有找到，或您的岗位无权办理。"
