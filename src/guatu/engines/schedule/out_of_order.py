"""Progress that contradicts the links: work begun or done before what it should have waited for.

Nothing is refused for it, since it may well be true.  Dates are computed by retained logic: what
remains of begun work still waits for its unfinished predecessors, and what is finished waits for
nobody.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from guatu.engines.calendars import DayTable, WorkCalendar, shipped_table
from guatu.engines.schedule.activity import Activity, Link
from guatu.engines.schedule.family import Family
from guatu.engines.schedule.network import Network

Effect = Literal["waits", "free", "past"]

RETAINED = (
    "按保留逻辑推算：已经开始的工作，剩余部分仍要等没有完成的前项；已经完成的工作不再等前项。"
)
AROUND = 400
"""Days beside three times its length over which a lag is counted in its calendar."""
_WORDS = {"S": "开始", "F": "完成"}


@dataclass(frozen=True, slots=True)
class OutOfOrder:
    """One link that what happened contradicts; ``link`` is its key.

    ``happened``: the day of the successor's start or finish that came too early.  ``effect``: what
    remains of the successor ``waits``; it is finished and goes ``free``; or both have happened and
    the contradiction is ``past``.
    """

    predecessor: str
    successor: str
    link: str
    happened: date
    effect: Effect
    reason: str


def out_of_order(network: Network, table: DayTable | None = None) -> tuple[OutOfOrder, ...]:
    """Return what has begun or finished before a link of it allows, in the order of the links.

    What a link waits for and has not happened is taken to happen the day after the status date at
    the earliest; two events of one day are in order.  Without a status date nothing has happened.
    """
    if network.status_date is None:
        return ()
    return tuple(_Order(network, network.status_date, table or shipped_table()).contradictions())


@dataclass(frozen=True)
class _Order:
    """The plan asked link by link."""

    network: Network
    today: date
    table: DayTable

    def contradictions(self) -> Iterator[OutOfOrder]:
        rows = {row.id: row for row in self.network.activities}
        family = Family.of(self.network.activities)
        for link in self.network.links:
            for then in family.leaves(link.successor):
                for first in family.leaves(link.predecessor):
                    found = self._contradiction(link, rows[first], rows[then])
                    if found is not None:
                        yield found

    def _contradiction(self, link: Link, first: Activity, then: Activity) -> OutOfOrder | None:
        happened = _day_of(then, link.type[1])
        if happened is None:
            return None
        waited = _day_of(first, link.type[0])
        if waited is None and link.type[0] == "F" and _is_over(first):
            return None
        if happened >= self._moved(link, then, waited or self.today + timedelta(days=1)):
            return None
        effect: Effect = "free" if _is_over(then) else "waits"
        if waited is not None:
            effect = "past"
        reason = _reason(link, first, then, (happened, waited), effect)
        return OutOfOrder(first.id, then.id, link.key, happened, effect, reason)

    def _moved(self, link: Link, then: Activity, day: date) -> date:
        """Return the day a lag after (before, when negative) ``day``, in the lag's calendar."""
        if link.lag == 0:
            return day
        spec = self.network.calendars[link.lag_calendar or then.calendar]
        reach = AROUND + 3 * abs(link.lag)
        calendar = WorkCalendar.over(spec, self.table, day.toordinal() - reach, 2 * reach)
        try:
            return calendar.after(day, link.lag)
        except ValueError:
            return date.max if link.lag > 0 else date.min


def _day_of(row: Activity, side: str) -> date | None:
    """Return the day a row began or ended; a milestone that began has ended."""
    if side == "S":
        return row.actual_start
    if row.actual_finish is not None:
        return row.actual_finish
    return row.actual_start if row.duration == 0 else None


def _is_over(row: Activity) -> bool:
    begun = row.actual_start is not None
    return row.actual_finish is not None or (begun and (row.duration == 0 or row.remaining == 0))


def _reason(
    link: Link,
    first: Activity,
    then: Activity,
    days: tuple[date, date | None],
    effect: Effect,
) -> str:
    happened, waited = days
    own, other = _WORDS[link.type[1]], _WORDS[link.type[0]]
    said = f"{then.label}已于{happened}{own}，"
    if effect == "free" and then.actual_finish is not None:
        said = f"{then.label}已于{then.actual_finish}完成，"
    if waited is None:
        said += f"而前项{first.label}尚未{other}"
    elif waited > happened:
        said += f"早于前项{first.label}{other}的{waited}"
    else:
        said += f"离前项{first.label}{other}的{waited}不足要求的{link.lag}天"
    return (
        said
        + {
            "waits": f"；剩余部分要等前项{other}后再做。",
            "free": "；已完成的不再等前项。",
            "past": "；两项都已成事实，不再影响推算。",
        }[effect]
    )
