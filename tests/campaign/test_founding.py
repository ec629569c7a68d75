"""A district starts with its root, its office and accounts that can go on from there."""

import pytest
from django.test import Client

from guatu.campaign.founding import FIRST_ACCOUNTS, found
from guatu.register.campaign import business_date
from guatu.register.enums import ADMINISTRATORS, Role
from guatu.register.errors import Invalid
from guatu.register.models import Campaign, Officer, Organisation
from guatu.register.policies import may, standing_of

pytestmark = pytest.mark.django_db


def test_found_when_register_is_empty_then_first_accounts_hold_their_roles() -> None:
    made = found(name="示例市示例区", code="999999", year=2025, short_name="示例区")
    assert Campaign.objects.get().district.name == "示例市示例区"
    assert [str(row) for row in Organisation.objects.all()] == ["示例区", "攻坚专班"]
    today = business_date()
    for account, (username, role, _) in zip(made.accounts, FIRST_ACCOUNTS, strict=True):
        officer = Officer.objects.get(username=username)
        assert officer.check_password(account.password)
        assert officer.must_change_password
        standing = standing_of(officer, today)
        assert standing.roles == {role}
        assert may(standing, "organisation.edit") == (role == Role.SYSTEM_ADMIN)
        assert may(standing, "duty.draft") == (role not in ADMINISTRATORS)


def test_found_when_first_log_in_then_password_must_be_changed() -> None:
    account = found(name="示例区", code="999999", year=2025).accounts[0]
    client = Client()
    answer = client.post(
        "/account/login/", {"username": account.username, "password": account.password}, follow=True
    )
    assert answer.redirect_chain[-1][0].startswith("/account/password/")


def test_found_when_there_are_accounts_then_refused() -> None:
    found(name="示例区", code="999999", year=2025)
    with pytest.raises(Invalid, match="已有账号"):
        found(name="示例乙区", code="999998", year=2025)


@pytest.mark.parametrize("code", ["22010", "2201055", "２２０１０５", "abcdef", ""])
def test_found_when_code_is_not_six_digits_then_refused_and_nothing_made(code: str) -> None:
    with pytest.raises(Invalid, match="六位"):
        found(name="示例区", code=code, year=2025)
    assert not Organisation.objects.exists()
