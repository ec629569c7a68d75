"""Figures by period; what firms report to the statistics bureau is for its tokens alone."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from ninja import Schema
from pydantic import Field

from guatu.api.kind import Filter, Kind, Reading, Told
from guatu.api.shapes import Code, Key, Named, Wan, coded, subject_named
from guatu.register.enums import Basis
from guatu.register.observations import figures_in_sight
from guatu.register.policies import Standing


class ObservationShape(Schema):
    """指标数。后来的数替代先前的数，先前的仍可按日期读到；value 为 null 表示来源说明缺数。"""

    id: uuid.UUID
    subject: Named
    indicator: str = Field(description=coded("指标代码", "indicators"))
    indicator_name: str
    unit: str = Field(examples=["万元"])
    period: str = Field(examples=["2025-03"])
    basis: Basis = Field(description="period 当期、cumulative 累计、stock 时点")
    value: Wan | None = Field(examples=["1200.5"])
    source: str
    recorded_at: dt.datetime


def listed_figures(standing: Standing, as_of: dt.date | None) -> QuerySet[Any]:
    """Figures in sight with what they name."""
    return figures_in_sight(standing, as_of).select_related("subject", "indicator")


def told_figures(rows: Sequence[Any], _: Reading) -> list[Told]:
    """Tell figures; no query."""
    return [
        {
            "id": row.public_id,
            "subject": subject_named(row.subject),
            "indicator": row.indicator.code,
            "indicator_name": row.indicator.name,
            "unit": row.indicator.unit,
            "period": row.period,
            "basis": row.basis,
            "value": row.value,
            "source": row.source,
            "recorded_at": row.vintage,
        }
        for row in rows
    ]


OBSERVATIONS = Kind(
    path="observations",
    name="指标数",
    policy="observation.list",
    rows=listed_figures,
    shape=ObservationShape,
    tell=told_figures,
    changed="vintage",
    note="统计直报的数只向统计局的令牌提供。",
    filters=(
        Filter("subject", Key, "对象编号", "subject__public_id"),
        Filter("indicator", Code, coded("指标代码", "indicators"), "indicator__code"),
        Filter("period", Code, "时期，如 2025、2025Q1、2025-03、2025-01/02", "period"),
        Filter("basis", Basis, "口径", "basis"),
    ),
)
