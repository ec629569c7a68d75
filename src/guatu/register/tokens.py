"""Acts on the access of programs: permit, make a token, take it back, and recognise one.

The three administrators check each other here too: the system administrator opens the account, the
security administrator permits what its programs may do and until when, the audit administrator
reads in the log who did what through which token. The holder alone makes the tokens.
"""

import datetime as dt
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from guatu.register.campaign import calendar_day
from guatu.register.enums import ADMINISTRATORS, TokenState
from guatu.register.errors import Invalid, Stale
from guatu.register.models import ApiPermit, ApiToken, Officer, TokenSecret
from guatu.register.policies import require, standing_of
from guatu.register.recording import Act, change, create, note
from guatu.register.scopes import known_scopes

LONGEST_DAYS = 366
MOST_TOKENS = 10
NAME_LENGTH = 40
WRONG_SECRETS = 10
LOCKED_FOR = dt.timedelta(minutes=15)
WRONG_TOLD = f"以错误的令牌连续 {WRONG_SECRETS} 次校验；正确的令牌不受影响"
NO_BUSINESS = "这个账号没有办理业务的岗位，不能使用接口。"
SHAPE = re.compile(r"gt_(?P<prefix>[a-z2-9]{8})_[A-Za-z0-9_-]{43}", re.ASCII)
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


class Locked(Invalid):
    """Wrong secrets of one prefix are not looked at for a while; ``seconds`` are left."""

    def __init__(self, seconds: int) -> None:
        super().__init__("令牌不正确，且已多次校验失败，请核对令牌后再试。")
        self.seconds = seconds


def permit_access(
    act: Act, officer: Officer, *, scopes: Iterable[str], until: dt.date, reason: str
) -> ApiPermit:
    """Permit what an officer's programs may do at most, until a day of the calendar.

    Raises Invalid for an account that does no business, a day past or more than a year away.
    """
    require(act.standing, "token.permit", officer)
    _need(reason)
    if not does_business(officer, act.business_date):
        raise Invalid(NO_BUSINESS)
    _check_day(until, "until")
    wanted = known_scopes(scopes)
    act = act.because(reason.strip())
    found = ApiPermit.objects.filter(officer=officer).first()
    if found is None:
        permit = ApiPermit(officer=officer, scopes=wanted, until=until)
        return create(act, "token.permit", permit)
    with transaction.atomic():
        if found.ended:
            # What was permitted before and taken back does not come back with the new permit.
            _revoke_all(act, officer)
        return change(act, "token.permit", found, scopes=wanted, until=until, ended=False)


def does_business(officer: Officer, day: dt.date) -> bool:
    """Tell whether an account holds a post that programs can act for."""
    return officer.is_active and bool(standing_of(officer, day).roles - ADMINISTRATORS)


def end_access(act: Act, officer: Officer, *, reason: str) -> ApiPermit:
    """Take the permission back; every token of the officer is revoked for good."""
    require(act.standing, "token.permit", officer)
    _need(reason)
    found = ApiPermit.objects.filter(officer=officer, ended=False).first()
    if found is None:
        raise Invalid("这个账号现在没有接口权限。")
    act = act.because(reason.strip())
    with transaction.atomic():
        ended = change(act, "token.end_permit", found, ended=True)
        _revoke_all(act, officer)
    return ended


def make_token(
    act: Act, *, name: str, scopes: Iterable[str], expires_on: dt.date
) -> tuple[ApiToken, str]:
    """Make a token of one's own within the permit; returns it with the secret, told this once."""
    require(act.standing, "token.make")
    if act.standing is None:
        raise Invalid("令牌须由本人建立。")
    officer = act.standing.officer
    permit = permit_of(officer)
    if permit is None:
        raise Invalid("您还没有接口权限，请联系安全管理员。")
    name = name.strip()
    if not name or len(name) > NAME_LENGTH or not name.isprintable():
        raise Invalid(f"请填写令牌用途，不超过 {NAME_LENGTH} 字。", "name")
    _check_day(expires_on, "expires_on")
    if expires_on > permit.until:
        raise Invalid(f"接口权限到 {permit.until} 为止，令牌不能更晚。", "expires_on")
    wanted = known_scopes(scopes)
    if not set(wanted) <= set(permit.scopes):
        raise Invalid("所选权限超出了安全管理员准许的范围。", "scopes")
    with transaction.atomic():
        list(Officer.objects.select_for_update().filter(pk=officer.pk).values_list("pk"))
        if living_tokens(officer).count() >= MOST_TOKENS:
            raise Invalid(f"有效令牌最多 {MOST_TOKENS} 个，请先停用不用的。")
        prefix = "".join(secrets.choice(ALPHABET) for _ in range(8))
        secret = f"gt_{prefix}_{secrets.token_urlsafe(32)}"
        token = ApiToken(
            officer=officer, name=name, prefix=prefix, scopes=wanted, expires_on=expires_on
        )
        create(act, "token.make", token)
        TokenSecret.objects.create(token=token, digest=digest_of(secret))
    return token, secret


def revoke_token(act: Act, token: ApiToken, *, expected_revision: int | None = None) -> ApiToken:
    """Take a token back for good."""
    require(act.standing, "token.revoke", token)
    if expected_revision is not None and expected_revision != token.revision:
        raise Stale("这个令牌刚被改过，请刷新后再提交。")
    if token.revoked_on is not None:
        raise Invalid(f"这个令牌已于 {token.revoked_on} 停用。")
    return change(act, "token.revoke", token, revoked_on=calendar_day())


def living_tokens(officer: Officer) -> QuerySet[ApiToken]:
    """Tokens of an officer that are neither revoked nor past their last day."""
    rows = ApiToken.objects.filter(officer=officer, revoked_on=None)
    return rows.filter(expires_on__gte=calendar_day())


def _revoke_all(act: Act, officer: Officer) -> None:
    for token in living_tokens(officer):
        change(act, "token.revoke", token, revoked_on=calendar_day())


def permit_of(officer: Officer) -> ApiPermit | None:
    """Return the permit that holds today; None where nothing is permitted."""
    found = ApiPermit.objects.filter(officer=officer).first()
    return found if found is not None and found.holds(calendar_day()) else None


def state_of(token: ApiToken, day: dt.date) -> TokenState:
    """Tell whether a token opens anything on ``day`` of the calendar, and why it does not.

    No query where the officer and the permit are joined.
    """
    permit = _permit(token)
    if token.revoked_on is not None:
        return TokenState.REVOKED
    if not token.holds(day):
        return TokenState.EXPIRED
    if not token.officer.is_active:
        return TokenState.CLOSED
    if permit is None or permit.ended:
        return TokenState.ENDED
    return TokenState.LIVING if permit.holds(day) else TokenState.LAPSED


def scopes_of(token: ApiToken) -> frozenset[str]:
    """Scopes of a token that are still permitted."""
    permit = _permit(token)
    return frozenset(token.scopes) & frozenset(permit.scopes if permit else ())


def last_day_of(token: ApiToken) -> dt.date:
    """Last day on which a token opens anything: its own, or the permit's where that is sooner."""
    permit = _permit(token)
    return min(token.expires_on, permit.until) if permit else token.expires_on


def _permit(token: ApiToken) -> ApiPermit | None:
    return getattr(token.officer, "api_permit", None)


def digest_of(secret: str) -> str:
    """SHA-256 of a secret as hex text."""
    return hashlib.sha256(secret.encode()).hexdigest()


def recognise(secret: str) -> tuple[ApiToken, frozenset[str]] | None:
    """Find the living token a secret is of, with the scopes that hold today; None for no such.

    Wrong secrets told with a known prefix are counted; after too many the log tells it, and further
    wrong ones raise Locked for a while. The right one always passes: colleagues read prefixes in
    the histories, and nobody shall bar a program with one. 256 random bits are not guessed anyway.
    One query for a good secret, and one write a day.
    """
    said = SHAPE.fullmatch(secret)
    if said is None:
        return None
    rows = TokenSecret.objects.select_related("token__officer__api_permit")
    found = rows.filter(token__prefix=said["prefix"]).first()
    if found is None:
        return None
    if not hmac.compare_digest(found.digest, digest_of(secret)):
        _check_lock(found)
        _count_wrong(found)
        return None
    day, token = calendar_day(), found.token
    if state_of(token, day) != TokenState.LIVING:
        return None
    if found.last_used_on != day or found.failed:
        TokenSecret.objects.filter(pk=found.pk).update(last_used_on=day, failed=0)
    return token, scopes_of(token)


def _check_lock(found: TokenSecret) -> None:
    if found.locked_until is not None:
        left = (found.locked_until - timezone.now()).total_seconds()
        if left > 0:
            raise Locked(int(left) + 1)


def _count_wrong(found: TokenSecret) -> None:
    """Count a wrong secret; the last one of a row bars further wrong ones and is an event."""
    TokenSecret.objects.filter(pk=found.pk).update(failed=F("failed") + 1)
    if found.failed + 1 < WRONG_SECRETS:
        return
    now = timezone.now()
    with transaction.atomic():
        rows = TokenSecret.objects.filter(pk=found.pk, failed__gte=WRONG_SECRETS)
        if rows.update(failed=0, locked_until=now + LOCKED_FOR):
            act = Act(None, now, calendar_day(), WRONG_TOLD)
            note(act, "token.lock", found.token)


def days_allowed() -> tuple[dt.date, dt.date]:
    """First and last day a permission may end on, by the calendar."""
    today = calendar_day()
    return today, today + dt.timedelta(days=LONGEST_DAYS)


def _check_day(day: dt.date, field: str) -> None:
    first, last = days_allowed()
    if not first <= day <= last:
        message = f"截止日期按实际日期计（不是业务日期），应在 {first} 至 {last} 之间。"
        raise Invalid(message, field)


def _need(reason: str) -> None:
    if not reason.strip():
        raise Invalid("请填写原因。", "reason")
