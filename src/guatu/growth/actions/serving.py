"""Naming the specialist (专员) who serves a firm; the earlier ones stay in the history."""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet

from guatu.growth.enums import SERVING
from guatu.growth.models import Service
from guatu.growth.values import check_firm, line, past_day
from guatu.register.enums import PartyRole
from guatu.register.errors import Invalid, Stale
from guatu.register.models import Party, Post, Subject
from guatu.register.policies import require
from guatu.register.recording import Act, change, create


def appoint_specialist(
    act: Act, firm: Subject, post: Post, *, since: dt.date | None = None, reason: str = ""
) -> Service:
    """Let ``post`` serve the firm from ``since`` (None: today); whoever did so before ends with it.

    A change needs its reason. The post sees the firm from now on, the earlier one no longer.
    """
    require(act.standing, "firm.keep", firm)
    check_firm(firm)
    if post.role not in SERVING or not post.active:
        raise Invalid("服务专员须为在用的专员、单位经办或招商干部岗位。", "post")
    first = past_day(since or act.business_date, act.business_date, "起始日期", "since")
    current = serving(firm)
    if current is not None and current.post_id == post.pk:
        raise Invalid("这一岗位已经是这家企业的服务专员。", "post")
    why = line(reason, "调整理由", "reason", 300, needed=current is not None)
    if current is not None and first < current.since:
        raise Invalid(f"起始日期 {first} 早于现任专员的起始日期 {current.since}。", "since")
    with transaction.atomic():
        if current is not None:
            _end(act, firm, current, first, why)
        row = create(act, "service.begin", Service(subject=firm, post=post, since=first))
        if not _named(firm, post).exists():
            create(act, "party.name", Party(subject=firm, role=PartyRole.SPECIALIST, post=post))
    return row


def dismiss_specialist(
    act: Act, firm: Subject, service: Service, *, reason: str, until: dt.date | None = None
) -> Service:
    """End a service without a successor, for a reason; the firm then stands among those without."""
    require(act.standing, "firm.keep", firm)
    if service.subject_id != firm.pk:
        raise Invalid("没有找到这一项。")
    if service.until is not None:
        raise Stale("这位专员已经不再服务这家企业，请刷新。")
    last = past_day(until or act.business_date, act.business_date, "结束日期", "until")
    if last < service.since:
        raise Invalid(f"结束日期 {last} 早于起始日期 {service.since}。", "until")
    with transaction.atomic():
        return _end(act, firm, service, last, line(reason, "理由", "reason", 300))


def serving(firm: Subject) -> Service | None:
    """The service that holds, with its post."""
    rows = Service.objects.filter(subject=firm, until=None)
    return rows.select_related("post__organisation").first()


def _end(act: Act, firm: Subject, service: Service, last: dt.date, reason: str) -> Service:
    change(act.because(reason), "service.end", service, until=last, reason=reason)
    for party in _named(firm, service.post):
        change(act.because(reason), "party.end", party, ended=True)
    return service


def _named(firm: Subject, post: Post) -> QuerySet[Party]:
    return Party.objects.filter(subject=firm, role=PartyRole.SPECIALIST, post=post, ended=False)
