"""Invented firms: specialist, consents, figures, marks, a plan, a visit; one consent withdrawn."""

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from guatu.campaign.sample.people import District, add_holder, read_data
from guatu.growth.actions import (
    Entry,
    Ground,
    appoint_specialist,
    charge_measure,
    give_consent,
    make_plan,
    mark_firm,
    name_account,
    report_figures,
    withdraw_consent,
)
from guatu.loop.actions.visits import record_visit
from guatu.register.enums import Role
from guatu.register.evidence import FileGiven
from guatu.register.models import Enterprise, Subject
from guatu.register.posts import add_post, hold_post
from guatu.register.recording import Act

At = Callable[[dt.date, int], Act]
SPECIALIST, OFFICE, LEADER = "specialist1", "office1", "leader2"
ACCOUNT, FIRM = "firm1", "qiye"
SERVED = 3
"""The first so many invented firms have a specialist; the others stand as 没有专员."""


def serve(district: District, at: At, today: dt.date) -> None:
    """Tell it as office, leader and specialist recorded it."""
    told: Mapping[str, Any] = json.loads(read_data("firms.json"))
    rows = Enterprise.objects.filter(subject__is_sample=True).select_related("subject__unit")
    firms = [row.subject for row in rows.order_by("pk")[:SERVED]]
    began = dt.date.fromisoformat(told["consent"]["on"])
    office = district.act_as(at(began, 10), OFFICE)
    for firm, days in zip(firms, told["served_before"], strict=True):
        since = began - dt.timedelta(days=days)
        appoint_specialist(office, firm, district.posts[SPECIALIST], since=since)
    _report(district, at, firms[0], told)
    _withdraw(district, at, firms[1], told)
    mark_firm(office, firms[0], **told["mark"])
    mark_firm(office, firms[2], **told["cultivated"])
    _plan(district, at(began, 16), firms[0], told["plan"], today)
    _visit(district, at, firms[0], told["visited"])
    _let_report(district, at(began, 17), firms[0])


def _report(district: District, at: At, firm: Subject, told: Mapping[str, Any]) -> None:
    given = dict(told["consent"])
    on = dt.date.fromisoformat(given.pop("on"))
    act = district.act_as(at(on, 14), SPECIALIST)
    paper = FileGiven(f"示例数据使用同意书：{firm.title}".encode(), "示例数据使用同意书.txt")
    consent = give_consent(act, firm, on=on, **given, files=[paper])
    ground = Ground("firm", "service", consent)
    entries = [
        Entry(firm, code, period, Decimal(str(value)), ground)
        for code, periods in told["figures"].items()
        for period, value in periods.items()
    ]
    report_figures(district.act_as(at(dt.date(2025, 3, 10), 9), SPECIALIST), entries)


def _visit(district: District, at: At, firm: Subject, told: Mapping[str, Any]) -> None:
    on = dt.date.fromisoformat(told["on"])
    record_visit(
        district.act_as(at(on, 15), SPECIALIST),
        on=on,
        leader_post=district.posts[SPECIALIST],
        subject=firm,
        text=told["text"],
        verdict=told["verdict"],
    )


def _withdraw(district: District, at: At, firm: Subject, told: Mapping[str, Any]) -> None:
    given = dict(told["consent"])
    on = dt.date.fromisoformat(given.pop("on"))
    act = district.act_as(at(on, 15), SPECIALIST)
    consent = give_consent(act, firm, on=on, **given)
    ended = told["withdrawn"]
    ground = Ground("firm", "service", consent)
    entry = Entry(firm, "firm_revenue", "2025-01", Decimal(ended["value"]), ground)
    report_figures(act, [entry])
    day = dt.date.fromisoformat(ended["on"])
    withdraw_consent(district.act_as(at(day, 11), SPECIALIST), consent, by=ended["by"])


def _let_report(district: District, act: Act, firm: Subject) -> None:
    """Open an account for the first firm, which from now on reports for itself."""
    post = add_post(
        act, district.units["industry"], title="示例企业报数岗", role=Role.ENTERPRISE, rank=90
    )
    officer = add_holder(post, FIRM, f"示例·{firm.title}", f"企业账号，{firm.title}")
    hold_post(act, post, officer, since=act.business_date)
    name_account(district.act_as(act, OFFICE), firm, post)
    district.posts[ACCOUNT], district.officers[ACCOUNT] = post, officer


def _plan(
    district: District, act: Act, firm: Subject, told: Mapping[str, Any], today: dt.date
) -> None:
    act = district.act_as(act, LEADER)
    leader = district.posts[LEADER]
    plan = make_plan(act, firm, year=today.year, aims=told["aims"], leader_post=leader)
    measures: Sequence[Mapping[str, Any]] = told["measures"]
    for row in measures:
        charge_measure(
            act,
            plan,
            title=row["title"],
            due=today + dt.timedelta(days=row["due"]),
            owner_post=district.posts[row["post"]],
        )
