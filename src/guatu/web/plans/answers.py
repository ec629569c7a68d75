"""The answer to "does it hold?": sentence, key dates, conflict and repairs of one reckoned plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from guatu.loop.plan.sketch import Step
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


LINKED = {"duration", "link"}
"""Kinds of which a chain of works is made."""
FOLDED = 6
"""Items of such kinds that are folded into one line when there are more."""


@dataclass(frozen=True)
class Clash:
    """One thing of the minimal conflict set; ``linked``: it is part of a chain of works."""

    kind: str
    words: str
    linked: bool = False


@dataclass(frozen=True)
class ClashSet:
    """What any one of the clashes, let go, achieves; ``heading`` says it before them.

    ``chain`` sums up the works among them, which open under it; empty where they are few.
    """

    heading: str
    clashes: list[Clash]
    chain: str = ""

    @property
    def apart(self) -> list[Clash]:
        """Those that stand in the open."""
        return [one for one in self.clashes if not (self.chain and one.linked)]

    @property
    def folded(self) -> list[Clash]:
        """Those that open under the chain."""
        return [one for one in self.clashes if self.chain and one.linked]


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
        clash_sets(computed.schedule.conflicts, plan.sketch.steps, missed=bool(missed)),
        missed,
        provisional=computed.schedule.provisional,
    )


def clash_sets(
    found: "Sequence[ConflictSet]", steps: Mapping[str, Step], *, missed: bool
) -> list[ClashSet]:
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
            Clash(CONFLICT_KINDS.get(item.kind, item.kind), item.reason, item.kind in LINKED)
            for item in one.items
        ]
        shown.append(ClashSet(heading, clashes, _chain(one, steps)))
    if rest:
        shown.append(ClashSet(f"只放开一项仍不能满足：{'、'.join(rest)}", []))
    return shown


def _chain(found: "ConflictSet", steps: Mapping[str, Step]) -> str:
    """Sum up a set's works and links, from the first to the last; empty where they are few."""
    linked = [item for item in found.items if item.kind in LINKED]
    if len(linked) <= FOLDED:
        return ""
    ties = [item.id.partition(">") for item in linked if item.kind == "link"]
    before, after = ([tie[end] for tie in ties] for end in (0, 2))
    durations = [item.id for item in linked if item.kind == "duration"]
    works = list(dict.fromkeys([*before, *after, *durations]))
    firsts = [key for key in works if key not in after]
    lasts = [key for key in works if key not in before]
    if len(firsts) == len(lasts) == 1:
        first, last = steps[firsts[0]].name, steps[lasts[0]].name
        return f"从「{first}」到「{last}」前后相接的 {len(works)} 项工作"
    return f"「{steps[works[0]].name}」等前后相接的 {len(works)} 项工作"


def independent(sets: Sequence[ClashSet]) -> str:
    """Say before several sets that none is enough; empty where one set says all."""
    groups = sum(bool(one.clashes) for one in sets)
    if len(sets) < 2:  # noqa: PLR2004 -- one set says it all
        return ""
    each = "，每组各放开一项才行" if groups == len(sets) else ""
    return f"没有哪一项放开后就全部可行；以下 {groups} 组互不相干{each}："
