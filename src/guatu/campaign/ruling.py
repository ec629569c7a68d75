"""A district's own rules beside those that ship: added with a day, a source, and read at once.

A rule is data that pages, timer and engines read. What is added has the shape of the rule in force
and is read by whoever reads that rule, in the same transaction, before it holds.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

from django.db import transaction

from guatu.attraction.rules import lead_rules
from guatu.engines.shapes import shape_of
from guatu.growth.rules import firm_rules, visit_rule_on
from guatu.investment.reserve_rules import reserve_rules
from guatu.loop import letter_kinds
from guatu.loop.blocker_causes import causes_on
from guatu.loop.dispatch_rules import agenda_rule, dispatch_kinds
from guatu.loop.escalation.ladders import ladders_through
from guatu.loop.target_kinds import target_rules
from guatu.register.enums import Role, RuleStatus
from guatu.register.errors import Invalid
from guatu.register.models import Rule
from guatu.register.policies import Standing, policy, require
from guatu.register.recording import Act, create
from guatu.register.rules import Holding, rule_on

READERS: Mapping[str, Callable[[dt.date], object]] = {
    "blocker.causes": causes_on,
    "dispatch.agenda": agenda_rule,
    "dispatch.kinds": dispatch_kinds,
    "escalation": lambda _day: ladders_through(),
    "firm": lambda day: (firm_rules(day), visit_rule_on(day)),
    "lead": lead_rules,
    "lead.reminders": lambda _day: ladders_through(("lead.reminders",)),
    "letter.drafting": letter_kinds.drafting_on,
    "letter.kinds": letter_kinds.kinds_on,
    "reserve": reserve_rules,
    "score": target_rules,
    "target": target_rules,
}
"""Who reads a rule, by its key or the part of it before the dot."""
LADDERS = frozenset({"escalation.duty", "escalation.blocker", "lead.reminders"})
"""Rules whose reader knows every word of them, also those that no shipped one uses."""
WORDS = {"name": 160, "issuer": 160, "number": 120, "source": 2_000}
MOST_SHOWN = 10


@policy("rule.add")
def _add(standing: Standing, _thing: object) -> bool:
    return standing.has(Role.SYSTEM_ADMIN)


def add_rule(act: Act, key: str, told: Mapping[str, Any]) -> Rule:
    """Add a rule that takes the place of the one in force from a day on.

    ``told``: ``value``, ``valid_from`` (YYYY-MM-DD), ``issuer``, ``source``, and if wanted
    ``name``, ``number`` and ``status``. Raises Invalid, in a sentence, for an unknown key, a day
    before the campaign's or one that has a rule, a missing source, another shape than that of the
    rule in force, and what its reader cannot read.
    """
    require(act.standing, "rule.add")
    known = rule_in_force(key, act.business_date)
    day = _day(told, act.business_date)
    if unknown := set(told) - {*WORDS, "value", "valid_from", "status", "key", "valid_to"}:
        raise Invalid(f"没有这些项：{'、'.join(sorted(map(str, unknown)))}。")
    if Rule.objects.filter(key=key, region="", valid_from=day).exists():
        raise Invalid(f"「{known.name}」已有自 {day} 起的规定，请另定生效日期。")
    words = _words(told, known)
    _check_shape(known, told.get("value"))
    with transaction.atomic():
        row = create(
            act.because(words["source"]),
            "rule.add",
            Rule(key=key, region="", value=told["value"], valid_from=day, **words),
        )
        _read(row)
    return row


def rule_in_force(key: str, day: dt.date) -> Holding:
    """Return the rule of ``key`` on ``day``. Raises Invalid for an unknown key."""
    try:
        return rule_on(key, day)
    except LookupError:
        keys = sorted(set(Rule.objects.values_list("key", flat=True)))
        near = get_close_matches(key, keys, 3, 0.4)
        hint = f"相近的有：{'、'.join(near)}。" if near else ""
        raise Invalid(f"没有「{key}」这一条规则。{hint}") from None


def _day(told: Mapping[str, Any], today: dt.date) -> dt.date:
    try:
        day = dt.date.fromisoformat(str(told.get("valid_from")))
    except ValueError:
        raise Invalid("valid_from 须写明生效日期，如 2025-04-01。") from None
    if day < today:
        raise Invalid(f"生效日期 {day} 早于业务日期 {today}，已经作出的判断不能改写。")
    return day


def _words(told: Mapping[str, Any], known: Holding) -> dict[str, str]:
    words = {name: str(told.get(name) or "").strip() for name in WORDS}
    words["name"] = words["name"] or known.name
    for name, asked in (("issuer", "制定机关"), ("source", "依据")):
        if not words[name]:
            raise Invalid(f"请写明{asked}（{name}）。")
    for name, most in WORDS.items():
        if len(words[name]) > most:
            raise Invalid(f"{name} 请控制在 {most} 字以内。")
    status = told.get("status", RuleStatus.PENDING)
    if status not in RuleStatus.values:
        raise Invalid(f"status 应为 {' 或 '.join(RuleStatus.values)}。")
    return words | {"status": str(status)}


def _check_shape(known: Holding, value: object) -> None:
    if value is None:
        raise Invalid("请写明规则的内容（value）。")
    if known.key in LADDERS:
        return
    misfits = shape_of([known.value]).misfits(value)
    if misfits:
        lines = misfits[:MOST_SHOWN]
        more = f"；另有 {len(misfits) - MOST_SHOWN} 处" if len(misfits) > MOST_SHOWN else ""
        raise Invalid(f"「{known.name}」与现行规则的写法不同：{'；'.join(lines)}{more}。")


def _read(row: Rule) -> None:
    reader = READERS.get(row.key) or READERS.get(row.key.partition(".")[0])
    if reader is None:
        return
    try:
        reader(row.valid_from)
    except (LookupError, TypeError, ValueError, Invalid) as bad:
        raise Invalid(f"「{row.name}」系统读不出：{bad}。") from bad
