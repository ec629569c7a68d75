"""What the engines say of a sketch: a network, its dates, its conflict, its chance.

Engines refuse with a sentence; here it becomes the form error that a page or a command shows.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from guatu.loop.plan.calendars import Calendars
from guatu.loop.plan.leave import leave_words, leaves_of
from guatu.loop.plan.meetings import last_known, starts
from guatu.loop.plan.reported import as_reported
from guatu.loop.plan.sketch import Sketch, Step, Tie
from guatu.register.errors import Invalid

if TYPE_CHECKING:
    from guatu.engines.schedule import Action, Activity, BackSchedule, Link, Network
    from guatu.engines.schedule.critical_path import Dates
    from guatu.engines.schedule.plan import Plan
    from guatu.engines.schedule.portfolio import Portfolio

Row = dict[str, Any]

OF_DESKS = frozenset({"office", "elapsed"})
"""Calendars of work at desks and of waiting; crews work by the others."""
WEATHER = "weather"
"""What makes work outdoors vary: crews do it whatever its calendar."""


@dataclass(frozen=True, slots=True)
class Missed:
    """A deadline that has passed unmet; ``days`` late at the earliest finish, None when never."""

    key: str
    due: dt.date
    days: int | None


@dataclass(frozen=True)
class Computed:
    """A sketch as computed on ``day``; deadlines that have passed stand apart in ``missed``.

    ``laid`` is the network as arrays, for what else is asked of the engines.

    The engine plans from today on, so what can only be late no longer bounds its late dates.
    """

    sketch: Sketch
    calendars: Calendars
    day: dt.date
    network: "Network"
    laid: "Plan"
    schedule: "BackSchedule"
    missed: tuple[Missed, ...]

    @property
    def feasible(self) -> bool:
        """Whether every deadline can still be kept."""
        return self.schedule.feasible and not self.missed

    @property
    def desk_work(self) -> frozenset[str]:
        """Steps that no crew does: counted in office days or elapsed days, in need of no crew."""
        return frozenset(
            key
            for key, step in self.sketch.steps.items()
            if step.calendar in OF_DESKS and not step.needs and step.cause != WEATHER
        )

    @property
    def late_by(self) -> int | None:
        """Calendar days by which the worst deadline breaks; 0 when none, None when never met."""
        known = [self.schedule.infeasible_by_calendar_days, *(one.days for one in self.missed)]
        return None if None in known else max(day for day in known if day is not None)

    @cached_property
    def margin(self) -> int | None:
        """Least float to a deadline in office days, or below zero the calendar days missing."""
        if not self.feasible:
            return None if self.late_by is None else -self.late_by
        if not self.sketch.deadlines:
            return None
        floats = [
            row.total_float_office
            for key, row in self.schedule.activities.items()
            if row.total_float_office is not None and self.sketch.steps[key].finished is None
        ]
        return min(floats, default=None)


def network_of(sketch: Sketch, calendars: Calendars, day: dt.date, prefix: str = "") -> "Network":
    """Turn a sketch into the engine's network as of ``day``; firm dues are its deadlines.

    ``prefix`` stands before every id, so that several plans can share a network. Raises Invalid
    with the engine's sentence.
    """
    from guatu.engines.schedule import (  # noqa: PLC0415 -- numpy, when first needed
        Activity,
        BadNetwork,
        Deadline,
        Link,
        Network,
    )

    reported = as_reported(sketch, calendars, day)
    steps = {key: step for key, step in reported.steps.items() if step.networked}
    allowed = _allowed(steps.values(), sketch, calendars, day)
    try:
        return Network(
            calendars=calendars.specs,
            status_date=day,
            activities=tuple(
                _activity(Activity, step, prefix, allowed.get(step.meeting))
                for step in steps.values()
            ),
            links=tuple(
                _link(Link, tie, prefix)
                for tie in sketch.ties
                if tie.before in steps and tie.after in steps
            ),
            deadlines=tuple(
                Deadline(prefix + step.key, step.due)
                for step in sketch.deadlines
                if step.key in steps and step.due is not None and not _passed(step, day)
            ),
            follow_on=True,
            calendar_names=calendars.names,
        )
    except BadNetwork as bad:
        raise Invalid(str(bad)) from bad


def _link(kind: "type[Link]", tie: Tie, prefix: str) -> "Link":
    return kind(
        predecessor=prefix + tie.before,
        successor=prefix + tie.after,
        type=tie.type,
        lag=tie.lag,
        lag_calendar=tie.lag_calendar or None,
    )


def _passed(step: Step, day: dt.date) -> bool:
    return step.finished is None and step.due is not None and step.due < day


def _allowed(
    steps: Iterable[Step], sketch: Sketch, calendars: Calendars, day: dt.date
) -> dict[str, tuple[dt.date, ...]]:
    """Days of the bodies that work waits for, by code; Invalid naming a body nobody knows."""
    found: dict[str, tuple[dt.date, ...]] = {}
    for step in steps:
        if not step.meeting or step.meeting in found:
            continue
        meetings = calendars.meetings.get(step.meeting)
        if meetings is None:
            raise Invalid(f"「{step.name}」的评审会「{step.meeting}」没有登记。", "meeting")
        found[step.meeting] = starts(meetings, day, last_known(sketch, day))
    return found


def _activity(
    kind: "type[Activity]", step: Step, prefix: str, allowed: tuple[dt.date, ...] | None
) -> "Activity":
    legal = step.basis.get("legal") or {}
    return kind(
        id=prefix + step.key,
        name=step.name,
        duration=step.duration or 0,
        calendar=step.calendar,
        splittable=step.splittable,
        valid_days=step.valid_days,
        start_no_earlier=step.no_earlier,
        fixed_start=step.fixed_start,
        actual_start=step.started or step.finished,
        actual_finish=step.finished,
        remaining=None if step.finished else step.remaining,
        low=step.low,
        high=step.high,
        cause=step.cause or None,
        leave=leaves_of(step.leave) if step.leave else (),
        meeting=step.meeting,
        allowed_starts=allowed,
        legal_days=legal.get("limit_days") if legal.get("bound") != "at_least" else None,
    )


def dated_network(
    sketch: Sketch, calendars: Calendars, day: dt.date
) -> "tuple[Network, Plan, Dates]":
    """Return a sketch's network, laid out and with its early dates.

    Raises Invalid with the engine's sentence for a plan that cannot be computed, or of which a
    date leaves the table of working days.
    """
    from guatu.engines.schedule import BadNetwork  # noqa: PLC0415 -- as above
    from guatu.engines.schedule.horizon import check_dates, settle  # noqa: PLC0415 -- as above

    network = network_of(sketch, calendars, day)
    try:
        laid, early = settle(network, calendars.table)
        check_dates(laid, early)
    except BadNetwork as bad:
        raise Invalid(str(bad)) from bad
    return network, laid, early


def compute(sketch: Sketch, calendars: Calendars, day: dt.date) -> Computed:
    """Schedule one sketch backward from its deadlines; Invalid with the engine's sentence."""
    from guatu.engines.schedule.back import schedule_of  # noqa: PLC0415 -- as above

    network, laid, early = dated_network(sketch, calendars, day)
    schedule = schedule_of(laid, early)
    missed = _missed(sketch, day, schedule)
    return Computed(sketch, calendars, day, network, laid, schedule, missed)


@dataclass(frozen=True)
class Reckoning:
    """Many sketches computed together; a sketch that cannot be computed answers with why.

    ``portfolio`` holds the others as arrays, in the order of ``computed``; None when there is none.
    """

    computed: Mapping[int, Computed]
    refused: Mapping[int, Invalid]
    portfolio: "Portfolio | None"


def compute_all(sketches: Mapping[int, Sketch], calendars: Calendars, day: dt.date) -> Reckoning:
    """Schedule many sketches in one pass.

    Nothing is said of what drives a date or why a plan cannot hold: that is asked of one plan.
    """
    from guatu.engines.schedule.portfolio import Portfolio  # noqa: PLC0415 -- as above

    found: dict[int, Computed] = {}
    refused: dict[int, Invalid] = {}
    networks: dict[int, Network] = {}
    for subject, sketch in sketches.items():
        try:
            networks[subject] = network_of(sketch, calendars, day)
        except Invalid as refusal:
            refused[subject] = refusal
    if not networks:
        return Reckoning(found, refused, None)
    portfolio = Portfolio(list(networks.values()), calendars.table)
    beyond = portfolio.refused()
    if beyond:
        for subject, bad in [(list(networks)[number], bad) for number, bad in beyond.items()]:
            refused[subject] = Invalid(str(bad))
            del networks[subject]
        if not networks:
            return Reckoning(found, refused, None)
        portfolio = Portfolio(list(networks.values()), calendars.table)
    for subject, laid, schedule in zip(
        networks, portfolio.plans, portfolio.schedules(), strict=True
    ):
        sketch, network = sketches[subject], networks[subject]
        missed = _missed(sketch, day, schedule)
        found[subject] = Computed(sketch, calendars, day, network, laid, schedule, missed)
    return Reckoning(found, refused, portfolio)


def _missed(sketch: Sketch, day: dt.date, schedule: "BackSchedule") -> tuple[Missed, ...]:
    missed = []
    for step in sketch.deadlines:
        if step.due is None or step.key not in schedule.activities or not _passed(step, day):
            continue
        finish = schedule.activities[step.key].early_finish
        missed.append(Missed(step.key, step.due, (finish - step.due).days if finish else None))
    return tuple(missed)


FEW = 4
"""Plans up to which it costs less to look at each by itself."""


def acts_of(computed: Mapping[int, Computed]) -> dict[int, list[Row]]:
    """What to act on today, as `Timing.acts` keeps it; nothing where every deadline has room.

    The plans were computed together, or are one.
    """
    from guatu.engines.schedule import Deadline  # noqa: PLC0415 -- as above
    from guatu.engines.schedule.today import (  # noqa: PLC0415 -- as above
        TIGHT,
        Asked,
        act_today,
        acts_today,
    )

    asked = {
        key: Asked(one.laid, one.schedule, [Deadline(late.key, late.due) for late in one.missed])
        for key, one in computed.items()
        if not one.feasible or (one.margin is not None and one.margin <= TIGHT)
    }
    if len(asked) < FEW:
        found = [
            act_today(computed[key].network, one.schedule, passed=one.passed, plan=one.plan)
            for key, one in asked.items()
        ]
    else:
        found = acts_today(list(asked.values()))
    told = {key: _act_rows(actions) for key, actions in zip(asked, found, strict=True)}
    return {key: told.get(key, []) for key in computed}


def _act_rows(actions: "Iterable[Action]") -> list[Row]:
    return [
        {
            "key": action.activity,
            "begun": action.begun,
            "ready": _iso(action.ready),
            "deadline": action.deadlines[0].deadline,
            "spare": action.deadlines[0].spare,
            "saved": action.saved,
            "lost": action.lost,
            "reason": action.reason,
        }
        for action in actions
    ]


def _iso(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()


def digest_of(sketch: Sketch, calendars: Calendars) -> str:
    """SHA-256 of all that decides a plan but the day: one plan, one digest."""
    plan: dict[str, Any] = {
        "steps": [
            [
                step.key,
                step.duration,
                step.low,
                step.high,
                step.remaining,
                step.calendar,
                step.splittable,
                step.firm,
                _iso(step.due),
                step.valid_days,
                _iso(step.no_earlier),
                _iso(step.fixed_start),
                _iso(step.started),
                _iso(step.finished),
                _iso(step.forecast),
                step.cause,
                # Without these the digest is what it was before plans could have any.
                *([leave_words(step.leave)] if step.leave else []),
                *([step.clock.deciding] if step.clock else []),
                *([[step.meeting, *_sittings(step, calendars)]] if step.meeting else []),
            ]
            for step in sketch.steps.values()
            if step.networked
        ],
        "ties": [[*tie.key, tie.lag, tie.lag_calendar] for tie in sketch.ties],
        "calendars": _calendar_rows(calendars.specs),
    }
    if calendars.notices:
        plan["notices"] = [
            [one.year, sorted(one.off), sorted(one.work), one.provisional]
            for one in calendars.notices
        ]
    return hashlib.sha256(json.dumps(plan, sort_keys=True).encode()).hexdigest()


def _sittings(step: Step, calendars: Calendars) -> list[Any]:
    one = calendars.meetings.get(step.meeting)
    if one is None:
        return []
    more = (sorted(map(str, days)) for days in (one.cancelled, one.added))
    return [str(one.since), one.weeks, one.weekday, *more]


def _calendar_rows(specs: Mapping[str, Any]) -> dict[str, list[Any]]:
    return {
        code: [spec.base, spec.stop, sorted(spec.off), sorted(spec.work)]
        for code, spec in specs.items()
    }
