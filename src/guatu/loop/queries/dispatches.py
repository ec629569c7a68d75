"""Dispatch meetings as screens need them: in sight, their agenda, what came of the last one."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from guatu.engines.agenda import Ranked
from guatu.loop.dispatch_rules import AgendaRule, DispatchKind, agenda_rule, dispatch_kinds
from guatu.loop.enums import FROZEN_DISPATCHES, DispatchState, DutyState
from guatu.loop.exceptions import Found, Scope
from guatu.loop.models import AgendaItem, Attendant, Decision, DispatchMeeting, Duty
from guatu.loop.queries.duties import DutyLamp, lamp_of
from guatu.loop.queries.sight import duties_in_sight, duty_keys, identity, working_posts
from guatu.register.enums import Domain, Role
from guatu.register.models import Event
from guatu.register.policies import WHOLE_DISTRICT, Standing, unit_keys
from guatu.register.rules import rule_on
from guatu.register.versions import end_of, rows_as_of

MeetingRow: TypeAlias = DispatchMeeting
"""A meeting or a state of one: the same columns, so to the type checker they are one."""
NAMED = ("subject", "chair_post__organisation", "unit", "area", "minutes")
ITEM_NAMED = ("about", "duty", "blocker", "letter", "unit")
HISTORY_SHOWN = 100


def meeting_key(row: MeetingRow) -> int:
    """Key of the living meeting that ``row`` is, or is a past state of."""
    return int(getattr(row, "row_id", row.pk))


def _key(as_of: dt.date | None) -> str:
    """Column with the key of the living row, in rows of today or of the past."""
    return "pk" if as_of is None else "row_id"


def dispatches_in_sight(standing: Standing, as_of: dt.date | None = None) -> QuerySet[MeetingRow]:
    """Meetings (or their states of a past day) in sight; today's permissions apply.

    The office and leaders see all. Once the agenda is final statisticians see it too, and whoever
    is to attend; they still do when it was cancelled after that.
    """
    rows: QuerySet[MeetingRow] = rows_as_of(DispatchMeeting, as_of)
    if standing.has(Role.OFFICE, Role.LEADER):
        return rows
    called_off = Q(state=DispatchState.CANCELLED, final_on__isnull=False)
    rows = rows.filter(Q(state__in=FROZEN_DISPATCHES) | called_off)
    if standing.roles & WHOLE_DISTRICT:
        return rows
    posts = working_posts(standing)
    if not posts:
        return rows.none()
    key = _key(as_of)
    named = Attendant.objects.filter(
        Q(post_id__in=posts) | Q(post=None, unit_id__in=standing.spoken_for_ids), ended=False
    )
    return rows.filter(Q(**{f"{key}__in": named.values("meeting_id")}) | Q(chair_post_id__in=posts))


def sees_dispatch(standing: Standing, meeting: MeetingRow) -> bool:
    """Tell whether one meeting is in sight."""
    if standing.has(Role.OFFICE, Role.LEADER):
        return True
    return dispatches_in_sight(standing).filter(pk=meeting_key(meeting)).exists()


def find_dispatch(
    standing: Standing, public_id: uuid.UUID, as_of: dt.date | None = None
) -> MeetingRow | None:
    """Return the meeting (or its state of a past day) when it is in sight, else None."""
    rows = dispatches_in_sight(standing, as_of).filter(public_id=public_id)
    return rows.select_related(*NAMED).defer("minutes__text").first()


def with_taken(rows: QuerySet[MeetingRow], as_of: dt.date | None = None) -> QuerySet[Any]:
    """Annotate ``taken``, how much each meeting has decided, and join what a row names."""
    decided = Decision.objects.filter(meeting_id=OuterRef(_key(as_of))).order_by()
    if as_of is not None:
        decided = decided.filter(at__lt=end_of(as_of))
    counted = decided.values("meeting_id").annotate(n=Count("pk")).values("n")
    named = rows.select_related("chair_post__organisation", "unit", "area")
    told: QuerySet[Any] = named.annotate(taken=Coalesce(Subquery(counted), Value(0)))
    return told


def scope_of(meeting: MeetingRow) -> Scope:
    """What the meeting looks at."""
    return Scope(meeting.domain, meeting.unit, meeting.area)


def scope_words(scope: Scope) -> str:
    """The scope in words; empty = the whole district."""
    parts = [Domain(scope.domain).label if scope.domain else "", scope.area, scope.unit]
    return "".join(str(part) for part in parts if part)


def kind_of_dispatch(meeting: MeetingRow) -> DispatchKind | None:
    """The kind as the rule of the day it was made declares it."""
    return dispatch_kinds(meeting.made_on).get(meeting.kind)


def attendants_of(meeting: MeetingRow, as_of: dt.date | None = None) -> list[Attendant]:
    """Who is to attend, in protocol order."""
    rows = rows_as_of(Attendant, as_of).filter(meeting_id=meeting_key(meeting), ended=False)
    named = rows.select_related("unit", "post__organisation")
    return list(named.order_by("unit__order_path", "post__rank", "pk"))


def items_of(
    standing: Standing | None, meeting: MeetingRow, as_of: dt.date | None = None
) -> list[AgendaItem]:
    """Items by tier, unit in protocol order and place; those taken off last.

    Whoever only attends sees those of the units in their sight.
    """
    rows = rows_as_of(AgendaItem, as_of).filter(meeting_id=meeting_key(meeting))
    if standing is not None and not standing.roles & WHOLE_DISTRICT:
        rows = rows.filter(unit_id__in=unit_keys(standing))
    named: Iterable[AgendaItem] = rows.select_related(*ITEM_NAMED)
    return sorted(named, key=_in_order)


def _in_order(item: AgendaItem) -> tuple[bool, int, str, int, int]:
    unit = item.unit.order_path if item.unit else "~"
    return (not item.stands, item.tier, unit, item.place, item.pk)


@dataclass(frozen=True)
class Carried:
    """A decision of the last meeting and how it stands."""

    duty: Duty
    lamp: DutyLamp

    def as_json(self) -> dict[str, Any]:
        """Keep it as it stood when an agenda became final."""
        owner = self.duty.owner_post or self.duty.owner_unit
        return {
            "title": self.duty.title,
            "owner": str(owner or "责任单位未定"),
            "due": self.duty.due.isoformat() if self.duty.due else None,
            "state": DutyState(self.duty.state).label,
            "lamp": self.lamp.colour.value,
            "words": self.lamp.words,
            "progress": self.duty.progress,
            "duty": str(self.duty.public_id),
        }


def meeting_before(meeting: MeetingRow, as_of: dt.date | None = None) -> MeetingRow | None:
    """The last meeting of the same kind and scope that became final before this one."""
    key = _key(as_of)
    same: QuerySet[MeetingRow] = rows_as_of(DispatchMeeting, as_of).filter(
        kind=meeting.kind,
        domain=meeting.domain,
        unit=meeting.unit,
        area=meeting.area,
        state__in=FROZEN_DISPATCHES,
    )
    own = meeting_key(meeting)
    earlier = Q(on__lt=meeting.on) | Q(**{"on": meeting.on, f"{key}__lt": own})
    return same.filter(earlier).order_by("-on", f"-{key}").first()


def carried_from(
    standing: Standing | None, meeting: MeetingRow, day: dt.date, as_of: dt.date | None = None
) -> list[Carried]:
    """Decisions of ``meeting`` with their lights, by owner in protocol order."""
    taken = Decision.objects.filter(meeting_id=meeting_key(meeting))
    if as_of is not None:
        taken = taken.filter(at__lt=end_of(as_of))
    duties = rows_as_of(Duty, as_of) if standing is None else duties_in_sight(standing, as_of)
    rows = duties.filter(**{f"{_key(as_of)}__in": taken.values("duty_id")})
    named = rows.select_related("owner_unit", "owner_post__organisation", "subject")
    rule = rule_on("lamp.duty", day)
    ordered = named.order_by("owner_unit__order_path", "pk")
    return [Carried(duty, lamp_of(duty, rule, day)) for duty in ordered]


def counts_of(found: Iterable[Found], rule: AgendaRule) -> list[dict[str, Any]]:
    """How many things each cause has, in the order of the rule: ``code``, ``name``, ``count``."""
    counted = Counter(one.told.cause for one in found)
    return [
        {"code": code, "name": cause.name, "count": counted[code]}
        for code, cause in rule.causes.items()
    ]


LEFT_OUT = ("left", "outranked")


def left_out(
    left: Sequence[Ranked], rule: AgendaRule, listed: Container[str], found: Mapping[str, Found]
) -> dict[str, list[Any]]:
    """What found no place, as it is kept with the meeting's figures; empty for nothing.

    ``left`` has it by cause in the order of the rule, each with its ``items``; ``outranked`` are
    the things of it that were ``listed`` before: they are no less out of order for that.
    """
    by_cause: dict[str, list[Ranked]] = {}
    for one in left:
        by_cause.setdefault(one.cause.code, []).append(one)
    if not left:
        return {}
    return {
        "left": [
            {
                "code": code,
                "name": cause.name,
                "count": len(by_cause[code]),
                "items": [_left_item(one, found[one.thing]) for one in by_cause[code]],
            }
            for code, cause in rule.causes.items()
            if code in by_cause
        ],
        "outranked": [one.thing for one in left if one.thing in listed],
    }


def _left_item(one: Ranked, found: Found) -> dict[str, str]:
    return {
        "thing": one.thing,
        "title": found.title,
        "unit": str(found.unit or ""),
        "reason": "；".join(reason.rstrip("。") for reason in one.reasons),
    }


def left_in(meeting: MeetingRow) -> dict[str, list[Any]]:
    """What found no place when the agenda was last built; empty where everything did."""
    return {name: meeting.figures[name] for name in LEFT_OUT if name in meeting.figures}


@dataclass(frozen=True)
class DispatchPage:
    """One meeting with all that hangs on it.

    ``whole``: the reader sees the district, not only what concerns the own unit; numbers of the
    district are for them.
    """

    meeting: MeetingRow
    whole: bool
    kind: DispatchKind | None
    rule: AgendaRule
    attendants: list[Attendant]
    items: list[AgendaItem]
    before: MeetingRow | None
    carried: list[dict[str, Any]]
    decisions: list[Decision]
    decided: int
    """Decisions taken, those out of sight among them."""
    events: list[Event]

    @property
    def hidden(self) -> int:
        """Decisions that do not concern the reader's own unit."""
        return self.decided - len(self.decisions)


def dispatch_page(
    standing: Standing, meeting: MeetingRow, as_of: dt.date | None = None
) -> DispatchPage:
    """Collect the page; a constant number of queries."""
    before = meeting_before(meeting, as_of)
    return DispatchPage(
        meeting=meeting,
        whole=bool(standing.roles & WHOLE_DISTRICT),
        kind=kind_of_dispatch(meeting),
        rule=agenda_rule(meeting.made_on),
        attendants=attendants_of(meeting, as_of),
        items=items_of(standing, meeting, as_of),
        before=before,
        carried=_carried(standing, meeting, before, as_of),
        decisions=_decisions(standing, meeting, as_of),
        decided=_taken(meeting, as_of).count(),
        events=_events(meeting, as_of),
    )


def _carried(
    standing: Standing, meeting: MeetingRow, before: MeetingRow | None, as_of: dt.date | None
) -> list[dict[str, Any]]:
    """As it stood when the agenda became final, else as it stands; narrowed to what is in sight."""
    if meeting.is_frozen:
        kept: list[dict[str, Any]] = meeting.figures.get("carried", [])
        if standing.roles & WHOLE_DISTRICT or not kept:
            return kept
        seen = duties_in_sight(standing).filter(public_id__in=[row["duty"] for row in kept])
        keys = {str(key) for key in seen.values_list("public_id", flat=True)}
        return [row for row in kept if row["duty"] in keys]
    if before is None:
        return []
    return [one.as_json() for one in carried_from(standing, before, as_of or standing.today, as_of)]


def _taken(meeting: MeetingRow, as_of: dt.date | None) -> QuerySet[Decision]:
    rows = Decision.objects.filter(meeting_id=meeting_key(meeting))
    return rows if as_of is None else rows.filter(at__lt=end_of(as_of))


def _decisions(standing: Standing, meeting: MeetingRow, as_of: dt.date | None) -> list[Decision]:
    rows = _taken(meeting, as_of).filter(duty_id__in=duty_keys(standing))
    named = rows.select_related(
        "duty__owner_unit", "duty__owner_post__organisation", "duty__leader_post__organisation"
    )
    return list(named.select_related("item", "duty__quote").order_by("pk"))


def _events(meeting: MeetingRow, as_of: dt.date | None) -> list[Event]:
    rows = Event.objects.filter(model="loop.DispatchMeeting", row=meeting_key(meeting))
    if as_of is not None:
        rows = rows.filter(at__lt=end_of(as_of))
    return list(rows.select_related("officer").order_by("-at", "-id")[:HISTORY_SHOWN])


def dispatch_of_duty(standing: Standing, duty: Duty) -> DispatchMeeting | None:
    """The meeting in sight that decided a duty; None where it came from elsewhere."""
    rows = dispatches_in_sight(standing).filter(decisions__duty_id=identity(duty))
    return rows.exclude(state=DispatchState.CANCELLED).first()
