"""Chances of keeping deadlines: drawn when they are asked anew, kept, and scored once it is known.

A forecast is a result like a timing: no event of its own, never changed but for its score.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet

from guatu.loop.models import Activity, Forecast
from guatu.loop.plan.computing import Computed
from guatu.register.bulk import insert_rows, update_rows
from guatu.register.keys import uuid7
from guatu.register.recording import BATCH, Act
from guatu.register.rules import rule_on

RULE = "forecast.refresh"
COLUMNS = (
    "public_id",
    "subject_id",
    "activity_id",
    "made_on",
    "at",
    "due",
    "inputs",
    "p_on_time",
    "p50",
    "p80",
    "p90",
    "samples",
    "seed",
    "causes",
    "critical",
    "superseded_at",
    "finished",
    "score",
)


def chances_of_missing(
    act: Act, computed: Mapping[int, Computed], inputs: Mapping[int, str]
) -> dict[int, float]:
    """Return by subject the chance (0…1) of missing its likeliest missed open deadline.

    A forecast is drawn again when the plan is another one, when its deadline is close (every day)
    or when it is older than the dated rule ``forecast.refresh`` allows. A deadline that has passed
    is missed for certain. Subjects without an open deadline are not in the answer.
    """
    rule = rule_on(RULE, act.business_date).value
    holding = _holding(computed)
    found: dict[int, float] = {}
    fresh: dict[int, dict[str, Forecast]] = {}
    for key, one in computed.items():
        missed = {late.key for late in one.missed}
        open_keys = {step.key for step in one.sketch.deadlines if step.finished is None} - missed
        known = holding.get(key, [])
        if open_keys and not _still_good(known, one, inputs[key], act.business_date, rule):
            fresh[key] = _drawn(key, one, inputs[key], rule)
            known = list(fresh[key].values())
        chances = [1.0] * bool(missed)
        chances += [1 - row.p_on_time for row in known if open_keys]
        if chances:
            found[key] = max(chances)
    _supersede(act, [row.pk for key in fresh for row in holding.get(key, [])])
    _insert(act, fresh)
    return found


def _holding(subjects: Mapping[int, object]) -> dict[int, list[Forecast]]:
    found: dict[int, list[Forecast]] = {}
    for row in _of(Forecast, subjects).filter(superseded_at=None):
        found.setdefault(row.subject_id, []).append(row)
    return found


def _of(model: Any, subjects: Mapping[int, object]) -> QuerySet[Any]:  # noqa: ANN401 -- any model
    rows: QuerySet[Any] = model.objects.all()
    return rows.filter(subject_id__in=list(subjects)) if len(subjects) <= BATCH else rows


def _still_good(
    known: Iterable[Forecast],
    one: Computed,
    inputs: str,
    day: dt.date,
    rule: Mapping[str, int],
) -> bool:
    rows = list(known)
    if not rows or any(row.inputs != inputs for row in rows):
        return False
    margin = one.margin
    close = margin is None or margin <= rule["close_float_office_days"]
    return 0 <= (day - rows[0].made_on).days < (1 if close else rule["days"])


def _drawn(key: int, one: Computed, inputs: str, rule: Mapping[str, int]) -> dict[str, Forecast]:
    """Sample one plan; forecasts by the key of the deadline's step."""
    from guatu.engines.schedule.risk import forecast  # noqa: PLC0415 -- numpy, when first needed

    answer = forecast(
        one.network, samples=rule["samples"], seed=rule["seed"], table=one.calendars.table
    )
    critical = {
        step: round(row.criticality, 4)
        for step, row in answer.activities.items()
        if row.criticality > 0
    }
    rows = {}
    for finish in answer.finishes:
        if finish.on_time is None or finish.deadline is None:
            continue
        rows[finish.activity] = Forecast(
            subject_id=key,
            due=finish.deadline,
            inputs=inputs,
            p_on_time=finish.on_time,
            p50=finish.p50,
            p80=finish.p80,
            p90=finish.p90,
            samples=answer.samples,
            seed=answer.seed,
            causes={one.name: round(one.variance_share, 4) for one in finish.causes},
            critical=critical,
        )
    return rows


def _supersede(act: Act, keys: list[int]) -> None:
    for start in range(0, len(keys), BATCH):
        Forecast.objects.filter(pk__in=keys[start : start + BATCH]).update(superseded_at=act.at)


def _insert(act: Act, fresh: Mapping[int, Mapping[str, Forecast]]) -> None:
    if not fresh:
        return
    columns = _of(Activity, fresh).filter(firm=True).values_list("subject_id", "node", "pk")
    activities = {(subject, node): pk for subject, node, pk in columns}
    told = []
    for key, rows in fresh.items():
        for node, row in rows.items():
            row.public_id, row.made_on, row.at = uuid7(), act.business_date, act.at
            row.activity_id = activities[key, node]
            told.append([getattr(row, column) for column in COLUMNS])
    insert_rows(Forecast, COLUMNS, told)


def score_finished() -> int:
    """Score every forecast whose work is done: (chance − kept)², 0 best; returns how many.

    Brier, G. W. (1950), Verification of forecasts expressed in terms of probability.
    """
    waiting = Forecast.objects.filter(score=None, activity__finished__isnull=False)
    told = [
        (pk, [finished, (chance - (finished <= due)) ** 2])
        for pk, chance, due, finished in waiting.values_list(
            "pk", "p_on_time", "due", "activity__finished"
        )
        if finished is not None
    ]
    update_rows(Forecast, ["finished", "score"], told)
    return len(told)
