"""Kinds of dispatch meetings and causes of their agenda, as the dated rules declare them."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from guatu.engines.agenda import AgendaCause
from guatu.register.rules import Holding, rule_on

REVIEW, REVIEW_NAME, REVIEW_ASK = "review", "逾期待核的事项", "请核验人说明何时核完"
KINDS, AGENDA = "dispatch.kinds", "dispatch.agenda"


@dataclass(frozen=True)
class DispatchKind:
    """One kind; ``title`` holds ``{范围}`` and ``{月}``."""

    code: str
    name: str
    title: str

    def title_of(self, scope: str, on: dt.date) -> str:
        """Title of a meeting about ``scope`` on a day."""
        return self.title.replace("{范围}", scope).replace("{月}", str(on.month))


@dataclass(frozen=True)
class AgendaRule:
    """How an agenda is built: causes by code, names of the tiers, how many things at most.

    Of the gravest things of every cause ``each`` come before others are left out.
    A blocker that nobody answered stands on it from ``blocker_office_days`` working days on, a duty
    that nobody reported on from ``unreported_days`` days on.
    """

    causes: dict[str, AgendaCause]
    tiers: dict[int, str]
    most: int
    each: int
    blocker_office_days: int
    unreported_days: int

    def cause_name(self, code: str) -> str:
        """Name of a cause; a code the rule no longer has is its own, none was added by hand."""
        cause = self.causes.get(code)
        return cause.name if cause else code or "手工增加"

    def tier_name(self, tier: int) -> str:
        """Name of a tier."""
        return self.tiers.get(tier, f"第 {tier} 层")


def dispatch_kinds(day: dt.date) -> dict[str, DispatchKind]:
    """Kinds by code, in the order of the rule of ``day``; one query."""
    return {row["code"]: DispatchKind(**row) for row in rule_on(KINDS, day).value}


def agenda_rule(day: dt.date) -> AgendaRule:
    """The rule of the agenda on ``day``; one query."""
    return agenda_in(rule_on(AGENDA, day))


def agenda_in(rule: Holding) -> AgendaRule:
    """The rule of the agenda as one that was read already has it."""
    told: dict[str, Any] = rule.value
    causes = {row["code"]: AgendaCause(**row) for row in told["causes"]}
    if REVIEW not in causes and "duty_red" in causes:
        # Rules of before that had what waits for review among the red duties.
        causes[REVIEW] = replace(causes["duty_red"], code=REVIEW, name=REVIEW_NAME, ask=REVIEW_ASK)
    return AgendaRule(
        causes=causes,
        tiers={row["tier"]: row["name"] for row in told["tiers"]},
        most=told["most"],
        # Rules of before that said nothing of it: no cause is pushed out altogether.
        each=told.get("each", 1),
        blocker_office_days=told["blocker_office_days"],
        unreported_days=told["unreported_days"],
    )
