"""Accounts: opened with a one-time password and no rights; each act is on the log."""

import pytest

from guatu.register.enums import Role
from guatu.register.errors import Forbidden, Invalid
from guatu.register.models import Event, Officer
from guatu.register.officers import (
    add_officer,
    deactivate_officer,
    one_time_password,
    reactivate_officer,
    reset_password,
)
from guatu.register.policies import Standing, standing_of
from tests.factories import TODAY, act_of, make_district, make_standing

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Standing:
    return make_standing(make_district(), Role.SYSTEM_ADMIN)


def test_add_when_system_admin_opens_account_then_password_works_once_and_no_right_comes(
    admin: Standing,
) -> None:
    officer, password = add_officer(act_of(admin), username="li.si", name="示例人员")
    stored = Officer.objects.get(username="li.si")
    assert stored.check_password(password)
    assert (stored.must_change_password, standing_of(officer, TODAY).roles) == (True, frozenset())
    event = Event.objects.latest("pk")
    assert (event.verb, event.changes) == (
        "officer.add",
        {"username": [None, "li.si"], "name": [None, "示例人员"]},
    )


def test_reset_when_password_is_forgotten_then_old_fails_and_log_holds_no_password(
    admin: Standing,
) -> None:
    officer, old = add_officer(act_of(admin), username="li.si", name="示例人员")
    new = reset_password(act_of(admin), officer, reason="本人申请")
    stored = Officer.objects.get(pk=officer.pk)
    assert (stored.check_password(old), stored.check_password(new)) == (False, True)
    event = Event.objects.latest("pk")
    assert (event.verb, event.changes, event.reason) == ("officer.reset", {}, "本人申请")


def test_deactivate_when_closed_and_opened_again_then_both_are_on_the_log(admin: Standing) -> None:
    officer, _ = add_officer(act_of(admin), username="li.si", name="示例人员")
    deactivate_officer(act_of(admin), officer, reason="调离")
    assert Officer.objects.get(pk=officer.pk).is_active is False
    reactivate_officer(act_of(admin), officer, reason="返岗")
    told = list(Event.objects.order_by("-pk").values_list("verb", "changes")[:2])
    assert told == [
        ("officer.reactivate", {"is_active": [False, True]}),
        ("officer.deactivate", {"is_active": [True, False]}),
    ]


def test_deactivate_when_it_is_oneself_then_refused(admin: Standing) -> None:
    with pytest.raises(Invalid, match="自己"):
        deactivate_officer(act_of(admin), admin.officer, reason="误")


@pytest.mark.parametrize("username", ["", "Li", "1ab", "a b", "李四", "a" * 41])
def test_add_when_username_is_odd_then_refused(admin: Standing, username: str) -> None:
    with pytest.raises(Invalid) as refusal:
        add_officer(act_of(admin), username=username, name="示例人员")
    assert refusal.value.field == "username"


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SYSTEM_ADMIN}))
def test_add_when_officer_is_not_system_admin_then_forbidden(role: Role) -> None:
    act = act_of(make_standing(make_district(), role))
    with pytest.raises(Forbidden):
        add_officer(act, username="li.si", name="示例人员")


def test_one_time_password_when_made_often_then_never_twice() -> None:
    made = {one_time_password() for _ in range(1000)}
    assert len(made) == 1000
