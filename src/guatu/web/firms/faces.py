"""How what hangs on a firm shows: addresses, its history, the state of a plan."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from guatu.growth.queries.plans import DOING, DONE, EMPTY, LATE, STATES
from guatu.register.models import Event, Subject
from guatu.register.versions import end_of
from guatu.web.requests import OfficerRequest

SERVICE = frozenset({"growth.Consent", "growth.ConsentEvidence", "growth.Service"})
MARKS = frozenset({"growth.Mark"})
MOST = 50
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
    """What the register says happened to a firm.

    Its figures show by their consent; duties, service, marks and plans on their own pages.
    """
    events = Event.objects.filter(subject_id=subject_id, model__startswith="register.")
    return _newest(events.exclude(model="register.Observation"), request)


def service_events(subject_id: int, request: OfficerRequest) -> QuerySet[Event]:
    """Consents, specialists and marks of a firm; its own account reads nothing of the marks."""
    outside = request.standing.is_outside
    told = SERVICE if outside else SERVICE | MARKS
    return _newest(Event.objects.filter(subject_id=subject_id, model__in=told), request)


def _newest(events: QuerySet[Event], request: OfficerRequest) -> QuerySet[Event]:
    if request.as_of is not None:
        events = events.filter(at__lt=end_of(request.as_of))
    return events.select_related("officer", "behalf__organisation").order_by("-at", "-pk")[:MOST]
