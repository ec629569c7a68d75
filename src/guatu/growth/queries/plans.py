"""Account plans with their state, which follows from the duties of their measures."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, F, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from guatu.growth.models import AccountPlan, Measure
from guatu.loop.enums import OPEN_STATES, DutyState
from guatu.loop.models import Duty
from guatu.loop.queries.sight import DutyRow, duties_in_sight
from guatu.register.policies import Standing, in_sight, may
from guatu.register.versions import rows_as_of

EMPTY, LATE, DOING, DONE = "无措施", "有逾期", "实施中", "已完成"
STATES = (LATE, EMPTY, DOING, DONE)
"""States of a plan, the worst first."""


def plans_in_sight(standing: Standing, as_of: dt.date | None = None) -> QuerySet[Any]:
    """Plans, or their states of a past day, that the officer may see."""
    rows: QuerySet[Any] = rows_as_of(AccountPlan, as_of)
    if not may(standing, "firm_plan.list"):
        return rows.none()
    return rows.filter(in_sight(standing, "subject__"))


def listed_plans(standing: Standing, as_of: dt.date | None = None) -> QuerySet[Any]:
    """Plans with ``measures_count``, ``closed_count``, ``late_count``, ``next_due``, ``state``.

    All from the duties as they are, or were known on the day: nobody types a plan's state.
    """
    today = as_of or standing.today
    key = "pk" if as_of is None else "row_id"
    of_plan = Measure.objects.filter(plan__public_id=OuterRef(OuterRef("public_id")))
    duties = rows_as_of(Duty, as_of).filter(**{f"{key}__in": of_plan.values("duty_id")}).order_by()
    rows = plans_in_sight(standing, as_of).select_related(
        "subject__unit", "leader_post__organisation"
    )
    still = duties.filter(state__in=OPEN_STATES)
    rows = rows.annotate(
        measures_count=_count(duties),
        closed_count=_count(duties.filter(state=DutyState.CLOSED)),
        late_count=_count(still.filter(due__lt=today)),
        next_due=Subquery(still.order_by("due", "pk").values("due")[:1]),
    )
    judged: QuerySet[Any] = rows.annotate(
        state_rank=Case(
            When(late_count__gt=0, then=Value(0)),
            When(measures_count=0, then=Value(1)),
            When(closed_count=F("measures_count"), then=Value(3)),
            default=Value(2),
            output_field=IntegerField(),
        )
    )
    return judged


def _count(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.annotate(one=Value(1)).values("one").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


@dataclass(frozen=True)
class PlanPage:
    """A plan with the duties of its measures, those due first on top."""

    plan: Any
    duties: Sequence[DutyRow]


def find_plan(standing: Standing, public_id: UUID, as_of: dt.date | None = None) -> Any | None:  # noqa: ANN401 -- a plan or a past state
    """Return the plan in sight, or None."""
    return listed_plans(standing, as_of).filter(public_id=public_id).first()


def plan_page(standing: Standing, plan: Any, as_of: dt.date | None = None) -> PlanPage:  # noqa: ANN401 -- as above
    """Gather the measures of a plan that the officer sees."""
    key = "pk" if as_of is None else "row_id"
    of_plan = Measure.objects.filter(plan__public_id=plan.public_id)
    rows = duties_in_sight(standing, as_of).filter(**{f"{key}__in": of_plan.values("duty_id")})
    rows = rows.select_related("owner_unit", "owner_post__organisation", "subject")
    return PlanPage(plan, list(rows.order_by("due", "pk")))


def plans_of(standing: Standing, subject_id: int, as_of: dt.date | None = None) -> list[Any]:
    """Plans of a firm, the latest year first."""
    return list(listed_plans(standing, as_of).filter(subject_id=subject_id).order_by("-year"))
