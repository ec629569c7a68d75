"""Meetings, visits and shared resources among what is found: few of each, read in one query.

Sight is asked only of those whose names fit: most searches find none.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast

from guatu.campaign.search.hits import Asked, Hit, Kind, Matches, Rank, told
from guatu.loop.enums import ResourceKind
from guatu.loop.models import DispatchMeeting, Resource, Visit
from guatu.loop.queries.dispatches import dispatches_in_sight
from guatu.loop.queries.visits import visits_in_sight
from guatu.register.policies import may
from guatu.register.versions import rows_as_of

Rows = QuerySet[Any]
SIGHT: Mapping[Kind, Callable[..., Rows]] = {
    Kind.MEETING: dispatches_in_sight,
    Kind.VISIT: visits_in_sight,
}
"""Kinds of which an officer who may list them need not see all."""


def gatherings(asked: Asked) -> Mapping[Kind, Matches]:
    """Meetings by title and visits by leader, the latest first; resources by code."""
    parts = _parts(asked)
    if not parts:
        return {}
    found: dict[Kind, dict[int, tuple[Rank, Hit]]] = {
        Kind.MEETING: {},
        Kind.VISIT: {},
        Kind.RESOURCE: {},
    }
    rows = list(parts[0].union(*parts[1:], all=True))
    for pk, key, name, code, kind, note in sorted(
        rows, key=lambda row: (row[5], row[3]), reverse=True
    ):
        place = Kind(kind)
        rank = asked.rank_of(title := f"{name}督帮" if place is Kind.VISIT else name, code=code)
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
    return parts


def _told(rows: Rows, kind: Kind, name: str, note: str) -> Rows:
    told_as = {
        "found_name": F(name),
        "found_kind": Value(kind.value, output_field=CharField()),
        "found_note": Cast(note, CharField()),
    }
    columns = ("pk", "public_id", "found_name", "code", "found_kind", "found_note")
    plain: Rows = rows.order_by().annotate(**told_as).values_list(*columns)
    return plain
