"""Leads by stage: how many, how much they mean to invest, how many do not say."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum

from guatu.attraction.queries.sight import listed_leads
from guatu.attraction.rules import LeadStage, lead_rules
from guatu.register.policies import Standing


@dataclass(frozen=True)
class Layer:
    """Leads in one stage; ``stage`` None is the sum of all.

    ``wan`` in 万元, None while none of them says; ``unreported`` of them do not say.
    """

    stage: LeadStage | None
    count: int
    wan: Decimal | None
    unreported: int
    stale: int


@dataclass(frozen=True)
class Funnel:
    """Layers in the order of the rule, and their sum."""

    layers: Sequence[Layer]
    whole: Layer


def funnel_of(standing: Standing, as_of: dt.date | None = None) -> Funnel:
    """Count the leads in sight by stage; two queries. The layers add up to the whole."""
    rules = lead_rules(as_of or standing.today)
    rows = listed_leads(standing, as_of, rules)
    counted = (
        rows.order_by()
        .values("stage")
        .annotate(
            n=Count("pk"),
            wan=Sum("intended_wan"),
            told=Count("intended_wan"),
            quiet=Count("pk", filter=Q(stale=True)),
        )
    )
    found = {row["stage"]: row for row in counted}
    layers = [
        Layer(
            stage,
            (row := found.get(code, {})).get("n", 0),
            row.get("wan"),
            row.get("n", 0) - row.get("told", 0),
            row.get("quiet", 0),
        )
        for code, stage in rules.stages.items()
    ]
    known = [layer.wan for layer in layers if layer.wan is not None]
    whole = Layer(
        None,
        sum(layer.count for layer in layers),
        sum(known, Decimal(0)) if known else None,
        sum(layer.unreported for layer in layers),
        sum(layer.stale for layer in layers),
    )
    return Funnel(layers, whole)
