"""Agreeing on a plan anew: a further baseline, with its reason; the earlier ones stay."""

import datetime as dt

from django.db import transaction
from django.db.models import Max

from guatu.loop.actions.network import rows_by_key, sketch_of
from guatu.loop.models import Activity, Baseline
from guatu.loop.plan.calendars import calendars_on
from guatu.loop.plan.computing import compute
from guatu.loop.plan.sketch import Sketch
from guatu.register.errors import Invalid, Stale
from guatu.register.models import Subject
from guatu.register.policies import require
from guatu.register.recording import Act, change_many, create

Span = tuple[dt.date | None, dt.date | None]


def rebaseline(
    act: Act, subject: Subject, *, reason: str, expected_number: int | None = None
) -> Baseline:
    """Take the plan as it stands as the next baseline; unfinished activities are held to it.

    ``expected_number`` is the latest one the page showed. Raises Invalid without a reason or
    without a single day to hold to, Stale.
    """
    require(act.standing, "timetable.change", subject)
    if not reason.strip():
        raise Invalid("重定基线须写明理由。", "reason")
    latest = Baseline.objects.filter(subject=subject).aggregate(last=Max("number"))["last"] or 0
    if expected_number is not None and expected_number != latest:
        raise Stale("基线刚被重定过，请核对最新情况后再提交。")
    spans = agreed(sketch_of(subject), act.business_date)
    if not any(finish for _, finish in spans.values()):
        raise Invalid("还没有排定任何日期，不能定为基线。")
    act = act.because(reason.strip())
    with transaction.atomic():
        made = create(
            act,
            "plan.baseline",
            Baseline(
                subject=subject,
                number=latest + 1,
                reason=act.reason,
                made_on=act.business_date,
                rows=as_rows(spans),
                at=act.at,
            ),
        )
        held: list[tuple[Activity, dict[str, object]]] = [
            (row, _held(row, spans[key][1]))
            for key, row in rows_by_key(subject).items()
            if key in spans and row.finished is None and spans[key][1] is not None
        ]
        change_many(act, "plan.rebaseline", held)
    return made


def _held(row: Activity, last: dt.date | None) -> dict[str, object]:
    """Hold an activity to its agreed finish; work without a promise has it as its target."""
    follows = row.target is not None and row.due is None
    return {"baseline": last, "target": last} if follows else {"baseline": last}


def agreed(sketch: Sketch, day: dt.date) -> dict[str, Span]:
    """Days a plan stands for: actual, else promised, else the latest that keep its deadlines.

    Where no deadline can be kept the earliest ones.
    """
    spans: dict[str, Span] = {
        key: (step.started, step.finished or step.due)
        for key, step in sketch.steps.items()
        if step.networked or not step.kind
    }
    if not any(step.networked for step in sketch.steps.values()):
        return spans
    for key, row in compute(sketch, calendars_on(), day).schedule.activities.items():
        step = sketch.steps[key]
        if step.finished is None:
            start = step.started or row.late_start or row.early_start
            spans[key] = (start, step.due or row.late_finish or row.early_finish)
    return spans


def as_rows(spans: dict[str, Span]) -> dict[str, list[str | None]]:
    """Write spans as `Baseline.rows` keeps them."""
    return {key: [day.isoformat() if day else None for day in span] for key, span in spans.items()}
