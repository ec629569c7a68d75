"""The year and months a header names: 2010年1-7月完成投资 is a figure of 2010-01/2010-07."""

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from guatu.engines.intake.sheet.money import narrow


class Reach(Enum):
    """What stretch of time a header covers."""

    UPTO = "upto"
    MONTHS = "months"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time, and ``rest``: the header with the words of time taken out.

    ``label`` is ISO 8601: ``../2009``, ``2010-01/2010-07``, ``2010-08``, ``2010``; ``--08`` when
    the year is not known.
    """

    label: str
    reach: Reach
    rest: str


_DASH = r"[-—–―~至到一]"
_YEAR = re.compile(r"(?P<y>(?:19|20)\d{2})年?度?")
_PATTERNS: tuple[tuple[Reach, re.Pattern[str]], ...] = (
    (Reach.UPTO, re.compile(r"(?:截至|截止|至)(?P<y>\d{4})年?年?(?P<m>\d{1,2})月(?:份|底|末)?")),
    (Reach.UPTO, re.compile(r"(?:开工至|截至|截止|至)?(?P<y>\d{4})年?年?(?:底|末)(?:前)?")),
    (
        Reach.MONTHS,
        re.compile(rf"(?:(?P<y>\d{{4}})年)?(?P<m>\d{{1,2}})月?{_DASH}(?P<n>\d{{1,2}})月(?:份)?"),
    ),
    (Reach.MONTH, re.compile(r"(?:(?P<y>\d{4})年)?(?P<m>\d{1,2})月(?:份)?")),
    (Reach.YEAR, _YEAR),
)


@lru_cache(maxsize=2048)
def period_of(header: str, year: int | None = None) -> Period | None:
    """Find the period in a header; ``year`` is what the title says when the header has none.

    >>> period_of("2010年1-7月完成投资")
    Period(label='2010-01/2010-07', reach=<Reach.MONTHS: 'months'>, rest='完成投资')
    >>> period_of("至2009年底累计完成投资").label, period_of("1－5月", 2025).label
    ('../2009', '2025-01/2025-05')
    >>> period_of("8月形象进度").label, period_of("2026计划投资").rest
    ('--08', '计划投资')
    """
    text = narrow(header)
    for reach, pattern in _PATTERNS:
        match = pattern.search(text)
        if not match:
            continue
        parts = match.groupdict()
        rest = text[: match.start()] + text[match.end() :]
        named = _YEAR.search(rest) if parts["y"] is None else None
        if named:
            parts["y"] = named["y"]
            rest = rest[: named.start()] + rest[named.end() :]
        label = _label(reach, parts, year)
        if label:
            return Period(label, reach, rest.strip("/"))
    return None


def _label(reach: Reach, parts: dict[str, str | None], year: int | None) -> str | None:
    said = parts.get("y")
    prefix = said or (str(year) if year else "-")
    months = [int(m) for m in (parts.get("m"), parts.get("n")) if m]
    if any(not 1 <= month <= 12 for month in months):  # noqa: PLR2004 -- months of a year
        return None
    if reach is Reach.MONTHS:
        low, high = months
        return f"{prefix}-{low:02d}/{prefix}-{high:02d}" if low <= high else None
    if reach is Reach.MONTH:
        return f"{prefix}-{months[0]:02d}"
    label = f"{said}-{months[0]:02d}" if months else f"{said}"
    return f"../{label}" if reach is Reach.UPTO else label


def year_in(text: str) -> int | None:
    """The one year a title names, or ``None`` when it names none or several.

    >>> year_in("二道区2025年重点项目台账"), year_in("2024—2025年"), year_in("台账")
    (2025, None, None)
    """
    years = set(re.findall(r"(?<!\d)((?:19|20)\d{2})(?=年|度|\D|$)", narrow(text)))
    return int(years.pop()) if len(years) == 1 else None
