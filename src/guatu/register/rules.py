"""Dated rules: loading what ships, and finding the one that holds on a day."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import zip_longest
from typing import Any

from django.db.models import Q

from guatu.register.models.campaigns import Indicator, Rule
from guatu.register.models.enterprises import Industry
from guatu.register.shipping import keep


@dataclass(frozen=True)
class Holding:
    """What a rule says on a day, and where that stands; ``row`` is the key of its row.

    ``valid_to`` None: until another takes its place.
    """

    key: str
    name: str
    value: Any
    valid_from: dt.date
    issuer: str
    number: str
    status: str
    row: int
    source: str = ""
    valid_to: dt.date | None = None

    def cited(self) -> dict[str, str]:
        """Return the rule as a reason quotes it."""
        return {
            "key": self.key,
            "name": self.name,
            "valid_from": self.valid_from.isoformat(),
            "issuer": self.issuer,
            "status": self.status,
        }


def rule_on(key: str, day: dt.date, region: str = "") -> Holding:
    """Return the rule of ``key`` that holds on ``day``, the region's own before the general one.

    Raises LookupError when none holds: a missing rule is never replaced by a constant.
    """
    return rules_on([key], day, region)[0]


def rules_on(keys: Sequence[str], day: dt.date, region: str = "") -> list[Holding]:
    """Return several rules as `rule_on` returns one, in the order of ``keys``; one query."""
    found = {
        row.key: row
        for row in Rule.objects.filter(
            Q(valid_to=None) | Q(valid_to__gte=day),
            key__in=keys,
            valid_from__lte=day,
            region__in={"", region},
        ).order_by("region", "valid_from")
    }
    for key in keys:
        if key not in found:
            message = f"{day} 没有生效的规则：{key}"
            raise LookupError(message)
    return [_holding(found[key], found[key].valid_to) for key in keys]


def rules_through(keys: Sequence[str]) -> list[Holding]:
    """Return all general rules of ``keys``, each with the days it is in force; one query.

    In the order of ``keys`` and then of time. Where two overlap the later ``valid_from`` wins, as
    in `rule_on`.
    """
    rows = Rule.objects.filter(key__in=keys, region="").order_by("valid_from")
    told = []
    for key in keys:
        mine = [row for row in rows if row.key == key]
        for row, following in zip_longest(mine, mine[1:]):
            ends = (
                row.valid_to,
                following.valid_from - dt.timedelta(days=1) if following else None,
            )
            told.append(_holding(row, min(filter(None, ends), default=None)))
    return told


def _holding(row: Rule, last: dt.date | None) -> Holding:
    return Holding(
        row.key,
        row.name,
        row.value,
        row.valid_from,
        row.issuer,
        row.number,
        row.status,
        row.pk,
        row.source,
        last,
    )


def load_shipped() -> int:
    """Insert or refresh the rules, indicators and industry codes that ship; returns how many."""
    shipped = json.loads(
        resources.files("guatu.register").joinpath("data/rules.json").read_text("utf-8")
    )
    rules = [{"region": ""} | row for row in shipped["rules"]]
    keep(Rule, rules, by=("key", "region", "valid_from"))
    keep(Indicator, shipped["indicators"], by=("code",))
    keep(Industry, shipped["industries"], by=("code",), refresh=False)
    return sum(len(shipped[name]) for name in ("rules", "indicators", "industries"))
