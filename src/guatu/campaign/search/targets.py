"""Targets of the campaign and what units are given of them."""

from typing import Any

from django.db.models import QuerySet

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
    whole: Rows = rows_as_of(Target, asked.as_of).exclude(kind="").order_by("period", "pk")
    parts: Rows = rows_as_of(TargetPart, asked.as_of).filter(
        in_sight(asked.standing, "subject__"), ended=False
    )
    columns = parts.order_by("unit__order_path", "pk").values_list(
        "public_id", "subject__title", "subject__code", "unit__name"
    )
    return told(
        [
            *(
                (asked.rank_of(title), Hit(Kind.TARGET, key, title, note=f"{period}年目标"))
                for key, title, period in whole.values_list("public_id", "title", "period")
            ),
            *(
                (asked.rank_of(title, code=code), Hit(Kind.TARGET, key, title, code, unit))
                for key, title, code, unit in columns
            ),
        ]
    )
