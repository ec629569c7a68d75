"""Checks of single values, in sentences a clerk understands."""

import datetime as dt

from guatu.register.enums import SubjectKind
from guatu.register.errors import Invalid, Stale
from guatu.register.models import Subject
from guatu.register.observations import is_direct

LONGEST = 4_000
EARLIEST = dt.date(2000, 1, 1)
DIRECT = "企业向统计机构直报的数只供统计局使用，不能在此录入、改写，也不进入调度（《统计法》）。"
STALE = "这条记录刚被别人改过。"


def check_firm(subject: Subject) -> None:
    """Refuse what is no enterprise."""
    if subject.kind != SubjectKind.ENTERPRISE:
        raise Invalid("只有企业才有经营数据、服务专员和一企一策。")


def line(text: str, name: str, field: str, most: int, *, needed: bool = True) -> str:
    """Trim a line and check its length; Invalid where it is missing or too long."""
    found = " ".join(text.split())
    if needed and not found:
        raise Invalid(f"请填写{name}。", field)
    if len(found) > most:
        raise Invalid(f"{name}不超过 {most} 字。", field)
    return found


def words(text: str, name: str, field: str, *, needed: bool = True) -> str:
    """Trim a text of several lines and check its length."""
    found = text.strip()
    if needed and not found:
        raise Invalid(f"请填写{name}。", field)
    if len(found) > LONGEST:
        raise Invalid(f"{name}不超过 {LONGEST} 字。", field)
    return found


def past_day(day: dt.date, today: dt.date, name: str, field: str) -> dt.date:
    """Refuse a day still to come or out of all reason."""
    if day > today:
        raise Invalid(f"{name} {day} 晚于业务日期 {today}。", field)
    if day < EARLIEST:
        raise Invalid(f"{name} {day} 过早，请核对年份。", field)
    return day


def not_direct(*texts: str) -> None:
    """Refuse what comes from direct reports to the statistics bureau."""
    if any(is_direct(text) for text in texts):
        raise Invalid(DIRECT, "provider")


def check_revision(revision: int, expected: int | None) -> None:
    """Raise Stale when the page showed another revision."""
    if expected is not None and expected != revision:
        raise Stale(STALE)
