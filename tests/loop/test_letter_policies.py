"""The whole matrix of who may do what to a delivered letter: every cell is written down."""

import pytest

from guatu.loop.actions import deliver, draft_letter, send_to_sign, sign
from guatu.register.enums import Role
from guatu.register.policies import POLICIES, Standing, may
from tests.factories import act_of, make_standing, make_unit
from tests.loop.builders import District
from tests.loop.letters import draft, sent, to_sign

SEE, LIST, URGE = "letter.see", "letter.list", "letter.urge"
DRAFTS = {SEE, LIST, URGE, "letter.draft", "letter.edit", "letter.deliver"}
OFFICE = DRAFTS | {"letter.judge", "letter.void"}
SIGNS = DRAFTS | {"letter.sign", "letter.judge", "letter.void"}
ANSWERS = {SEE, LIST, URGE, "letter.read", "letter.answer"}
COPY = {SEE, LIST, URGE, "letter.read"}
ALL = {action for action in POLICIES if action.startswith("letter.")}

# (who, role) → what they may do to a letter to the owner's unit that a leader signed.
MATRIX: dict[tuple[str, Role], set[str]] = {
    ("signs", Role.LEADER): SIGNS,
    ("addressed by post", Role.UNIT): ANSWERS,
    ("addressed by post", Role.SPECIALIST): ANSWERS,
    ("in the unit", Role.UNIT): ANSWERS,
    ("in the unit", Role.ATTRACTION): ANSWERS,
    ("in the unit", Role.SPECIALIST): {LIST},
    ("in the unit", Role.ENTERPRISE): {LIST},
    ("in the unit", Role.SYSTEM_ADMIN): set(),
    ("in the unit", Role.SECURITY_ADMIN): set(),
    ("in the unit", Role.AUDIT_ADMIN): set(),
    ("copied", Role.UNIT): COPY,
    ("copied", Role.SPECIALIST): COPY,
    ("elsewhere", Role.LEADER): DRAFTS,
    ("elsewhere", Role.OFFICE): OFFICE,
    ("elsewhere", Role.STATISTICIAN): {SEE, LIST},
    ("elsewhere", Role.UNIT): {LIST},
    ("elsewhere", Role.ATTRACTION): {LIST},
    ("elsewhere", Role.SPECIALIST): {LIST},
    ("elsewhere", Role.ENTERPRISE): {LIST},
    ("elsewhere", Role.SYSTEM_ADMIN): set(),
    ("elsewhere", Role.SECURITY_ADMIN): set(),
    ("elsewhere", Role.AUDIT_ADMIN): set(),
}


def allowed(standing: Standing, letter: object) -> set[str]:
    return {action for action in ALL if may(standing, action, letter)}


@pytest.mark.parametrize(("who", "role"), MATRIX)
def test_policies_when_letter_is_delivered_then_as_the_matrix_says(
    place: District, who: str, role: Role
) -> None:
    near = who in {"addressed by post", "in the unit"}
    standing = make_standing(place.unit if near else make_unit(place.root), role)
    post = standing.posts[0]
    signer = standing if who == "signs" else place.leader
    letter = draft_letter(
        act_of(place.office),
        "supervision",
        subject=place.subject,
        addressee=post if who == "addressed by post" else place.unit,
        signer_post=signer.posts[0],
        copies=[post] if who == "copied" else [],
    )
    send_to_sign(act_of(place.office), letter)
    deliver(act_of(place.office), sign(act_of(signer), letter, deliver_now=False))
    assert allowed(standing, letter) == MATRIX[who, role]


def test_policies_when_letter_is_unsigned_then_nobody_it_is_meant_for_may_anything(
    place: District,
) -> None:
    for letter in (draft(place), to_sign(place)):
        assert allowed(place.owner, letter) == {LIST}
        assert "letter.sign" not in allowed(place.office, letter)
    assert allowed(place.stranger, sent(place)) == {LIST}
