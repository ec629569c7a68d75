"""Ladders as the dated rules give them."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from guatu.engines.escalation import Ladder, Reached, read_steps
from guatu.register.rules import Holding, rules_through

DUTY = "escalation.duty"
BLOCKER = "escalation.blocker"


@dataclass(frozen=True)
class Ladders:
    """All that ever held, by rule, and the rules themselves."""

    by_rule: Mapping[str, Sequence[Ladder]]
    rules: Mapping[tuple[str, dt.date], Holding]

    def rule_of(self, reached: Reached) -> Holding:
        """Return the rule a step follows."""
        return self.rules[reached.rule, reached.rule_first]


def ladders_through(keys: Sequence[str] = (DUTY, BLOCKER)) -> Ladders:
    """Read the ladders of ``keys``; one query. Raises BadLadder."""
    return ladders_of(rules_through(keys))


def ladders_of(rules: Iterable[Holding]) -> Ladders:
    """Turn rules into ladders."""
    by_rule: dict[str, list[Ladder]] = {}
    told: dict[tuple[str, dt.date], Holding] = {}
    for rule in rules:
        rungs = rule.value.get("steps") if isinstance(rule.value, dict) else None
        ladder = Ladder(rule.key, read_steps(rule.name, rungs), rule.valid_from, rule.valid_to)
        by_rule.setdefault(rule.key, []).append(ladder)
        told[rule.key, rule.valid_from] = rule
    return Ladders(by_rule, told)
