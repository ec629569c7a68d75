"""Official papers by GB/T 9704-2012 《党政机关公文格式》: what one says, and how it is laid out."""

from guatu.engines.official.paper import (
    Layout,
    OfficialPaper,
    chinese_day,
    day_beside,
    days_told,
    unprintable,
)

__all__ = ["Layout", "OfficialPaper", "chinese_day", "day_beside", "days_told", "unprintable"]
