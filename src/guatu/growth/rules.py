"""The dated rules of firms: which figures are asked for, for what, and what firms are marked as."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from guatu.register.enums import Basis
from guatu.register.models import Indicator
from guatu.register.rules import Holding, rule_on, rules_on


@dataclass(frozen=True)
class Asked:
    """A figure firms are asked for: ``summed`` ones add up over months, others are of a moment."""

    indicator: Indicator
    basis: Basis

    @property
    def code(self) -> str:
        """Code of the indicator."""
        return self.indicator.code

    @property
    def summed(self) -> bool:
        """Tell whether three months make a quarter."""
        return self.basis == Basis.PERIOD


@dataclass(frozen=True)
class DoubtRule:
    """From how many ``times`` on a figure is asked about; those of a group are ``alike``."""

    times: int
    alike: Sequence[Sequence[str]]


@dataclass(frozen=True)
class FirmRules:
    """All of them as they hold on a day, code → …, each in the order of the rule.

    A rule keeps its pairs in a list: an object's keys have no order in PostgreSQL.
    """

    asked: Mapping[str, Asked]
    purposes: Mapping[str, str]
    marks: Mapping[str, str]
    doubts: DoubtRule | None = None

    def named(self, name: str) -> Asked | None:
        """The figure of this name or code.

        >>> FirmRules({}, {}, {}).named("营业收入") is None
        True
        """
        wanted = "".join(name.split())
        found = (one for one in self.asked.values() if wanted in {one.code, one.indicator.name})
        return next(found, None)


def firm_rules(day: dt.date) -> FirmRules:
    """Read the rules of ``day``; two queries. Raises LookupError where one is missing."""
    keys = ["firm.figures", "firm.purposes", "firm.marks", "firm.doubts"]
    figures, purposes, marks, doubts = rules_on(keys, day)
    told = dict(figures.value)
    rows = {row.code: row for row in Indicator.objects.filter(code__in=list(told))}
    asked = {code: Asked(rows[code], Basis(basis)) for code, basis in told.items()}
    return FirmRules(asked, dict(purposes.value), dict(marks.value), DoubtRule(**doubts.value))


def marks_on(day: dt.date) -> Mapping[str, str]:
    """Marks by code; one query. None are offered where no rule holds."""
    try:
        return dict(rules_on(["firm.marks"], day)[0].value)
    except LookupError:
        return {}


def visit_rule_on(day: dt.date) -> Holding | None:
    """How often a firm with a specialist is visited, ``{"days": n}``; one query. None: no rule."""
    try:
        return rule_on("firm.visits", day)
    except LookupError:
        return None
