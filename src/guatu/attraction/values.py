"""Checks of what is to be stored on a lead, in sentences a clerk understands."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from guatu.attraction.fields import FIELDS, OF_SUBJECT, Kind, label
from guatu.attraction.models import Lead
from guatu.attraction.rules import LeadRules
from guatu.register.enums import Role
from guatu.register.errors import Invalid
from guatu.register.models import Organisation, Post

LARGEST_WAN = Decimal(100_000_000)  # one 万亿元: beyond it a unit was mistaken
EARLIEST = dt.date(2000, 1, 1)
LONGEST = 4_000
OWNERS = frozenset({Role.UNIT, Role.ATTRACTION, Role.OFFICE, Role.LEADER})
STEERING = frozenset({Role.OFFICE, Role.LEADER})


def check_values(values: Mapping[str, Any], rules: LeadRules, today: dt.date) -> None:
    """Raise Invalid for the first value that cannot be."""
    for name in values:
        if name not in FIELDS:
            raise Invalid(f"线索没有「{name}」这一项。", name)
    if "name" in values and not (values["name"] or "").strip():
        raise Invalid("请填写线索名称。", "name")
    _check_texts(values)
    _check_money(values.get("intended_wan"))
    for name, known in (("source", rules.sources), ("tactic", rules.tactics)):
        if values.get(name) and values[name] not in known:
            raise Invalid(f"没有「{values[name]}」这一种{label(name)}。", name)
    first = values.get("first_on")
    if first is not None:
        check_day(first, today, "首次接触日期", "first_on")


def check_day(day: dt.date, today: dt.date, what: str, field: str) -> None:
    """Refuse a day of a contact that is still to come, or before anybody kept such records."""
    if day > today:
        raise Invalid(f"{what} {day} 晚于业务日期 {today}，还没有发生的写在下一步。", field)
    if day < EARLIEST:
        raise Invalid(f"{what} {day} 过早，请核对年份。", field)


def _check_texts(values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if isinstance(value, str) and FIELDS[name].kind is not Kind.CHOICE:
            longest = getattr(Lead._meta.get_field(name), "max_length", None) or LONGEST
            if len(value) > longest:
                raise Invalid(f"「{label(name)}」不超过 {longest} 字。", name)


def _check_money(value: Decimal | None) -> None:
    if value is None:
        return
    if not value.is_finite() or value < 0:
        raise Invalid("「意向投资」不能是负数。", "intended_wan")
    if value > LARGEST_WAN:
        raise Invalid("「意向投资」超过 1 万亿元，请核对单位（应为万元）。", "intended_wan")


def check_people(
    unit: Organisation | None, owner_post: Post | None, leader_post: Post | None
) -> None:
    """Refuse an owner post outside the unit, and a leader who is none."""
    if owner_post is not None:
        check_step_post(owner_post, unit, "owner_post", "责任岗位")
    if leader_post is not None and leader_post.role != Role.LEADER:
        raise Invalid("包保领导须为区领导岗位。", "leader_post")


def check_step_post(post: Post, unit: Organisation | None, field: str, what: str) -> None:
    """Refuse a post that would not see the lead it is to act on."""
    if post.role not in OWNERS or not post.active:
        raise Invalid(f"{what}须为在用的单位经办、招商、专班或区领导岗位。", field)
    if not may_act(post, unit):
        raise Invalid(f"{what}须在线索的责任单位之内，或为专班、区领导岗位。", field)


def may_act(post: Post, unit: Organisation | None) -> bool:
    """Tell whether a post may act on a lead of ``unit``."""
    if post.role not in OWNERS or not post.active:
        return False
    inside = unit is not None and post.organisation.path.startswith(unit.path)
    return inside or post.role in STEERING


def known(value: object) -> bool:
    """Tell whether a value says something."""
    return value not in (None, "", [])


def column_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values that are columns of Lead, texts without white space around them."""
    return {
        name: value.strip() if isinstance(value, str) else value
        for name, value in values.items()
        if name not in OF_SUBJECT
    }
