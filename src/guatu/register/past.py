"""Reading a past day that somebody asks for."""

import datetime as dt

EARLIEST = dt.date(2020, 1, 1)
"""First day on which the shipped rules hold; no installation has records of before."""


def read_day(text: str, today: dt.date) -> dt.date:
    """Read the day asked for; ValueError carries a sentence for the reader.

    >>> read_day("2025-03-01", dt.date(2025, 3, 18))
    datetime.date(2025, 3, 1)
    """
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        message = f"「{text[:20]}」不是日期。请按 2025-03-01 的写法填写。"
        raise ValueError(message) from None
    if day < EARLIEST:
        message = f"最早可以查看 {EARLIEST}，更早没有记录和规则。"
        raise ValueError(message)
    if day > today:
        message = f"{day} 还没有到，只能查看今天及以前的情况。"
        raise ValueError(message)
    return day
