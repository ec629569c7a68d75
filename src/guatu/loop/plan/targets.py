"""Targets of a plan laid back from its deadlines, and how they move when a deadline does.

A target is the latest finish that keeps the deadlines as they were last set, the earliest where
they cannot be kept. A node nobody promised a day for is due on its target, and on no day while the
deadlines cannot be kept. What a person or a paper set has no target and stays where it is.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from guatu.loop.models import Baseline
from guatu.loop.plan.calendars import Calendars
from guatu.loop.plan.computing import compute_all
from guatu.loop.plan.sketch import Sketch, Step

if TYPE_CHECKING:
    from guatu.engines.schedule import ActivityDates

BY_TEMPLATE = "按模板"
"""How the reason of a baseline begins that came with the plan itself."""


def targeted(step: Step, row: "ActivityDates", *, holds: bool) -> Step:
    """Return a step held to what the plan allows it; ``holds``: the deadlines can be kept."""
    last = row.late_finish if holds else row.early_finish
    due = last if holds and not step.kind else None
    return step._replace(target=last, due=due)


def followed(
    subject: int, before: Sketch, after: Sketch, calendars: Calendars, day: dt.date
) -> Sketch:
    """Return ``after`` with the targets that follow its deadlines.

    They move when a deadline of ``after`` is not that of ``before``; and nodes without a day get
    theirs once the deadlines can be kept. A plan without deadlines or that cannot be computed is
    left as it is. At most one query.
    """
    moved = deadlines_moved(before, after)
    if not moved and not any(_waits(step) for step in after.steps.values()):
        return after
    laid = _as_laid(subject, after)
    if not _limits(laid) or not any(step.target for step in laid.steps.values()):
        return after
    computed = compute_all({subject: laid}, calendars, day).computed.get(subject)
    if computed is None or not (moved or computed.schedule.feasible):
        return after
    holds = computed.schedule.feasible
    steps = {
        key: targeted(step, computed.schedule.activities[key], holds=holds)
        if (_follows(step) if moved else _waits(step))
        else step
        for key, step in laid.steps.items()
    }
    return replace(laid, steps=steps)


def deadlines_moved(before: Sketch, after: Sketch) -> dict[str, dt.date]:
    """Open deadlines of ``after`` that ``before`` has not; those it gave up stand as well."""
    old, new = _limits(before), _limits(after)
    given_up = {key: day for key, day in old.items() if key not in new}
    return given_up | {key: day for key, day in new.items() if old.get(key) != day}


def standing_after(before: Sketch, after: Sketch) -> Iterator[tuple[Step, Step]]:
    """Yield what stands behind a deadline that moved and that it leads to, and that deadline.

    Its day was set by hand, so it does not follow; of several deadlines the first is named.
    """
    moved, limits = deadlines_moved(before, after), _limits(after)
    leads = {key: _before(after, key) for key in moved if key in limits}
    for key, step in after.steps.items():
        if step.due is None or step.target is not None or step.finished is not None:
            continue
        found = [limit for limit, own in leads.items() if key in own and limits[limit] < step.due]
        if found:
            yield step, after.steps[min(found, key=lambda limit: limits[limit])]


def _limits(sketch: Sketch) -> dict[str, dt.date]:
    return {
        step.key: step.due
        for step in sketch.deadlines
        if step.finished is None and step.due is not None
    }


def _before(sketch: Sketch, key: str) -> set[str]:
    """Return the keys of all that leads to a step."""
    leads: dict[str, list[str]] = {}
    for tie in sketch.ties:
        leads.setdefault(tie.after, []).append(tie.before)
    found: set[str] = set()
    waiting = [key]
    while waiting:
        fresh = set(leads.get(waiting.pop(), ())) - found
        found |= fresh
        waiting += fresh
    return found - {key}


def _follows(step: Step) -> bool:
    """Tell whether nobody set its day: it has a target, or is work without a promise."""
    unset = step.target is not None or (bool(step.kind) and step.due is None)
    return unset and step.networked and step.finished is None and not step.firm


def _waits(step: Step) -> bool:
    """Tell whether it is a node that got no day because the deadlines could not be kept."""
    return _follows(step) and not step.kind and step.due is None


def _as_laid(subject: int, sketch: Sketch) -> Sketch:
    """Return the sketch with the targets a template gave, where the plan was laid without.

    Plans laid before targets were kept tell them by the baseline that came with them.
    """
    if any(step.target for step in sketch.steps.values()):
        return sketch
    laid = Baseline.objects.filter(subject=subject, reason__startswith=BY_TEMPLATE)
    rows: Mapping[str, list[str | None]] = laid.values_list("rows", flat=True).last() or {}
    steps = dict(sketch.steps)
    for key, (_, finish) in rows.items():
        step, day = steps.get(key), dt.date.fromisoformat(finish) if finish else None
        if step is None or day is None or step.firm or not step.networked:
            continue
        if step.due == day or (step.kind and step.due is None):
            steps[key] = step._replace(target=day)
    return replace(sketch, steps=steps)
