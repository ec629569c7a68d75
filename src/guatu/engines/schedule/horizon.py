"""Finding a horizon of days long enough for the plan, and the early dates in it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from guatu.engines.calendars import FIRST_YEAR, LAST_YEAR, CalendarSpec, DayTable
from guatu.engines.schedule.activity import BadNetwork, Draft
from guatu.engines.schedule.calendar_stack import CalendarStack, stack, whole
from guatu.engines.schedule.critical_path import Dates, backward, forward
from guatu.engines.schedule.layout import PADDING, lay_out, padding_of
from guatu.engines.schedule.plan import NONE, Plan

MARGIN = 1_100
"""Days beyond the last date of the plan that nearly every plan ends within."""
WAIT = 400
"""Days one unsplittable activity may wait for its season."""
MORE = "\N{FULLWIDTH PLUS SIGN}"
"""What begins the name of a calendar added for a trial."""
LAST = date(9990, 1, 1).toordinal()


def settle(network: Draft, table: DayTable) -> tuple[Plan, Dates]:
    """Lay the network out and compute its early dates; never-ending ones end beyond all bounds."""
    (plan,) = laid_out([network], table)
    if network.status_date is None:
        plan = _begun_last(lengthened_before(plan))
    return computed(plan)


def laid_out(networks: Sequence[Draft], table: DayTable) -> list[Plan]:
    """Lay networks that share calendars out over one horizon and one stack of calendars."""
    days = [day.toordinal() for network in networks for day in _days(network)]
    # A horizon in round years and blocks is one that other plans have too.
    first = max(date.fromordinal(max(min(days) - WAIT, 1)).replace(month=1, day=1).toordinal(), 1)
    count = whole(max(days) - first + MARGIN)
    shared = stack(
        {name: spec for network in networks for name, spec in network.specs().items()},
        table,
        first=first,
        count=count,
        padding=max(padding_of(network) for network in networks),
    )
    return [lay_out(network, table, first=first, stack=shared) for network in networks]


def computed(plan: Plan) -> tuple[Plan, Dates]:
    """Return early dates, in a longer horizon when this one is too short for them."""
    need = reach(plan)
    if need > plan.stack.beyond:
        plan = replace(plan, stack=restacked(plan, whole(min(need, 40 * MARGIN))))
    dates = forward(plan)
    # A date that far beyond the table is refused, whichever it is.
    most = min(
        need + WAIT * len(plan.forward.node_starts),
        plan.offset(date(LAST_YEAR, 12, 31)) + 40 * MARGIN,
        LAST - plan.first,
    )
    while (dates.finish >= plan.stack.beyond).any() and plan.stack.beyond < most:
        plan = replace(plan, stack=restacked(plan, min(2 * plan.stack.beyond, most)))
        dates = forward(plan)
    return plan, dates


def lengthened_before(plan: Plan) -> Plan:
    """Return the plan with room before it for all of its work, held back by no status date."""
    room = reach(plan) + WAIT * len(plan.forward.node_starts)
    first = max(plan.first - room, 1)
    count = plan.stack.beyond + plan.first - first
    days = stack(
        plan.stack.specs,
        plan.table,
        first=first,
        count=count,
        padding=padding_of(plan.network),
    )
    longer = lay_out(plan.network, plan.table, first=first, stack=days)
    status = np.zeros_like(longer.status)
    for place, row in enumerate(longer.rows):
        if row.actual_start is not None:
            status[place] = longer.offset(row.actual_start)
    return replace(longer, status=status)


def restacked(plan: Plan, count: int) -> CalendarStack:
    """Build the calendars again over ``count`` days."""
    specs = {**plan.stack.specs, **plan.network.specs()}
    longest = int(plan.duration.max(initial=1)) + int(np.abs(plan.links.lag).max(initial=0))
    longest = max(longest, max((row.duration for row in plan.rows), default=0))
    padding = longest + PADDING + int(np.abs(plan.links.lag).max(initial=0))
    return stack(
        specs,
        plan.table,
        first=plan.first,
        count=min(count, LAST - plan.first),
        padding=padding,
    )


def extended(plan: Plan, specs: Sequence[CalendarSpec]) -> tuple[Plan, int]:
    """Return the plan with more calendars behind its own, and the number of the first of them."""
    first = len(plan.stack.calendars)
    if not specs:
        return plan, first
    more = {f"{MORE}{place}": spec for place, spec in enumerate(specs, start=first)}
    longest = max(int(plan.duration.max(initial=1)), *(row.duration for row in plan.rows))
    longer = stack(
        {**plan.stack.specs, **more},
        plan.table,
        first=plan.first,
        count=plan.stack.beyond,
        padding=longest + 2 * int(np.abs(plan.links.lag).max(initial=0)) + PADDING,
    )
    return replace(plan, stack=longer), first


def reach(plan: Plan) -> int:
    """Return how many days from the first of the horizon the plan surely ends within.

    The longest chain of durations and lags, stretched by the idlest calendar in use; waits for a
    season come on top.
    """
    order, links = plan.forward, plan.links
    weight = (plan.duration[links.source] + np.maximum(links.lag, 0))[order.links]
    chain = np.zeros(len(order.order), dtype=np.int64)
    nodes, starts = order.node_starts, order.link_starts
    for level in range(1, len(nodes) - 1):
        a, b, la, lb = nodes[level], nodes[level + 1], starts[level], starts[level + 1]
        asked = chain[order.sources[la:lb]] + weight[la:lb]
        chain[a:b] = np.maximum.reduceat(asked, order.first_link[a:b])
    longest = int((chain + plan.duration[order.order]).max(initial=0))
    used = {*plan.calendar.tolist(), *links.lag_calendar.tolist()}
    calendars = [plan.stack.calendars[place] for place in used]
    idlest = min((len(c.days) for c in calendars), default=plan.stack.beyond)
    stretch = plan.stack.beyond / max(idlest, 1)
    latest = max(
        plan.status.max(initial=0), plan.earliest.max(initial=0), plan.fixed.max(initial=0)
    )
    return int(latest) + int(longest * min(stretch, WAIT)) + MARGIN


def check_dates(plan: Plan, early: Dates) -> None:
    """Refuse a plan of which a date leaves the table of working days; BadNetwork names the work."""
    node = outside(plan, early)
    if node == NONE:
        return
    row, start, finish = plan.rows[node], int(early.start[node]), int(early.finish[node])
    table = f"日历表的{FIRST_YEAR}—{LAST_YEAR}年，请核对工期和日期。"
    if start < plan.offset(date(FIRST_YEAR, 1, 1)):
        raise BadNetwork(f"工作{row.label}要从{plan.day(start)}开始，早于{table}")
    day = plan.day(finish)
    when = f"最早到{day}才能完成，" if day else "的完成日期"
    raise BadNetwork(f"工作{row.label}{when}超出{table}")


def outside(plan: Plan, early: Dates) -> int:
    """Return the first node, in the order of links, that has a date outside the table, or NONE."""
    count = len(plan.rows)
    first, last = (plan.offset(day) for day in (date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)))
    if plan.stack.beyond <= last and early.start[:count].min(initial=0) >= first:
        return NONE
    open_ = ~plan.pinned[:count]
    wrong = ((early.finish[:count] > last) | (early.start[:count] < first)) & open_
    places = np.flatnonzero(wrong)
    if len(places) == 0:
        return NONE
    node = int(places[plan.forward.position[places].argmin()])
    return NONE if _never(plan, early, node) else node


def _never(plan: Plan, early: Dates, node: int) -> bool:
    """Tell whether a node without a date never gets one, however long the horizon."""
    if early.finish[node] < plan.stack.beyond:
        return False
    calendar = plan.stack.calendars[int(plan.calendar[node])]
    idle = not calendar.works[-WAIT:].any()
    whole_season = bool(plan.unsplittable[node]) and bool(calendar.stopped.any())
    return idle or whole_season or node in plan.allowed or not early.settled


def _begun_last(plan: Plan) -> Plan:
    """Take the latest day on which the plan can begin and keep its deadlines as its status date."""
    rest = plan.stack.beyond if plan.network.follow_on else plan.deadline.max()
    last_finish = np.where(plan.deadline == NONE, rest, plan.deadline)
    late = backward(plan, last_finish)
    return replace(plan, status=np.full_like(plan.status, int(late.start.min())))


def _days(network: Draft) -> Iterator[date]:
    """Yield every date the plan names."""
    if network.status_date is not None:
        yield network.status_date
    for deadline in network.deadlines:
        yield deadline.finish
    for row in network.activities:
        named = (row.start_no_earlier, row.fixed_start, row.actual_start, row.actual_finish)
        yield from filter(None, named)
        yield from row.allowed_starts or ()
