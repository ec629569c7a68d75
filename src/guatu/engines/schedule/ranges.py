"""Durations that are not certain: three-point ranges, the causes they share, and sampling them.

A range is a modified PERT: a beta distribution over (low, high) whose mean is
(low + 4·likely + high) / 6 (Malcolm, Roseboom, Clark & Fazar 1959; Clark 1962; Vose, Risk Analysis,
2008, for the weight of four), cut into whole days.  Activities of one cause are correlated by a
one-factor Gaussian copula (Nelsen, An Introduction to Copulas, 2006): a normal factor a cause and
a normal of each activity's own, mixed by the cause's loading; two activities of one cause then
have the normal correlation loading².
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from statistics import NormalDist
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from guatu.engines.schedule.activity import Activity, Draft
from guatu.engines.schedule.levels import Ints

Floats = NDArray[np.float64]

LIKELY_WEIGHT = 4
GRID = 2_000
"""Steps of the numerical integral under the density; its error stays below a part in 10⁵."""
TAIL = 1e-12
TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Cause:
    """A shared cause: how strongly it ties its activities, and its usual spread of a duration.

    ``low`` and ``high`` multiply a duration whose own range nobody gave.  The figures are
    assumptions of the day ``since``; ``verified`` is False (待核) until scored forecasts bear
    them out.
    """

    key: str
    name: str
    loading: float
    low: float
    high: float
    since: date = date(2026, 11, 22)
    verified: bool = False


CAUSES: Mapping[str, Cause] = {
    cause.key: cause
    for cause in (
        Cause("weather", "天气", 0.7, 0.9, 1.4),
        Cause("approval", "审批", 0.6, 0.7, 1.5),
        Cause("procurement", "招标采购", 0.5, 0.9, 1.5),
        Cause("funds", "资金", 0.7, 1.0, 1.8),
        Cause("site", "征拆与场地", 0.7, 0.9, 2.0),
        Cause("design", "设计", 0.5, 0.9, 1.4),
        Cause("supply", "设备材料", 0.5, 0.9, 1.5),
        Cause("works", "施工组织", 0.4, 0.9, 1.3),
        Cause("other", "其他", 0.0, 0.9, 1.3),
    )
}
UNLISTED = 0.5
"""The loading of a cause that the table does not know."""


@dataclass(frozen=True, slots=True)
class Range:
    """Shortest, likeliest and longest duration in working days; ``assumed`` when by the table.

    Raises ValueError when they are out of order.
    """

    low: int
    likely: int
    high: int
    cause: str | None = None
    assumed: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.likely <= self.high:
            raise ValueError(
                f"工期范围应为最短≤最可能≤最长，不能是{self.low}、{self.likely}、{self.high}。"
            )


def cause_named(key: str) -> Cause:
    """Return the cause of that key; one the table does not know bears its key as its name."""
    return CAUSES.get(key) or Cause(key, key, UNLISTED, 1.0, 1.0)


def declared_ranges(network: Draft) -> dict[str, Range]:
    """Return the ranges the activities themselves declare, widened to hold the duration."""
    return {
        row.id: Range(
            min(row.duration, row.duration if row.low is None else row.low),
            row.duration,
            max(row.duration, row.duration if row.high is None else row.high),
            row.cause,
        )
        for row in network.activities
        if row.low is not None or row.high is not None
    }


def assumed_ranges(network: Draft) -> dict[str, Range]:
    """Return the declared ranges, and for all other work a usual one by its cause, marked so."""
    ranges = declared_ranges(network)
    parents = {row.parent for row in network.activities}
    for row in network.activities:
        if row.id in ranges or row.id in parents or row.duration == 0 or row.actual_finish:
            continue
        cause = cause_named(row.cause or _usual_cause(row, network))
        ranges[row.id] = Range(
            round(row.duration * cause.low),
            row.duration,
            max(round(row.duration * cause.high), row.duration),
            cause.key,
            assumed=True,
        )
    return ranges


def _usual_cause(row: Activity, network: Draft) -> str:
    if row.legal_days is not None or row.promised_days is not None:
        return "approval"
    return "weather" if network.calendars[row.calendar].stop else "other"


@dataclass(frozen=True, eq=False)
class Steps:
    """A distribution of whole days: ``first`` plus the number of ``bounds`` a normal exceeds.

    Two are the same when they are one: `steps` gives one for three points.
    """

    first: int
    bounds: Floats

    def days(self, normal: Floats) -> Ints:
        """Return the days for draws of a standard normal."""
        return np.searchsorted(self.bounds, normal) + self.first


@lru_cache(maxsize=4_096)
def steps(low: float, likely: float, high: float) -> Steps:
    """Cut the modified PERT of three points, in days, into whole days."""
    first, last = round(low), round(high)
    if last <= first:
        return Steps(round(likely), np.empty(0))
    x = np.linspace(0.0, 1.0, GRID + 1)
    mode = (likely - low) / (high - low)
    density = x ** (LIKELY_WEIGHT * mode) * (1 - x) ** (LIKELY_WEIGHT * (1 - mode))
    area = np.concatenate(([0.0], np.cumsum((density[1:] + density[:-1]) / 2)))
    ends = (np.arange(first, last) + 0.5 - low) / (high - low)
    below = np.clip(np.interp(ends, x, area / area[-1]), TAIL, 1 - TAIL)
    inverse = NormalDist().inv_cdf
    return Steps(first, np.array([inverse(p) for p in below.tolist()]))


@dataclass(frozen=True)
class Sampler:
    """Draws durations; each name has its own stream, so that plans can be compared draw by draw.

    The same cause in two plans with one seed is the same factor.
    """

    seed: int
    samples: int

    def days(self, activity: str, days: Steps, cause: str | None) -> Ints:
        """Return the durations of one activity in every sample; not to be written into."""
        return _drawn(self.seed, self.samples, activity, days, cause)


@lru_cache(maxsize=1_024)
def _drawn(seed: int, samples: int, activity: str, days: Steps, cause: str | None) -> Ints:
    """Draw once what plans of one template share: names, spreads and causes of their activities."""
    own = _normal(seed, samples, f"activity {activity}")
    loading = cause_named(cause).loading if cause else 0.0
    if cause and loading:
        factor = _normal(seed, samples, f"cause {cause}")
        own = loading * factor + np.sqrt(1 - loading**2) * own
    drawn = days.days(own)
    drawn.setflags(write=False)
    return drawn


def _normal(seed: int, samples: int, name: str) -> Floats:
    stream = np.random.Generator(np.random.SFC64([seed, crc32(name.encode())]))
    return stream.standard_normal(samples)


def rank_of(share: float, count: int) -> int:
    """Return the place, from 0, of the least of ``count`` values that ``share`` do not exceed."""
    return max(math.ceil(share * count - TINY) - 1, 0)


def quantile(ordered: Ints, share: float) -> int:
    """Return the least of the ordered values that at least ``share`` of them do not exceed."""
    return int(ordered[rank_of(share, len(ordered))])
