"""What an Excel display format says about the number behind it: a date, or a unit."""

import re
from decimal import Decimal

_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.')
_BRACKETS = re.compile(r"\[[^\]]*\]")
_UNIT = re.compile(r"亿元|万元|%")
_DAY_MARKS = re.compile(r"[yd年日]")
_MONTH = re.compile(r"m{1,5}")

_BUILTIN_DATES = frozenset({*range(14, 18), 22, *range(27, 37), *range(50, 59)})
"""Built-in date formats of ECMA-376 18.8.30, the Chinese ones (27–36, 50–58) included."""
_BUILTIN_PERCENT = frozenset({9, 10})
DATE = "date"


def meaning(number: int, code: str | None) -> str | None:
    """Give ``"date"``, a unit (``%``, 万元, 亿元) or ``None`` for a format number and code.

    >>> meaning(14, None), meaning(164, 'yyyy"年"m"月"'), meaning(10, None)
    ('date', 'date', '%')
    >>> meaning(165, '0.00"万元"'), meaning(2, None), meaning(166, '[Red]#,##0')
    ('万元', None, None)
    """
    if number in _BUILTIN_DATES:
        return DATE
    if number in _BUILTIN_PERCENT:
        return "%"
    if not code:
        return None
    first = code.split(";", 1)[0]
    bare = _LITERAL.sub("", _BRACKETS.sub("", first)).lower()
    if _DAY_MARKS.search(bare) or (_MONTH.search(bare) and not re.search(r"[hs]", bare)):
        return None if "general" in bare else DATE
    unit = _UNIT.search(first)
    # A comma behind the digits divides what is shown by a thousand: the unit is not the cell's.
    scaled = re.search(r"[0#?],+(?![0#?])", bare)
    return unit.group() if unit and not scaled else None


def tidy(number: Decimal) -> Decimal:
    """Keep the 15 digits Excel itself keeps: 0.30000000000000004 is 0.3.

    >>> tidy(Decimal("0.30000000000000004"))
    Decimal('0.3')
    """
    if len(number.as_tuple().digits) <= _EXCEL_DIGITS:
        return number
    return Decimal(f"{number:.{_EXCEL_DIGITS}g}").normalize()


_EXCEL_DIGITS = 15
