"""Keeping what was computed of many subjects: a timing is written only when it changes.

A timing is a result, not a fact: it has no event of its own, and the same plan gives it again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from guatu.loop.models import Timing
from guatu.loop.plan.calendars import Calendars, calendars_on
from guatu.loop.plan.chances import chances_of_missing
from guatu.loop.plan.computing import Computed, acts_of, compute_all, digest_of
from guatu.loop.plan.sketch import Sketch, sketches_of
from guatu.loop.plan.timing_rows import stored_rows
from guatu.register.bulk import insert_rows
from guatu.register.recording import BATCH, Act


@dataclass(frozen=True)
class Outlook:
    """How a subject's network stands: computed, or ``refusal`` saying why it cannot be.

    ``p_late`` is the chance of missing the likeliest missed deadline, None where none is open.
    """

    sketch: Sketch
    computed: Computed | None
    refusal: str = ""
    p_late: float | None = None


def recompute_plans(
    act: Act, subjects: list[int] | None, refresh: Mapping[str, int], calendars: Calendars | None
) -> dict[int, Outlook]:
    """Compute the networks of ``subjects`` (None = all), keep timings and forecasts that changed.

    ``refresh`` is the dated rule ``forecast.refresh``. Subjects without a network are not in the
    answer. A constant number of statements per 500.
    """
    sketches = sketches_of(subjects)
    if not sketches:
        return {}
    calendars = calendars or calendars_on()
    answers = compute_all(sketches, calendars, act.business_date)
    inputs = {key: digest_of(sketches[key], calendars) for key in answers.computed}
    _keep_timings(act, answers.computed, inputs)
    late = chances_of_missing(act, answers, inputs, refresh)
    told = {
        key: Outlook(one.sketch, one, "", late.get(key)) for key, one in answers.computed.items()
    }
    mute = {
        key: Outlook(sketches[key], None, str(refusal)) for key, refusal in answers.refused.items()
    }
    return told | mute


def _keep_timings(act: Act, computed: Mapping[int, Computed], inputs: Mapping[int, str]) -> None:
    """Write a new row for each subject whose answer differs from the one that holds."""
    holds = {row.subject_id: row for row in _of(Timing, computed).filter(known_to=None)}
    columns = ("feasible", "late_by", "provisional", "rows")
    fresh: dict[int, tuple[object, ...]] = {}
    ended: list[int] = []
    for key, one in computed.items():
        rows = stored_rows(one.schedule.activities)
        values = (one.feasible, one.late_by, one.schedule.provisional, rows)
        old = holds.get(key)
        if old is not None:
            if all(getattr(old, n) == v for n, v in zip(columns, values, strict=True)):
                continue
            ended.append(old.pk)
        fresh[key] = (act.at, None, act.business_date, inputs[key], *values)
    for start in range(0, len(ended), BATCH):
        Timing.objects.filter(pk__in=ended[start : start + BATCH]).update(known_to=act.at)
    head = ("subject_id", "known_from", "known_to", "business_date", "inputs")
    acts = acts_of({key: computed[key] for key in fresh})
    rows_told = ((key, *values, acts[key]) for key, values in fresh.items())
    insert_rows(Timing, [*head, *columns, "acts"], rows_told)


def _of(model: Any, subjects: Mapping[int, object]) -> QuerySet[Any]:  # noqa: ANN401 -- any model
    keys = list(subjects)
    rows: QuerySet[Any] = model.objects.all()
    return rows.filter(subject_id__in=keys) if len(keys) <= BATCH else rows
