"""A day's digest: what is due, climbed, urged and decided, as far as the officer may see."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.db.models.functions import Coalesce

from guatu.loop.enums import OPEN_STATES
from guatu.loop.models import Duty, EscalationStep, Extension, Urge
from guatu.loop.queries.blockers import blockers_in_sight
from guatu.loop.queries.duties import with_names
from guatu.loop.queries.letter_sight import letters_in_sight
from guatu.loop.queries.sight import DutyRow, duties_in_sight, duty_keys
from guatu.register.models import Event
from guatu.register.policies import WHOLE_DISTRICT, Standing
from guatu.register.versions import end_of

SHOWN = 100
"""Most rows of a kind; the heading counts all."""
DECIDED = {
    "duty.close": "办结",
    "duty.extend": "同意延期",
    "extension.refuse": "不同意延期",
    "duty.return": "退回",
    "duty.pause": "暂停",
    "duty.resume": "恢复",
    "duty.issue": "下达",
}
"""Acts that decide something, in the order a digest tells them."""


@dataclass(frozen=True)
class Decided:
    """What was decided about a duty, by whom and why."""

    words: str
    duty: Duty
    who: str
    reason: str


@dataclass(frozen=True)
class Digest:
    """One campaign day; of each kind the first rows and how many there are in all."""

    day: dt.date
    due: Sequence[DutyRow]
    due_in_all: int
    climbed: Sequence[EscalationStep]
    climbed_in_all: int
    urged: Sequence[Urge]
    urged_in_all: int
    decided: Sequence[Decided]
    decided_in_all: int


def digest_of(standing: Standing, day: dt.date, as_of: dt.date | None = None) -> Digest:
    """Collect the digest of a campaign day; a constant number of queries."""
    rows = duties_in_sight(standing, as_of).filter(state__in=OPEN_STATES, due=day)
    due = list(with_names(rows).order_by("owner_unit__order_path", "id")[:SHOWN])
    steps = EscalationStep.objects.filter(taken_on=day)
    if not standing.roles & WHOLE_DISTRICT:
        steps = steps.filter(_seen(standing))
    if as_of is not None:
        steps = steps.filter(at__lt=end_of(as_of))
    named = steps.select_related(
        "duty__owner_unit", "blocker__remover_unit", "subject", "post__organisation", "unit"
    )
    unit = Coalesce("duty__owner_unit__order_path", "blocker__remover_unit__order_path")
    climbed = list(named.order_by("-place", unit, "id")[:SHOWN])
    urged = _urged(standing, day, as_of)
    decided = _decided(standing, day, as_of)
    return Digest(
        day=day,
        due=due,
        due_in_all=len(due) if len(due) < SHOWN else rows.count(),
        climbed=climbed,
        climbed_in_all=len(climbed) if len(climbed) < SHOWN else steps.count(),
        urged=urged[:SHOWN],
        urged_in_all=len(urged),
        decided=decided[:SHOWN],
        decided_in_all=len(decided),
    )


def _seen(standing: Standing) -> Q:
    """What tells of a duty or a blocker in sight today."""
    return Q(duty_id__in=duty_keys(standing)) | Q(
        blocker_id__in=blockers_in_sight(standing).values("pk")
    )


def _urged(standing: Standing, day: dt.date, as_of: dt.date | None) -> list[Urge]:
    """Urges of the day in the order they were made."""
    rows = Urge.objects.filter(on=day)
    if not standing.roles & WHOLE_DISTRICT:
        letters = letters_in_sight(standing).values("pk")
        rows = rows.filter(_seen(standing) | Q(letter_id__in=letters))
    if as_of is not None:
        rows = rows.filter(at__lt=end_of(as_of))
    places = ("post__organisation", "to_post__organisation", "to_unit")
    things = ("duty__subject", "blocker__subject", "letter__subject")
    return list(rows.select_related(*places, "officer", *things).order_by("at", "pk"))


def _decided(standing: Standing, day: dt.date, as_of: dt.date | None) -> list[Decided]:
    """Decisions of the day, by what they decide and then in protocol order of the owners."""
    events = Event.objects.filter(verb__in=DECIDED, business_date=day, withdrawn_by=None)
    if as_of is not None:
        events = events.filter(at__lt=end_of(as_of))
    events = events.select_related("officer").order_by("pk")
    told = list(events.filter(Q(model=Duty._meta.label) | Q(model=Extension._meta.label)))
    extension = Extension._meta.label
    asked = [event.row or 0 for event in told if event.model == extension]
    duty_of = dict(Extension.objects.filter(pk__in=asked).values_list("pk", "duty_id"))
    rows = [(event.model == extension, event.row or 0) for event in told]
    keys = [duty_of.get(row, 0) if asks else row for asks, row in rows]
    seen = duties_in_sight(standing).filter(pk__in=set(keys))
    duties = {duty.pk: duty for duty in seen.select_related("owner_unit", "subject")}
    order = list(DECIDED)
    found = [
        (order.index(event.verb), _protocol(duties[key]), event, duties[key])
        for event, key in zip(told, keys, strict=True)
        if key in duties
    ]
    return [
        Decided(
            DECIDED[event.verb],
            duty,
            event.officer.name if event.officer else "系统",
            event.reason,
        )
        for _, _, event, duty in sorted(found, key=lambda one: one[:2])
    ]


def _protocol(duty: Duty) -> tuple[str, int]:
    return (duty.owner_unit.order_path if duty.owner_unit else "", duty.pk)
