"""Checks of what is to be stored on a project, in sentences a clerk understands."""

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from guatu.investment.fields import FIELDS, MONEY, Kind, label
from guatu.investment.models import Project
from guatu.register.errors import Invalid

LARGEST_WAN = Decimal(100_000_000)  # one 万亿元: beyond it a unit was mistaken
CODE = re.compile(r"[0-9A-Za-z-]{6,40}")


def check_values(values: Mapping[str, Any], project: Project | None = None) -> None:
    """Raise Invalid for the first value that cannot be.

    ``project`` gives the other end of a pair, as of start and finish.
    """
    for name in values:
        if name not in FIELDS:
            raise Invalid(f"项目没有「{name}」这一项。", name)
    _check_texts(values)
    for name in MONEY:
        _check_money(name, values.get(name))
    start = values.get("start_on", project.start_on if project else None)
    finish = values.get("finish_on", project.finish_on if project else None)
    if start is not None and finish is not None and finish < start:
        raise Invalid(f"竣工日期 {finish} 早于开工日期 {start}。", "finish_on")


def _check_texts(values: Mapping[str, Any]) -> None:
    if "name" in values and not (values["name"] or "").strip():
        raise Invalid("请填写项目名称。", "name")
    code = values.get("gbt_code")
    if code and not CODE.fullmatch(code):
        raise Invalid("项目代码只含数字、字母和连字符，6 至 40 位。", "gbt_code")
    for name, value in values.items():
        if FIELDS[name].kind is Kind.TEXT and isinstance(value, str):
            longest = getattr(Project._meta.get_field(name), "max_length", None)
            if longest and len(value) > longest:
                raise Invalid(f"「{label(name)}」不超过 {longest} 字。", name)


def _check_money(name: str, value: Decimal | None) -> None:
    if value is None:
        return
    if value < 0:
        raise Invalid(f"「{label(name)}」不能是负数。", name)
    if value > LARGEST_WAN:
        raise Invalid(f"「{label(name)}」超过 1 万亿元，请核对单位（应为万元）。", name)


def check_month(month: str) -> None:
    """Refuse what is not a month written 2025-03."""
    try:
        dt.date.fromisoformat(f"{month}-01")
    except ValueError:
        raise Invalid(f"「{month[:20]}」不是月份，请按 2025-03 的写法填写。", "month") from None
