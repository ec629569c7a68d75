"""Levelling as acts: run it, adopt it, put it aside. Nothing moves before it is adopted."""

import datetime as dt
import fcntl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from guatu.loop.actions.network import edit_network
from guatu.loop.enums import LevellingState
from guatu.loop.models import Levelling
from guatu.loop.plan.calendars import calendars_on
from guatu.loop.plan.levelling import (
    inputs_of,
    outcome,
    portfolio,
    reasons_of,
    status_of,
)
from guatu.loop.plan.sharing import registered
from guatu.loop.plan.sketch import Sketch, sketches_of
from guatu.register.errors import Invalid, Stale
from guatu.register.models import Subject
from guatu.register.policies import require
from guatu.register.recording import Act, change, create

if TYPE_CHECKING:
    from guatu.loop.plan.commands import Command

LIMITS = (5, 10, 30)
"""Seconds of work a run may be given."""
LOCK = "levelling.lock"
MOST_SEED = 2**31 - 1
MOVED = "计划或资源在这次平衡之后有变动，请重新平衡。"


def level_portfolio(
    act: Act, subjects: Iterable[int] | None, *, seconds: int = 10, seed: int = 0
) -> Levelling:
    """Level the plans that share resources with ``subjects`` (keys; None: all) and keep the run.

    The search runs in a process of its own and holds no transaction. A run without a schedule is
    kept with its reasons. Raises Invalid when there is nothing to level, the needs cannot be, or
    another run is under way.
    """
    from guatu.engines.schedule.apart import (  # noqa: PLC0415 -- numpy, when first needed
        NotLevelled,
        level_apart,
    )

    require(act.standing, "levelling.run")
    if seconds not in LIMITS:
        raise Invalid(f"时限只能是 {'、'.join(map(str, LIMITS))} 秒。", "seconds")
    if not 0 <= seed <= MOST_SEED:
        raise Invalid(f"随机种子须为 0 到 {MOST_SEED} 的整数。", "seed")
    one = portfolio(subjects, act.business_date)
    try:
        with _sole_run():
            answer = level_apart(one.network, one.calendars.table, limit=seconds, seed=seed)
    except NotLevelled as failed:
        raise Invalid(str(failed)) from failed
    found = outcome(one, answer)
    run = Levelling(
        made_on=act.business_date,
        at=act.at,
        officer=act.standing.officer if act.standing else None,
        subjects=sorted(one.stands),
        seconds=seconds,
        seed=seed,
        inputs=one.inputs,
        status=status_of(answer, found),
        makespan=answer.makespan,
        bound=answer.bound,
        cut_by_clock=answer.cut_by_clock,
        reasons=reasons_of(one, answer, found),
        rows=found.rows,
        before=found.before,
        holds=found.holds,
        held=found.held,
        deadlines=found.deadlines,
    )
    return create(act, "levelling.run", run)


@contextmanager
def _sole_run() -> Iterator[None]:
    """Give the processors to one run at a time; a run that dies lets go by itself."""
    settings.GUATU_HOME.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (settings.GUATU_HOME / LOCK).open("w", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Invalid("另一次平衡正在计算，请稍后再试。") from None
        yield


def adopt_levelling(
    act: Act, run: Levelling, *, reason: str, expected_revision: int | None = None
) -> int:
    """Hold the work back that the run moves, in all plans or in none; returns how many plans.

    Raises Stale when a plan or a resource changed since, or work that was to begin by now has not;
    Invalid when there is nothing to move.
    """
    _begin(act, run, expected_revision)
    if not reason.strip():
        raise Invalid("采用须写明理由。", "reason")
    if not run.holds:
        raise Invalid("这次平衡没有要移动的工作，无须采用。")
    if moved_since(run, act.business_date):
        raise Stale(MOVED)
    subjects = Subject.objects.filter(pk__in=[int(key) for key in run.holds]).order_by("pk")
    with transaction.atomic():
        for subject in subjects:
            own = run.holds[str(subject.pk)]
            commands: list[Command] = [
                {"op": "start", "key": key, "no_earlier": day} for key, day in own.items()
            ]
            edit_network(act, subject, commands, reason=reason)
        change(act.because(reason.strip()), "levelling.adopt", run, state=LevellingState.ADOPTED)
    return len(subjects)


def drop_levelling(act: Act, run: Levelling, *, expected_revision: int | None = None) -> Levelling:
    """Put the run aside for good; it stays readable."""
    _begin(act, run, expected_revision)
    return change(act, "levelling.drop", run, state=LevellingState.DROPPED)


def moved_since(run: Levelling, today: dt.date) -> bool:
    """Tell whether plans, needs or resources are no longer those that were levelled."""
    sketches = sketches_of(run.subjects)
    if inputs_of(sketches, registered(), calendars_on()) != run.inputs:
        return True
    return any(_overdue(run, key, sketch, today) for key, sketch in sketches.items())


def _overdue(run: Levelling, key: int, sketch: Sketch, today: dt.date) -> bool:
    """Whether work that uses a resource should have begun before today and has not."""
    for node, (start, _) in run.rows.get(str(key), {}).items():
        step = sketch.steps[node]
        if step.needs and step.started is None and start and start < today.isoformat():
            return True
    return False


def _begin(act: Act, run: Levelling, expected_revision: int | None) -> None:
    require(act.standing, "levelling.run", run)
    if expected_revision is not None and expected_revision != run.revision:
        raise Stale("这次平衡刚被别人办理过。")
    if run.state != LevellingState.OPEN:
        raise Invalid(f"这次平衡{LevellingState(run.state).label}，不能再改。")
