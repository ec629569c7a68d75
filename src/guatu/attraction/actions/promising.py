"""What is promised to an investor: only with its basis (公平竞争审查条例 第十条)."""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass

from django.db import transaction

from guatu.attraction.benefits import Meant
from guatu.attraction.models import Lead, Promise
from guatu.attraction.rules import LeadRules, lead_rules
from guatu.attraction.values import LONGEST
from guatu.register.errors import Invalid
from guatu.register.policies import require
from guatu.register.recording import Act, change, create

NEEDED = (
    "给予投资方的优惠和支持须有依据：请填写依据的名称和文号。没有法律、行政法规依据"
    "或者未经国务院批准的特定优惠不能录入（《公平竞争审查条例》第十条）。"
)


AFFIRMED = "已核对依据政策公开、普遍适用，不限定特定经营者。"
_DIGIT = re.compile(r"[0-9一二三四五六七八九十]")


@dataclass(frozen=True)
class Basis:
    """What a promise rests on: the code of its kind, its name with the clause, its number."""

    kind: str
    name: str
    number: str


def promise(
    act: Act,
    lead: Lead,
    *,
    what: str,
    basis: str,
    basis_name: str,
    basis_number: str,
    affirmed: bool = False,
) -> Promise:
    """Record a promise with the law or policy it rests on.

    ``affirmed``: somebody says that the general policy has been checked to be one; the event keeps
    it. Raises Invalid without a basis, and for benefits the basis cannot carry.
    """
    require(act.standing, "lead.edit", lead)
    rules = lead_rules(act.business_date)
    what = what.strip()
    if not what:
        raise Invalid("请写明承诺的内容。", "what")
    if len(what) > LONGEST:
        raise Invalid(f"承诺内容不超过 {LONGEST} 字。", "what")
    rests = _checked(Basis(basis, basis_name.strip(), basis_number.strip()), rules)
    for meant in rules.benefits_in(f"{what}。{rests.name}"):
        _check_carried(meant, rests, rules, act.business_date)
        if rests.kind in meant.benefits.affirmed:
            _check_affirmed(meant, act.business_date, affirmed=affirmed)
            act = act.because(AFFIRMED)
    row = Promise(
        subject=lead.subject,
        what=what,
        basis=rests.kind,
        basis_name=rests.name,
        basis_number=rests.number,
    )
    return create(act, "promise.make", row)


def _checked(given: Basis, rules: LeadRules) -> Basis:
    if given.kind not in rules.bases:
        raise Invalid(NEEDED, "basis")
    for name, text, most in (
        ("basis_name", given.name, 200),
        ("basis_number", given.number, 100),
    ):
        if not text:
            raise Invalid(NEEDED, name)
        if len(text) > most:
            raise Invalid(f"不超过 {most} 字。", name)
    return given


def _check_carried(meant: Meant, rests: Basis, rules: LeadRules, day: dt.date) -> None:
    """Refuse a benefit that what it rests on cannot carry, by kind and by number."""
    benefits = meant.benefits
    told = f"写有{meant.quoted()}，属于{benefits.name}"
    if rests.kind not in benefits.bases:
        raise Invalid(
            f"{told}：没有法律、行政法规依据或者未经国务院批准，不得给予特定经营者"
            f"（{benefits.cited(day)}），「{rules.bases[rests.kind]}」不能作为依据，不能录入。"
            "所写不是这类优惠的，请分句写明。",
            "what",
        )
    marks = rules.numbers[rests.kind]
    number = unicodedata.normalize("NFKC", rests.number)
    if not (any(mark in number for mark in marks) and _DIGIT.search(number)):
        wanted = "、".join(f"「{mark}」" for mark in marks)
        raise Invalid(
            f"{told}，依据为「{rules.bases[rests.kind]}」的须填公布文号（含{wanted}字样和编号）"
            f"（{benefits.cited(day)}）。",
            "basis_number",
        )


def _check_affirmed(meant: Meant, day: dt.date, *, affirmed: bool) -> None:
    if not affirmed:
        raise Invalid(
            f"写有{meant.quoted()}，属于{meant.benefits.name}：只给予特定经营者的不能承诺"
            f"（{meant.benefits.cited(day)}）。依据确属公开、普遍适用的政策的，核对文号后勾选。",
            "affirmed",
        )


def end_promise(act: Act, lead: Lead, row: Promise, *, reason: str) -> Promise:
    """Take a promise back, for a reason; the row stays."""
    require(act.standing, "lead.edit", lead)
    if row.subject_id != lead.subject_id or row.ended:
        raise Invalid("没有找到这一项。")
    if not reason.strip():
        raise Invalid("撤回承诺须写明理由。", "reason")
    with transaction.atomic():
        return change(act.because(reason.strip()), "promise.end", row, ended=True)
