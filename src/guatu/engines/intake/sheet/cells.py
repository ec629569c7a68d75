"""One raw cell → its typed value, by the type of its column."""

import re
from decimal import Decimal
from typing import NamedTuple

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from guatu.engines.intake.sheet import dates, money
from guatu.engines.intake.sheet.grid import Fault, Measured, Raw, plain, show
from guatu.engines.intake.sheet.model import NOT_CONVERTED, Cell
from guatu.engines.intake.sheet.money import Problem, is_empty, narrow
from guatu.engines.intake.sheet.vocabulary import Type

_STATED_NOTHING = frozenset({"无", "空"})
"""Empty in a figure or name, a statement (no problem, no note) in running text."""
_PREFIX = re.compile(r"^[\s★☆#＃※*]+")
_MARKS = "★☆#"


class Read(NamedTuple):
    """A cell and, when it cannot be used, why."""

    cell: Cell
    problem: Problem | None


def read_cell(kind: Type, raw: Raw | None, place: str, unit: str | None, year: int | None) -> Read:  # noqa: PLR0911 -- one return for each kind of value
    """Read one cell of a column of type ``kind``, whose unit and year the header or title state."""
    if raw is None:
        return Read(Cell(None, "", place, unit if kind is Type.MONEY else None), None)
    text = show(raw)
    if isinstance(raw, Fault):
        return Read(Cell(None, text, place), Problem(raw.code, _FAULTS[raw.code].format(text)))
    if kind is Type.MONEY:
        amount = money.amount(raw, unit)
        wan = None if amount.wan is None else plain(amount.wan)
        return Read(Cell(wan, text, place, amount.unit, amount.rule), amount.problem)
    if kind is Type.DATE or kind is Type.RANGE:
        when = (dates.moment if kind is Type.DATE else dates.span)(raw, year)
        return Read(Cell(when.iso, text, place, None, when.rule), when.problem)
    if is_empty(text) and not (kind is Type.TEXT and narrow(text) in _STATED_NOTHING):
        return Read(Cell(None, text, place), None)
    if kind is Type.PERCENT or kind is Type.NUMBER:
        return _number(kind, raw, text, place)
    if kind is Type.USCC:
        return _uscc(text, place)
    value: str | None = narrow(text) if kind is Type.PHONE else " ".join(text.split())
    if value and kind is Type.NAME:
        value = strip_prefix(value)
    return Read(Cell(value, text, place), None)


_FAULTS = {
    "formula_without_value": "公式没有计算结果，请在Excel或WPS中打开并保存后再上传",
    "cell_error": "单元格是错误值{}",
}


def strip_prefix(name: str) -> str:
    """Take ★ and # off a project name.

    >>> strip_prefix("★ 示例项目"), strip_prefix("#示例")
    ('示例项目', '示例')
    """
    return _PREFIX.sub("", name).strip() or name.strip()


def prefix_mark(name: str) -> str | None:
    """Give the ★ or # in front of a name."""
    head = narrow(name)[:1]
    return head if head and head in _MARKS else None


def same_name(name: str) -> str:
    """Reduce a name to what decides whether two rows mean the same project.

    >>> same_name("示例（一期） 项目") == same_name("★示例(一期)项目")
    True
    """
    return re.sub(r"[\s“”\"'‘’·.,，。、]", "", strip_prefix(narrow(name))).lower()


def _number(kind: Type, raw: Raw, text: str, place: str) -> Read:
    percent = kind is Type.PERCENT
    if isinstance(raw, Measured):
        number = raw.number * 100 if raw.unit == "%" else raw.number
        return Read(Cell(plain(number), text, place, raw.unit), None)
    if isinstance(raw, Decimal):
        return Read(Cell(plain(raw), text, place, "%" if percent else None), None)
    match = re.fullmatch(
        r"([-+]?\d[\d,]*(?:\.\d+)?|\.\d+)(%|亩|人|户|个|家|倍|平方米)?", narrow(text)
    )
    if not match:
        return Read(Cell(None, text, place, None, f"文字，{NOT_CONVERTED}"), None)
    number = Decimal(match.group(1).replace(",", ""))
    return Read(
        Cell(plain(number), text, place, match.group(2) or ("%" if percent else None)), None
    )


def _uscc(text: str, place: str) -> Read:
    code = narrow(text).upper().lstrip("'")
    try:
        return Read(Cell(uscc.validate(code), text, place), None)
    except ValidationError:
        message = f"“{code[:20]}”不符合GB 32100-2015（应为18位且校验码正确）"
        return Read(Cell(None, text, place), Problem("bad_uscc", message))
