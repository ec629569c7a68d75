"""What has slipped since the baseline, by whose delay, and which deadlines that breaks.

A slip is followed back along what drives the dates: from each activity to the predecessor that
pushed it, until one is reached whose own delay it was.  What the chain's own delays do not add up
to is the calendar's: a holiday or a winter that the delay ran into, or days that it won back.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from guatu.engines.calendars import DayTable, WorkCalendar, granted, shipped_table
from guatu.engines.schedule.back import ActivityDates, BackSchedule, back_schedule
from guatu.engines.schedule.network import Activity, Deadline, Link, Network

CauseKind = Literal["longer", "late_start", "limit", "link", "new"]


@dataclass(frozen=True, slots=True)
class FourDates:
    """The finish of one activity: as first planned, as last allowed, as computed now, as done."""

    baseline: date | None
    target: date | None
    forecast: date | None
    actual: date | None


@dataclass(frozen=True, slots=True)
class SlipCause:
    """An activity's own delay in calendar days: what it is, and how many.

    ``link`` names the link that was added or made longer, if that is what delays it.
    """

    activity: str
    kind: CauseKind
    days: int
    reason: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Slip:
    """One activity beside its baseline; ``days`` late in calendar days, negative when early.

    ``causes`` are the delays that pushed it, the nearest first; ``by_calendar`` is what holidays
    and stops added to them or float took away.  Floats are working days of its own calendar, None
    where the plan is infeasible.
    """

    activity: str
    dates: FourDates
    days: int | None
    causes: tuple[SlipCause, ...]
    by_calendar: int
    float_before: int | None
    float_now: int | None

    @property
    def consumed_float(self) -> int | None:
        """Working days of float that are gone; all there was where the plan now breaks."""
        if self.float_before is None:
            return None
        return self.float_before - (self.float_now or 0)


@dataclass(frozen=True, slots=True)
class Broken:
    """A deadline that the plan now misses, and by whose delay."""

    activity: str
    deadline: date
    was: date | None
    now: date | None
    days: int | None
    causes: tuple[SlipCause, ...]
    reason: str


@dataclass(frozen=True)
class Progress:
    """All activities beside their baseline, and the deadlines that broke since."""

    slips: Mapping[str, Slip]
    broken: tuple[Broken, ...]
    before: BackSchedule
    now: BackSchedule


def slips(
    baseline: Mapping[str, date],
    before: Network,
    now: Network,
    table: DayTable | None = None,
    standing: BackSchedule | None = None,
) -> Progress:
    """Compare a plan with its baseline.

    ``baseline`` holds the finishes as they were fixed; where it has none, and to find who caused
    what, ``before`` is the network they were computed from.  ``now`` is the network today and
    ``standing`` its dates with what drives them, where they are computed already.
    """
    walk = _Walk(before, now, table or shipped_table(), standing)
    found = {row.id: _slip(row, baseline.get(row.id), walk) for row in now.activities}
    broken = tuple(_broken(now.deadlines, walk))
    return Progress(found, broken, walk.was, walk.is_now)


class _Walk:
    """The two plans and their dates, asked who pushed whom."""

    def __init__(
        self, before: Network, now: Network, table: DayTable, standing: BackSchedule | None
    ) -> None:
        self.table, self.networks = table, (before, now)
        self.was = back_schedule(before, table)
        self.is_now = back_schedule(now, table) if standing is None else standing
        self.rows_before = {row.id: row for row in before.activities}
        self.rows = {row.id: row for row in now.activities}
        self.links_before = {link.key: link for link in before.links}
        self.links = {link.key: link for link in now.links}

    def causes(self, activity: str) -> tuple[SlipCause, ...]:
        """Follow the slip of an activity back to the delays that caused it."""
        found: list[SlipCause] = []
        at: str | None = activity
        side = "finish"
        seen: set[tuple[str, str]] = set()
        while at is not None and (at, side) not in seen:
            seen.add((at, side))
            own, link = self._at(at, side)
            found += own
            at = None if link is None else link.predecessor
            side = "finish" if link is None or link.type[0] == "F" else "start"
        return tuple(found)

    def slipped(self, activity: str, side: str) -> int:
        """Return by how many calendar days a start or finish lies later than before."""
        dates = [plan.activities.get(activity) for plan in (self.was, self.is_now)]
        then, now = (None if d is None else getattr(d, f"early_{side}") for d in dates)
        return 0 if then is None or now is None else (now - then).days

    def _at(self, activity: str, side: str) -> tuple[list[SlipCause], Link | None]:
        """Return an activity's own part in its slip, and the link along which the rest came."""
        row = self.rows[activity]
        if activity not in self.was.activities:
            return [SlipCause(activity, "new", 0, f"{row.label}是新增的工作")], None
        child = self._deciding_child(activity)
        if child is not None:
            own, link = self._at(child, side)
            return own, link
        begun, ended = self.slipped(activity, "start"), self.slipped(activity, "finish")
        driver = self._link(activity)
        found: list[SlipCause] = []
        if self._waits(row, driver):
            return found, driver
        longer = ended - max(begun, 0) if side == "finish" else 0
        if longer > 0 and self._takes_longer(row):
            found.append(SlipCause(activity, "longer", longer, self._longer(row, longer)))
        pushed = ended if driver is not None and driver.type[1] == "F" else begun
        if pushed <= 0:
            return found, None
        more, link = self._pushed(row, driver, pushed)
        return found + more, link

    def _pushed(
        self, row: Activity, driver: Link | None, pushed: int
    ) -> tuple[list[SlipCause], Link | None]:
        """Tell what of a push comes along the driving link and what is the activity's own."""
        by = 0
        if driver is not None:
            by = self.slipped(driver.predecessor, "finish" if driver.type[0] == "F" else "start")
        drives_now = driver is not None and self._drives_now(row.id, driver.key)
        if driver is not None and drives_now:
            old = self.links_before.get(driver.key)
            if by > 0:
                return [], driver
            what = "新增" if old is None else "调整了"
            said = f"{what}联系“{driver.key}”，{row.label}推迟{pushed}天"
            return [SlipCause(row.id, "link", pushed, said, driver.key)], None
        left = pushed - max(min(by, pushed), 0)
        own = [self._late_start(row, left)] if left > 0 else []
        return own, driver if by > 0 else None

    def _waits(self, row: Activity, driver: Link | None) -> bool:
        """Tell whether begun work is held up now by a predecessor that slipped."""
        if row.actual_start is None or row.actual_finish is not None or driver is None:
            return False
        late = self.slipped(driver.predecessor, "finish" if driver.type[0] == "F" else "start")
        return late > 0 and self._drives_now(row.id, driver.key)

    def _late_start(self, row: Activity, days: int) -> SlipCause:
        """Say why an activity that nothing held up begins later."""
        begin = self.is_now.activities[row.id].drivers.early_start
        kind: CauseKind = "late_start"
        if row.actual_start is not None:
            said = f"{row.label}实际{row.actual_start}才开始，晚{days}天"
        elif begin is not None and begin.kind in {"start_no_earlier", "fixed_start"}:
            kind, said = "limit", f"{begin.reason}，推迟{days}天"
        else:
            said = f"{row.label}可以开始而尚未开始，已晚{days}天"
        return SlipCause(row.id, kind, days, said)

    def _longer(self, row: Activity, days: int) -> str:
        before = self.rows_before[row.id]
        if row.actual_finish is not None or row.remaining is not None:
            return f"{row.label}比计划多用，完成推迟{days}天"
        return f"{row.label}工期由{before.duration}天改为{row.duration}天，完成推迟{days}天"

    def _takes_longer(self, row: Activity) -> bool:
        """Tell whether the activity itself takes longer, not only over more days off."""
        before, now = self.networks
        return self._worked(now, row, self.is_now) > self._worked(
            before, self.rows_before[row.id], self.was
        )

    def _worked(self, network: Network, row: Activity, schedule: BackSchedule) -> int:
        """Count the working days from an activity's first day to its last."""
        dates = schedule.activities[row.id]
        if dates.early_start is None or dates.early_finish is None:
            return 0
        first, count = dates.early_start.toordinal(), dates.early_finish.toordinal() + 1
        spec = granted(network.calendars[row.calendar], row.leave)
        return int(WorkCalendar.over(spec, self.table, first, count - first).works.sum())

    def _link(self, activity: str) -> Link | None:
        """Return the link that drives the activity now, or did before, if it still stands."""
        for plan in (self.is_now, self.was):
            drivers = plan.activities[activity].drivers
            for driver in (drivers.early_start, drivers.early_finish):
                if driver is not None and driver.link in self.links:
                    return self.links[driver.link]
        return None

    def _drives_now(self, activity: str, key: str) -> bool:
        drivers = self.is_now.activities[activity].drivers
        return any(
            driver is not None and driver.link == key
            for driver in (drivers.early_start, drivers.early_finish)
        )

    def _deciding_child(self, activity: str) -> str | None:
        driver = self.is_now.activities[activity].drivers.early_finish
        return driver.id if driver is not None and driver.kind == "child" else None


def _slip(row: Activity, baseline: date | None, walk: _Walk) -> Slip:
    now: ActivityDates = walk.is_now.activities[row.id]
    was = walk.was.activities.get(row.id)
    planned = baseline or (was.early_finish if was else None)
    forecast = row.actual_finish or now.early_finish
    days = None if planned is None or forecast is None else (forecast - planned).days
    causes = walk.causes(row.id) if walk.slipped(row.id, "finish") > 0 else ()
    return Slip(
        activity=row.id,
        dates=FourDates(planned, now.late_finish, forecast, row.actual_finish),
        days=days,
        causes=causes,
        by_calendar=walk.slipped(row.id, "finish") - sum(c.days for c in causes) if causes else 0,
        float_before=was.total_float_own if was else None,
        float_now=now.total_float_own,
    )


def _broken(deadlines: Sequence[Deadline], walk: _Walk) -> Iterator[Broken]:
    """Yield the deadlines that the dates of now miss."""
    for limit in deadlines:
        was = walk.was.activities.get(limit.activity)
        now = walk.is_now.activities[limit.activity].early_finish
        if now is not None and now <= limit.finish:
            continue
        days = None if now is None else (now - limit.finish).days
        causes = walk.causes(limit.activity)
        label = walk.rows[limit.activity].label
        said = f"{label}{limit.finish}的期限超过{days}天" if days else f"{label}不能完成"
        if causes:
            said += "，因为" + "；".join(cause.reason for cause in causes)
        yield Broken(
            activity=limit.activity,
            deadline=limit.finish,
            was=was.early_finish if was else None,
            now=now,
            days=days,
            causes=causes,
            reason=said,
        )
