"""How likely a plan holds: sampled durations pushed through the calendars, not around them.

Every sample is a whole schedule, computed in days: three days late on 30 October cost the winter
where the work may not run across the stop.  Common random numbers tell what each cause is worth.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from guatu.engines.calendars import DayTable, shipped_table
from guatu.engines.schedule.ensemble import earliest_of, latest_of, own_durations
from guatu.engines.schedule.horizon import computed, restacked, settle
from guatu.engines.schedule.levels import Ints
from guatu.engines.schedule.network import Network
from guatu.engines.schedule.plan import Plan
from guatu.engines.schedule.ranges import (
    Range,
    Sampler,
    Steps,
    assumed_ranges,
    cause_named,
    quantile,
    rank_of,
    steps,
)
from guatu.engines.schedule.walk import Runs, Variants

P80 = 0.8
SHARES = (0.5, P80, 0.9)
CURVE = tuple(step / 20 for step in range(1, 21))
SAMPLES = 10_000


@dataclass(frozen=True, slots=True)
class CauseShare:
    """What one cause does to a finish: what would change were its work to take its likely time."""

    cause: str
    name: str
    variance_share: float
    on_time_if_likely: float | None
    p80_if_likely: date | None
    days_earlier: int | None


@dataclass(frozen=True, slots=True)
class Finish:
    """The forecast of one deadline, or of the plan's end where none is set (``activity`` "").

    ``on_time`` is None without a deadline; ``error`` is its standard error from sampling.  A date
    is None when that share of the samples never ends.  ``curve`` gives (share, date by which that
    share has finished).
    """

    activity: str
    deadline: date | None
    on_time: float | None
    error: float
    mean: date | None
    p50: date | None
    p80: date | None
    p90: date | None
    curve: tuple[tuple[float, date | None], ...]
    causes: tuple[CauseShare, ...]
    reason: str

    @property
    def late(self) -> float | None:
        """The probability of missing the deadline."""
        return None if self.on_time is None else 1 - self.on_time


@dataclass(frozen=True, slots=True)
class ActivityRisk:
    """One activity over all samples.

    ``criticality``: the share of samples in which a day more of it would move the deadline that
    is worst in that sample.
    """

    criticality: float
    mean_days: float
    p50: date | None
    p80: date | None
    p90: date | None


@dataclass(frozen=True)
class Forecast:
    """The answer with all it was drawn from; the same inputs and seed give it again."""

    samples: int
    seed: int
    finishes: tuple[Finish, ...]
    activities: Mapping[str, ActivityRisk]
    ranges: Mapping[str, Range]
    provisional: bool

    @property
    def assumed(self) -> tuple[str, ...]:
        """The activities whose range is the usual one of their cause, not their own."""
        return tuple(key for key, days in self.ranges.items() if days.assumed)


def forecast(
    network: Network,
    ranges: Mapping[str, Range] | None = None,
    *,
    samples: int = SAMPLES,
    seed: int,
    table: DayTable | None = None,
    explain: bool = True,
    plan: Plan | None = None,
) -> Forecast:
    """Sample the plan; ``ranges`` by activity, by default declared and usual ones.

    Without ``explain`` only finishes are told, no causes and no activities: a fifth of the work.
    ``plan`` is the network as laid out already.  An activity without a range takes its duration.
    What remains of a started activity varies in the proportion of the whole.  Raises ValueError
    for a range of an unknown activity.
    """
    days = table or shipped_table()
    ranges = assumed_ranges(network) if ranges is None else ranges
    strange = set(ranges) - {row.id for row in network.activities}
    if strange:
        raise ValueError(f"工期范围指向的工作不存在：{'、'.join(sorted(strange))}。")
    plan = plan or settle(network, days)[0]
    spread = _spread(plan, ranges)
    sampled = _sampled(plan, spread, Sampler(seed, samples))
    finishes = sampled.finishes(explain=explain)
    last = [finish.p90 or finish.p50 for finish in finishes]
    return Forecast(
        samples=samples,
        seed=seed,
        finishes=finishes,
        activities=sampled.activities() if explain else {},
        ranges=dict(ranges),
        provisional=any(day is None or not days.announced(day.year) for day in last),
    )


@dataclass(frozen=True, slots=True)
class _Spread:
    """One activity's distribution, in days of what remains of it: at least one."""

    node: int
    days: Steps
    likely: int
    most: int
    cause: str | None


def _spread(plan: Plan, ranges: Mapping[str, Range]) -> list[_Spread]:
    """Return what varies: not what is over, nor milestones, nor summaries."""
    found = []
    pinned = plan.pinned.tolist()
    for key, days in ranges.items():
        node = plan.node.get(key)
        if node is None or pinned[node] or days.high == 0:
            continue
        row = plan.rows[node]
        part = int(plan.duration[node]) / max(row.duration, 1) if row.actual_start else 1.0
        low, likely = max(days.low * part, 1.0), max(days.likely * part, 1.0)
        high = max(days.high * part, 1.0)
        cut = steps(low, likely, high)
        most = max(round(high), round(likely))
        found.append(_Spread(node, cut, max(round(likely), 1), most, days.cause))
    return found


def _sampled(plan: Plan, spread: Sequence[_Spread], sampler: Sampler) -> "_Sampled":
    """Sample the plan over its own horizon, or a longer one where some sample does not end in it.

    The longer one lets the longest durations end, if they ever do.
    """
    longest, likely = plan.duration.copy(), plan.duration.copy()
    for part in spread:
        longest[part.node], likely[part.node] = part.most, part.likely
    most = replace(plan, duration=np.maximum(longest, plan.duration))
    roomy = replace(most, stack=restacked(most, plan.stack.beyond))
    sampled = _Sampled(replace(roomy, duration=likely), spread, sampler)
    if sampled.ends_always:
        return sampled
    longer, _dates = computed(roomy)
    return _Sampled(replace(longer, duration=likely), spread, sampler)


@dataclass(frozen=True, slots=True)
class _Target:
    """A deadline and the nodes it speaks of, or all nodes and no day."""

    activity: str
    deadline: date | None
    nodes: tuple[int, ...]


def _targets(plan: Plan) -> list[_Target]:
    found = [
        _Target(
            limit.activity,
            limit.finish,
            tuple(plan.node[leaf] for leaf in plan.family.leaves(limit.activity)),
        )
        for limit in plan.network.deadlines
    ]
    return found or [_Target("", None, tuple(range(len(plan.rows))))]


class _Sampled:
    """All samples of one plan."""

    def __init__(self, plan: Plan, spread: Sequence[_Spread], sampler: Sampler) -> None:
        self.plan, self.spread, self.sampler = plan, spread, sampler
        self.targets = _targets(plan)
        self.duration = own_durations(plan)
        for part in spread:
            name = plan.rows[part.node].id
            self.duration[part.node] = sampler.days(name, part.days, part.cause)
        self.runs = earliest_of(plan, Variants(self.duration))
        self.ends = [self._end(target, self.runs) for target in self.targets]

    @property
    def ends_always(self) -> bool:
        """Whether every activity ends within the horizon in every sample.

        What leads on from its finish is not looked at: when it never ends, nor does what follows.
        """
        links = self.plan.links
        leading = np.zeros(len(self.plan.duration), dtype=np.bool_)
        leading[links.source[links.active & links.from_finish & (links.lag >= 0)]] = True
        last = max(int(self.runs.finish[node].max()) for node in np.flatnonzero(~leading).tolist())
        return last < self.plan.stack.beyond

    def finishes(self, *, explain: bool) -> tuple[Finish, ...]:
        """Return the forecast of every deadline, with the share of each cause if asked."""
        causes = sorted({part.cause for part in self.spread if part.cause and explain})
        without = {cause: self._without(cause) for cause in causes}
        return tuple(
            self._finish(
                target, self.ends[place], {cause: ends[place] for cause, ends in without.items()}
            )
            for place, target in enumerate(self.targets)
        )

    def activities(self) -> dict[str, ActivityRisk]:
        """Return every activity's spread of finishes and its criticality."""
        late = latest_of(self.plan, Variants(self.duration), self._last_finish())
        found = {}
        for node, row in enumerate(self.plan.rows):
            finish = self.runs.finish[node]
            critical = (late.finish[node] <= finish) & (finish < self.plan.stack.beyond)
            p50, p80, p90 = self._quantiles(finish)
            found[row.id] = ActivityRisk(
                criticality=0.0 if self.plan.pinned[node] else float(critical.mean()),
                mean_days=float(self.duration[node].mean()) if row.duration else 0.0,
                p50=p50,
                p80=p80,
                p90=p90,
            )
        return found

    def _end(self, target: _Target, runs: Runs) -> Ints:
        """Return the day the target ends in each sample."""
        end = runs.finish[target.nodes[0]]
        for node in target.nodes[1:]:
            end = np.maximum(end, runs.finish[node])
        return np.broadcast_to(end, (self.sampler.samples,))

    def _without(self, cause: str) -> list[Ints]:
        """Return all ends were the activities of one cause to take their likely time."""
        duration = list(self.duration)
        for part in self.spread:
            if part.cause == cause:
                duration[part.node] = np.array([part.likely])
        runs = earliest_of(self.plan, Variants(duration))
        return [self._end(target, runs) for target in self.targets]

    def _last_finish(self) -> list[Ints]:
        """Let in each sample the worst target end when it does, and bind nothing else."""
        limits = [self.plan.offset(t.deadline) if t.deadline else 0 for t in self.targets]
        lateness = np.array([end - day for end, day in zip(self.ends, limits, strict=True)])
        worst = lateness.argmax(axis=0)
        last = [np.array([self.plan.stack.beyond])] * len(self.plan.duration)
        for place, target in enumerate(self.targets):
            end = np.where(worst == place, self.ends[place], self.plan.stack.beyond)
            for node in target.nodes:
                last[node] = np.minimum(last[node], end)
        return last

    def _finish(self, target: _Target, end: Ints, without: Mapping[str, Ints]) -> Finish:
        on_time = self._on_time(target, end)
        ordered = np.sort(end)
        p50, p80, p90 = (self.plan.day(quantile(ordered, share)) for share in SHARES)
        beyond = int(ordered[-1]) >= self.plan.stack.beyond
        causes = sorted(
            (self._share(target, cause, end, other) for cause, other in without.items()),
            key=lambda share: (-share.variance_share, share.cause),
        )
        samples = self.sampler.samples
        return Finish(
            activity=target.activity,
            deadline=target.deadline,
            on_time=on_time,
            error=0.0 if on_time is None else math.sqrt(on_time * (1 - on_time) / samples),
            mean=None if beyond else self.plan.day(round(float(end.mean()))),
            p50=p50,
            p80=p80,
            p90=p90,
            curve=tuple((share, self.plan.day(quantile(ordered, share))) for share in CURVE),
            causes=tuple(causes),
            reason=self._reason(target, on_time, p80, causes),
        )

    def _on_time(self, target: _Target, end: Ints) -> float | None:
        if target.deadline is None:
            return None
        return float((end <= self.plan.offset(target.deadline)).mean())

    def _share(self, target: _Target, cause: str, end: Ints, without: Ints) -> CauseShare:
        before, after = float(end.var()), float(without.var())
        p80, p80_without = quantile(np.sort(end), P80), quantile(np.sort(without), P80)
        known = p80 < self.plan.stack.beyond
        return CauseShare(
            cause=cause,
            name=cause_named(cause).name,
            variance_share=max(1 - after / before, 0.0) if before else 0.0,
            on_time_if_likely=self._on_time(target, without),
            p80_if_likely=self.plan.day(p80_without),
            days_earlier=p80 - p80_without if known else None,
        )

    def _reason(
        self,
        target: _Target,
        on_time: float | None,
        p80: date | None,
        causes: Sequence[CauseShare],
    ) -> str:
        """Say the figure, what it was drawn from and what matters most."""
        drawn = f"{self.sampler.samples}次抽样中"
        if target.deadline is None or on_time is None:
            said = f"{drawn}八成在{p80}前完成" if p80 else f"{drawn}不足八成能够完成"
        else:
            said = f"{drawn}{on_time:.0%}在{target.deadline}前完成"
            said += f"，八成在{p80}前完成" if p80 else "，不足八成能够完成"
        if not causes or not causes[0].variance_share:
            return said
        first = causes[0]
        said += f"；影响最大的是{first.name}（占波动的{first.variance_share:.0%}）"
        if first.on_time_if_likely is not None:
            said += f"，若按最可能值，按期概率为{first.on_time_if_likely:.0%}"
        return said

    def _quantiles(self, days: Ints) -> tuple[date | None, ...]:
        places = [rank_of(share, len(days)) for share in SHARES]
        parted = np.partition(days, places)
        return tuple(self.plan.day(int(parted[place])) for place in places)
