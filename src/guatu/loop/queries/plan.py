"""Reads of computed plans: timings, chances and baselines, as they are or were on a past day."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, F, Q, QuerySet

from guatu.loop.enums import OPEN_STATES
from guatu.loop.models import Activity, Baseline, Forecast, Timing
from guatu.loop.plan.slippage import Agreed
from guatu.loop.queries.sight import duties_in_sight
from guatu.register.models import Subject
from guatu.register.policies import Standing, in_sight
from guatu.register.versions import end_of, rows_as_of

BINS = 5


def timings_of(subjects: Iterable[int], as_of: dt.date | None = None) -> dict[int, Timing]:
    """Computed plans by subject; a subject without a network is not in the answer. One query."""
    rows = _holding(Timing.objects.filter(subject_id__in=list(subjects)), as_of)
    return {row.subject_id: row for row in rows}


def _holding(rows: QuerySet[Timing], as_of: dt.date | None) -> QuerySet[Timing]:
    if as_of is None:
        return rows.filter(known_to=None)
    moment = end_of(as_of)
    return rows.filter(Q(known_to__gte=moment) | Q(known_to=None), known_from__lt=moment)


def forecasts_of(
    subjects: Iterable[int], as_of: dt.date | None = None
) -> dict[int, list[Forecast]]:
    """Forecasts that hold, by subject, the earliest deadline first; one query."""
    rows = Forecast.objects.filter(subject_id__in=list(subjects)).select_related("activity")
    if as_of is None:
        rows = rows.filter(superseded_at=None)
    else:
        moment = end_of(as_of)
        rows = rows.filter(Q(superseded_at__gte=moment) | Q(superseded_at=None), at__lt=moment)
    found: dict[int, list[Forecast]] = {}
    for row in rows.order_by("due", "pk"):
        found.setdefault(row.subject_id, []).append(row)
    return found


def earlier_forecasts(subject: int, as_of: dt.date | None = None) -> list[Forecast]:
    """Every forecast of a subject's deadlines, the latest first, with what came of it."""
    rows = Forecast.objects.filter(subject_id=subject).select_related("activity")
    if as_of is not None:
        rows = rows.filter(at__lt=end_of(as_of))
    return list(rows.order_by("-at", "due", "pk"))


def baselines_of(subject: int, as_of: dt.date | None = None) -> list[Baseline]:
    """Baselines of a subject, the first one first."""
    rows = Baseline.objects.filter(subject_id=subject)
    if as_of is not None:
        rows = rows.filter(at__lt=end_of(as_of))
    return list(rows)


def agreed_on(subject: int, as_of: dt.date | None = None) -> Agreed:
    """First and last days by key as last agreed; one query."""
    known = baselines_of(subject, as_of)
    rows = known[-1].rows if known else {}
    return {key: (_day(first), _day(until)) for key, (first, until) in rows.items()}


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


@dataclass(frozen=True)
class ActToday:
    """An activity to act on today, with what it saves; `activity` may be a past state.

    ``saved``: calendar days of ``deadline`` won by each working day it is shortened; ``lost``:
    those that five working days of inaction cost; ``spare`` as things stand, negative when late.
    """

    subject: Subject
    activity: Any
    begun: bool
    ready: dt.date | None
    deadline: str
    spare: int
    saved: int
    lost: int
    reason: str
    duty: Any | None


def act_today(standing: Standing, as_of: dt.date | None = None, limit: int = 50) -> list[ActToday]:
    """Tell which activities in sight to act on, the most days saved first; four queries."""
    timings = _holding(Timing.objects.filter(in_sight(standing, "subject__")), as_of)
    told = [
        (act, timing.subject)
        for timing in timings.exclude(acts=[]).select_related("subject__unit").defer("rows")
        for act in timing.acts
    ]
    told.sort(key=lambda pair: (-pair[0]["saved"], -pair[0]["lost"], pair[0]["spare"]))
    told = told[:limit]
    subjects = {subject.pk for _, subject in told}
    way = "subject_id" if as_of is None else "row__subject_id"
    keys = {act["key"] for act, _ in told} | {act["deadline"] for act, _ in told}
    rows = rows_as_of(Activity, as_of).filter(**{f"{way}__in": subjects}, node__in=keys)
    rows = rows.select_related("owner_unit", "owner_post__organisation")
    activities = {(row.subject_id, row.node): row for row in rows}
    duties = _duties(standing, {_identity(row) for row in activities.values()}, as_of)
    found = []
    for act, subject in told:
        activity = activities.get((subject.pk, act["key"]))
        deadline = activities.get((subject.pk, act["deadline"]))
        if activity is None or deadline is None:
            continue
        found.append(
            ActToday(
                subject=subject,
                activity=activity,
                begun=act["begun"],
                ready=_day(act["ready"]),
                deadline=deadline.name,
                spare=act["spare"],
                saved=act["saved"],
                lost=act["lost"],
                reason=act["reason"],
                duty=duties.get(_identity(activity)),
            )
        )
    return found


def _identity(row: Any) -> int:  # noqa: ANN401 -- an activity or a past state of one
    return int(getattr(row, "row_id", row.pk))


def _duties(standing: Standing, activities: set[int], as_of: dt.date | None) -> dict[int, Any]:
    """Open duties in sight by activity."""
    rows = duties_in_sight(standing, as_of).filter(
        activity_id__in=activities, state__in=OPEN_STATES
    )
    return {row.activity_id: row for row in rows if row.activity_id is not None}


@dataclass(frozen=True)
class Told:
    """Forecasts whose chance lay in [low, high): how many, what they said, what came (0…1)."""

    low: float
    high: float
    count: int
    said: float
    came: float


@dataclass(frozen=True)
class Record:
    """How good past forecasts were: mean Brier score (0 best, 0.25 a coin), and what was said."""

    count: int
    brier: float | None
    told: Sequence[Told]


def forecast_record() -> Record:
    """Score the whole district's forecasts whose outcome is known; two queries.

    The score says nothing of any one project, so it is shown to whoever sees a forecast.
    """
    scored = Forecast.objects.filter(score__isnull=False)
    whole: dict[str, Any] = scored.aggregate(count=Count("pk"), brier=Avg("score"))
    bins = [(step / BINS, (step + 1) / BINS) for step in range(BINS)]
    parts: dict[str, Any] = {}
    for place, (low, high) in enumerate(bins):
        inside = Q(p_on_time__gte=low) & (
            Q(p_on_time__lt=high) if high < 1 else Q(p_on_time__lte=1)
        )
        kept = inside & Q(finished__isnull=False, finished__lte=F("due"))
        parts[f"n{place}"] = Count("pk", filter=inside)
        parts[f"said{place}"] = Avg("p_on_time", filter=inside)
        parts[f"kept{place}"] = Count("pk", filter=kept)
    counted = scored.aggregate(**parts)
    told = [
        Told(low, high, n, counted[f"said{place}"], counted[f"kept{place}"] / n)
        for place, (low, high) in enumerate(bins)
        if (n := counted[f"n{place}"])
    ]
    return Record(whole["count"], whole["brier"], told)
