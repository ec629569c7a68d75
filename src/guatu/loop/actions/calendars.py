"""Acts on calendars and holiday notices: whatever they touch is computed again at once."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db import transaction

from guatu.loop.enums import CalendarBase
from guatu.loop.lamps import recompute
from guatu.loop.models import Activity, HolidayNotice, WorkCalendar
from guatu.loop.plan.calendars import calendars_on, spec_of
from guatu.loop.plan.command_fields import FIRST_YEAR, LAST_YEAR
from guatu.register.enums import RuleStatus
from guatu.register.errors import Invalid, Stale
from guatu.register.policies import require
from guatu.register.recording import Act, change, change_many, create, create_many

if TYPE_CHECKING:
    from guatu.engines.calendars.day_table import YearNotice

CODE = re.compile(r"[a-z][a-z0-9_-]{0,39}")
NAME_LENGTH, SOURCE_LENGTH = 60, 300
MOST_WINDOWS, MOST_DAYS = 24, 1_000
LARGEST_FILE = 1_000_000
A_YEAR = 366
Window = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a calendar is to be; days ISO, windows MM-DD and inclusive, perhaps over new year."""

    name: str
    stop: Sequence[Window] = ()
    off: Sequence[str] = ()
    work: Sequence[str] = ()
    status: RuleStatus = RuleStatus.PENDING
    source: str = ""


@dataclass(frozen=True)
class YearPreview:
    """What a notice changes for one year: days that become working days, and days off.

    ``statutory``: statutory holidays that would be worked, which no notice orders.
    """

    year: int
    source: str
    provisional: bool
    opened: tuple[dt.date, ...]
    closed: tuple[dt.date, ...]
    statutory: tuple[dt.date, ...] = ()


def add_calendar(
    act: Act, said: Said, *, code: str, base: CalendarBase = CalendarBase.CHINA, reason: str
) -> WorkCalendar:
    """Add a calendar plans can use from now on. Raises Invalid naming what is wrong."""
    require(act.standing, "calendar.change")
    if not CODE.fullmatch(code):
        raise Invalid("代码以小写字母开头，只含小写字母、数字、- 和 _，不超过 40 位。", "code")
    if WorkCalendar.objects.filter(code=code).exists():
        raise Invalid(f"代码「{code}」已用于另一个日历。", "code")
    row = WorkCalendar(code=code, base=base, **_checked(said))
    _check_works(row)
    return create(act.because(checked_reason(reason)), "calendar.add", row)


def change_calendar(
    act: Act,
    calendar: WorkCalendar,
    said: Said,
    *,
    reason: str,
    expected_revision: int | None = None,
) -> int:
    """Change a calendar and compute every plan again; returns how many lamps changed.

    Raises Invalid naming what is wrong, Stale.
    """
    require(act.standing, "calendar.change", calendar)
    if expected_revision is not None and expected_revision != calendar.revision:
        raise Stale("这个日历刚被别人改过。")
    values = _checked(said)
    _check_works(WorkCalendar(code=calendar.code, base=calendar.base, **values))
    act = act.because(checked_reason(reason))
    with transaction.atomic():
        change(act, "calendar.change", calendar, **values)
        return _recompute_all(act)


def preview_notices(content: bytes) -> list[YearPreview]:
    """Read a csv of notices and tell what each year would change; nothing is saved.

    Raises Invalid naming the line.
    """
    import numpy as np  # noqa: PLC0415 -- when first needed

    notices = _read(content)
    table = calendars_on().table
    after = replace(table, notices={**table.notices, **notices})
    found = []
    for year, notice in sorted(notices.items()):
        first = dt.date(year, 1, 1).toordinal()
        count = dt.date(year, 12, 31).toordinal() - first + 1
        was, will = table.working(first, count), after.working(first, count)
        opened, closed = (
            tuple(dt.date.fromordinal(first + int(day)) for day in np.flatnonzero(days))
            for days in (will & ~was, was & ~will)
        )
        worked = after.statutory_worked([year])
        found.append(YearPreview(year, notice.source, notice.provisional, opened, closed, worked))
    return found


def load_notices(
    act: Act, content: bytes, *, reason: str = "", accept_statutory: bool = False
) -> int:
    """Put the notices of a csv in force, each for its whole year, and compute every plan again.

    Returns how many lamps changed. Raises Invalid naming the line, or the statutory holidays that
    would be worked unless ``accept_statutory`` says that they are; then nothing is saved.
    """
    require(act.standing, "calendar.change")
    notices = _read(content)
    table = calendars_on().table
    after = replace(table, notices={**table.notices, **notices})
    worked = after.statutory_worked(notices)
    if worked and not accept_statutory:
        days = "、".join(f"{day.year}年{day.month}月{day.day}日" for day in worked)
        raise Invalid(f"法定节假日会变成上班日：{days}。请核对文件，确属如此的勾选后再确认。")
    have = {row.year: row for row in HolidayNotice.objects.filter(year__in=list(notices))}
    values = {
        year: {
            "days": _days(notice),
            "source": notice.source,
            "provisional": notice.provisional,
        }
        for year, notice in notices.items()
    }
    act = act.because(reason.strip() or "、".join(f"{year} 年放假安排" for year in sorted(notices)))
    with transaction.atomic():
        fresh = [HolidayNotice(year=y, **values[y]) for y in sorted(values) if y not in have]
        create_many(act, "holidays.load", fresh)
        change_many(act, "holidays.load", [(row, values[year]) for year, row in have.items()])
        return _recompute_all(act)


def _recompute_all(act: Act) -> int:
    planned = Activity.objects.filter(duration__isnull=False)
    return recompute(act, planned.values_list("subject_id", flat=True).distinct())


def _read(content: bytes) -> "dict[int, YearNotice]":
    from guatu.engines.calendars.day_table import (  # noqa: PLC0415 -- numpy, when first needed
        BadTable,
        read_notices,
    )

    if len(content) > LARGEST_FILE:
        raise Invalid("文件过大，放假安排一年只有几十行，请核对。", "file")
    try:
        notices = read_notices(content)
    except BadTable as bad:
        where = f"第 {bad.row} 行：" if bad.row else ""
        raise Invalid(f"{where}{bad.message}", "file") from bad
    if not notices:
        raise Invalid("文件里没有一天放假或上班，请核对。", "file")
    for year, notice in notices.items():
        if not notice.source.strip() or len(notice.source) > SOURCE_LENGTH:
            raise Invalid(f"{year} 年缺少来源，或来源超过 {SOURCE_LENGTH} 字。", "file")
    return notices


def _days(notice: "YearNotice") -> list[list[str]]:
    told = [(day, "off") for day in notice.off] + [(day, "work") for day in notice.work]
    return [[dt.date.fromordinal(day).isoformat(), kind] for day, kind in sorted(told)]


def checked_reason(reason: str) -> str:
    """Return the reason of an act that touches every plan; Invalid when there is none."""
    if not reason.strip():
        raise Invalid("日历影响全部计划，请写明理由。", "reason")
    return reason.strip()


def _checked(said: Said) -> dict[str, object]:
    """Columns of the calendar; Invalid names the day or window that cannot be."""
    name, source = said.name.strip(), said.source.strip()
    if not name or len(name) > NAME_LENGTH:
        raise Invalid(f"请填写日历名称，不超过 {NAME_LENGTH} 字。", "name")
    if len(source) > SOURCE_LENGTH:
        raise Invalid(f"来源不超过 {SOURCE_LENGTH} 字。", "source")
    if len(said.stop) > MOST_WINDOWS:
        raise Invalid(f"停工时段不超过 {MOST_WINDOWS} 个。", "stop")
    off, work = checked_dates(said.off, "停工日", "off"), checked_dates(said.work, "加班日", "work")
    both = sorted(set(off) & set(work))
    if both:
        raise Invalid(f"{both[0]} 既停工又加班，请核对。", "work")
    return {
        "name": name,
        "stop": [[_month_day(first), _month_day(last)] for first, last in said.stop],
        "off": off,
        "work": work,
        "status": said.status,
        "source": source,
    }


def checked_dates(days: Iterable[str], what: str, field: str) -> list[str]:
    """Return ISO dates in order; Invalid names the one that is none, in the words of ``what``."""
    found = set()
    for text in days:
        try:
            day = dt.date.fromisoformat(text.strip())
        except ValueError:
            raise Invalid(f"{what}「{text}」写法不对，应如 2026-05-04。", field) from None
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise Invalid(f"{what} {day} 不在 {FIRST_YEAR}—{LAST_YEAR} 年之内。", field)
        found.add(day.isoformat())
    if len(found) > MOST_DAYS:
        raise Invalid(f"{what}不超过 {MOST_DAYS} 天。", field)
    return sorted(found)


def _month_day(text: str) -> str:
    try:
        return f"{dt.date.fromisoformat(f'2000-{text.strip()}'):%m-%d}"
    except ValueError:
        raise Invalid(f"停工时段「{text}」写法不对，应如 11-01。", "stop") from None


def _check_works(row: WorkCalendar) -> None:
    """Refuse a calendar that never works: no plan could end."""
    from guatu.engines.calendars import WorkCalendar as Days  # noqa: PLC0415 -- as above

    days = Days.over(spec_of(row), calendars_on().table, dt.date(2000, 1, 1).toordinal(), A_YEAR)
    if not days.works.any():
        raise Invalid(f"「{row.name}」全年没有一天工作，请核对停工时段。", "stop")
