"""What owners reported, as the engine plans with it: the expected finish bounds what remains.

An expected finish is a day; what remains until then shrinks by itself as days pass. A number of
days once reported would not, and every plan would slip by a day a day.

Of an approval that runs and of which nobody said when it will end, the law knows: its days count
from acceptance, hearings and reviews left out, and it ends by the last legal day at the latest.
"""

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from guatu.loop.plan.calendars import Calendars
from guatu.loop.plan.leave import spec_with
from guatu.loop.plan.sketch import Sketch, Step

if TYPE_CHECKING:
    from guatu.engines.calendars import WorkCalendar


def as_reported(sketch: Sketch, calendars: Calendars, day: dt.date) -> Sketch:
    """Return the sketch planned with the finishes expected on ``day`` or later.

    Begun work has the working days left up to its expected finish; work not begun starts late
    enough to end then. An expected finish that has passed says nothing any more: then, as without
    one, the legal clock of an approval speaks.
    """
    told = {
        key: _planned(step, calendars, day) if _expects(step, day) else _timed(step, calendars, day)
        for key, step in sketch.steps.items()
        if (_expects(step, day) or _runs(step)) and step.calendar in calendars.specs
    }
    return replace(sketch, steps={**sketch.steps, **told}) if told else sketch


def left_until(step: Step, finish: dt.date, calendars: Calendars, day: dt.date) -> int:
    """Count the working days of the step's calendar from ``day`` to ``finish``, both included."""
    return len(_days(step, finish, calendars, day).days)


def finish_after(step: Step, days: int, calendars: Calendars, day: dt.date) -> dt.date:
    """Return the last of ``days`` working days of the step's calendar, ``day`` perhaps the first.

    Raises ValueError where they do not fit within the next years.
    """
    until = day + dt.timedelta(days=3 * max(days, 1) + 400)
    return _days(step, until, calendars, day).finish(day, days)


def _expects(step: Step, day: dt.date) -> bool:
    open_ = step.networked and step.finished is None
    return open_ and step.forecast is not None and step.forecast >= day


def _runs(step: Step) -> bool:
    begun = step.networked and step.started is not None and step.finished is None
    return begun and step.clock is not None and bool(step.duration)


def _timed(step: Step, calendars: Calendars, day: dt.date) -> Step:
    """Plan a running approval by its clock; an overdue one has a day to go, each day anew."""
    if step.clock is None or not step.duration:
        return step
    spec = calendars.specs[step.calendar]
    if step.clock.reading(calendars.table, day).acceptance.day is None:
        return step._replace(remaining=step.duration)
    finish = step.clock.expected(spec, step.duration, calendars.table, day)
    left = 0 if finish is None or finish < day else left_until(step, finish, calendars, day)
    return step._replace(remaining=max(left, 1))


def _planned(step: Step, calendars: Calendars, day: dt.date) -> Step:
    if step.forecast is None:
        return step
    days = _days(step, step.forecast, calendars, day)
    if step.started is not None:
        return step._replace(remaining=max(len(days.days), 1)) if step.duration else step
    spare = len(days.days) - max(step.duration or 0, 1)
    if spare < 0:
        return step
    begin = dt.date.fromordinal(days.first + int(days.days[spare]))
    return step._replace(no_earlier=max(begin, step.no_earlier or begin))


def _days(step: Step, until: dt.date, calendars: Calendars, day: dt.date) -> "WorkCalendar":
    from guatu.engines.calendars import WorkCalendar  # noqa: PLC0415 -- numpy, when first needed

    count = (until - day).days + 1
    spec = spec_with(calendars.specs[step.calendar], step.leave)
    return WorkCalendar.over(spec, calendars.table, day.toordinal(), count)
