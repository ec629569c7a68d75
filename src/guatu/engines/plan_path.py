"""Where a target should stand by its own monthly plan (时序进度), and the light that follows.

The expected value of a month's end is the sum of the plan's months up to it: never a twelfth a
month. What is known is compared with it; the answer carries its reason as data.
"""

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from guatu.engines.apportion import Sum, joined


class Light(StrEnum):
    """Colour of a judgement."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"
    UNRATED = "unrated"


class Why(StrEnum):
    """What decided the light."""

    REACHED = "reached"
    NEAR = "near"
    BEHIND = "behind"
    NO_PLAN = "no_plan"
    NOT_BEGUN = "not_begun"
    UNREPORTED = "unreported"


@dataclass(frozen=True)
class Bounds:
    """Shares of the expected value: green from ``green_from``, amber from ``amber_from``."""

    green_from: Decimal
    amber_from: Decimal

    def __post_init__(self) -> None:
        """Raise ValueError for bounds in the wrong order."""
        if not 0 < self.amber_from <= self.green_from:
            raise ValueError("黄灯界限应大于 0 且不高于绿灯界限")


@dataclass(frozen=True)
class Judged:
    """A light with what it was judged by; ``gap`` is actual less expected, None if unknown."""

    light: Light
    why: Why
    month: int
    expected: Sum
    actual: Sum
    gap: Decimal | None
    percent: Decimal | None


def last_full_month(day: dt.date, year: int) -> int:
    """Return the last month of ``year`` that has ended on ``day``: 0 to 12.

    The last day of a month counts as its end.

    >>> [last_full_month(dt.date(2025, m, d), 2025) for m, d in ((1, 30), (1, 31), (3, 18))]
    [0, 1, 2]
    >>> last_full_month(dt.date(2026, 1, 1), 2025), last_full_month(dt.date(2024, 12, 1), 2025)
    (12, 0)
    """
    if day.year != year:
        return 12 if day.year > year else 0
    ended = day.day == calendar.monthrange(day.year, day.month)[1]
    return day.month if ended else day.month - 1


def expected_by(months: Sequence[Sum], month: int) -> Sum:
    """Sum of the plan through the end of ``month``; of none before January's end."""
    return joined(months[:month])


def cumulated(months: Sequence[Sum]) -> tuple[Sum, ...]:
    """Sums of the year to each month's end."""
    return tuple(joined(months[: place + 1]) for place in range(len(months)))


def judge(months: Sequence[Sum], actual: Sum, month: int, bounds: Bounds) -> Judged:
    """Judge what was reached against the plan through ``month``.

    Known figures that already suffice are green whatever is still unreported, as nothing unreported
    can be negative. Where they do not suffice and something is unreported, nothing can be said.
    """
    expected = expected_by(months, month)
    value = expected.value
    if month == 0 or value == 0:
        return Judged(Light.UNRATED, Why.NOT_BEGUN, month, expected, actual, None, None)
    if value is None or expected.unknown:
        return Judged(Light.UNRATED, Why.NO_PLAN, month, expected, actual, None, None)
    known = actual.value
    if known is None:
        return Judged(Light.UNRATED, Why.UNREPORTED, month, expected, actual, None, None)
    share = known / value
    gap, percent = known - value, share * 100
    if share >= bounds.green_from:
        light, why = Light.GREEN, Why.REACHED
    elif actual.unknown:
        light, why = Light.UNRATED, Why.UNREPORTED
    elif share >= bounds.amber_from:
        light, why = Light.AMBER, Why.NEAR
    else:
        light, why = Light.RED, Why.BEHIND
    return Judged(light, why, month, expected, actual, gap, percent)
