"""Chances of keeping deadlines: drawn when they are asked anew, kept, and scored once it is known.

A forecast is a result like a timing: no event of its own, never changed but for its score.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from guatu.loop.models import Activity, Forecast
from guatu.loop.plan.computing import Computed, Reckoning
from guatu.loop.plan.sketch import Step
from guatu.register.bulk import insert_rows, update_rows
from guatu.register.keys import uuid7
from guatu.register.recording import BATCH, Act

if TYPE_CHECKING:
    from guatu.engines.schedule import Forecast as RiskForecast

RULE = "forecast.refresh"
FEW = 4
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
    "superseded_at",
    "finished",
    "score",
)


def chances_of_missing(
    act: Act, answers: Reckoning, inputs: Mapping[int, str], rule: Mapping[str, int]
) -> dict[int, float]:
    """Return by subject the chance (0…1) of missing its likeliest missed open deadline.

    A forecast is drawn again when the plan is another one, every day while it is an open question
    with little float, else when it is older than ``rule``, ``forecast.refresh``, allows. A
    deadline that has passed is missed for certain. Subjects without an open deadline are not in the
    answer.
    """
    computed = answers.computed
    holding = _holding(computed)
    asked = {
        key: one
        for key, one in computed.items()
        if _open_deadlines(one)
        and not _still_good(holding.get(key, []), one, inputs[key], act.business_date, rule)
    }
    sure = _certainties(answers, asked)
    fresh = {
        key: _certain(one, sure[key]) if _settles(one, sure[key]) else _drawn(one, rule)
        for key, one in asked.items()
    }
    _supersede(act, [row.pk for key in fresh for row in holding.get(key, [])])
    _insert(act, fresh, inputs)
    found: dict[int, float] = {}
    for key, one in computed.items():
        known = list(fresh[key].values()) if key in fresh else holding.get(key, [])
        chances = [1.0] * bool(one.missed)
        chances += [1 - row.p_on_time for row in known if _open_deadlines(one)]
        if chances:
            found[key] = max(chances)
    return found


def _open_deadlines(one: Computed) -> list[Step]:
    """Deadlines that can still be kept or missed."""
    missed = {late.key for late in one.missed}
    return [
        step for step in one.sketch.deadlines if step.finished is None and step.key not in missed
    ]


def _certainties(answers: Reckoning, asked: Mapping[int, Computed]) -> dict[int, bool | None]:
    """Ask of many plans which need no sampling; of a few it costs less to sample them."""
    if answers.portfolio is None or len(asked) < FEW:
        return dict.fromkeys(asked)
    return dict(zip(answers.computed, answers.portfolio.certainties, strict=True))


def _settles(one: Computed, kept: bool | None) -> bool:  # noqa: FBT001 -- an answer, not a switch
    """Whether the answer tells of each deadline: a sure miss does not say which of several."""
    return bool(kept) or (kept is False and len(_open_deadlines(one)) == 1)


def _certain(one: Computed, kept: bool | None) -> dict[str, Forecast]:  # noqa: FBT001 -- as above
    """Forecasts that need no sample."""
    return {
        step.key: Forecast(due=step.due, p_on_time=float(bool(kept)), samples=0, seed=0)
        for step in _open_deadlines(one)
        if step.due is not None
    }


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
    open_question = any(0 < row.p_on_time < 1 for row in rows)
    close = open_question and (margin is None or margin <= rule["close_float_office_days"])
    return 0 <= (day - rows[0].made_on).days < (1 if close else rule["days"])


def sampled(one: Computed, rule: Mapping[str, int], *, explain: bool) -> "RiskForecast":
    """Sample one plan as often and with the seed that the rule ``forecast.refresh`` says.

    One plan, one answer: what a stored chance was drawn from can be drawn again.  With ``explain``
    also what each cause is worth and how critical each activity is, at four times the cost: that
    is asked by the page that shows it.
    """
    from guatu.engines.schedule.risk import forecast  # noqa: PLC0415 -- numpy, when first needed

    return forecast(
        one.network, samples=rule["samples"], seed=rule["seed"], explain=explain, plan=one.laid
    )


def _drawn(one: Computed, rule: Mapping[str, int]) -> dict[str, Forecast]:
    """Sample one plan; forecasts by the key of the deadline's step."""
    answer = sampled(one, rule, explain=False)
    rows = {}
    for finish in answer.finishes:
        if finish.on_time is None or finish.deadline is None:
            continue
        rows[finish.activity] = Forecast(
            due=finish.deadline,
            p_on_time=finish.on_time,
            p50=finish.p50,
            p80=finish.p80,
            p90=finish.p90,
            samples=answer.samples,
            seed=answer.seed,
        )
    return rows


def _supersede(act: Act, keys: list[int]) -> None:
    for start in range(0, len(keys), BATCH):
        Forecast.objects.filter(pk__in=keys[start : start + BATCH]).update(superseded_at=act.at)


def _insert(
    act: Act, fresh: Mapping[int, Mapping[str, Forecast]], inputs: Mapping[int, str]
) -> None:
    if not fresh:
        return
    columns = _of(Activity, fresh).filter(firm=True).values_list("subject_id", "node", "pk")
    activities = {(subject, node): pk for subject, node, pk in columns}
    told = []
    for key, rows in fresh.items():
        for node, row in rows.items():
            row.public_id, row.made_on, row.at = uuid7(), act.business_date, act.at
            row.subject_id, row.activity_id = key, activities[key, node]
            row.inputs = inputs[key]
            told.append([getattr(row, column) for column in COLUMNS])
    insert_rows(Forecast, COLUMNS, told)


def score_known(day: dt.date) -> int:
    """Score every forecast whose outcome ``day`` knows: (chance − kept)², 0 best; returns how many.

    Work not done after its deadline has missed it. A deadline moved later leaves earlier forecasts
    to the day they spoke of. Brier, G. W. (1950), Verification of forecasts expressed in terms of
    probability.
    """
    waiting = Forecast.objects.filter(score=None).filter(
        Q(activity__finished__isnull=False) | Q(due__lt=day)
    )
    told = [
        (pk, [finished, (chance - (finished is not None and finished <= due)) ** 2])
        for pk, chance, due, finished in waiting.values_list(
            "pk", "p_on_time", "due", "activity__finished"
        )
    ]
    update_rows(Forecast, ["finished", "score"], told)
    return len(told)
