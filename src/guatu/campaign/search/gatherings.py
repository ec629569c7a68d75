"""Meetings, visits and shared resources among what is found: few of each, read in one query."""

from collections.abc import Mapping
from typing import Any

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast

from guatu.campaign.search.hits import Asked, Hit, Kind, Matches, Rank, told
from guatu.loop.enums import ResourceKind
from guatu.loop.models import Resource
from guatu.loop.queries.dispatches import dispatches_in_sight
from guatu.loop.queries.visits import visits_in_sight
from guatu.register.policies import may
from guatu.register.versions import rows_as_of

Rows = QuerySet[Any]


def gatherings(asked: Asked) -> Mapping[Kind, Matches]:
    """Meetings by title and visits by leader, the latest first; resources by code."""
    found: dict[Kind, list[tuple[Rank | None, Hit]]] = {
        Kind.MEETING: [],
        Kind.VISIT: [],
        Kind.RESOURCE: [],
    }
    parts = _parts(asked)
    if not parts:
        return {}
    rows = list(parts[0].union(*parts[1:], all=True))
    for key, name, code, kind, note in sorted(rows, key=lambda row: (row[4], row[2]), reverse=True):
        place = Kind(kind)
        title = f"{name}督帮" if place is Kind.VISIT else name
        told_note = str(ResourceKind(note).label) if place is Kind.RESOURCE else note
        hit = Hit(place, key, title, code, told_note)
        found[place].append((asked.rank_of(title, code=code), hit))
    found[Kind.RESOURCE].reverse()
    return {kind: told(pairs) for kind, pairs in found.items()}


def _parts(asked: Asked) -> list[Rows]:
    """Key, name, code, kind of hit and note of each sort of thing the officer may list."""
    standing, parts = asked.standing, []
    if may(standing, "dispatch.list"):
        parts.append(_told(dispatches_in_sight(standing, asked.as_of), Kind.MEETING, "title", "on"))
    if may(standing, "visit.list"):
        rows = visits_in_sight(standing, asked.as_of)
        parts.append(_told(rows, Kind.VISIT, "leader_post__title", "on"))
    if may(standing, "resource.see"):
        parts.append(_told(rows_as_of(Resource, asked.as_of), Kind.RESOURCE, "name", "kind"))
    return parts


def _told(rows: Rows, kind: Kind, name: str, note: str) -> Rows:
    told_as = {
        "found_name": F(name),
        "found_kind": Value(kind.value, output_field=CharField()),
        "found_note": Cast(note, CharField()),
    }
    columns = ("public_id", "found_name", "code", "found_kind", "found_note")
    plain: Rows = rows.order_by().annotate(**told_as).values_list(*columns)
    return plain
