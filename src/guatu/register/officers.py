"""Accounts: made, closed and reset by the system administrator. Rights come with posts alone."""

import datetime as dt
import re
import secrets

from django.db import transaction
from django.db.models import Q, QuerySet

from guatu.register import hands
from guatu.register.errors import Invalid
from guatu.register.models import Holding, Officer
from guatu.register.policies import require
from guatu.register.recording import Act, note

USERNAME = re.compile(r"[a-z][a-z0-9_.-]{2,39}")
# Without letters and digits that look alike on paper.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP = 4, 4


def one_time_password() -> str:
    """Random password of four groups of four (79 bits); must be changed at the first log-in."""
    groups = ("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))
    return "-".join(groups)


def add_officer(act: Act, *, username: str, name: str) -> tuple[Officer, str]:
    """Open an account without any rights; returns it with its one-time password."""
    require(act.standing, "officer.edit")
    if not USERNAME.fullmatch(username):
        raise Invalid("登录名用小写字母开头，3 至 40 位小写字母、数字、点、横线。", "username")
    if not name.strip():
        raise Invalid("请填写姓名。", "name")
    if Officer.objects.filter(username=username).exists():
        raise Invalid(f"登录名 {username} 已被使用。", "username")
    password = one_time_password()
    with transaction.atomic():
        officer = Officer.objects.create_user(username, name.strip(), password)
        Officer.objects.filter(pk=officer.pk).update(must_change_password=True)
        officer.must_change_password = True
        note(act, "officer.add", officer, {"username": [None, username], "name": [None, name]})
    return officer, password


def reset_password(act: Act, officer: Officer, *, reason: str) -> str:
    """Replace a forgotten password by a one-time one; every session of the account ends."""
    require(act.standing, "officer.edit", officer)
    _refuse_self(act, officer, "不能重置自己的密码，请用「修改密码」。")
    if not officer.is_active:
        raise Invalid("该账号已停用。")
    _need_reason(reason)
    password = one_time_password()
    officer.set_password(password)
    officer.must_change_password = True
    with transaction.atomic():
        officer.save(update_fields=["password", "must_change_password"])
        note(act.because(reason.strip()), "officer.reset", officer)
    return password


def change_own_password(act: Act, password: str) -> Officer:
    """Store the password the officer chose, checked by the validators before."""
    if act.standing is None:
        raise Invalid("只能修改自己的密码。")
    officer = act.standing.officer
    officer.set_password(password)
    officer.password_changed_at = act.at
    officer.must_change_password = False
    with transaction.atomic():
        officer.save(update_fields=["password", "password_changed_at", "must_change_password"])
        note(act, "officer.password", officer)
    return officer


def deactivate_officer(act: Act, officer: Officer, *, reason: str) -> Officer:
    """Close an account; its history stays, its sessions end with the next request.

    The posts it held are without a holder: what they owe is drawn up to be handed over.
    """
    require(act.standing, "officer.edit", officer)
    _refuse_self(act, officer, "不能停用自己的账号。")
    _need_reason(reason)
    act = act.because(reason.strip())
    with transaction.atomic():
        _set_active(act, "officer.deactivate", officer, active=False)
        for holding in _held_by(officer, act.business_date):
            hands.left(act, holding)
    return officer


def reactivate_officer(act: Act, officer: Officer, *, reason: str) -> Officer:
    """Open a closed account again; the posts it still holds are held again."""
    require(act.standing, "officer.edit", officer)
    _need_reason(reason)
    act = act.because(reason.strip())
    with transaction.atomic():
        _set_active(act, "officer.reactivate", officer, active=True)
        for holding in _held_by(officer, act.business_date):
            hands.returned(act, holding)
    return officer


def _held_by(officer: Officer, day: dt.date) -> QuerySet[Holding]:
    held = Holding.objects.filter(Q(until=None) | Q(until__gte=day), officer=officer)
    return held.select_related("post__organisation", "officer").order_by("pk")


def _set_active(act: Act, verb: str, officer: Officer, *, active: bool) -> Officer:
    if officer.is_active == active:
        raise Invalid("该账号已是这个状态。")
    officer.is_active = active
    with transaction.atomic():
        officer.save(update_fields=["is_active"])
        note(act, verb, officer, {"is_active": [not active, active]})
    return officer


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid("请填写原因。", "reason")


def _refuse_self(act: Act, officer: Officer, sentence: str) -> None:
    if act.standing is not None and act.standing.officer.pk == officer.pk:
        raise Invalid(sentence)
