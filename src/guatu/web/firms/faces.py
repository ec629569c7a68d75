"""How what hangs on a firm shows: addresses, its history, the state of a plan."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.urls import reverse

from guatu.growth.periods import words
from guatu.growth.queries.figures import FigureChange, changes_of
from guatu.growth.queries.plans import DOING, DONE, EMPTY, LATE, STATES
from guatu.register.enums import Effect, PartyRole
from guatu.register.models import Event, Party, Subject
from guatu.register.versions import end_of
from guatu.web.components import Change
from guatu.web.format import number
from guatu.web.history import history_of
from guatu.web.history.lines import actor_words, day_apart
from guatu.web.requests import OfficerRequest

SERVICE = frozenset({"growth.Consent", "growth.ConsentEvidence", "growth.Service"})
TOLD_TO_FIRM = frozenset(
    {"register.Subject", "register.Enterprise", "register.EnterpriseName", "register.Place"}
)
TOLD_PARTIES = (PartyRole.SPECIALIST, PartyRole.CONTACT)
"""Who serves the firm, and who of it reports."""
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


def firm_changes(
    firm: Subject,
    request: OfficerRequest,
    events: QuerySet[Event],
    known: Iterable[Model | None] = (),
) -> list[Change]:
    """Write events of a firm and its figures as one history, the newest first."""
    told = [*history_of(events, known), *_figure_changes(firm, request)]
    return sorted(told, key=lambda one: one.at, reverse=True)[:MOST]


def _figure_changes(firm: Subject, request: OfficerRequest) -> list[Change]:
    """Figures with what they took the place of; of those alone whose consent stands."""
    told = changes_of(request.standing, firm, request.as_of)[:MOST]
    events = Event.objects.filter(
        model="register.Observation",
        row__in=[one.row.pk for one in told],
        effect=Effect.CREATED,
        withdrawn_by=None,
    )
    by_row = {one.row: one for one in events.select_related("officer", "behalf__organisation")}
    return [_figure_change(by_row[one.row.pk], one) for one in told if one.row.pk in by_row]


def _figure_change(event: Event, told: FigureChange) -> Change:
    indicator = told.row.indicator
    old, new = (
        None if value is None else f"{number(value, indicator.places)} {indicator.unit}"
        for value in (told.before, told.row.value)
    )
    what = f"{words(told.row.period)}{indicator.name}"
    who, on = actor_words(event), day_apart(event)
    return Change(event.at, who, what, old, new, event.reason, on)


def firm_events(subject_id: int, request: OfficerRequest) -> QuerySet[Event]:
    """What the register says happened to a firm.

    Its figures are told by their consent, see :func:`firm_changes`; duties, service, marks and
    plans on their own pages. That a draft was taken is said by what came of it. A firm's account
    reads less of it.
    """
    events = Event.objects.filter(subject_id=subject_id, model__startswith="register.")
    if request.standing.is_outside:
        events = events.filter(_told_to_firm(subject_id))
    return _newest(events.exclude(model__in=("register.Observation", "register.Draft")), request)


def _told_to_firm(subject_id: int) -> Q:
    """What a firm reads of its own history: what its page tells it, not who works on it inside."""
    named = Party.objects.filter(subject_id=subject_id, role__in=TOLD_PARTIES).order_by()
    return Q(model__in=TOLD_TO_FIRM) | Q(model="register.Party", row__in=named.values("pk"))


def service_events(subject_id: int, request: OfficerRequest) -> QuerySet[Event]:
    """Consents, specialists and marks of a firm; its own account reads nothing of the marks."""
    outside = request.standing.is_outside
    told = SERVICE if outside else SERVICE | MARKS
    return _newest(Event.objects.filter(subject_id=subject_id, model__in=told), request)


def _newest(events: QuerySet[Event], request: OfficerRequest) -> QuerySet[Event]:
    if request.as_of is not None:
        events = events.filter(at__lt=end_of(request.as_of))
    return events.select_related("officer", "behalf__organisation").order_by("-at", "-pk")[:MOST]
