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
    ahead = links.lag > 0
    day = np.where(links.from_finish, dates.finish[links.source], dates.start[links.source])
    ranked = stack.rank[day + links.lag_calendar * stack.span + ahead]
    reached = stack.day[ranked + links.lag - ahead]
    gap = links.from_finish & ~links.to_finish
    asked = stack.rank[reached + gap + plan.calendar[links.target] * stack.span]
    asked = asked - np.where(links.to_finish, plan.duration[links.target] - 1, 0)
    tight = links.active & (asked >= dates.bound[links.target])
    return _first_of(links.target, tight, len(dates.start))


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
