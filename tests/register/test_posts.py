"""Posts and holdings: the three administrators stay apart from each other and from business."""

import datetime as dt

import pytest

from guatu.register.enums import ADMINISTRATORS, Role
from guatu.register.errors import Forbidden, Invalid
from guatu.register.models import Holding, Officer, Organisation
from guatu.register.policies import standing_of
from guatu.register.posts import add_post, close_post, edit_post, hold_post, release_post
from tests.factories import (
    TODAY,
    act_of,
    make_district,
    make_officer,
    make_post,
    make_standing,
    system_act,
)

pytestmark = pytest.mark.django_db
SINCE = dt.date(2025, 2, 1)


@pytest.fixture
def unit() -> Organisation:
    return make_district()


@pytest.mark.parametrize("first", sorted(ADMINISTRATORS))
@pytest.mark.parametrize("second", sorted(Role))
def test_hold_when_officer_is_administrator_then_no_other_role_is_given(
    unit: Organisation, first: Role, second: Role
) -> None:
    officer = make_officer(make_post(unit, first, "管理岗"))
    other = make_post(unit, second, "另一岗")
    if first == second:
        hold_post(system_act(), other, officer, since=SINCE)
        return
    with pytest.raises(Invalid, match="不得兼任"):
        hold_post(system_act(), other, officer, since=SINCE)


def test_hold_when_officer_has_business_then_no_administrator(unit: Organisation) -> None:
    officer = make_officer(make_post(unit, Role.UNIT))
    with pytest.raises(Invalid, match="不得兼任"):
        hold_post(system_act(), make_post(unit, Role.AUDIT_ADMIN), officer, since=SINCE)


def test_hold_when_the_other_post_was_left_before_then_given(unit: Organisation) -> None:
    officer = make_officer(make_post(unit, Role.UNIT))
    release_post(system_act(), Holding.objects.get(officer=officer), until=dt.date(2025, 1, 31))
    hold_post(system_act(), make_post(unit, Role.AUDIT_ADMIN), officer, since=SINCE)
    assert standing_of(officer, TODAY).roles == {Role.AUDIT_ADMIN}


def test_hold_when_posts_are_future_and_overlap_then_refused(unit: Organisation) -> None:
    officer = make_officer()
    hold_post(system_act(), make_post(unit, Role.UNIT), officer, since=dt.date(2026, 1, 1))
    with pytest.raises(Invalid, match="不得兼任"):
        hold_post(system_act(), make_post(unit, Role.SYSTEM_ADMIN), officer, since=SINCE)


def test_edit_when_new_role_would_join_two_in_a_holder_then_refused(unit: Organisation) -> None:
    business = make_post(unit, Role.UNIT, "经办岗")
    make_officer(business, make_post(unit, Role.UNIT, "联络岗"))
    with pytest.raises(Invalid, match="不得兼任"):
        edit_post(system_act(), business, title="经办岗", role=Role.AUDIT_ADMIN, rank=1)


def test_hold_when_security_admin_means_himself_then_refused(unit: Organisation) -> None:
    security = make_standing(unit, Role.SECURITY_ADMIN)
    with pytest.raises(Invalid, match="不能给自己"):
        hold_post(act_of(security), make_post(unit), security.officer, since=SINCE)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SECURITY_ADMIN}))
def test_hold_when_officer_is_not_security_admin_then_forbidden(
    unit: Organisation, role: Role
) -> None:
    act, officer = act_of(make_standing(unit, role)), make_officer()
    with pytest.raises(Forbidden):
        hold_post(act, make_post(unit, title="另一岗"), officer, since=SINCE)
    with pytest.raises(Forbidden):
        add_post(act, unit, title="新岗", role=Role.UNIT)


def test_hold_when_account_is_closed_or_post_held_already_then_refused(unit: Organisation) -> None:
    post = make_post(unit)
    officer = make_officer(post)
    with pytest.raises(Invalid, match="已担任"):
        hold_post(system_act(), post, officer, since=SINCE)
    closed = Officer.objects.create_user("closed", "示例人员")
    closed.is_active = False
    with pytest.raises(Invalid, match="已停用"):
        hold_post(system_act(), post, closed, since=SINCE)


def test_close_when_post_is_held_then_refused_else_closed(unit: Organisation) -> None:
    post = make_post(unit)
    officer = make_officer(post)
    with pytest.raises(Invalid, match="离任"):
        close_post(system_act(), post, reason="撤销")
    release_post(system_act(), Holding.objects.get(officer=officer), until=dt.date(2025, 3, 1))
    assert close_post(system_act(), post, reason="撤销").active is False
