"""Permitting an officer's programs, and telling the officer so in the inbox of a post."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from guatu.campaign.telling import reading_post, tell
from guatu.loop.enums import NoticeKind
from guatu.register import tokens
from guatu.register.models import ApiPermit, Officer
from guatu.register.policies import standing_of
from guatu.register.recording import Act

TOKENS = "/account/tokens/"


def permit_access(
    act: Act, officer: Officer, *, scopes: Iterable[str], until: dt.date, reason: str
) -> ApiPermit:
    """Permit as `tokens.permit_access` does, and tell whom it is permitted."""
    with transaction.atomic():
        permit = tokens.permit_access(act, officer, scopes=scopes, until=until, reason=reason)
        said = f"安全管理员已准许{officer.name}使用数据接口，至 {until}，可自建接口令牌"
        _tell(act, officer, said)
    return permit


def end_access(act: Act, officer: Officer, *, reason: str) -> ApiPermit:
    """Take it back as `tokens.end_access` does, and tell whose tokens were revoked."""
    with transaction.atomic():
        permit = tokens.end_access(act, officer, reason=reason)
        said = f"安全管理员已收回{officer.name}的接口权限，已建的令牌全部停用：{reason.strip()}"
        _tell(act, officer, said)
    return permit


def _tell(act: Act, officer: Officer, said: str) -> None:
    post = reading_post(standing_of(officer, act.business_date))
    tell(act, NoticeKind.REMIND, post, title="数据接口权限", path=TOKENS, said=said)
