"""The columns of a plan's workbook: what stands in them, and which are only shown."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from guatu.engines.exports import ExportColumn, Value
from guatu.engines.schedule.back import ActivityDates
from guatu.engines.schedule.formats.table import words
from guatu.engines.schedule.network import Activity

ACTIVITIES, CALENDARS, RESOURCES, PLAN = "活动", "日历", "资源", "计划"
NUMBER, PREDECESSORS, DEADLINE, STAGE = "序号", "前置任务", "期限", "阶段"
KEY, NAME, DURATION, CALENDAR = "编号", "名称", "工期", "日历"
STATUS_DATE = "状态日期"
BASES = {"国家工作日": "china", "每天": "every-day"}


@dataclass(frozen=True, slots=True)
class Entered:
    """A column a person fills in, and how an activity fills it."""

    column: ExportColumn
    value: Callable[[Activity], Value]


@dataclass(frozen=True, slots=True)
class Shown:
    """A column of computed values; nobody reads it back."""

    column: ExportColumn
    value: Callable[[ActivityDates], Value]


def _entered(
    header: str,
    value: Callable[[Activity], Value],
    kind: Literal["text", "number", "date"] = "text",
    width: int = 12,
) -> Entered:
    return Entered(ExportColumn(header, kind, width), value)


def _shown(
    header: str, value: Callable[[ActivityDates], Value], kind: Literal["number", "date", "text"]
) -> Shown:
    return Shown(ExportColumn(header, kind, 12), value)


ENTERED = (
    _entered(KEY, lambda row: row.id, width=16),
    _entered(NAME, lambda row: row.name, width=32),
    _entered("上级", lambda row: row.parent, width=16),
    _entered(DURATION, lambda row: row.duration, "number", 8),
    _entered(CALENDAR, lambda row: row.calendar),
    _entered("可分段", lambda row: words.YES if row.splittable else words.NO, width=8),
    _entered("最短工期", lambda row: row.low, "number", 8),
    _entered("最长工期", lambda row: row.high, "number", 8),
    _entered("变动原因", lambda row: row.cause),
    _entered("有效期", lambda row: row.valid_days, "number", 8),
    _entered("法定时限", lambda row: row.legal_days, "number", 8),
    _entered("承诺时限", lambda row: row.promised_days, "number", 8),
    _entered("不早于", lambda row: row.start_no_earlier, "date"),
    _entered("固定开始", lambda row: row.fixed_start, "date"),
    _entered(
        "允许开始",
        lambda row: (
            None if row.allowed_starts is None else words.days_word(row.allowed_starts) or "无"
        ),
    ),
    _entered("评审会", lambda row: row.meeting or None),
    _entered("实际开始", lambda row: row.actual_start, "date"),
    _entered("实际完成", lambda row: row.actual_finish, "date"),
    _entered("剩余工期", lambda row: row.remaining, "number", 8),
    _entered("资源需要", lambda row: words.needs_word(row.needs), width=16),
    _entered("获准施工", lambda row: words.leave_word(row.leave), width=24),
    _entered("赶工措施", lambda row: words.crash_word(row.crash), width=24),
)
SHOWN = (
    _shown("最早开始", lambda dates: dates.early_start, "date"),
    _shown("最早完成", lambda dates: dates.early_finish, "date"),
    _shown("最迟开始", lambda dates: dates.late_start, "date"),
    _shown("最迟完成", lambda dates: dates.late_finish, "date"),
    _shown("总时差（本行日历）", lambda dates: dates.total_float_own, "number"),
    _shown("总时差（工作日）", lambda dates: dates.total_float_office, "number"),
    _shown("总时差（日历日）", lambda dates: dates.total_float_calendar_days, "number"),
    _shown("自由时差（本行日历）", lambda dates: dates.free_float_own, "number"),
    _shown("自由时差（工作日）", lambda dates: dates.free_float_office, "number"),
    _shown("自由时差（日历日）", lambda dates: dates.free_float_calendar_days, "number"),
    _shown("关键", lambda dates: words.YES if dates.critical else words.NO, "text"),
    _shown("暂定", lambda dates: words.YES if dates.provisional else words.NO, "text"),
)
CALENDAR_COLUMNS = (
    ExportColumn("日历名称", width=16),
    ExportColumn("基础", width=12),
    ExportColumn("停工时段", width=28),
    ExportColumn("另休日期", width=40),
    ExportColumn("另上班日期", width=40),
)
RESOURCE_COLUMNS = (
    ExportColumn("资源名称", width=20),
    ExportColumn("数量", "number", 8),
    ExportColumn("分期数量", width=32),
)
PLAN_COLUMNS = (ExportColumn("项目", width=16), ExportColumn("内容", width=40))
