"""Forecasts, repairs and the rest of what is asked of one project of 60 activities.

    python -m bench.risk

CPU seconds, best of three.  The peer of the forecast is the plain loop that people write: one
sample after another, days counted one by one over the same calendars, uncorrelated; it is timed
over a hundred samples and scaled.
"""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from bench.cpm import CALENDARS, report
from guatu.engines.calendars import shipped_table
from guatu.engines.schedule import (
    Activity,
    Deadline,
    Link,
    Network,
    act_today,
    back_schedule,
    forecast,
    repairs,
    slips,
)
from guatu.engines.schedule.horizon import settle
from guatu.engines.schedule.plan import Plan

ACTIVITIES, LINKS, SAMPLES, LOOPED, SEED = 60, 120, 10_000, 100, 1
CAUSES = ("weather", "approval", "procurement", "funds", None)
MISSING = 60
"""Calendar days by which the deadline breaks."""


def network() -> Network:
    """Return a project with three calendars, five causes and a deadline that breaks."""
    random = np.random.default_rng(SEED)
    names = list(CALENDARS)
    rows = []
    for number in range(ACTIVITIES):
        days = int(random.integers(2, 30))
        rows.append(
            Activity(
                id=str(number),
                duration=days,
                calendar=names[random.integers(0, len(names))],
                splittable=bool(random.integers(0, 2)),
                low=round(days * 0.8),
                high=round(days * 1.6),
                cause=CAUSES[random.integers(0, len(CAUSES))],
            )
        )
    links = {}
    while len(links) < LINKS:
        before, after = sorted(random.integers(0, ACTIVITIES, 2).tolist())
        if 0 < after - before < ACTIVITIES // 4:
            lag = int(random.integers(0, 4))
            links[before, after] = Link(predecessor=str(before), successor=str(after), lag=lag)
    plan = Network(
        calendars=CALENDARS,
        status_date=date(2026, 3, 2),
        activities=tuple(rows),
        links=tuple(links.values()),
    )
    ends = {key: row.early_finish for key, row in back_schedule(plan).activities.items()}
    last = max(ends, key=lambda key: ends[key] or date.max)
    due = (ends[last] or date.max) - timedelta(days=MISSING)
    return replace(plan, deadlines=(Deadline(last, due),))


def looped(plan: Plan) -> None:
    """Sample the plan the plain way."""
    random = np.random.default_rng(SEED)
    calendars = [calendar.works.tolist() for calendar in plan.stack.calendars]
    own, lagged = plan.calendar.tolist(), plan.links.lag_calendar.tolist()
    incoming: list[list[int]] = [[] for _ in own]
    for link, target in enumerate(plan.links.target.tolist()):
        incoming[target].append(link)
    source, lag = plan.links.source.tolist(), plan.links.lag.tolist()
    duration, status = plan.duration.tolist(), int(plan.status[0])

    def after(works: list[bool], day: int, number: int) -> int:
        while number:
            day += 1
            number -= works[day]
        return day

    for _sample in range(LOOPED):
        finish = [0] * len(own)
        for node in plan.forward.order.tolist():
            begin = status - 1
            for link in incoming[node]:
                reached = after(calendars[lagged[link]], finish[source[link]], lag[link])
                begin = max(begin, reached)
            days = round(duration[node] * random.triangular(0.8, 1.0, 1.6))
            finish[node] = after(calendars[own[node]], begin, max(days, 1))


def main() -> None:
    """Print the table."""
    plan = network()
    schedule = back_schedule(plan)
    laid_out, _early = settle(plan, shipped_table())
    roomy = replace(laid_out, stack=settle(_longer(plan), shipped_table())[0].stack)
    print(f"one project, {ACTIVITIES} activities, {LINKS} links, CPU")
    report(f"plain loop, {LOOPED} samples", lambda: looped(roomy) or LOOPED)
    report(f"forecast, {SAMPLES:,} samples", lambda: forecast(plan, seed=SEED).samples)
    report("back schedule", lambda: len(back_schedule(plan).activities))
    report("repairs", lambda: len(repairs(plan, schedule)))
    report("act today", lambda: len(act_today(plan, schedule)))
    late = replace(plan, status_date=date(2026, 4, 1))
    report("slips", lambda: len(slips({}, plan, late).slips))


def _longer(plan: Network) -> Network:
    """Return the plan with twice the durations: its horizon holds every sample."""
    rows = tuple(replace(row, duration=2 * row.duration, high=None) for row in plan.activities)
    return replace(plan, activities=rows)


if __name__ == "__main__":
    main()
