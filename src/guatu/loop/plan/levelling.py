"""Levelling the portfolio: plans that share resources as one network, and what comes of it.

Earlier levellings are undone before a new one is computed, so that work may also move forward again
when a crew grows. Work under way goes on: what it holds is held until it ends.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from guatu.loop.enums import LevellingState
from guatu.loop.models import Levelling, Resource
from guatu.loop.plan.calendars import Calendars, calendars_on
from guatu.loop.plan.capacity import periods_of, there_are
from guatu.loop.plan.computing import Computed, compute_all, digest_of
from guatu.loop.plan.leave import leaves_of
from guatu.loop.plan.sharing import check_needs, needing, registered, sharing, works_of
from guatu.loop.plan.sketch import Sketch, Step, sketches_of
from guatu.register.errors import Invalid

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from guatu.engines.schedule import Activity, Deadline, Link, Network
    from guatu.engines.schedule.apart import Answer

MOST = 5_000
"""Activities one run may hold."""
RESOURCES = "resources"
UNDER_WAY = "/进行中"
Spans = dict[str, list[str | None]]
Holds = dict[str, dict[str, str | None]]


@dataclass(frozen=True)
class Portfolio:
    """What one run levels, all by subject: plans as they stand, and without earlier levellings."""

    day: dt.date
    calendars: Calendars
    resources: Mapping[str, Resource]
    stands: Mapping[int, Sketch]
    freed: Mapping[int, Sketch]
    early: Mapping[int, Computed]
    network: "Network"
    notes: tuple[str, ...] = ()

    @property
    def inputs(self) -> dict[str, str]:
        """Digest of each plan, and of the resources."""
        return inputs_of(self.stands, self.resources, self.calendars)


@dataclass(frozen=True)
class Outcome:
    """What adopting a run would do; the columns of `Levelling` of the same names.

    ``unspoilt``: no deadline is later than it would be with resources without end.
    """

    rows: dict[str, Spans] = field(default_factory=dict)
    before: dict[str, Spans] = field(default_factory=dict)
    holds: Holds = field(default_factory=dict)
    held: Holds = field(default_factory=dict)
    deadlines: list[dict[str, Any]] = field(default_factory=list)
    unspoilt: bool = False


def portfolio(subjects: Iterable[int] | None, day: dt.date) -> Portfolio:
    """Gather the plans that share resources with ``subjects`` (None: all) as of today.

    Raises Invalid when there is nothing to level, or naming the work whose needs cannot be.
    """
    resources = registered()
    if not resources:
        raise Invalid("还没有登记资源，请先增加班组、审批窗口或设备。")
    sketches = sketches_of()
    keys = sharing(sketches, sketches if subjects is None else subjects)
    if not keys:
        raise Invalid("没有未完工作用到这些资源，无须平衡；请先在计划里填写所需资源。")
    stands = {key: sketches[key] for key in keys}
    check_needs((step for one in stands.values() for step in needing(one)), resources)
    count = sum(step.networked for one in stands.values() for step in one.steps.values())
    if count > MOST:
        raise Invalid(f"共有 {count} 项工作，一次平衡不超过 {MOST} 项，请少选一些资源。")
    calendars = calendars_on()
    freed = _freed(stands)
    early = _computed(freed, calendars, day)
    network, notes = _together(early, calendars, day, resources)
    return Portfolio(day, calendars, resources, stands, freed, early, network, notes)


def inputs_of(
    sketches: Mapping[int, Sketch], resources: Mapping[str, Resource], calendars: Calendars
) -> dict[str, str]:
    """Digest of each plan with its needs by subject, and of the resources."""
    told: dict[str, str] = {}
    for key, sketch in sketches.items():
        needs = {step.key: dict(step.needs) for step in sketch.steps.values() if step.needs}
        told[str(key)] = _digest([digest_of(sketch, calendars), needs])
    # Without periods the digest is what it was before there were any.
    rows = sorted([code, row.capacity, *row.periods] for code, row in resources.items())
    return {**told, RESOURCES: _digest(rows)}


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def _computed(
    sketches: Mapping[int, Sketch], calendars: Calendars, day: dt.date
) -> dict[int, Computed]:
    """Dates without regard to resources; Invalid with the sentence of the first that has none."""
    answers = compute_all(sketches, calendars, day)
    for refusal in answers.refused.values():
        raise refusal
    return dict(answers.computed)


def _freed(sketches: Mapping[int, Sketch]) -> dict[int, Sketch]:
    """Take out what earlier levellings put in, where nobody has changed it since."""
    freed = dict(sketches)
    adopted = Levelling.objects.filter(state=LevellingState.ADOPTED).order_by("-pk")
    seen: set[tuple[int, str]] = set()
    for holds, held in adopted.values_list("holds", "held"):
        for subject, own in holds.items():
            key = int(subject)
            for node, day in own.items():
                step = freed[key].steps.get(node) if key in freed else None
                if step is None or (key, node) in seen:
                    continue
                seen.add((key, node))
                if day is not None and _iso(step.no_earlier) == day and step.started is None:
                    was = held.get(subject, {}).get(node)
                    back = dt.date.fromisoformat(was) if was else None
                    freed[key] = freed[key].with_step(step._replace(no_earlier=back))
    return freed


def _together(
    early: Mapping[int, Computed],
    calendars: Calendars,
    day: dt.date,
    resources: Mapping[str, Resource],
) -> tuple["Network", tuple[str, ...]]:
    """Put the plans into one network with the resources they use."""
    from guatu.engines.schedule import Network  # noqa: PLC0415 -- numpy, when first needed
    from guatu.engines.schedule import Resource as Scarce  # noqa: PLC0415 -- as above

    under_way, notes = _under_way(early, calendars, day, resources)
    activities: list[Activity] = []
    links: list[Link] = []
    deadlines: list[Deadline] = []
    for key, one in early.items():
        for row in one.network.activities:
            waits = row.actual_start is None and row.duration > 0
            needs = one.sketch.steps[row.id].needs if waits else {}
            held = {code: number for code, number in needs.items() if number}
            activities.append(replace(row, id=f"{key}/{row.id}", needs=held))
        for link in one.network.links:
            source, target = f"{key}/{link.predecessor}", f"{key}/{link.successor}"
            links.append(replace(link, predecessor=source, successor=target))
        deadlines += [replace(d, activity=f"{key}/{d.activity}") for d in one.network.deadlines]
    network = Network(
        calendars=calendars.specs,
        status_date=day,
        activities=(*activities, *under_way),
        links=tuple(links),
        deadlines=tuple(deadlines),
        resources=tuple(
            Scarce(code, row.capacity, periods_of(row)) for code, row in resources.items()
        ),
        follow_on=True,
    )
    return network, notes


def _under_way(
    early: Mapping[int, Computed],
    calendars: Calendars,
    day: dt.date,
    resources: Mapping[str, Resource],
) -> tuple[list["Activity"], tuple[str, ...]]:
    """Stand in for what work under way holds to its end: it is not put off for anything.

    Where it alone is more than there is, the longest counts first and a note says so.
    """
    waiting = []
    for key, one in early.items():
        for step in needing(one.sketch):
            finish = one.schedule.activities[step.key].early_finish
            if step.started is None or finish is None or finish < day:
                continue
            works = works_of(calendars, step, day, (finish - day).days + 1)
            if works.any():
                waiting.append((int(works.sum()), f"{key}/{step.key}", step, works))
    longest = max((len(works) for _days, _name, _step, works in waiting), default=0)
    left = {code: there_are(row, day, longest) for code, row in resources.items()}
    held: list[Activity] = []
    short: set[str] = set()
    for _days, name, step, works in sorted(waiting, key=lambda one: (-one[0], one[1])):
        rows, lacking = _standing_in(step, name, works, day, left)
        held += rows
        short |= {resources[code].name for code in lacking}
    notes = tuple(f"进行中的工作已超出「{name}」的数量，只能等它们完成。" for name in sorted(short))
    return held, notes


def _standing_in(
    step: Step, name: str, works: "NDArray[Any]", day: dt.date, left: dict[str, "NDArray[Any]"]
) -> tuple[list["Activity"], set[str]]:
    """Stand in for one piece of work, a row for each stretch that gets the same of everything.

    ``left`` is what is left of each resource day by day; what it takes goes from all days. Returns
    also what falls short.
    """
    import numpy as np  # noqa: PLC0415 -- when first needed

    from guatu.engines.schedule import Activity  # noqa: PLC0415 -- as above

    worked = np.flatnonzero(works)
    gets = {
        code: np.clip(left[code][worked], 0, number)
        for code, number in step.needs.items()
        if number
    }
    lacking = {code for code, got in gets.items() if (got < step.needs[code]).any()}
    steps = sum((np.diff(got) != 0 for got in gets.values()), np.zeros(len(worked) - 1, np.bool_))
    edges = [0, *(np.flatnonzero(steps) + 1).tolist(), len(worked)]
    for code in gets:
        left[code] = left[code] - step.needs[code]
    rows = []
    for place, (begin, end) in enumerate(pairwise(edges)):
        needs = {code: int(got[begin]) for code, got in gets.items() if got[begin]}
        rows.append(
            Activity(
                id=name + UNDER_WAY + (str(place + 1) if place else ""),
                name=step.name,
                duration=end - begin,
                calendar=step.calendar,
                leave=leaves_of(step.leave),
                splittable=True,
                fixed_start=day + dt.timedelta(days=int(worked[begin])),
                needs=needs,
            )
        )
    return rows, lacking


def outcome(one: Portfolio, answer: "Answer") -> Outcome:
    """Tell what adopting the answer would do: the dates of the plans with the holds it asks for.

    Only work that holds a resource is held back; what follows it comes by itself.
    """
    if answer.days is None:
        return Outcome()
    wanted: dict[int, Sketch] = {}
    holds: Holds = {}
    held: Holds = {}
    for key, sketch in one.freed.items():
        after = sketch
        for step in needing(sketch):
            day = _hold(one.early[key], step, answer.days[f"{key}/{step.key}"][0])
            after = after.with_step(step._replace(no_earlier=day))
            if day != one.stands[key].steps[step.key].no_earlier:
                holds.setdefault(str(key), {})[step.key] = _iso(day)
                held.setdefault(str(key), {})[step.key] = _iso(step.no_earlier)
        wanted[key] = after
    now = _computed(one.stands, one.calendars, one.day)
    then = _computed(wanted, one.calendars, one.day)
    return Outcome(
        rows={str(key): _spans(own) for key, own in then.items()},
        before={str(key): _spans(own) for key, own in now.items()},
        holds=holds,
        held=held,
        deadlines=[row for key in now for row in _deadlines(key, now[key], then[key])],
        unspoilt=all(
            row["after"] is not None and row["after"] <= max(row["before"] or 0, 0)
            for key, own in one.early.items()
            for row in _deadlines(key, own, then[key])
        ),
    )


def status_of(answer: "Answer", found: Outcome) -> str:
    """Return the engine's word, or OPTIMAL where what it left open follows from the deadlines.

    With resources without end no deadline is later than here, and no plan shorter than the bound:
    an answer that reaches both cannot be bettered.
    """
    short = answer.makespan is not None and answer.makespan <= (answer.bound or 0)
    return "OPTIMAL" if short and found.unspoilt else answer.status


def reasons_of(one: Portfolio, answer: "Answer", found: Outcome) -> list[str]:
    """Return why the answer is as it is, as sentences that call resources by their names."""
    late = any((row["after"] or 0) > 0 for row in found.deadlines)
    free = ["资源再多，这些期限也是一样超期，请看各计划的倒排。"] if late and found.unspoilt else []
    told = list(answer.reasons)
    for code, row in one.resources.items():
        told = [said.replace(f"资源“{code}”", f"「{row.name}」") for said in told]
    return [*told, *free, *one.notes]


def _hold(early: Computed, step: Step, start: dt.date) -> dt.date | None:
    """Return the day work is held back to: its levelled start where it could begin before."""
    if step.started is not None or step.fixed_start is not None:
        return step.no_earlier
    free = early.schedule.activities[step.key].early_start
    return start if free is not None and start > free else step.no_earlier


def _spans(one: Computed) -> Spans:
    return {
        key: [_iso(row.early_start), _iso(row.early_finish)]
        for key, row in one.schedule.activities.items()
        if one.sketch.steps[key].finished is None
    }


def _deadlines(subject: int, now: Computed, then: Computed) -> list[dict[str, Any]]:
    """Tell of each open deadline how many calendar days late it is before and after."""
    found = []
    for step in now.sketch.deadlines:
        if step.finished is not None or step.due is None:
            continue
        ends = [one.schedule.activities[step.key].early_finish for one in (now, then)]
        before, after = ((end - step.due).days if end else None for end in ends)
        found.append(
            {
                "subject": subject,
                "key": step.key,
                "due": step.due.isoformat(),
                "before": before,
                "after": after,
            }
        )
    return found


def _iso(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()
