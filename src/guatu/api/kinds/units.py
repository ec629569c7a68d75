"""Units of the organisation tree, for the keys that other kinds name."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from ninja import Schema
from pydantic import Field

from guatu.api.kind import Filter, Kind, Reading, Told
from guatu.api.shapes import Key
from guatu.register.enums import OrganisationKind
from guatu.register.models import Organisation
from guatu.register.policies import Standing
from guatu.register.versions import rows_as_of


class UnitShape(Schema):
    """单位。"""

    id: uuid.UUID
    code: str
    version: int
    name: str = Field(examples=["示例住建局"])
    short_name: str | None
    kind: OrganisationKind
    parent: uuid.UUID | None
    rank: int = Field(description="同级中的次序")
    active: bool
    changed_at: dt.datetime


def listed_units(_: Standing, as_of: dt.date | None) -> QuerySet[Any]:
    """All units: the tree is open to everyone inside."""
    rows: QuerySet[Any] = rows_as_of(Organisation, as_of).select_related("parent")
    return rows


def told_units(rows: Sequence[Any], _: Reading) -> list[Told]:
    """Tell units; no query."""
    return [
        {
            "id": row.public_id,
            "code": row.code,
            "version": row.revision,
            "name": row.name,
            "short_name": row.short_name or None,
            "kind": row.kind,
            "parent": row.parent.public_id if row.parent else None,
            "rank": row.rank,
            "active": row.active,
            "changed_at": row.known_from,
        }
        for row in rows
    ]


UNITS = Kind(
    path="units",
    name="单位",
    policy="organisation.view",
    rows=listed_units,
    shape=UnitShape,
    tell=told_units,
    filters=(
        Filter("kind", OrganisationKind, "种类", "kind"),
        Filter("parent", Key, "上级单位编号", "parent__public_id"),
    ),
)
