"""The answer to "does it hold?": sentence, key dates, conflict and repairs of one reckoned plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from guatu.web.plans.faces import KeyDate, Verdict, first_step, key_dates, stop_words, verdict
from guatu.web.plans.reading import Reckoned

if TYPE_CHECKING:
    from guatu.engines.schedule import ConflictSet

CONFLICT_KINDS = {
    "deadline": "期限",
    "link": "前后关系",
    "duration": "工期",
    "calendar_stop": "停工",
    "status_date": "今天",
    "fixed_start": "固定开始",
    "validity": "有效期",
}


@dataclass(frozen=True)
class Clash:
    """One thing of the minimal conflict set."""

    kind: str
    words: str


@dataclass(frozen=True)
class ClashSet:
    """What any one of the clashes, let go, achieves; ``heading`` says it before them."""

    heading: str
    clashes: list[Clash]


@dataclass(frozen=True)
class Answer:
    """What a page says before anything else."""

    verdict: Verdict
    keys: list[KeyDate]
    first: KeyDate | None
    stops: list[tuple[str, str]]
    clashes: list[ClashSet]
    missed: list[str]
    provisional: bool

    @property
    def independent(self) -> str:
        """What is said before several sets of clashes."""
        return independent(self.clashes)


def answer(plan: Reckoned) -> Answer:
    """Put the answer of a reckoned plan into words."""
    names = plan.calendars.names
    used = {step.calendar for step in plan.sketch.steps.values() if step.networked}
    stops = [
        (names.get(code, code), stop_words(windows))
        for code, windows in plan.stops.items()
        if code in used
    ]
    computed = plan.computed
    if computed is None:
        return Answer(
            Verdict("broken", "算不出", plan.refusal), [], None, stops, [], [], provisional=False
        )
    said = verdict(plan.sketch, plan.dates, feasible=plan.feasible, late_by=plan.late_by)
    missed = [
        f"「{plan.sketch.steps[one.key].name}」的期限 {one.due} 已过" for one in computed.missed
    ]
    return Answer(
        said,
        key_dates(plan.sketch, plan.dates),
        first_step(plan.sketch, plan.dates),
        stops,
        clash_sets(computed.schedule.conflicts, missed=bool(missed)),
        missed,
        provisional=computed.schedule.provisional,
    )


def clash_sets(found: "Sequence[ConflictSet]", *, missed: bool) -> list[ClashSet]:
    """Say what letting go of any one item achieves; ``missed``: a deadline has passed unmet."""
    sets = [one for one in found if one.items]
    rest = [limit.reason for one in found if not one.items for limit in one.frees]
    alone = len(sets) == 1 and not rest
    shown = []
    for number, one in enumerate(sets, start=1):
        freed = "、".join(limit.reason for limit in one.frees)
        if alone and not missed:
            heading = "以下各项互相抵触，放开任何一项就可行："
        elif alone:
            heading = "除已过的期限外，以下各项互相抵触，放开任何一项，其余就能满足："
        else:
            heading = f"第 {number} 组，放开任何一项就能满足：{freed}"
        clashes = [
            Clash(CONFLICT_KINDS.get(item.kind, item.kind), item.reason) for item in one.items
        ]
        shown.append(ClashSet(heading, clashes))
    if rest:
        shown.append(ClashSet(f"只放开一项仍不能满足：{'、'.join(rest)}", []))
    return shown


def independent(sets: Sequence[ClashSet]) -> str:
    """Say before several sets that none is enough; empty where one set says all."""
    groups = sum(bool(one.clashes) for one in sets)
    if len(sets) < 2:  # noqa: PLR2004 -- one set says it all
        return ""
    each = "，每组各放开一项才行" if groups == len(sets) else ""
    return f"没有哪一项放开后就全部可行；以下 {groups} 组互不相干{each}："
