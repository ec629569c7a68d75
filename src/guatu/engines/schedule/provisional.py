"""Which dates rest on a year whose notice is not out yet."""

import numpy as np

from guatu.engines.schedule.critical_path import Dates
from guatu.engines.schedule.levels import Ints
from guatu.engines.schedule.plan import NONE, Flags, Plan


def provisional_early(plan: Plan, dates: Dates, drivers: Ints) -> Flags:
    """Mark the nodes whose early dates used a provisional year, themselves or through a driver."""
    links = plan.links
    low = np.maximum(np.maximum(plan.status, plan.earliest), plan.fixed)
    since = np.where(plan.pinned, dates.finish, np.minimum(low, dates.start))
    driven = drivers != NONE
    link = drivers[driven]
    day = np.where(links.from_finish, dates.finish[links.source], dates.start[links.source])
    since[driven] = day[link]
    marks = _touched(plan, since, dates.finish, drivers)
    return _handed_on(marks, drivers, links.source, plan.forward.order)


def provisional_late(plan: Plan, dates: Dates, drivers: Ints) -> Flags:
    """Mark the nodes whose late dates used a provisional year."""
    links = plan.links
    until = dates.finish.copy()
    driven = drivers != NONE
    day = np.where(links.to_finish, dates.finish[links.target], dates.start[links.target])
    until[driven] = day[drivers[driven]]
    limited = ~driven & (plan.deadline != NONE)
    until[limited] = plan.deadline[limited]
    marks = _touched(plan, dates.start, until, drivers)
    return _handed_on(marks, drivers, links.target, plan.backward.order)


def _touched(plan: Plan, since: Ints, until: Ints, drivers: Ints) -> Flags:
    """Mark nodes that counted days of China between two days of which one is provisional."""
    table, beyond = plan.table, plan.stack.beyond
    before = np.concatenate(([0], np.cumsum(table.provisional(plan.first, beyond))))
    a = np.clip(np.minimum(since, until), 0, beyond - 1)
    b = np.clip(np.maximum(since, until), 0, beyond - 1)
    china = np.array([calendar.spec.base == "china" for calendar in plan.stack.calendars])
    counts = china[plan.calendar]
    driven = drivers != NONE
    counts[driven] |= china[plan.links.lag_calendar[drivers[driven]]]
    marks: Flags = (before[b + 1] > before[a]) & counts & ~plan.pinned
    return marks


def _handed_on(marks: Flags, drivers: Ints, sources: Ints, order: Ints) -> Flags:
    """Hand the mark from each driver to what it drives."""
    if not marks.any():
        return marks
    for node in order.tolist():
        link = drivers[node]
        if link != NONE and marks[sources[link]]:
            marks[node] = True
    return marks
