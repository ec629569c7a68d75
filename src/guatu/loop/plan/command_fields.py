"""The fields commands are made of: how each is checked as it comes in, and read back."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from guatu.loop.enums import LinkType
from guatu.loop.plan.leave import checked_leave
from guatu.register.errors import Invalid
from guatu.register.recording import Json

LONGEST = 36_500
"""Days, a hundred years, as in the engine: more is a slip of the pen."""
FIRST_YEAR, LAST_YEAR = 2020, 2100
"""Years of the engine's day table; days outside cannot be planned."""
KEY_LENGTH = 40
NAME_LENGTH = 120
MOST_NEEDS, MOST_NEEDED = 20, 9_999
"""Resources one piece of work may need, and how many of one."""

T = TypeVar("T")


class Values(dict[str, Any]):
    """The fields of one command as values; what was not given is absent."""


@dataclass(frozen=True)
class Field(Generic[T]):
    """One field: its name to a reader, how it is checked, and the value it stands for."""

    label: str
    check: Callable[[object, "Field[Any]", str], Json]
    value: Callable[[Any], T]
    needed: bool = False

    def kept(self, raw: object, name: str) -> Json:
        """Return the field as it is kept; Invalid says what is wrong with it."""
        return self.check(raw, self, name)

    def required(self) -> "Field[T]":
        """Return the same field where it must be given."""
        return replace(self, needed=True)


def _days(raw: object, field: Field[Any], name: str) -> Json:
    if isinstance(raw, bool) or not isinstance(raw, int) or not 0 <= raw <= LONGEST:
        raise Invalid(f"{field.label}须为 0 到 {LONGEST} 的整数天。", name)
    return raw


def _open_days(raw: object, field: Field[Any], name: str) -> Json:
    return None if raw is None else _days(raw, field, name)


def _lag(raw: object, field: Field[Any], name: str) -> Json:
    if isinstance(raw, bool) or not isinstance(raw, int) or abs(raw) > LONGEST:
        raise Invalid(f"{field.label}须为 -{LONGEST} 到 {LONGEST} 的整数天。", name)
    return raw


def _flag(raw: object, field: Field[Any], name: str) -> Json:
    if not isinstance(raw, bool):
        raise Invalid(f"{field.label}只能是或否。", name)
    return raw


def _text(longest: int) -> Callable[[object, Field[Any], str], Json]:
    def check(raw: object, field: Field[Any], name: str) -> Json:
        if not isinstance(raw, str) or not raw.strip():
            raise Invalid(f"请填写{field.label}。", name)
        text = raw.strip()
        if len(text) > longest or not text.isprintable():
            raise Invalid(f"{field.label}不超过 {longest} 字，且不含控制字符。", name)
        return text

    return check


def _optional_text(longest: int) -> Callable[[object, Field[Any], str], Json]:
    check = _text(longest)
    return lambda raw, field, name: "" if raw in (None, "") else check(raw, field, name)


def _date(raw: object, field: Field[Any], name: str) -> Json:
    if raw is None or raw == "":
        return None
    try:
        day = dt.date.fromisoformat(raw) if isinstance(raw, str) else None
    except ValueError:
        day = None
    if day is None:
        raise Invalid(f"{field.label}写法不对，应如 2026-03-01。", name)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Invalid(f"{field.label} {day} 不在日历表的 {FIRST_YEAR}—{LAST_YEAR} 年之内。", name)
    return day.isoformat()


def _type(raw: object, field: Field[Any], name: str) -> Json:
    if raw not in LinkType.values:
        raise Invalid(f"{field.label}只能是 {'、'.join(LinkType.values)}。", name)
    return str(raw)


def _needs(raw: object, field: Field[Any], name: str) -> Json:
    """Keep what is needed at all, by the code of the resource."""
    if not isinstance(raw, dict) or len(raw) > MOST_NEEDS:
        raise Invalid(f"{field.label}写法不对。", name)
    kept: dict[str, Json] = {}
    for code, number in sorted(raw.items(), key=str):
        whole = isinstance(number, int) and not isinstance(number, bool)
        if not isinstance(code, str) or not whole or not 0 <= number <= MOST_NEEDED:
            raise Invalid(f"{field.label}的数量须为 0 到 {MOST_NEEDED} 的整数。", name)
        if number:
            kept[code] = number
    return kept


def _leave(raw: object, _field: Field[Any], name: str) -> Json:
    return [dict(row) for row in checked_leave(raw, name)]


def _same(value: T) -> T:
    return value


def _day(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)


DAYS: Field[int] = Field("工期", _days, _same, needed=True)
OPEN_DAYS: Field[int | None] = Field("天数", _open_days, _same)
LAG: Field[int] = Field("间隔", _lag, _same)
FLAG: Field[bool] = Field("选项", _flag, _same)
KEY: Field[str] = Field("编号", _text(KEY_LENGTH), _same, needed=True)
OPTIONAL_KEY: Field[str] = Field("编号", _optional_text(KEY_LENGTH), _same)
NAME: Field[str] = Field("名称", _text(NAME_LENGTH), _same)
DATE: Field[dt.date | None] = Field("日期", _date, _day)
LEAVE: Field[list[dict[str, str]]] = Field("获准施工", _leave, _same)
NEEDS: Field[dict[str, int]] = Field("所需资源", _needs, _same)
TYPE: Field[str] = Field("联系类型", _type, _same)
