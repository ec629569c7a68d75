"""When a password must be changed."""

import datetime as dt

from django.conf import settings

from guatu.register.models.organisations import Officer

FIRST_LOG_IN = "这是初始密码，请先修改再办理业务。"
EXPIRED = "密码已使用超过 {days} 天，请修改后继续办理。"


def reason_to_change(officer: Officer, now: dt.datetime) -> str:
    """Say why the password must be changed now; empty when it need not be."""
    if officer.must_change_password or officer.password_changed_at is None:
        return FIRST_LOG_IN
    days: int = settings.PASSWORD_MAX_AGE_DAYS
    if now - officer.password_changed_at > dt.timedelta(days=days):
        return EXPIRED.format(days=days)
    return ""
