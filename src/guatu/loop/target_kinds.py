"""The campaign's targets as the dated rule ``target.kinds`` has them, and when they are judged."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from guatu.engines.apportion import Share
from guatu.engines.plan_path import Bounds, Why
from guatu.engines.score import Formula
from guatu.register.enums import Domain, OrganisationKind
from guatu.register.rules import Holding, rules_on

KINDS, LIGHT, SPRINT = "target.kinds", "target.light", "target.sprint"
SCORE, RANKING, DOUBT = "score.targets", "score.ranking", "target.doubt"
MONTHS_A_QUARTER = 3


class Origin(StrEnum):
    """Where the reached figures come from."""

    NODE = "node"
    SERIES = "series"
    REPORT = "report"


ORIGINS = {
    Origin.NODE: "按项目节点实际完成日期逐个计数",
    Origin.SERIES: "按项目资金台账逐项相加",
    Origin.REPORT: "由责任单位按月填报",
}

WHY_NOTES = {
    Why.REACHED: "达到时序",
    Why.NEAR: "接近时序",
    Why.BEHIND: "落后时序",
    Why.NO_PLAN: "月度计划不全",
    Why.NOT_BEGUN: "未到考核月",
    Why.UNREPORTED: "完成数未报全",
}
"""What decided the light of a target, in a few words."""


@dataclass(frozen=True)
class TargetKind:
    """One of the campaign's targets: ``indicator`` is what is measured, ``origin`` from what.

    ``node`` is the node of projects that is counted when ``origin`` is NODE.
    """

    code: str
    name: str
    domain: Domain
    indicator: str
    origin: Origin
    node: str = ""


@dataclass(frozen=True)
class Sprint:
    """The opening sprint (开门红): its ``months`` and the period its own target stands under."""

    name: str
    quarter: int

    @property
    def months(self) -> range:
        """Its months."""
        first = MONTHS_A_QUARTER * (self.quarter - 1) + 1
        return range(first, first + MONTHS_A_QUARTER)

    def period(self, year: int) -> str:
        """Period of the observation that holds its own target.

        >>> Sprint("开门红", 1).period(2025)
        '2025Q1'
        """
        return f"{year}Q{self.quarter}"


@dataclass(frozen=True)
class UnitClass:
    """Units that are scored alike: which organisations, and the weight of each target."""

    code: str
    name: str
    kinds: frozenset[OrganisationKind]
    formula: Formula


@dataclass(frozen=True)
class TargetRules:
    """What holds on a day, with the rules it was read from."""

    kinds: tuple[TargetKind, ...]
    bounds: Bounds
    sprint: Sprint
    classes: tuple[UnitClass, ...]
    ranking: bool
    doubt_times: int
    cited: dict[str, Holding]

    def doubts(self, value: Decimal | None, share: Share) -> bool:
        """Whether a month's figure is out of proportion to what the year is to bring."""
        year = max(share.year or Decimal(0), share.stretch or Decimal(0))
        return value is not None and year > 0 and value >= year * self.doubt_times

    def kind(self, code: str) -> TargetKind | None:
        """Return the kind of a code; None when the rule no longer has it."""
        return next((one for one in self.kinds if one.code == code), None)

    def class_of(self, kind: str) -> UnitClass | None:
        """Return the class of an organisation of ``kind``; None when it is not scored."""
        return next((one for one in self.classes if kind in one.kinds), None)


def target_rules(day: dt.date) -> TargetRules:
    """Read the rules of the target account that hold on ``day``; one query."""
    told = dict(zip(_KEYS, rules_on(_KEYS, day), strict=True))
    light, sprint, scored = (told[key].value for key in (LIGHT, SPRINT, SCORE))
    return TargetRules(
        kinds=kinds_in(told[KINDS]),
        bounds=Bounds(Decimal(light["green_from"]), Decimal(light["amber_from"])),
        sprint=Sprint(sprint["name"], sprint["quarter"]),
        classes=tuple(
            UnitClass(
                row["code"],
                row["name"],
                frozenset(OrganisationKind(kind) for kind in row["kinds"]),
                Formula(
                    {code: Decimal(weight) for code, weight in row["weights"].items()},
                    Decimal(scored["base_share"]),
                    Decimal(scored["stretch_share"]),
                    Decimal(scored["full"]),
                ),
            )
            for row in scored["classes"]
        ),
        ranking=bool(told[RANKING].value["allowed"]),
        doubt_times=told[DOUBT].value["times"],
        cited=told,
    )


_KEYS: Sequence[str] = (KINDS, LIGHT, SPRINT, SCORE, RANKING, DOUBT)


def kinds_in(rule: Holding) -> tuple[TargetKind, ...]:
    """Return the kinds a rule names; ValueError when one would be counted from statistics.

    Figures of the statistical reporting system are the enterprises' and the statistics bureau's
    (统计法); no rule may make them the measure of a unit.
    """
    never = set(rule.value["never_from"])
    found = tuple(
        TargetKind(
            row["code"],
            row["name"],
            Domain(row["domain"]),
            row["indicator"],
            Origin(row["from"]),
            row.get("node", ""),
        )
        for row in rule.value["kinds"]
    )
    wrong = [kind.name for kind in found if kind.indicator in never]
    if wrong:
        message = f"统计数不能作任务账的完成数：{'、'.join(wrong)}"
        raise ValueError(message)
    return found
