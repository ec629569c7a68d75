"""Enterprises of the register."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from ninja import Schema
from pydantic import Field

from guatu.api.kind import Filter, Kind, Reading, Told
from guatu.api.kinds.changes import own_subject, with_changes
from guatu.api.kinds.subjects import units_by_subject
from guatu.api.shapes import Code, Key, Named, coded, unit_named
from guatu.register.models import Enterprise
from guatu.register.policies import Standing, in_sight
from guatu.register.versions import rows_as_of


class EnterpriseShape(Schema):
    """企业。信用代码未知时 uscc 为 null。"""

    id: uuid.UUID
    code: str
    version: int
    name: str = Field(examples=["示例机械厂"])
    uscc: str | None = Field(description="统一社会信用代码")
    industry: str | None = Field(description=coded("行业代码（GB/T 4754-2017）", "industries"))
    legal_form: str | None
    street: Named | None
    unit: Named | None = Field(description="责任单位")
    address: str | None
    sample: bool
    changed_at: dt.datetime


def enterprises_in_sight(standing: Standing, as_of: dt.date | None) -> QuerySet[Any]:
    """Enterprises, or their states of a past day, the officer may see."""
    rows: QuerySet[Any] = rows_as_of(Enterprise, as_of).filter(in_sight(standing, "subject__"))
    rows = with_changes(rows, own_subject(as_of))
    return rows.select_related("subject", "industry", "street")


def told_enterprises(rows: Sequence[Any], reading: Reading) -> list[Told]:
    """Tell enterprises; one query for their units."""
    units = units_by_subject([row.subject_id for row in rows], reading.as_of)
    return [
        {
            "id": row.subject.public_id,
            "code": row.subject.code,
            "version": row.revision,
            "name": row.name,
            "uscc": row.uscc or None,
            "industry": row.industry.code if row.industry else None,
            "legal_form": row.legal_form or None,
            "street": unit_named(row.street),
            "unit": units.get(row.subject_id),
            "address": row.address or None,
            "sample": row.subject.is_sample,
            "changed_at": row.changed_at,
        }
        for row in rows
    ]


ENTERPRISES = Kind(
    path="enterprises",
    name="企业",
    policy="enterprise.list",
    rows=enterprises_in_sight,
    key="subject__public_id",
    shape=EnterpriseShape,
    tell=told_enterprises,
    changed="changed_at",
    filters=(
        Filter("uscc", Code, "统一社会信用代码", "uscc"),
        Filter("industry", Code, coded("行业代码", "industries"), "industry__code"),
        Filter("unit", Key, "责任单位编号", "subject__unit__public_id"),
        Filter("street", Key, "街道编号", "street__public_id"),
    ),
)
