"""How what hangs on a firm shows: addresses, its history, the state of a plan."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from guatu.growth.queries.plans import DOING, DONE, EMPTY, LATE, STATES
from guatu.register.enums import Role
from guatu.register.models import Event, Subject
from guatu.web.history import events_of
from guatu.web.requests import OfficerRequest

FIGURES = frozenset({"register.Observation", "growth.Provision"})
PLANS = frozenset({"growth.AccountPlan", "growth.Measure", "growth.Mark"})
TONES = {LATE: "late", EMPTY: "empty", DOING: "doing", DONE: "done"}


def firm_url(subject: Subject) -> str:
    """Address of the firm's figures and service."""
    return reverse("firms:firm", args=[subject.public_id])


def plan_url(plan: Any) -> str:  # noqa: ANN401 -- a plan or a past state
    """Address of an account plan."""
    return reverse("firms:plan", args=[plan.public_id])


def plan_state(plan: Any) -> str:  # noqa: ANN401 -- a row of listed_plans
    """Word for the state that follows from the plan's duties."""
    return STATES[plan.state_rank]


def firm_events(subject_id: int, request: OfficerRequest) -> QuerySet[Event]:
    """What happened to a firm, without its figures: those show by their own rule of sight.

    The firm's own account reads nothing of what the government plans for it.
    """
    outside = request.standing.roles <= {Role.ENTERPRISE}
    left_out = FIGURES | PLANS if outside else FIGURES
    return events_of(subject_ids=[subject_id], as_of=request.as_of, without=left_out)
