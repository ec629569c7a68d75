"""How figures, dates and days are written: the one place for all pages and exports.

Functions take plain values and give text. An unknown value is never 0 and never "no": every
function answers :data:`UNREPORTED` for None.
"""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

UNREPORTED = "未报"
UNDATED = "待定"
WAN_PER_YI = Decimal(10_000)
WEEKDAYS = "一二三四五六日"

Number = Decimal | int | float


def number(value: Number | None, places: int = 0) -> str:
    """Write a figure with thousands separators and ``places`` decimals.

    >>> number(Decimal("1234567.5"), 1), number(None)
    ('1,234,567.5', '未报')
    """
    if value is None:
        return UNREPORTED
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    rounded = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{rounded:,f}"


def money(amount_wan: Number | None) -> str:
    """Write money given in 万元, in 亿元 from one 亿 up, without trailing zeros.

    >>> money(Decimal("3200")), money(Decimal("125000")), money(Decimal("0.5"))
    ('3,200万元', '12.5亿元', '0.5万元')
    """
    if amount_wan is None:
        return UNREPORTED
    exact = amount_wan if isinstance(amount_wan, Decimal) else Decimal(str(amount_wan))
    if abs(exact) >= WAN_PER_YI:
        return f"{_trimmed(exact / WAN_PER_YI)}亿元"
    return f"{_trimmed(exact)}万元"


def _trimmed(value: Decimal) -> str:
    written = number(value, 2)
    return written.rstrip("0").rstrip(".")


def percent(value: Number | None, places: int = 1) -> str:
    """Write a rate given in percent.

    >>> percent(Decimal("8.04"))
    '8.0%'
    """
    return UNREPORTED if value is None else f"{number(value, places)}%"


def change(value: Number | None, places: int = 1) -> str:
    """Write a growth rate with its sign; the minus is the typographic one.

    >>> change(8), change(Decimal("-3.25"), 2), change(0)
    ('+8.0%', '−3.25%', '0.0%')
    """
    if value is None:
        return UNREPORTED
    sign = "+" if value > 0 else "−" if value < 0 else ""
    size: Number = -value if value < 0 else value
    return f"{sign}{percent(size, places)}"


def year_on_year(value: Number | None) -> str:
    """Write a growth against the same period of last year.

    >>> year_on_year(6)
    '同比 +6.0%'
    """
    return f"同比 {change(value)}"


def month_on_month(value: Number | None) -> str:
    """Write a growth against the period before.

    >>> month_on_month(None)
    '环比 未报'
    """
    return f"环比 {change(value)}"


def with_unknown(total: Number | None, unknown: int, places: int = 0) -> str:
    """Write a sum and how many rows it could not count.

    >>> with_unknown(120, 3), with_unknown(120, 0), with_unknown(None, 4)
    ('120（含 3 项未报）', '120', '未报（含 4 项未报）')
    """
    note = f"（含 {number(unknown)} 项未报）" if unknown else ""
    return f"{number(total, places)}{note}"


def day(value: dt.date | None, unknown: str = UNREPORTED) -> str:
    """Write a day for tables; moments are shown by their day in the current time zone.

    >>> day(dt.date(2025, 3, 8)), day(None, UNDATED)
    ('2025-03-08', '待定')
    """
    return unknown if value is None else f"{value:%Y-%m-%d}"


def clock(value: dt.time | None, unknown: str = UNREPORTED) -> str:
    """Write a time of day.

    >>> clock(dt.time(9)), clock(dt.time(14, 5)), clock(None, UNDATED)
    ('9:00', '14:05', '待定')
    """
    return unknown if value is None else f"{value.hour}:{value.minute:02d}"


def long_day(value: dt.date | None) -> str:
    """Write a day for sentences.

    >>> long_day(dt.date(2025, 3, 18))
    '2025年3月18日 星期二'
    """
    if value is None:
        return UNREPORTED
    weekday = WEEKDAYS[value.weekday()]
    return f"{value.year}年{value.month}月{value.day}日 星期{weekday}"


def short_day(value: dt.date | None, today: dt.date) -> str:
    """Write a day beside ``today``: the year only where it differs.

    >>> short_day(dt.date(2025, 3, 8), dt.date(2025, 3, 18))
    '3月8日'
    """
    if value is None:
        return UNREPORTED
    year = "" if value.year == today.year else f"{value.year}年"
    return f"{year}{value.month}月{value.day}日"


def week(value: dt.date) -> str:
    """Write the week of a day by its dates first, then its ISO number; weeks start on Monday.

    >>> week(dt.date(2025, 3, 18))
    '3月17日—3月23日（第12周）'
    """
    first = value - dt.timedelta(days=value.weekday())
    last = first + dt.timedelta(days=6)
    iso = value.isocalendar().week
    return f"{first.month}月{first.day}日—{last.month}月{last.day}日（第{iso}周）"


def days_left(days: int | None) -> str:
    """Write the days until something is due; negative ones are overdue.

    >>> days_left(-3), days_left(0), days_left(12), days_left(None)
    ('逾期 3 天', '今天到期', '还有 12 天', '期限待定')
    """
    if days is None:
        return f"期限{UNDATED}"
    if days < 0:
        return f"逾期 {-days} 天"
    return "今天到期" if days == 0 else f"还有 {days} 天"


def due(value: dt.date | None, today: dt.date) -> str:
    """Write a due date with the days it leaves.

    >>> due(dt.date(2025, 3, 15), dt.date(2025, 3, 18))
    '3月15日，逾期 3 天'
    """
    if value is None:
        return f"期限{UNDATED}"
    return f"{short_day(value, today)}，{days_left((value - today).days)}"


def sentences(*parts: str) -> str:
    """Write parts one after the other, each with one full stop; empty ones are left out.

    >>> sentences("应于 3 月 1 日前完成，尚未完成。", "", "请明确赶工措施")
    '应于 3 月 1 日前完成，尚未完成。请明确赶工措施。'
    """
    told = (part.strip().rstrip("。") for part in parts)
    return "".join(f"{part}。" for part in told if part)
