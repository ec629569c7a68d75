"""Counting the rows of several tables in one query."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, IntegerField, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from guatu.register.models import Campaign


def counted(**rows: QuerySet[Any]) -> Mapping[str, int]:
    """How many rows each query set has, by its name; all 0 before there is a campaign."""
    counts = {
        f"of_{name}": Coalesce(
            Subquery(
                one.order_by()
                .annotate(of=Value(1))
                .values("of")
                .annotate(n=Count("pk"))
                .values("n"),
                output_field=IntegerField(),
            ),
            0,
        )
        for name, one in rows.items()
    }
    told = Campaign.objects.annotate(**counts).values(*counts).first() or dict.fromkeys(counts, 0)
    return {name: told[f"of_{name}"] for name in rows}
