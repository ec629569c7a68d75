"""What drives each date: the one link or limit that would have to give for the date to move."""

from dataclasses import dataclass

import numpy as np

from guatu.engines.schedule.calendar_stack import NEVER
from guatu.engines.schedule.critical_path import Dates, Moves
from guatu.engines.schedule.levels import Ints
from guatu.engines.schedule.plan import NONE, Plan


@dataclass(frozen=True)
class Driving:
    """For every node the driving link (place among the plan's links), NONE where a limit drives."""

    early: Ints
    late: Ints


def early_driving(plan: Plan, dates: Dates) -> Ints:
    """Return for each node the link that sets its early dates, or NONE."""
    links, stack = plan.links, plan.stack
    asked = stack.rank[_asked_days(plan, dates) + plan.calendar[links.target] * stack.span]
    asked = asked - np.where(links.to_finish, plan.duration[links.target] - 1, 0)
    tight = links.active & (asked >= dates.bound[links.target])
    return _first_of(links.target, tight, len(dates.start))


def _asked_days(plan: Plan, dates: Dates) -> Ints:
    """Return for each link the first day it lets its target start, or finish, worked or not."""
    links, stack = plan.links, plan.stack
    ahead = links.lag > 0
    day = np.where(links.from_finish, dates.finish[links.source], dates.start[links.source])
    ranked = stack.rank[day + links.lag_calendar * stack.span + ahead]
    days: Ints = stack.day[ranked + links.lag - ahead] + (links.from_finish & ~links.to_finish)
    return days


def stopped_since(plan: Plan, dates: Dates, drivers: Ints) -> Ints:
    """Return for each node the first day of the stop that holds back its early dates, or NONE.

    ``drivers`` as `early_driving` gives them.  A stop holds work back that could begin, or has to
    end, while it lasts, or that it leaves too few days before it.
    """
    links = plan.links
    ready = np.maximum(np.maximum(plan.status, plan.earliest), plan.fixed)
    until = dates.start.copy()
    driven = drivers != NONE
    link = drivers[driven]
    ready[driven] = _asked_days(plan, dates)[link]
    until[driven] = np.where(links.to_finish[link], dates.finish[driven], until[driven])
    raised = ~driven & (dates.raised >= dates.bound)
    ready[raised] = plan.stack.day[dates.raised[raised]]
    found = _first_stopped(plan, ready, until)
    moved = dates.place > dates.bound
    fitted = _first_stopped(plan, plan.stack.day[dates.bound], dates.start)
    return np.where(plan.pinned, NONE, np.where(moved, fitted, found))


def _first_stopped(plan: Plan, since: Ints, until: Ints) -> Ints:
    """Return for each node the first day from ``since`` to before ``until`` its calendar stops."""
    found = np.full(len(since), NONE)
    for place in np.flatnonzero(plan.stack.seasonal).tolist():
        own = plan.calendar == place
        days = np.flatnonzero(plan.stack.calendars[place].stopped)
        days = np.append(days, plan.stack.beyond)
        first = days[np.searchsorted(days, np.minimum(since[own], plan.stack.beyond))]
        found[own] = np.where((first < until[own]) & (first < plan.stack.beyond), first, NONE)
    return found


def latest_places(plan: Plan, dates: Dates) -> Ints:
    """Return for each link the last place of its source that leaves the target's dates alone."""
    links, stack = plan.links, plan.stack
    ahead = links.lag > 0
    day = np.where(links.to_finish, dates.finish[links.target], dates.start[links.target])
    gap = links.from_finish & ~links.to_finish
    ranked = stack.rank[day - gap + 1 + links.lag_calendar * stack.span]
    reached = stack.day[ranked + np.where(ahead, -links.lag, -1 - links.lag)]
    own = stack.rank[reached + 1 - ahead + plan.calendar[links.source] * stack.span]
    own = own - np.where(links.from_finish, plan.duration[links.source], 1)
    return np.where(links.active, own, NEVER)


def late_driving(plan: Plan, dates: Dates) -> Ints:
    """Return for each node the link that sets its late dates, or NONE."""
    asked = latest_places(plan, dates)
    tight = plan.links.active & (asked <= dates.bound[plan.links.source])
    return _first_of(plan.links.source, tight, len(dates.start))


def free_finish(plan: Plan, early: Dates, late: Dates) -> Ints:
    """Return the last day each node may finish without moving anybody's early date."""
    place = late.place.copy()
    np.minimum.at(place, plan.links.source, latest_places(plan, early))
    place = np.maximum(place, early.place)
    Moves(plan, np.arange(len(place))).earlier(place, 0, len(place))
    return plan.stack.day[np.maximum(place, early.place) + plan.duration - 1]


def _first_of(
    nodes: Ints, chosen: "np.ndarray[tuple[int], np.dtype[np.bool_]]", count: int
) -> Ints:
    """Return for each node its first chosen link, or NONE."""
    found = np.full(count, NONE, dtype=np.int64)
    places = np.flatnonzero(chosen)[::-1]
    found[nodes[places]] = places
    return found
