"""The dated rules of leads: stages with their moves and limits, sources, tactics, ways, bases."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from guatu.attraction.benefits import Benefits, Meant, classes_of, meant_by
from guatu.attraction.enums import LIVE_KINDS, StageKind
from guatu.register.rules import Holding, rules_on

FIRST = "clue"
"""Stage a lead begins in."""


@dataclass(frozen=True)
class LeadStage:
    """One stage. ``to`` and ``back`` are codes it may go to; a step back needs a reason.

    ``needs`` are fields that must be known to enter it. ``stale_days``: after so many days without
    a follow-up a lead in it is 久未跟进; None where nobody is asked any more.
    """

    code: str
    name: str
    kind: StageKind
    stale_days: int | None
    needs: tuple[str, ...]
    to: tuple[str, ...]
    back: tuple[str, ...]
    words: tuple[str, ...]

    @property
    def is_live(self) -> bool:
        """Tell whether leads in it are being worked on."""
        return self.kind in LIVE_KINDS

    @property
    def asks_reason(self) -> bool:
        """Tell whether entering it needs a reason."""
        return self.kind in {StageKind.PAUSED, StageKind.ENDED}


@dataclass(frozen=True)
class LeadRules:
    """All of them as they hold on a day; code → name but for ``stages``, each in its order.

    ``numbers``: code of a basis → words one of which its number bears.
    """

    stages: Mapping[str, LeadStage]
    sources: Mapping[str, str]
    tactics: Mapping[str, str]
    ways: Mapping[str, str]
    bases: Mapping[str, str]
    numbers: Mapping[str, tuple[str, ...]]
    benefits: tuple[Benefits, ...]
    harmless: tuple[str, ...]
    stage_rule: Holding
    promise_rule: Holding

    def stage_names(self) -> dict[str, str]:
        """Names of stages by code."""
        return {code: stage.name for code, stage in self.stages.items()}

    def moves_from(self, code: str) -> list[LeadStage]:
        """Stages a lead may go to: onward, then back. 已转项目 is reached by hand-over alone."""
        stage = self.stages[code]
        return [self.stages[one] for one in (*stage.to, *stage.back)]

    def of_kind(self, *kinds: StageKind) -> list[str]:
        """Codes of the stages of these kinds."""
        return [code for code, stage in self.stages.items() if stage.kind in kinds]

    def benefits_in(self, text: str) -> list[Meant]:
        """Classes of benefits a text speaks of."""
        return meant_by(text, self.benefits, self.harmless)


KEYS = ("lead.stages", "lead.sources", "lead.tactics", "lead.ways", "lead.promises")


def lead_rules(day: dt.date) -> LeadRules:
    """Read the rules of ``day``; one query. Raises LookupError where one is missing."""
    return rules_of(rules_on(KEYS, day))


def rules_of(holding: Sequence[Holding]) -> LeadRules:
    """Understand the rules of :data:`KEYS`, in that order, for who has read them already."""
    stages, sources, tactics, ways, promises = holding
    return LeadRules(
        {row["code"]: _stage(row) for row in stages.value},
        dict(sources.value),
        dict(tactics.value),
        dict(ways.value),
        dict(promises.value["bases"]),
        {code: tuple(words) for code, words in promises.value["numbers"].items()},
        classes_of(promises.value["benefits"]),
        tuple(promises.value["harmless"]),
        stages,
        promises,
    )


def _stage(row: Mapping[str, object]) -> LeadStage:
    days = row["stale_days"]
    return LeadStage(
        str(row["code"]),
        str(row["name"]),
        StageKind(str(row["kind"])),
        int(days) if isinstance(days, int) else None,
        _texts(row["needs"]),
        _texts(row["to"]),
        _texts(row.get("back", [])),
        _texts(row["words"]),
    )


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()


def named(names: Mapping[str, str], text: str) -> str:
    """Code that a word of a ledger plainly means, empty when none does.

    >>> named({"knock": "叩门招商", "other": "其他方式"}, " 叩门 ")
    'knock'
    """
    wanted = "".join(text.split())
    for code, name in names.items():
        if wanted in {code, name}:
            return code
    inside = [code for code, name in names.items() if wanted and name.startswith(wanted)]
    return inside[0] if len(inside) == 1 else ""


_LONGEST_STAGE = 12
_AHEAD = (
    *("拟", "准备", "计划", "待", "未", "没", "不", "将"),
    *("力争", "争取", "预计", "有望", "推进"),
)
_GOING_ON = ("正在", "中", "商")


def stage_named(rules: LeadRules, text: str) -> LeadStage | None:
    """Stage that words of a ledger plainly mean, else None.

    Its name or one of its words; or short words around one of them, such as 正在洽谈 or 洽谈阶段,
    unless they only look ahead (未签约) or several stages could be meant. 正在签约 is not signed.
    """
    wanted = "".join(text.split())
    for stage in rules.stages.values():
        if wanted in {stage.code, stage.name, *stage.words}:
            return stage
    if len(wanted) > _LONGEST_STAGE or any(word in wanted for word in _AHEAD):
        return None
    found = {
        word: stage
        for stage in rules.stages.values()
        for word in (stage.name, *stage.words)
        if word in wanted and stage.kind is not StageKind.LANDED
    }
    meant = {
        stage.code
        for word, stage in found.items()
        if not any(word != other and word in other for other in found)
    }
    if len(meant) != 1:
        return None
    stage = rules.stages[meant.pop()]
    signing = stage.kind is StageKind.SIGNED and any(word in wanted for word in _GOING_ON)
    return None if signing else stage
