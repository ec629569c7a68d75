"""What plans share: which work needs which crew, desk or machine, and on which days too much."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from guatu.loop.models import Resource
from guatu.loop.plan.calendars import Calendars
from guatu.loop.plan.capacity import there_are
from guatu.loop.plan.leave import leave_words, spec_with
from guatu.loop.plan.sketch import Sketch, Step
from guatu.register.errors import Invalid

if TYPE_CHECKING:
    from numpy.typing import NDArray

SEPARATORS = re.compile("[、，,；;\n]")
LONGEST_NUMBER = 4
WEEK = 7
MOST_WEEKS = 260
"""Five years: what is planned further ahead is not counted week by week."""
Day = dt.date | None
Dates = Mapping[str, tuple[Day, Day]]
"""First and last day by key of a plan's work."""


@dataclass(frozen=True, slots=True)
class Use:
    """One piece of work that needs ``number`` of a resource from ``start`` to ``finish``."""

    subject: int
    step: Step
    number: int
    start: dt.date
    finish: dt.date


@dataclass(frozen=True, slots=True)
class Week:
    """The most that is needed on one day of the week from ``monday``.

    ``capacity`` is the least there is on a day of it, ``over`` the most that is lacking on one.
    """

    monday: dt.date
    peak: int
    over: int
    capacity: int


@dataclass(frozen=True)
class Load:
    """A resource from this week on: what uses it, and how much week by week.

    ``steps``: how many there are from which day on, the first Monday's number first.
    """

    uses: tuple[Use, ...]
    weeks: tuple[Week, ...]
    steps: tuple[tuple[dt.date, int], ...]

    @property
    def peak(self) -> int:
        """The most needed on any day."""
        return max((week.peak for week in self.weeks), default=0)

    @property
    def overloaded(self) -> tuple[Week, ...]:
        """Weeks in which more is needed than there is."""
        return tuple(week for week in self.weeks if week.over)


def needing(sketch: Sketch) -> Iterator[Step]:
    """Yield the work of a plan that is still to hold a resource."""
    for step in sketch.steps.values():
        if step.duration and step.finished is None and any(step.needs.values()):
            yield step


def check_needs(steps: Iterable[Step], resources: Mapping[str, Any]) -> None:
    """Refuse a need of what is not registered, or of more than there is; Invalid names both."""
    for step in steps:
        for code, number in step.needs.items():
            resource = resources.get(code)
            if resource is None:
                raise Invalid(f"「{step.name}」需要的资源「{code}」没有登记。", "needs")
            if number > resource.peak:
                raise Invalid(
                    f"「{step.name}」需要「{resource.name}」{number}，而总共只有 {resource.peak}。",
                    "needs",
                )


def check_new_needs(before: Sketch, after: Sketch) -> None:
    """Check what an edit asks for anew; no query where it asks for nothing."""
    asked = [
        step
        for key, step in after.steps.items()
        if step.needs and (key not in before.steps or before.steps[key].needs != step.needs)
    ]
    if asked:
        check_needs(asked, registered())


def needs_words(needs: Mapping[str, int], resources: Mapping[str, Any]) -> str:
    """Write needs as :func:`read_needs` reads them: names and numbers, parted by 、."""
    named = ((resources[code].name if code in resources else code, needs[code]) for code in needs)
    return "、".join(f"{name} {number}" for name, number in named)


def read_needs(text: str, resources: Mapping[str, Any]) -> dict[str, int]:
    """Read names or codes with numbers, 1 where none is given; Invalid names what is unknown."""
    codes = {row.name: code for code, row in resources.items()} | {code: code for code in resources}
    found: dict[str, int] = {}
    for part in filter(None, (part.strip() for part in SEPARATORS.split(text))):
        name, number = part, 1
        if part not in codes:
            name, _, tail = part.rpartition(" ")
            number = int(tail) if tail.isdecimal() and len(tail) <= LONGEST_NUMBER else 0
        code = codes.get(name.strip())
        if code is None or not number or code in found:
            raise Invalid(f"所需资源「{part}」写法不对或没有登记，应如：摊铺机组 1。", "needs")
        found[code] = number
    return dict(sorted(found.items()))


def registered() -> dict[str, Resource]:
    """Return resources by code; one query."""
    return {row.code: row for row in Resource.objects.all()}


def resource_names(sketch: Sketch) -> dict[str, str]:
    """Names of resources by code, of a plan that needs any; at most one query."""
    if not any(step.needs for step in sketch.steps.values()):
        return {}
    return dict(Resource.objects.values_list("code", "name"))


def sharing(sketches: Mapping[int, Sketch], subjects: Iterable[int]) -> list[int]:
    """Return the subjects and all others that share a resource with them, directly or not."""
    codes = {
        key: {code for step in needing(sketch) for code, number in step.needs.items() if number}
        for key, sketch in sketches.items()
    }
    found = {key for key in subjects if codes.get(key)}
    held = {code for key in found for code in codes[key]}
    grown = True
    while grown:
        fresh = {key for key, own in codes.items() if key not in found and own & held}
        found |= fresh
        held |= {code for key in fresh for code in codes[key]}
        grown = bool(fresh)
    return sorted(found)


def loads(
    sketches: Mapping[int, Sketch],
    dates: Mapping[int, Dates],
    resources: Iterable[Any],
    calendars: Calendars,
    today: dt.date,
) -> dict[str, Load]:
    """Count day by day from today's week on what each resource is needed for.

    Work holds what it needs on the working days of its calendar alone.
    """
    monday = today - dt.timedelta(days=today.weekday())
    uses = _uses(sketches, dates, today)
    rows = list(resources)
    last = max((use.finish for own in uses.values() for use in own), default=today)
    weeks = min((last - monday).days // WEEK + 1, MOST_WEEKS)
    days = _Days(calendars, monday, weeks * WEEK)
    found = {}
    for row in rows:
        own = uses.get(row.code, [])
        need = days.need(own, today)
        there = there_are(row, monday, weeks * WEEK)
        found[row.code] = Load(
            tuple(own), tuple(_weeks(need, there, monday)), tuple(_steps(there, monday))
        )
    return found


def _uses(
    sketches: Mapping[int, Sketch], dates: Mapping[int, Dates], today: dt.date
) -> dict[str, list[Use]]:
    found: dict[str, list[Use]] = {}
    for subject, sketch in sketches.items():
        known = dates.get(subject, {})
        for step in needing(sketch):
            start, finish = known.get(step.key, (None, None))
            if start is None or finish is None or finish < today:
                continue
            for code, number in step.needs.items():
                if number:
                    use = Use(subject, step, number, max(start, today), finish)
                    found.setdefault(code, []).append(use)
    for own in found.values():
        own.sort(key=lambda use: (use.start, use.finish, use.subject, use.step.sequence))
    return found


class _Days:
    """The days from ``first`` on, and which of them each calendar works."""

    def __init__(self, calendars: Calendars, first: dt.date, count: int) -> None:
        self.calendars = calendars
        self.first = first
        self.count = count
        self.known: dict[tuple[str, str], NDArray[Any]] = {}

    def need(self, uses: Sequence[Use], today: dt.date) -> "NDArray[Any]":
        """Sum what is needed on each day."""
        import numpy as np  # noqa: PLC0415 -- when first needed

        total = np.zeros(self.count, dtype=np.int64)
        for use in uses:
            works = self._works(use.step)
            begin = (max(use.start, today) - self.first).days
            end = min((use.finish - self.first).days + 1, self.count)
            total[begin:end] += works[begin:end] * use.number
        return total

    def _works(self, step: Step) -> "NDArray[Any]":
        key = step.calendar, leave_words(step.leave)
        if key not in self.known:
            self.known[key] = works_of(self.calendars, step, self.first, self.count)
        return self.known[key]


def works_of(calendars: Calendars, step: Step, first: dt.date, count: int) -> "NDArray[Any]":
    """Return for ``count`` days from ``first`` whether work is done on them; none if unknown."""
    import numpy as np  # noqa: PLC0415 -- as above

    from guatu.engines.calendars import WorkCalendar  # noqa: PLC0415 -- as above

    spec = calendars.specs.get(step.calendar)
    if spec is None:
        return np.zeros(count, dtype=np.bool_)
    spec = spec_with(spec, step.leave)
    return WorkCalendar.over(spec, calendars.table, first.toordinal(), count).works


def _weeks(need: "NDArray[Any]", there: "NDArray[Any]", monday: dt.date) -> Iterator[Week]:
    for number in range(len(need) // WEEK):
        days = slice(number * WEEK, (number + 1) * WEEK)
        start = monday + dt.timedelta(days=number * WEEK)
        over = max(int((need[days] - there[days]).max()), 0)
        yield Week(start, int(need[days].max()), over, int(there[days].min()))


def _steps(there: "NDArray[Any]", monday: dt.date) -> Iterator[tuple[dt.date, int]]:
    for place, number in enumerate(there.tolist()):
        if not place or number != there[place - 1]:
            yield monday + dt.timedelta(days=place), number
