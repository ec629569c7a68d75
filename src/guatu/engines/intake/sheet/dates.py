"""Dates and date ranges as ledgers write them → ISO 8601, only as precise as written."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from guatu.engines.intake.sheet.grid import Measured, Raw, plain, show
from guatu.engines.intake.sheet.model import NOT_CONVERTED
from guatu.engines.intake.sheet.money import Problem, is_empty, narrow

FIRST_YEAR, LAST_YEAR = 1900, 2100
IN_WORDS = f"文字时间，{NOT_CONVERTED}"
_CENTURY_PIVOT = 70
"""Two-digit years below it belong to this century."""
_SERIALS = range(20_000, 60_000)
"""Serial numbers of 1954–2064: what a date becomes when its format is lost."""


@dataclass(frozen=True, slots=True)
class When:
    """A date or range in ISO 8601, or ``None`` with the reason why not."""

    iso: str | None
    rule: str | None = None
    problem: Problem | None = None


_YEAR = r"(?P<y>\d{4}|\d{2})"
_FULL = re.compile(
    rf"{_YEAR}(?:年|[./-])(?P<m>\d{{1,2}})(?:(?:月|[./-])(?:(?P<d>\d{{1,2}})日?)?)?(?:份)?(?P<tail>底|末|初|中旬|上旬|下旬|中|前)*"
)
_COMPACT = re.compile(r"(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})?")
_YEAR_ONLY = re.compile(r"(?P<y>(?:19|20)\d{2})年?度?")
_YEAR_PART = re.compile(
    rf"{_YEAR}年?(?:度)?(?P<part>年?底|年?末|上半年|下半年|第?[一二三四1-4]季度|Q[1-4])(?:前|之前)?"
)
_MONTH_ONLY = re.compile(
    r"(?P<m>\d{1,2})月份?(?:(?P<d>\d{1,2})日?)?(?P<tail>底|末|初|中旬|上旬|下旬|前)*"
)
_TIME = re.compile(r"[T ]?\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")
_PARTS = {"上半年": 6, "下半年": 12}
_QUARTERS = {"一": 3, "1": 3, "二": 6, "2": 6, "三": 9, "3": 9, "四": 12, "4": 12}
_STRONG = re.compile(
    r"——|--|—|–|―|~|至|到|(?<=\d)一(?=\d)|(?<=月)一(?=\d)|(?<=年)一(?=\d)|(?<=日)一(?=\d)"
)
_VERB = re.compile(
    r"(?:已|拟|计划|预计|力争|争取|确保)?(?:开工|竣工|完工|建成|投产|达产|完成|交付|签约|开业|通车)$"
)
_ORIGIN = datetime(1899, 12, 30)  # noqa: DTZ001 -- a spreadsheet date has no zone


def moment(value: Raw, year: int | None = None) -> When:
    """Read one date cell; ``year`` is what header or title say when the cell has none.

    >>> moment("2025年3月5日").iso, moment("2025.3").iso, moment("25年3月").iso
    ('2025-03-05', '2025-03', '2025-03')
    >>> moment("2025-02-30").problem.code, moment("年底前投产").iso
    ('impossible_date', None)
    """
    if isinstance(value, datetime | date):
        return _real(value)
    if isinstance(value, Measured):
        value = value.number
    if isinstance(value, Decimal):
        return _number(value)
    text = narrow(show(value))
    if is_empty(text):
        return When(None)
    return _text(text, year)


def span(value: Raw, year: int | None = None) -> When:
    """Read one cell that names a beginning and an end.

    >>> span("2022-11—2025").iso, span("09.10-11.3").iso, span("2025年3月—12月").iso
    ('2022-11/2025', '2009-10/2011-03', '2025-03/2025-12')
    """
    if not isinstance(value, str):
        single = moment(value, year)
        return _single(single)
    text = narrow(value)
    return When(None) if is_empty(text) else _text_span(text, year)


@lru_cache(maxsize=4096)
def _text_span(text: str, year: int | None) -> When:
    halves = _halves(text)
    if halves is None:
        return _single(_text(text, year))
    begin = _text(halves[0], year)
    began = int(begin.iso[:4]) if begin.iso else year
    end = _text(halves[1], began)
    problem = begin.problem or end.problem
    if problem:
        return When(None, None, problem)
    if begin.iso is None and end.iso is None:
        return When(None, IN_WORDS)
    if begin.iso and end.iso and _last_day(end.iso) < _first_day(begin.iso):
        return When(None, None, Problem("range_reversed", f"“{text}”的结束早于开始"))
    rules = [rule for rule in (begin.rule, end.rule) if rule and rule != IN_WORDS]
    return When(f"{begin.iso or '..'}/{end.iso or '..'}", rules[0] if rules else None)


def _real(value: date) -> When:
    day = value.date() if isinstance(value, datetime) else value
    return _checked(str(day.year), str(day.month), str(day.day), day.isoformat(), None)


def _number(number: Decimal) -> When:  # noqa: PLR0911 -- one return for each kind of value
    """Excel keeps 2025.10 as 2025.1, so a bare 2025.1 may be January or October."""
    text = plain(number)
    if number == number.to_integral_value():
        whole = int(number)
        if FIRST_YEAR <= whole <= LAST_YEAR:
            return When(f"{whole:04d}")
        if whole in _SERIALS:
            day = (_ORIGIN + timedelta(days=whole)).date()
            return When(day.isoformat(), "Excel日期序号")
        compact = _COMPACT.fullmatch(text)
        if compact:
            return _checked(compact["y"], compact["m"], compact["d"], text, None)
    elif re.fullmatch(r"(19|20)\d{2}\.\d{1,2}", text):
        year, _, month = text.partition(".")
        if month == "1":
            message = f"“{text}”可能是1月也可能是10月，请写成{year}-01或{year}-10"
            return When(None, None, Problem("ambiguous_date", message))
        return _checked(year, month, None, text, None)
    elif int(number) in _SERIALS:
        return When((_ORIGIN + timedelta(days=int(number))).date().isoformat(), "Excel日期序号")
    return When(None, None, Problem("impossible_date", f"“{text}”不是日期"))


@lru_cache(maxsize=4096)
def _text(text: str, year: int | None) -> When:
    bare = _VERB.sub("", _TIME.sub("", text)).rstrip("。,，;；")
    for pattern in (_COMPACT, _FULL):
        match = pattern.fullmatch(bare)
        if match:
            return _checked(match["y"], match["m"], match["d"], text, None)
    match = _YEAR_ONLY.fullmatch(bare)
    if match:
        return _checked(match["y"], None, None, text, None)
    match = _YEAR_PART.fullmatch(bare)
    if match:
        return _part(match, text)
    match = _MONTH_ONLY.fullmatch(bare)
    if match and year is not None:
        return _checked(str(year), match["m"], match["d"], text, f"年份按{year}年")
    return When(None, IN_WORDS)


def _part(match: re.Match[str], text: str) -> When:
    part = match["part"]
    if part in _PARTS:
        month, rule = _PARTS[part], f"{part}按{_PARTS[part]}月"
    elif "季" in part or part.startswith("Q"):
        month = _QUARTERS[part.strip("第季度Q")]
        rule = f"季度按末月{month}月"
    else:
        month, rule = 12, "年底按12月"
    return _checked(match["y"], str(month), None, text, rule)


def _checked(year: str, month: str | None, day: str | None, text: str, rule: str | None) -> When:
    number = int(year)
    if len(year) == 2:  # noqa: PLR2004 -- a two-digit year
        number += 2000 if number < _CENTURY_PIVOT else 1900
        rule = rule or "两位年份"
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    wrong = When(None, None, Problem("impossible_date", f"日期“{shown}”不存在"))
    if not FIRST_YEAR <= number <= LAST_YEAR:
        return wrong
    if month is None:
        return When(f"{number:04d}", rule)
    if not 1 <= int(month) <= 12:  # noqa: PLR2004 -- months of a year
        return wrong
    if day is None:
        return When(f"{number:04d}-{int(month):02d}", rule)
    if not 1 <= int(day) <= calendar.monthrange(number, int(month))[1]:
        return wrong
    return When(f"{number:04d}-{int(month):02d}-{int(day):02d}", rule)


_SHOWN = 20


def _halves(text: str) -> tuple[str, str] | None:
    """Divide a range; a hyphen may also stand inside a date, so it is tried last."""
    parts = _STRONG.split(text)
    if len(parts) == 2 and all(parts):  # noqa: PLR2004 -- a beginning and an end
        return parts[0], parts[1]
    pieces = text.split("-")
    if len(pieces) == 2:  # noqa: PLR2004 -- one hyphen
        left, right = pieces
        is_month = re.fullmatch(r"(19|20)\d{2}", left) and re.fullmatch(r"0?[1-9]|1[0-2]", right)
        return None if is_month or not left or not right else (left, right)
    middle = len(pieces) // 2
    if len(pieces) in {4, 6}:
        return "-".join(pieces[:middle]), "-".join(pieces[middle:])
    if len(pieces) == 3 and re.fullmatch(r"(19|20)\d{2}年?", pieces[2]):  # noqa: PLR2004 -- 2022-11-2025
        return "-".join(pieces[:2]), pieces[2]
    if len(pieces) == 3 and re.fullmatch(r"(19|20)\d{2}", pieces[1]) and len(pieces[0]) == 4:  # noqa: PLR2004 -- 2022-2025-11
        return pieces[0], "-".join(pieces[1:])
    return None


def _single(when: When) -> When:
    """A lone year is the whole span; anything finer is its beginning."""
    if when.iso is None:
        return when
    if len(when.iso) == 4:  # noqa: PLR2004 -- a year
        return When(f"{when.iso}/{when.iso}", when.rule)
    return When(f"{when.iso}/..", when.rule or "只有开始时间")


def _first_day(iso: str) -> str:
    return iso + "-01-01"[len(iso) - 4 :]


def _last_day(iso: str) -> str:
    return iso + "-12-31"[len(iso) - 4 :]
