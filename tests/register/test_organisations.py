"""The tree keeps its paths and its protocol order whatever is moved, ranked or closed."""

import pytest

from guatu.register.enums import OrganisationKind, Role
from guatu.register.errors import Forbidden, Invalid, Stale
from guatu.register.models import Organisation
from guatu.register.organisations import (
    add_organisation,
    close_organisation,
    edit_organisation,
    move_organisation,
)
from guatu.register.sealing import verify
from tests.factories import (
    act_of,
    make_district,
    make_officer,
    make_post,
    make_standing,
    make_unit,
    system_act,
)

pytestmark = pytest.mark.django_db


def names_in_order() -> list[str]:
    return list(Organisation.objects.values_list("name", flat=True))


def test_move_when_unit_has_units_below_then_all_paths_follow() -> None:
    district = make_district()
    old, new = make_unit(district, "示例甲局", rank=1), make_unit(district, "示例乙局", rank=2)
    section = make_unit(old, "示例科", OrganisationKind.SECTION)
    desk = make_unit(section, "示例组", OrganisationKind.SECTION)
    move_organisation(system_act(), section, new, reason="机构改革")
    desk.refresh_from_db()
    assert desk.path == f"{new.path}{section.pk:08d}.{desk.pk:08d}."
    assert names_in_order() == ["示例区", "示例甲局", "示例乙局", "示例科", "示例组"]
    assert verify().faults == []


def test_edit_when_rank_changes_then_subtree_moves_in_protocol_order() -> None:
    district = make_district()
    first, second = make_unit(district, "示例甲局", rank=1), make_unit(district, "示例乙局", rank=2)
    make_unit(second, "示例科", OrganisationKind.SECTION)
    edit_organisation(system_act(), first, name="示例甲局", rank=3)
    assert names_in_order() == ["示例区", "示例乙局", "示例科", "示例甲局"]
    assert verify().faults == []


def test_move_when_target_is_below_itself_then_refused() -> None:
    unit = make_unit(make_district())
    below = make_unit(unit, kind=OrganisationKind.SECTION)
    with pytest.raises(Invalid, match="自己的下级"):
        move_organisation(system_act(), unit, below, reason="机构改革")


def test_close_when_units_or_holders_are_left_then_refused() -> None:
    district = make_district()
    unit = make_unit(district)
    section = make_unit(unit, kind=OrganisationKind.SECTION)
    make_officer(make_post(section))
    with pytest.raises(Invalid, match="下级组织"):
        close_organisation(system_act(), unit, reason="撤销")
    with pytest.raises(Invalid, match="任职"):
        close_organisation(system_act(), section, reason="撤销")


def test_add_when_name_stands_already_below_the_parent_then_refused() -> None:
    district = make_district()
    make_unit(district, "示例甲局")
    with pytest.raises(Invalid, match="已有"):
        make_unit(district, "示例甲局")


def test_edit_when_somebody_else_was_first_then_stale() -> None:
    unit = make_unit(make_district(), "示例甲局")
    shown = unit.revision
    edit_organisation(system_act(), unit, name="示例乙局", rank=1)
    with pytest.raises(Stale):
        edit_organisation(system_act(), unit, name="示例丙局", rank=1, expected_revision=shown)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SYSTEM_ADMIN}))
def test_add_when_officer_is_not_system_admin_then_forbidden(role: Role) -> None:
    district = make_district()
    act = act_of(make_standing(district, role))
    with pytest.raises(Forbidden):
        add_organisation(act, name="示例局", kind=OrganisationKind.DEPARTMENT, parent=district)
