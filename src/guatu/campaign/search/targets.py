"""Targets of the campaign and what units are given of them."""

from typing import Any

from django.db.models import BigIntegerField, CharField, F, QuerySet, Value
from django.db.models.functions import Concat

from guatu.campaign.search.hits import NOTHING, Asked, Hit, Kind, Matches, told
from guatu.loop.models import Target, TargetPart
from guatu.register.policies import in_sight, may
from guatu.register.versions import rows_as_of

Rows = QuerySet[Any]


def targets(asked: Asked) -> Matches:
    """Targets, open to every reader of the account, then the parts of units in sight.

    A part's hit carries the code of its subject, a target's none.
    """
    if not may(asked.standing, "target.list"):
        return NOTHING
    whole: Rows = rows_as_of(Target, asked.as_of).exclude(kind="")
    parts: Rows = rows_as_of(TargetPart, asked.as_of).filter(
        in_sight(asked.standing, "subject__"), ended=False
    )
    columns = ("public_id", "found_title", "found_code", "found_note", "found_order", "found_unit")
    rows = (
        whole.annotate(
            found_title=F("title"),
            found_code=Value("", output_field=CharField()),
            found_note=Concat("period", Value("年目标"), output_field=CharField()),
            found_order=Value("", output_field=CharField()),
            found_unit=Value(None, output_field=BigIntegerField(null=True)),
        )
        .values_list(*columns)
        .union(
            parts.annotate(
                found_title=F("subject__title"),
                found_code=F("subject__code"),
                found_note=F("unit__name"),
                found_order=F("unit__order_path"),
                found_unit=F("unit_id"),
            ).values_list(*columns),
            all=True,
        )
    )
    return told(
        (asked.rank_of(title, code=code, unit=unit), Hit(Kind.TARGET, key, title, code, note))
        for key, title, code, note, _, unit in sorted(
            rows, key=lambda row: (row[4], row[3], row[2])
        )
    )
