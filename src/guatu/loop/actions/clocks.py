"""Acts on the legal clock of an approval; the plan is computed again at once."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

from django.db import transaction

from guatu.loop.actions.network import check_plan, sketch_of
from guatu.loop.consequences import Consequences, consequences, seen
from guatu.loop.enums import LimitUnit
from guatu.loop.lamps import recompute
from guatu.loop.models import Activity, ApprovalClock, ClockStop
from guatu.loop.plan.clock_words import RULE
from guatu.loop.plan.clocks import SAME_NAMES, Clock, Stop, clock_of_row, is_approval
from guatu.loop.plan.command_fields import FIRST_YEAR, LAST_YEAR
from guatu.register.errors import Invalid, Stale
from guatu.register.policies import require
from guatu.register.recording import Act, change, change_many, create, create_many
from guatu.register.rules import rule_on

STALE = "这条办理时限刚被别人改过，请核对最新情况后再提交；您填写的内容还在。"
BASIS_LENGTH, NOTE_LENGTH, REASON_LENGTH, BY_LENGTH = 200, 200, 300, 100
LONGEST_LIMIT, MOST_STOPS = 1_000, 30
PAST = {"received": "收件日期", "noticed": "补正告知日期", "completed": "补齐日期"}
"""Days that are told once they have come; a stop may be told ahead."""


@dataclass(frozen=True, kw_only=True)
class Limit:
    """How long the authority has by law: days, their count, and where that stands."""

    days: int
    unit: LimitUnit
    basis: str


@dataclass(frozen=True, kw_only=True)
class Said:
    """What is told of an application; of several ``stops`` the order does not matter."""

    received: dt.date
    limit_days: int
    limit_unit: LimitUnit = LimitUnit.WORKING
    basis: str = ""
    complete: bool = False
    noticed: dt.date | None = None
    completed: dt.date | None = None
    extension_days: int | None = None
    extension_reason: str = ""
    extension_by: str = ""
    stops: Sequence[Stop] = ()


@dataclass(frozen=True)
class Kept:
    """A clock's row with its stops; ``stamp`` grows with every change of either."""

    row: ApprovalClock
    stops: Sequence[ClockStop]
    stamp: int

    @property
    def clock(self) -> Clock:
        """Both as plain values."""
        return clock_of_row(self.row, self.stops)


def limit_of(activity: Activity, day: dt.date) -> Limit:
    """Return the limit an approval has: its template's, else the general one in force that day."""
    legal = activity.basis.get("legal")
    if legal and legal["bound"] == "at_most":
        basis = f"《{legal['law']}》{legal['article']}"
        return Limit(days=legal["limit_days"], unit=LimitUnit(legal["unit"]), basis=basis)
    law = rule_on(RULE, day).value
    basis = f"《{law['law']}》{law['limit']}"
    return Limit(days=law["decide_days"], unit=LimitUnit.WORKING, basis=basis)


def kept_clock(activity: Activity) -> Kept | None:
    """Return the clock of an activity, None when there is none; two queries."""
    row = ApprovalClock.objects.filter(activity=activity, ended=False).first()
    if row is None:
        return None
    stops = list(row.stops.all())
    stamp = row.revision + sum(stop.revision for stop in stops)
    return Kept(row, [stop for stop in stops if not stop.ended], stamp)


def record_clock(
    act: Act,
    activity: Activity,
    said: Said,
    *,
    reason: str = "",
    expected_stamp: int | None = None,
) -> Consequences:
    """Keep what is known of an approval's time limit, compute the plan again, tell what changed.

    The first record begins the activity on the day of receipt where nobody has said when it began,
    and a corrected receipt moves that day. ``expected_stamp`` is that of the record shown, 0 of
    none. Raises Invalid, Stale, Forbidden; then nothing is saved.
    """
    require(act.standing, "clock.record", activity)
    kept = kept_clock(activity)
    if expected_stamp is not None and expected_stamp != (kept.stamp if kept else 0):
        raise Stale(STALE)
    clock = checked_clock(activity, said, act.business_date)
    begun = activity.started
    if begun is None or (kept is not None and begun == kept.row.received):
        begun = clock.received
    _check_computable(activity, clock, begun, act.business_date)
    if kept is not None and kept.clock == clock:
        raise Invalid("没有改动。")
    before = seen(activity.subject_id)
    act = act.because(reason.strip())
    with transaction.atomic():
        row = _write_row(act, activity, kept, clock)
        _write_stops(act, row, kept.stops if kept else (), clock.stops)
        change(act, "node.report", activity, started=begun)
        recompute(act, [activity.subject_id])
        return consequences(act, activity, before)


def drop_clock(
    act: Act, activity: Activity, *, reason: str, expected_stamp: int | None = None
) -> Consequences:
    """Take a record back, for a reason: a slip, or the applicant withdrew the application.

    Raises Invalid where there is none, Stale, Forbidden.
    """
    require(act.standing, "clock.record", activity)
    kept = kept_clock(activity)
    if kept is None:
        raise Invalid("这项工作没有办理时限记录。")
    if expected_stamp is not None and expected_stamp != kept.stamp:
        raise Stale(STALE)
    if not reason.strip():
        raise Invalid("撤销记录须写明理由。", "reason")
    before = seen(activity.subject_id)
    act = act.because(reason.strip())
    with transaction.atomic():
        change(act, "clock.drop", kept.row, ended=True)
        if activity.started == kept.row.received and activity.finished is None:
            change(act, "node.report", activity, started=None)
        recompute(act, [activity.subject_id])
        return consequences(act, activity, before)


def checked_clock(activity: Activity, said: Said, day: dt.date) -> Clock:
    """Return what is told as plain values; Invalid names what is out of order."""
    _check_activity(activity, said)
    _check_days(said, day)
    _check_order(said)
    _check_texts(said)
    _check_extension(said)
    values = {one.name: getattr(said, one.name) for one in fields(said)}
    values |= {name: said_text.strip() for name, said_text in _texts(said)}
    if said.complete:
        values |= {"noticed": None, "completed": None}
    stops = tuple(sorted(said.stops, key=lambda stop: (stop.first, stop.last or dt.date.max)))
    notice_days = rule_on(RULE, said.received).value["notice_days"]
    return Clock(**{**values, "stops": stops, "notice_days": notice_days})


def _check_activity(activity: Activity, said: Said) -> None:
    if not is_approval(activity):
        raise Invalid(f"「{activity.name}」不是行政审批，没有法定办理时限。")
    if activity.duration == 0:
        raise Invalid(f"「{activity.name}」没有工期，请直接登记完成。")
    if activity.finished is not None and said.received > activity.finished:
        raise Invalid(f"收件日期晚于办结日期 {activity.finished}。", "received")


def _check_days(said: Said, day: dt.date) -> None:
    """Refuse days the calendars do not know, and those of the application still to come."""
    for name, told in _days(said):
        if not FIRST_YEAR <= told.year <= LAST_YEAR:
            raise Invalid(f"{told} 不在日历表的 {FIRST_YEAR}—{LAST_YEAR} 年之内。", name)
        if name in PAST and told > day:
            raise Invalid(f"{PAST[name]} {told} 还没有到（业务日期 {day}）。", name)


def _check_order(said: Said) -> None:
    """Refuse days out of order."""
    if said.noticed is not None and said.noticed < said.received:
        raise Invalid(f"补正告知日期 {said.noticed} 早于收件日期 {said.received}。", "noticed")
    if said.completed is not None and said.noticed is None and not said.complete:
        raise Invalid("没有告知补正，就没有补齐日期；收件时材料齐全的请勾选。", "completed")
    if said.completed and said.noticed and said.completed < said.noticed:
        raise Invalid(f"补齐日期 {said.completed} 早于补正告知日期 {said.noticed}。", "completed")
    if len(said.stops) > MOST_STOPS:
        raise Invalid(f"停止计时不超过 {MOST_STOPS} 段。", "stops")
    for stop in said.stops:
        if stop.last is not None and stop.last < stop.first:
            raise Invalid(f"停止计时从 {stop.first} 到 {stop.last}，先后颠倒。", "stops")
        if stop.first < said.received:
            raise Invalid(f"停止计时从 {stop.first} 起，早于收件日期 {said.received}。", "stops")


def _check_computable(activity: Activity, clock: Clock, begun: dt.date, day: dt.date) -> None:
    """Refuse what the plan could not be computed with."""
    if activity.duration is not None and activity.finished is None:
        sketch = sketch_of(activity.subject)
        step = sketch.steps[activity.node]._replace(started=begun, clock=clock)
        check_plan(sketch, sketch.with_step(step), day)


def _days(said: Said) -> Iterator[tuple[str, dt.date]]:
    for name in PAST:
        day = getattr(said, name)
        if day is not None:
            yield name, day
    for stop in said.stops:
        yield from (("stops", day) for day in (stop.first, stop.last) if day is not None)


def _texts(said: Said) -> Iterator[tuple[str, str]]:
    for name in ("basis", "extension_reason", "extension_by"):
        yield name, getattr(said, name)


def _check_texts(said: Said) -> None:
    """Refuse a limit that is none or rests on nothing, and words that are too long."""
    if not 1 <= said.limit_days <= LONGEST_LIMIT:
        raise Invalid(f"法定期限须为 1 到 {LONGEST_LIMIT} 的整数。", "limit_days")
    if not said.basis.strip():
        raise Invalid("请写明法定期限的依据，如《行政许可法》第四十二条。", "basis")
    longest = {
        "basis": BASIS_LENGTH,
        "extension_reason": REASON_LENGTH,
        "extension_by": BY_LENGTH,
    }
    for name, text in _texts(said):
        if len(text.strip()) > longest[name] or not text.isprintable():
            raise Invalid(f"不超过 {longest[name]} 字，且不含控制字符。", name)
    for stop in said.stops:
        if len(stop.note) > NOTE_LENGTH or not stop.note.isprintable():
            raise Invalid(f"停止计时的说明不超过 {NOTE_LENGTH} 字，且不含控制字符。", "stops")


def _check_extension(said: Said) -> None:
    """Refuse an extension without days, reason or who approved it."""
    words = (said.extension_reason.strip(), said.extension_by.strip())
    if said.extension_days is None and any(words):
        raise Invalid("请填写延长多少天。", "extension_days")
    if said.extension_days is not None and not 1 <= said.extension_days <= LONGEST_LIMIT:
        raise Invalid(f"延长的天数须为 1 到 {LONGEST_LIMIT} 的整数。", "extension_days")
    if said.extension_days is not None and not words[0]:
        raise Invalid("延长期限须写明理由，并告知申请人。", "extension_reason")
    if said.extension_days is not None and not words[1]:
        raise Invalid("延长期限须经负责人批准，请写明批准人。", "extension_by")


def _write_row(act: Act, activity: Activity, kept: Kept | None, clock: Clock) -> ApprovalClock:
    values = {name: getattr(clock, name) for name in SAME_NAMES}
    if kept is not None:
        return change(act, "clock.change", kept.row, **values)
    row = ApprovalClock(subject=activity.subject, activity=activity, **values)
    return create(act, "clock.record", row)


def _write_stops(
    act: Act, row: ApprovalClock, have: Sequence[ClockStop], wanted: Sequence[Stop]
) -> None:
    """Change stops in their order, add what is new, end what is no longer told."""
    values = [
        {"kind": one.kind, "first": one.first, "last": one.last, "note": one.note.strip()}
        for one in wanted
    ]
    change_many(act, "clock.stop", list(zip(have, values, strict=False)))
    change_many(act, "clock.resume", [(one, {"ended": True}) for one in have[len(wanted) :]])
    fresh = values[len(have) :]
    create_many(
        act,
        "clock.stop",
        [ClockStop(clock=row, subject=row.subject, **told) for told in fresh],
    )
