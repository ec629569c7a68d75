import datetime as dt
import json

import pytest
from django.utils import timezone

from guatu.register import tokens
from guatu.register.campaign import calendar_day
from guatu.register.enums import Role, TokenState
from guatu.register.errors import Forbidden, Invalid
from guatu.register.models import ApiPermit, ApiToken, Event, Officer, TokenSecret
from guatu.register.policies import Standing
from guatu.register.tokens import (
    Locked,
    end_access,
    last_day_of,
    make_token,
    permit_access,
    recognise,
    revoke_token,
    scopes_of,
    state_of,
)
from tests.factories import act_of, make_district, make_standing

pytestmark = pytest.mark.django_db
SOON = dt.timedelta(days=30)


@pytest.fixture
def clerk() -> Standing:
    return make_standing(make_district())


@pytest.fixture
def admin(clerk: Standing) -> Standing:
    return make_standing(clerk.posts[0].organisation, Role.SECURITY_ADMIN)


def permit(admin: Standing, officer: Officer, *scopes: str) -> None:
    permit_access(
        act_of(admin),
        officer,
        scopes=scopes or ["read:duties", "report:duties"],
        until=calendar_day() + SOON,
        reason="对接数据平台（示例）",
    )


def made(clerk: Standing, *scopes: str) -> tuple[ApiToken, str]:
    return make_token(
        act_of(clerk),
        name="示例程序",
        scopes=scopes or ["read:duties"],
        expires_on=calendar_day() + SOON,
    )


def test_token_when_made_within_the_permit_then_it_opens_its_scopes_alone(
    clerk: Standing, admin: Standing
) -> None:
    permit(admin, clerk.officer)
    token, secret = made(clerk)
    assert recognise(secret) == (token, frozenset({"read:duties"}))
    assert recognise(f"{secret[:-1]}{'a' if secret[-1] != 'a' else 'b'}") is None
    assert TokenSecret.objects.get().last_used_on == calendar_day()


def test_token_when_made_then_neither_secret_nor_digest_is_told_to_the_log(
    clerk: Standing, admin: Standing
) -> None:
    permit(admin, clerk.officer)
    token, secret = made(clerk)
    told = json.dumps(list(Event.objects.values("changes", "reason", "verb")), default=str)
    stored = TokenSecret.objects.get()
    assert secret not in told
    assert secret.rpartition("_")[2] not in told
    assert stored.digest not in told
    assert token.prefix in told
    assert secret not in stored.digest


def test_token_when_not_permitted_or_beyond_it_then_refused(
    clerk: Standing, admin: Standing
) -> None:
    with pytest.raises(Invalid, match="还没有接口权限"):
        made(clerk)
    permit(admin, clerk.officer)
    with pytest.raises(Invalid, match="超出了安全管理员准许的范围"):
        made(clerk, "read:letters")
    with pytest.raises(Invalid, match="没有「read:nothing」"):
        made(clerk, "read:nothing")
    with pytest.raises(Invalid, match="令牌不能更晚"):
        make_token(
            act_of(clerk),
            name="示例",
            scopes=["read:duties"],
            expires_on=calendar_day() + 2 * SOON,
        )


def test_permit_when_not_of_the_security_administrator_or_for_oneself_then_forbidden(
    clerk: Standing, admin: Standing
) -> None:
    unit = clerk.posts[0].organisation
    for role in (Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN, Role.OFFICE, Role.LEADER):
        with pytest.raises(Forbidden):
            permit(make_standing(unit, role), clerk.officer)
    with pytest.raises(Forbidden):
        permit(admin, admin.officer)
    with pytest.raises(Invalid, match="没有办理业务的岗位"):
        permit(admin, make_standing(unit, Role.SYSTEM_ADMIN).officer)
    with pytest.raises(Forbidden):
        made(admin)


def test_token_when_revoked_expired_or_its_permit_ended_then_it_opens_nothing(
    clerk: Standing, admin: Standing
) -> None:
    permit(admin, clerk.officer)
    first, secret = made(clerk)
    with pytest.raises(Forbidden):
        revoke_token(act_of(make_standing(clerk.posts[0].organisation)), first)
    revoke_token(act_of(clerk), first)
    assert recognise(secret) is None
    with pytest.raises(Invalid, match="停用"):
        revoke_token(act_of(clerk), first)

    second, secret = made(clerk)
    ApiToken.objects.filter(pk=second.pk).update(expires_on=calendar_day() - dt.timedelta(days=1))
    assert recognise(secret) is None

    _, secret = made(clerk)
    permit(admin, clerk.officer, "report:duties")
    found = recognise(secret)
    assert found is not None
    assert found[1] == frozenset()
    end_access(act_of(admin), clerk.officer, reason="对接结束（示例）")
    assert recognise(secret) is None


def test_token_when_account_is_closed_then_it_opens_nothing(
    clerk: Standing, admin: Standing
) -> None:
    permit(admin, clerk.officer)
    _, secret = made(clerk)
    Officer.objects.filter(pk=clerk.officer.pk).update(is_active=False)
    assert recognise(secret) is None


def test_access_when_ended_then_its_tokens_are_revoked_and_a_new_permit_brings_none_back(
    clerk: Standing, admin: Standing
) -> None:
    permit(admin, clerk.officer)
    token, secret = made(clerk)
    end_access(act_of(admin), clerk.officer, reason="对接结束（示例）")
    token.refresh_from_db()
    assert (token.revoked_on, recognise(secret)) == (calendar_day(), None)
    permit(admin, clerk.officer)
    assert recognise(secret) is None
    assert state_of(ApiToken.objects.get(), calendar_day()) == TokenState.REVOKED
    told = Event.objects.filter(verb="token.revoke").values_list("actor", "reason")
    assert list(told) == [(admin.officer.username, "对接结束（示例）")]


def test_permit_when_given_anew_after_one_ended_before_tokens_were_revoked_then_none_comes_back(
    clerk: Standing, admin: Standing
) -> None:
    permit(admin, clerk.officer)
    _, secret = made(clerk)
    ApiPermit.objects.update(ended=True)
    assert state_of(ApiToken.objects.get(), calendar_day()) == TokenState.ENDED
    permit(admin, clerk.officer)
    assert recognise(secret) is None


def test_token_when_its_permit_is_narrowed_then_state_scopes_and_last_day_follow(
    clerk: Standing, admin: Standing
) -> None:
    day = calendar_day()
    permit(admin, clerk.officer)
    made(clerk, "read:duties", "report:duties")
    sooner = day + dt.timedelta(days=3)
    permit_access(
        act_of(admin), clerk.officer, scopes=["read:duties"], until=sooner, reason="示例：缩小"
    )
    token = ApiToken.objects.get()
    assert (state_of(token, day), scopes_of(token), last_day_of(token)) == (
        TokenState.LIVING,
        frozenset({"read:duties"}),
        sooner,
    )
    assert state_of(token, sooner + dt.timedelta(days=1)) == TokenState.LAPSED
    assert state_of(token, day + 2 * SOON) == TokenState.EXPIRED
    token.officer.is_active = False
    assert state_of(token, day) == TokenState.CLOSED


def test_token_when_guessed_too_often_then_wrong_ones_are_barred_and_the_right_one_passes(
    clerk: Standing, admin: Standing
) -> None:
    permit(admin, clerk.officer)
    token, secret = made(clerk)
    wrong = f"gt_{token.prefix}_{'x' * 43}"
    for _ in range(tokens.WRONG_SECRETS):
        assert recognise(wrong) is None
    with pytest.raises(Locked) as caught:
        recognise(wrong)
    assert 0 < caught.value.seconds <= tokens.LOCKED_FOR.total_seconds() + 1
    assert recognise(secret) is not None
    with pytest.raises(Locked):
        recognise(wrong)
    assert Event.objects.filter(verb="token.lock", row=token.pk).count() == 1
    TokenSecret.objects.update(locked_until=timezone.now())
    assert recognise(wrong) is None


def test_token_when_it_has_no_shape_of_one_then_no_query(
    django_assert_num_queries: object,
) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]  # pytest-django's fixture
        assert [recognise(text) for text in ("", "gt_", "x" * 5000, "gt_甲_" + "s" * 43)] == [
            None
        ] * 4
