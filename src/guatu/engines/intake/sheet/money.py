"""Amounts and their units → exact decimals in 万元."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from guatu.engines.intake.sheet.grid import Measured, Raw, plain, show

WAN_PER_UNIT = {
    "元": Decimal("0.0001"),
    "千元": Decimal("0.1"),
    "万": Decimal(1),
    "万元": Decimal(1),
    "百万": Decimal(100),
    "百万元": Decimal(100),
    "千万": Decimal(1000),
    "千万元": Decimal(1000),
    "亿": Decimal(10_000),
    "亿元": Decimal(10_000),
}
"""万元 in one of each unit.  Foreign money is absent: it needs a rate, which the file has not."""

_RENMINBI = re.compile(r"^(?:人民币|RMB|CNY|¥|￥)|(?:人民币|整)$", re.IGNORECASE)
_ABOUT = re.compile(r"^(?:约|大约|近|超|超过|逾|不低于|预计)|(?:左右|以上|余)$")
_UNIT = r"百万元|千万元|亿元|万元|千元|百万|千万|亿|万|元"
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_AMOUNT = re.compile(rf"([-+]?)({_NUMBER})({_UNIT})?(?:({_NUMBER})({_UNIT}))?")
_FOREIGN = re.compile(rf"[-+]?(?:{_NUMBER})?(\D{{1,8}})")
_BRACKETED = re.compile(r"\(((?:" + _NUMBER + r"))\)")
_MONEY_WORD = re.compile(r"元|圆|美金|美刀|港币|欧|镑|USD|EUR|HKD|JPY|RMB", re.IGNORECASE)

EMPTY = frozenset({"", "/", "\\", "-", "--", "---", "—", "——", "–", "*", "**", "***", "****", "无",
                   "N/A", "n/a", "NA", "null", "NULL", "未填", "空", "／"})  # fmt: skip
"""Spellings of nothing seen in real ledgers; 无 is a statement in text columns, see `is_empty`."""

_LONGEST_EMPTY_WORD = 4
_SYMBOLS = frozenset("*-—–_/.…·")

LARGEST_WAN = Decimal(100_000_000)
"""1 万亿元: no district holds a project above it, so the unit must be wrong."""
_SCALE = Decimal("0.000001")


class Problem(NamedTuple):
    """Why a cell cannot be used, as a code and the end of a sentence."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in 万元, the unit it was written in, and how it got here."""

    wan: Decimal | None
    unit: str | None = None
    rule: str | None = None
    problem: Problem | None = None


INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
"""Control, direction and zero-width characters: unseen by the reader, so no part of any value."""


def narrow(text: str) -> str:
    """Fold full-width forms and drop white space.

    >>> narrow("１，２００　万元")
    '1,200万元'
    """
    if text.isascii():
        return "".join(text.split())
    return _narrow_short(text) if len(text) <= _REMEMBERED else _narrow(text)


def _narrow(text: str) -> str:
    return "".join(INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).split())


_REMEMBERED = 32
_narrow_short = lru_cache(maxsize=8192)(_narrow)


def is_empty(text: str) -> bool:
    """Whether a cell says nothing, in any of the usual spellings."""
    if len(text) > _LONGEST_EMPTY_WORD and text[0].isalnum():
        return False
    bare = narrow(text)
    return bare in EMPTY or set(bare) <= _SYMBOLS


def unit_of(text: str) -> str | None:
    """Find the money unit a text names: known, or foreign and left for a person.

    >>> unit_of("金额单位:万元"), unit_of("万美元"), unit_of("亩"), unit_of("亿元")
    ('万元', '万美元', None, '亿元')
    """
    bare = _RENMINBI.sub("", re.sub(r"^.*?[:：]", "", narrow(text)))
    for part in re.split(r"[,，、;；/()（）]", bare):
        if part in WAN_PER_UNIT:
            return part if part.endswith("元") else f"{part}元"
        if _MONEY_WORD.search(part):
            return part
    return None


def amount(value: Raw, unit: str | None) -> Amount:  # noqa: PLR0911 -- one return for each kind of value
    """Read one money cell; ``unit`` is the column's, a unit inside the cell wins.

    >>> amount("1.2亿元", "万元").wan
    Decimal('12000.0')
    >>> amount(Decimal("1200"), "元").wan, amount("1亿2000万元", None).wan
    (Decimal('0.1200'), Decimal('12000'))
    """
    if isinstance(value, Measured):
        if value.unit == "%":
            return Amount(None, "%", None, Problem("not_a_number", "是百分比，不是金额"))
        return _scaled(value.number, value.unit, f"单元格格式写明{value.unit}")
    if isinstance(value, Decimal):
        return _scaled(value, unit, None)
    text = narrow(show(value))
    if is_empty(text):
        return Amount(None, unit)
    bare = _RENMINBI.sub("", _RENMINBI.sub("", text))
    bare, about = _ABOUT.subn("", bare)
    rule = "约数" if about else None
    bare = _BRACKETED.sub(r"-\1", bare) if _BRACKETED.fullmatch(bare) else bare
    match = _AMOUNT.fullmatch(bare)
    if match:
        return _spelled(match, unit, rule)
    foreign = _FOREIGN.fullmatch(bare)
    if foreign and _MONEY_WORD.search(foreign.group(1)):
        written = foreign.group(1)
        return Amount(None, written, None, _unknown(written))
    return Amount(None, unit, None, Problem("not_a_number", f"“{_short(text)}”不是金额"))


def _spelled(match: re.Match[str], unit: str | None, rule: str | None) -> Amount:
    sign, first, first_unit, second, second_unit = match.groups()
    number = Decimal(first.replace(",", ""))
    if second:
        if not first_unit or WAN_PER_UNIT[second_unit] >= WAN_PER_UNIT[first_unit]:
            return Amount(None, unit, None, Problem("not_a_number", f"“{match[0]}”不是金额"))
        wan = number * WAN_PER_UNIT[first_unit]
        number = wan + Decimal(second.replace(",", "")) * WAN_PER_UNIT[second_unit]
        return _scaled(-number if sign == "-" else number, "万元", rule or "亿万连写")
    if first_unit:
        written = first_unit if first_unit.endswith("元") else f"{first_unit}元"
        rule = rule or f"单元格写明{written}"
        return _scaled(-number if sign == "-" else number, written, rule)
    return _scaled(-number if sign == "-" else number, unit, rule)


def _scaled(number: Decimal, unit: str | None, rule: str | None) -> Amount:
    if unit is None:
        return Amount(None, None, None, Problem("unknown_unit", "没有写明金额单位"))
    factor = WAN_PER_UNIT.get(unit)
    if factor is None:
        return Amount(None, unit, None, _unknown(unit))
    wan = number * factor
    if factor != 1:
        step = f"{unit}×{plain(factor)}" if factor > 1 else f"{unit}÷{plain(1 / factor)}"
        rule = f"{rule}，{step}" if rule else step
    exponent = wan.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -6:  # noqa: PLR2004 -- the ledger keeps six decimals of 万元
        rounded = wan.quantize(_SCALE)
        if rounded != wan:
            rule = f"{rule}，四舍六入到6位小数" if rule else "四舍六入到6位小数"
        wan = rounded
    if wan < 0:
        return Amount(None, unit, rule, Problem("negative", f"金额是负数（{plain(number)}{unit}）"))
    if wan > LARGEST_WAN:
        message = f"折合{plain(wan)}万元，超过1万亿元，疑为单位写错"
        return Amount(None, unit, rule, Problem("absurd", message))
    return Amount(wan, unit, rule)


def _unknown(unit: str) -> Problem:
    if re.search(r"美|港|欧|英|日|澳|USD|EUR|HKD|JPY", unit, re.IGNORECASE):
        message = f"单位“{_short(unit)}”是外币，需要给出汇率才能折成万元"
        return Problem("unknown_unit", message)
    return Problem("unknown_unit", f"不认识的金额单位“{_short(unit)}”")


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


_SHOWN = 30
