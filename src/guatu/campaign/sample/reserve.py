"""Invented projects of the reserve: ideas, submissions, one admitted, one returned, one out."""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from guatu.campaign.sample.people import District, read_data
from guatu.investment.actions import propose, remove_reserve, review, submit
from guatu.investment.enums import OpinionVerdict
from guatu.investment.models import Admission, Category
from guatu.register.recording import Act

TEXTS = ("content", "land_state", "funding", "operation_mode", "investment_type", "address")
MONEY = ("total_wan", "next_plan_wan")
At = Callable[[dt.date, int], Act]


def keep_in_reserve(district: District, at: At, first: dt.date) -> None:
    """Tell the reserve as its units proposed and its reviewers judged it, day by day."""
    told: Mapping[str, Any] = json.loads(read_data("reserve.json"))
    for row in told["projects"]:
        admission = _propose(district, at, row, first)
        for what, day, *more in row["acts"]:
            _do(district, at, admission, (what, row["post"], *more), dt.date.fromisoformat(day))


def _propose(district: District, at: At, row: Mapping[str, Any], first: dt.date) -> Admission:
    category = Category.objects.get(code=row["category"]) if row["category"] else None
    told: dict[str, Any] = {name: row[name] for name in TEXTS}
    told |= {name: None if row[name] is None else Decimal(row[name]) for name in MONEY}
    return propose(
        district.act_as(at(first + dt.timedelta(days=4), 10), row["post"]),
        name=row["name"],
        unit=district.posts[row["post"]].organisation,
        origin=row["origin"],
        category=category,
        **told,
    )


def _do(
    district: District, at: At, admission: Admission, told: tuple[str, ...], day: dt.date
) -> None:
    what, proposer, who, *words = told
    act = district.act_as(at(day, 14), who or proposer)
    if what == "submit":
        submit(act, admission)
    elif what == "remove":
        remove_reserve(act, admission, reason=words[0])
    else:
        review(act, admission, OpinionVerdict(what), words=words[0])
