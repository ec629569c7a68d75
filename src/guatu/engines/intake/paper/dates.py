"""Dates and deadlines a paper states, resolved against its plan year, never the clock."""

import re
from calendar import monthrange
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_DATE = re.compile(
    rf"(?<!\d)(?:(?P<year>20\d\d)年)?(?P<month>{_MONTH})月(?P<day>{_DAY})[日号](?P<before>前|之前|以前)?"
    rf"|(?<![\d第])(?:(?P<y2>20\d\d)年|(?P<this>今年|当年|本年))?(?P<m2>{_MONTH})月(?P<mend>底|末|份)?"
    rf"(?P<mbefore>前|之前|以前)?(?!\d)"
    rf"|(?:(?P<y3>20\d\d)年|(?P<t3>今年|当年|本年))?(?P<period>年内|全年|年底前?|年末|上半年|下半年|年中|"
    rf"[一二三四1-4]季度(?:末|底|前)?|首季|前三季度|开门红|双过半)"
    rf"|(?<!\d)(?P<y4>20\d\d)年(?P<ybefore>底前?|末|前|内)?"
)
_PERIOD_END = {
    "年内": (12, 31), "全年": (12, 31), "年底": (12, 31), "年底前": (12, 31), "年末": (12, 31),
    "上半年": (6, 30), "年中": (6, 30), "双过半": (6, 30), "下半年": (12, 31), "前三季度": (9, 30),
    "首季": (3, 31), "开门红": (3, 31),
}  # fmt: skip
_QUARTER_END = ((3, 31), (6, 30), (9, 30), (12, 31))
_YEAR_IS = re.compile(r"(20\d\d)年[，,]?是")
_YEAR_PLAN = re.compile(
    r"(20\d\d)年(?:度)?(?:(?:经济社会)?发展)?(?:主要|重点|总体|工作|政府|全区|全市|全县|全省)*"
    r"(?:工作|任务|目标|安排|计划|要点|攻坚|建议|预期)"
)
_DATELINE = re.compile(r"(20\d\d)[年\-/.](?:1[0-2]|0?[1-9])[月\-/.](?:3[01]|[12]\d|0?[1-9])日?")


@dataclass(frozen=True, slots=True)
class Moment:
    """A date or deadline at ``start:end``; ``day`` is ISO, whole or ``YYYY[-MM]``, or ``None``."""

    start: int
    end: int
    deadline: bool
    day: str | None


def plan_year(text: str) -> int | None:
    """The year the paper plans: what it says it is, else its dateline, else its only year."""
    for expression in (_YEAR_IS, _YEAR_PLAN):
        named = Counter(match.group(1) for match in expression.finditer(text))
        if named:
            most = max(named.values())
            return max(int(year) for year, count in named.items() if count == most)
    lines = [line for line in text.splitlines() if line.strip()]
    for line in (*reversed(lines[-3:]), *lines[:3]):
        match = _DATELINE.search(line)
        if match:
            return int(match.group(1))
    years = set(re.findall(r"(?<!\d)(20\d\d)年", text))
    return int(years.pop()) if len(years) == 1 else None


def moments(text: str, year: int | None) -> Iterator[Moment]:
    """Find every date and deadline, in order."""
    for match in _DATE.finditer(text):
        moment = _resolve(match, year)
        if moment is not None:
            yield moment


def _resolve(match: re.Match[str], year: int | None) -> Moment | None:
    start, end = match.span()
    if match["day"]:
        own = int(match["year"]) if match["year"] else year
        exact = _iso(own, _number(match["month"]), int(match["day"]))
        return Moment(start, end, bool(match["before"]), exact)
    if match["m2"]:
        own = int(match["y2"]) if match["y2"] else year
        month = _number(match["m2"])
        deadline = bool(match["mend"] in {"底", "末"} or match["mbefore"])
        if not deadline:
            return Moment(start, end, False, (own and f"{own}-{month:02d}") or None)
        if match["mbefore"] and not match["mend"]:
            month -= 1
            own, month = (own - 1 if own else None, 12) if month == 0 else (own, month)
        return Moment(start, end, True, _iso(own, month, None))
    if match["period"]:
        own = int(match["y3"]) if match["y3"] else year
        month, day = _period(match["period"])
        return Moment(start, end, True, _iso(own, month, day))
    own = int(match["y4"])
    before = match["ybefore"]
    if before == "前":
        own -= 1
    return Moment(start, end, bool(before), f"{own}-12-31" if before else str(own))


def _period(word: str) -> tuple[int, int]:
    if "季度" in word and word[0] != "前":
        return _QUARTER_END[_number(word[0]) - 1]
    return _PERIOD_END[word]


def _iso(year: int | None, month: int, day: int | None) -> str | None:
    """A whole day, the last of the month when none is given; ``None`` for an impossible one."""
    if year is None:
        return None
    try:
        return date(year, month, day or monthrange(year, month)[1]).isoformat()
    except ValueError:
        return None


def _number(text: str) -> int:
    if text.isdecimal():
        return int(text)
    if text.startswith("十"):
        return 10 + (_DIGITS[text[1]] if len(text) > 1 else 0)
    return _DIGITS[text]
