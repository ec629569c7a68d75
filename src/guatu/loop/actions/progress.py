"""Reporting on an activity of a plan, and what follows from it, told in the same answer."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from guatu.loop.actions.network import check_plan, sketch_of
from guatu.loop.actions.timetable import STALE, finish
from guatu.loop.campaign_days import ask_about, past_doubts
from guatu.loop.consequences import Consequences, consequences, seen
from guatu.loop.lamps import recompute
from guatu.loop.models import Activity, Timing
from guatu.loop.plan.calendars import calendars_on
from guatu.loop.plan.command_fields import FIRST_YEAR, LAST_YEAR, LONGEST
from guatu.loop.plan.reported import finish_after, left_until
from guatu.loop.plan.sketch import step_of
from guatu.loop.plan.timing_rows import NO_ROW
from guatu.register.errors import Invalid, Stale
from guatu.register.models import Evidence
from guatu.register.policies import require
from guatu.register.recording import Act, change


@dataclass(frozen=True, kw_only=True)
class Said:
    """What is reported of an activity; at most one of the four ways to say when it ends.

    ``remaining``: working days left of its calendar; ``late_days``: calendar days behind the day
    it should have ended, see :func:`planned_finish`.
    """

    started: dt.date | None = None
    remaining: int | None = None
    expected_finish: dt.date | None = None
    late_days: int | None = None
    finished: dt.date | None = None

    @property
    def ends(self) -> int:
        """How many ways to say when it ends were used."""
        ways = (self.remaining, self.expected_finish, self.late_days, self.finished)
        return sum(way is not None for way in ways)


def report_activity(
    act: Act,
    activity: Activity,
    said: Said,
    *,
    reason: str = "",
    evidence: Evidence | None = None,
    note: str = "",
    doubts: Sequence[str] = (),
    knowing: bool = False,
    expected_revision: int | None = None,
) -> Consequences:
    """Take a report in, compute the plan again and tell what changed.

    Finishing asks for the right to change the timetable, all else for the right to report. A later
    end than promised needs a reason. Days before the campaign and the caller's own ``doubts`` are
    asked about unless ``knowing``. Raises Invalid, Stale, Forbidden; then nothing is saved.
    """
    require(act.standing, "timetable.report", activity)
    if expected_revision is not None and expected_revision != activity.revision:
        raise Stale(STALE)
    _check(activity, said, act.business_date)
    values = _values(activity, said, act.business_date)
    if _later(activity, values) and not reason.strip():
        raise Invalid("预计晚于期限，请写明原因。", "reason")
    _check_computable(activity, said, values, act.business_date)
    past = past_doubts(activity.name, "开始日期", said.started, act.business_date, "started")
    if said.finished is None:
        ask_about([*past, *doubts], knowing=knowing)
    before = seen(activity.subject_id)
    act = act.because(reason.strip())
    with transaction.atomic():
        change(act, "node.report", activity, **values)
        if said.finished is not None:
            finish(
                act,
                activity,
                day=said.finished,
                evidence=evidence,
                note=note,
                doubts=[*past, *doubts],
                knowing=knowing,
            )
        else:
            recompute(act, [activity.subject_id])
        return consequences(act, activity, before)


def foresee(act: Act, activity: Activity, said: Said, *, reason: str = "") -> Consequences:
    """Tell what a report would lead to; nothing is saved."""
    with transaction.atomic():
        found = report_activity(act, activity, said, reason=reason, knowing=True)
        transaction.set_rollback(True)
    activity.refresh_from_db()
    return found


def planned_finish(activity: Activity) -> dt.date | None:
    """Day an activity is late from: the promised one, else its latest, else its earliest finish."""
    if activity.due is not None:
        return activity.due
    timing = Timing.objects.filter(subject=activity.subject_id, known_to=None).first()
    row = timing.dates.get(activity.node, NO_ROW) if timing else NO_ROW
    return row.late_finish or row.early_finish


def _check(activity: Activity, said: Said, day: dt.date) -> None:
    name = activity.name
    if activity.finished is not None:
        raise Invalid(f"「{name}」已登记完成（{activity.finished}）。")
    if said.ends > 1:
        raise Invalid("剩余天数、预计完成、推迟天数和实际完成，请只填一项。")
    if not said.ends and said.started is None:
        raise Invalid("请填写实际开始、剩余天数、预计完成或实际完成。")
    if said.started is not None and said.started > day:
        raise Invalid(
            f"「{name}」的开始日期 {said.started} 还没有到（业务日期 {day}）。", "started"
        )
    if activity.duration == 0 and said.started is not None and said.finished is None:
        raise Invalid(f"「{name}」没有工期，请直接登记完成。", "started")
    if said.remaining is not None:
        _check_remaining(activity, said)
    if said.late_days is not None and not 0 < said.late_days <= LONGEST:
        raise Invalid(f"推迟天数应在 1 到 {LONGEST} 之间。", "late_days")


def _check_computable(activity: Activity, said: Said, values: dict[str, Any], day: dt.date) -> None:
    """Refuse days the calendars do not know and a plan that could no longer be computed."""
    expected = values.get("forecast")
    days = {"started": said.started, "expected_finish": expected, "finished": said.finished}
    for name, told in days.items():
        if told is not None and not FIRST_YEAR <= told.year <= LAST_YEAR:
            raise Invalid(f"{told} 不在日历表的 {FIRST_YEAR}—{LAST_YEAR} 年之内。", name)
    if activity.duration is not None and said.finished is None:
        sketch = sketch_of(activity.subject)
        check_plan(sketch, sketch.with_step(step_of(activity)._replace(**values)), day)


def _check_remaining(activity: Activity, said: Said) -> None:
    if activity.duration is None:
        raise Invalid(f"「{activity.name}」还没有工期，请填写预计完成日期。", "remaining")
    if said.started is None and activity.started is None:
        raise Invalid(f"「{activity.name}」还没有开始，请先登记开始日期。", "started")
    if said.remaining is not None and not 0 < said.remaining <= LONGEST:
        raise Invalid(f"剩余天数应在 1 到 {LONGEST} 之间；已经完成请登记完成日期。", "remaining")


def _values(activity: Activity, said: Said, day: dt.date) -> dict[str, Any]:
    """Columns the report sets; the expected finish and the days left say the same."""
    values: dict[str, Any] = {}
    if said.started is not None:
        values["started"] = said.started
    expected = _expected(activity, said, day)
    if expected is None:
        return values
    if expected < day:
        raise Invalid(f"预计完成日期 {expected} 已经过去（业务日期 {day}）。", "expected_finish")
    begun = said.started is not None or activity.started is not None
    left = said.remaining
    if left is None and begun and activity.duration:
        left = max(left_until(step_of(activity), expected, calendars_on(), day), 1)
    return values | {"forecast": expected, "remaining": left}


def _expected(activity: Activity, said: Said, day: dt.date) -> dt.date | None:
    if said.expected_finish is not None:
        return said.expected_finish
    if said.late_days is not None:
        planned = planned_finish(activity)
        if planned is None:
            message = f"「{activity.name}」没有期限可比，请填写预计完成日期。"
            raise Invalid(message, "late_days")
        return planned + dt.timedelta(days=said.late_days)
    if said.remaining is not None:
        try:
            return finish_after(step_of(activity), said.remaining, calendars_on(), day)
        except ValueError:
            raise Invalid("按这个剩余天数算不出完成日期，请核对日历。", "remaining") from None
    return None


def _later(activity: Activity, values: dict[str, Any]) -> bool:
    """Tell whether the report expects a later end than was promised or planned."""
    expected, planned = values.get("forecast"), planned_finish(activity)
    return expected is not None and planned is not None and expected > planned
