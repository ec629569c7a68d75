"""What the loop makes: meetings, visits, blockers, letters and the like, read in one query.

Sight is asked only of those whose names fit: most searches find none. Of what there may be many the
database keeps what fits.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.db.models.functions import Cast

from guatu.campaign.search.conditions import named_in
from guatu.campaign.search.hits import Asked, Hit, Kind, Matches, Rank, told
from guatu.growth.models import AccountPlan
from guatu.growth.queries import plans_in_sight
from guatu.loop.enums import ResourceKind
from guatu.loop.models import Blocker, DispatchMeeting, Handover, Letter, Resource, Visit
from guatu.loop.queries.blockers import blockers_in_sight
from guatu.loop.queries.dispatches import dispatches_in_sight
from guatu.loop.queries.handovers import handovers_in_sight
from guatu.loop.queries.letter_sight import letters_in_sight
from guatu.loop.queries.visits import visits_in_sight
from guatu.register.policies import may
from guatu.register.versions import rows_as_of

Rows = QuerySet[Any]
SIGHT: Mapping[Kind, Callable[..., Rows]] = {
    Kind.MEETING: dispatches_in_sight,
    Kind.VISIT: visits_in_sight,
    Kind.BLOCKER: blockers_in_sight,
    Kind.LETTER: letters_in_sight,
    Kind.HANDOVER: handovers_in_sight,
    Kind.PLAN: plans_in_sight,
}
"""Kinds of which an officer who may list them need not see all."""
KINDS = frozenset({*SIGHT, Kind.RESOURCE})
TITLES: Mapping[Kind, str] = {
    Kind.VISIT: "{name}督帮",
    Kind.HANDOVER: "{name}交接",
    Kind.PLAN: "{name} {note} 年一企一策",
}
"""How a thing is called that has no title of its own."""

NUMBERED = Case(When(~Q(reference=""), then=F("reference")), default=F("code"))
NO_CODE = Value("", output_field=CharField())
MANY: Sequence[tuple[str, Any, Kind, str, Any, str]] = (
    ("blocker.list", Blocker, Kind.BLOCKER, "title", F("code"), "raised_on"),
    ("letter.list", Letter, Kind.LETTER, "title", NUMBERED, "drafted_on"),
    (
        "handover.list",
        Handover,
        Kind.HANDOVER,
        "post__title",
        F("code"),
        "post__organisation__name",
    ),
    ("firm_plan.list", AccountPlan, Kind.PLAN, "subject__title", NO_CODE, "year"),
)
"""Policy, table, kind, and the columns of name, code and note of what there may be many of."""
FILTERED: Mapping[Kind, tuple[str, ...]] = {
    Kind.BLOCKER: ("title", "code", "initials"),
    Kind.LETTER: ("title", "code", "reference", "initials"),
    Kind.HANDOVER: ("post__title", "code"),
    Kind.PLAN: ("subject__title", "subject__initials"),
}
"""What their words are looked for in."""
UNITS: Mapping[Kind, str] = {
    Kind.BLOCKER: "remover_unit_id",
    Kind.LETTER: "addressee_unit_id",
    Kind.HANDOVER: "post__organisation_id",
    Kind.PLAN: "subject__unit_id",
}
"""Whose they are."""


def gatherings(asked: Asked) -> Mapping[Kind, Matches]:
    """Each by its title or whom it is about, and its code; the latest first, resources by code."""
    parts = _parts(asked)
    if not parts:
        return {}
    found: dict[Kind, dict[int, tuple[Rank, Hit]]] = {kind: {} for kind in KINDS}
    rows = list(parts[0].union(*parts[1:], all=True))
    for pk, key, name, code, kind, note in sorted(
        rows, key=lambda row: (row[5], row[3]), reverse=True
    ):
        place = Kind(kind)
        title = TITLES.get(place, "{name}").format(name=name, note=note)
        rank = asked.rank_of(title, code=code)
        if rank is None and place in FILTERED:
            rank = Rank.INSIDE
        if rank is not None:
            told_note = str(ResourceKind(note).label) if place is Kind.RESOURCE else note
            found[place][pk] = (rank, Hit(place, key, title, code, told_note))
    kept = _in_sight(asked, found)
    resources = found[Kind.RESOURCE]
    found[Kind.RESOURCE] = dict(reversed(resources.items()))
    return {
        kind: told(hit for pk, hit in hits.items() if kind not in SIGHT or (kind, pk) in kept)
        for kind, hits in found.items()
    }


def _in_sight(asked: Asked, found: Mapping[Kind, Mapping[int, object]]) -> set[tuple[Kind, int]]:
    """Meetings and visits of ``found`` that the officer may see."""
    parts = [
        sight(asked.standing, asked.as_of)
        .filter(pk__in=found[kind])
        .order_by()
        .annotate(found_kind=Value(kind.value, output_field=CharField()))
        .values_list("found_kind", "pk")
        for kind, sight in SIGHT.items()
        if found[kind]
    ]
    rows = parts[0].union(*parts[1:], all=True) if parts else ()
    return {(Kind(kind), pk) for kind, pk in rows}


def _parts(asked: Asked) -> list[Rows]:
    """Key, name, code, kind of hit and note of each sort of thing the officer may list."""
    standing, as_of, parts = asked.standing, asked.as_of, []
    if may(standing, "dispatch.list"):
        parts.append(_told(rows_as_of(DispatchMeeting, as_of), Kind.MEETING, "title", "on"))
    if may(standing, "visit.list"):
        parts.append(_told(rows_as_of(Visit, as_of), Kind.VISIT, "leader_post__title", "on"))
    if may(standing, "resource.see"):
        parts.append(_told(rows_as_of(Resource, as_of), Kind.RESOURCE, "name", "kind"))
    for policy, model, kind, name, code, note in MANY:
        if may(standing, policy):
            fields = FILTERED[kind]
            fits = named_in(fields, asked.words, asked.units, UNITS[kind])
            rows = rows_as_of(model, as_of).filter(fits)
            parts.append(_told(rows, kind, name, note, code))
    return parts


def _told(rows: Rows, kind: Kind, name: str, note: str, code: Any = F("code")) -> Rows:  # noqa: ANN401, B008 -- an expression
    told_as = {
        "found_name": F(name),
        "found_code": code,
        "found_kind": Value(kind.value, output_field=CharField()),
        "found_note": Cast(note, CharField()),
    }
    columns = ("pk", "public_id", "found_name", "found_code", "found_kind", "found_note")
    plain: Rows = rows.order_by().annotate(**told_as).values_list(*columns)
    return plain
