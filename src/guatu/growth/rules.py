"""The dated rules of firms: which figures are asked for, for what, and what firms are marked as."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from guatu.growth.enums import Provider
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

    ``bodies``: outside bodies that give figures, code → name and other words for it.
    A rule keeps its pairs in a list: an object's keys have no order in PostgreSQL.
    """

    asked: Mapping[str, Asked]
    purposes: Mapping[str, str]
    marks: Mapping[str, str]
    doubts: DoubtRule | None = None
    bodies: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def providers(self) -> dict[str, str]:
        """Who may give figures, by code: the firm, a department, what is public, outside bodies."""
        outside = {code: words[0] for code, words in self.bodies.items()}
        return {str(one.value): str(one.label) for one in Provider} | outside

    def body_named(self, text: str) -> str:
        """Code of the one body outside the tree that a name means, else empty.

        >>> rules = FirmRules({}, {}, {}, bodies={"power": ("供电公司", "供电"), "bank": ("银行",)})
        >>> rules.body_named("国网示例供电公司"), rules.body_named("示例局")
        ('power', '')
        """
        wanted = "".join(text.split())
        meant = [
            code for code, words in self.bodies.items() if any(word in wanted for word in words)
        ]
        return meant[0] if len(meant) == 1 else ""

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
    keys = ["firm.figures", "firm.purposes", "firm.marks", "firm.doubts", "firm.providers"]
    figures, purposes, marks, doubts, bodies = rules_on(keys, day)
    told = dict(figures.value)
    rows = {row.code: row for row in Indicator.objects.filter(code__in=list(told))}
    asked = {code: Asked(rows[code], Basis(basis)) for code, basis in told.items()}
    return FirmRules(
        asked,
        dict(purposes.value),
        dict(marks.value),
        DoubtRule(**doubts.value),
        {code: tuple(words) for code, *words in bodies.value},
    )


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
