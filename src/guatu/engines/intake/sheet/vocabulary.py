"""Kinds of ledger, their fields and header names; the table itself is vocabulary.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any


class Type(Enum):
    """How the cells of a field are read."""

    TEXT = "text"
    NAME = "name"
    MONEY = "money"
    NUMBER = "number"
    PERCENT = "percent"
    DATE = "date"
    RANGE = "range"
    PERSON = "person"
    UNIT = "unit"
    PHONE = "phone"
    USCC = "uscc"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of ledger: field → type, header → field, field → weight, words of its title.

    ``general`` are the headers among ``names`` that speak for no kind.
    """

    types: Mapping[str, Type]
    names: Mapping[str, str]
    weights: Mapping[str, float]
    title: tuple[str, ...]
    general: frozenset[str]


@lru_cache(maxsize=1)
def vocabulary() -> Mapping[str, Kind]:
    """Give every kind by its name, ``project`` first."""
    with Path(__file__).with_name("vocabulary.toml").open("rb") as source:
        tables = tomllib.load(source)
    shared = tables.pop("shared")["fields"]
    project = tables["project"]["fields"]
    return MappingProxyType({name: _kind(table, shared, project) for name, table in tables.items()})


def _kind(table: dict[str, Any], shared: dict[str, Any], project: dict[str, Any]) -> Kind:
    types: dict[str, Type] = {}
    names: dict[str, str] = {}
    weights: dict[str, float] = dict(table.get("weights", {}))
    general: dict[str, str] = {}
    for field, entry in [*table["fields"].items(), *shared.items()]:
        source = project[entry["like"]] if "like" in entry else entry
        types.setdefault(field, Type(source["type"]))
        for header in f"{source['headers']} {entry.get('more', '')}".split():
            names.setdefault(header, field)
        for header in f"{source.get('also', '')} {entry.get('also', '')}".split():
            general.setdefault(header, field)
        if "weight" in entry:
            weights.setdefault(field, float(entry["weight"]))
    general = {header: field for header, field in general.items() if header not in names}
    return Kind(
        MappingProxyType(types),
        MappingProxyType(names | general),
        MappingProxyType(weights),
        tuple(table["title"].split()),
        frozenset(general),
    )


PARTY_FIELDS: Mapping[str, Mapping[str, str]] = {
    "owner_unit": {
        "duty_person": "owner_person",
        "person": "owner_person",
        "contact": "owner_contact",
        "phone": "owner_phone",
        "uscc": "uscc",
    },
    "duty_unit": {
        "duty_person": "duty_person",
        "person": "duty_person",
        "contact": "duty_contact",
        "phone": "duty_phone",
    },
    "duty_person": {"phone": "duty_phone"},
}
"""A party and what stands under or behind it: 业主单位 / 电话 is the owner's phone."""

_DONE = ("done_wan", "done_total_wan", "year_done_wan")

PERIODIC: Mapping[tuple[str, str], str] = {
    ("year_plan_wan", "month"): "month_plan_wan",
    ("year_plan_wan", "months"): "span_plan_wan",
    ("month_plan_wan", "months"): "span_plan_wan",
    **{(field, "upto"): "done_before_wan" for field in _DONE},
    **{(field, "months"): "done_ytd_wan" for field in (*_DONE, "month_done_wan")},
    ("done_wan", "month"): "month_done_wan",
    ("year_done_wan", "month"): "month_done_wan",
    ("done_wan", "year"): "year_done_wan",
    ("done_total_wan", "year"): "year_done_wan",
    ("year_target", "month"): "image_target",
}
"""A field and the reach of its header's period → the field it really is."""
