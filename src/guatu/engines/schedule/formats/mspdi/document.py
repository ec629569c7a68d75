"""The XML of a project file as foreign input: bounded, without entities, each value checked.

Elements keep their local names; the namespace of Microsoft Project is optional on the way in.
"""

import io
import math
import re
from collections.abc import Iterator
from datetime import date
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from guatu.engines.calendars import FIRST_YEAR, LAST_YEAR
from guatu.engines.schedule.formats.mspdi.codes import MINUTES_PER_ELAPSED_DAY
from guatu.engines.schedule.network import BadNetwork

LARGEST = 32 * 1024 * 1024
"""Bytes of a file; a plan of ten thousand tasks has about fifteen million."""
MOST_ELEMENTS = 1_500_000
DEEPEST = 24
HEAVY = frozenset({"TimephasedData", "OutlineCode", "Hyperlink"})
"""Parts that are not read; what is in them is dropped as soon as it is parsed."""

_WHOLE = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,15})?")
_DAY = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})?)?"
)
_DURATION = re.compile(
    r"(-?)P(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:\.\d+)?S)?)?"
)


def parsed(data: bytes) -> Element:
    """Parse the file and return its Project element; BadNetwork when it is not one."""
    if len(data) > LARGEST:
        raise BadNetwork(f"文件有{len(data) // 1024 // 1024}MB，超过{LARGEST // 1024 // 1024}MB。")
    root: Element | None = None
    try:
        for element in _completed(data):
            root = element
    except BadNetwork:
        raise
    except DefusedXmlException:
        raise BadNetwork("文件里有DTD或实体定义，不是Project导出的XML，拒绝读取。") from None
    except ParseError as bad:
        line, column = bad.position
        raise BadNetwork(f"文件不是完整的XML：第{line}行第{column + 1}列读不下去。") from None
    except (ValueError, LookupError):
        raise BadNetwork("文件的编码读不出来，请另存为UTF-8编码的XML。") from None
    if root is None or root.tag != "Project":
        found = "" if root is None else f"（根元素是“{root.tag[:40]}”）"
        raise BadNetwork(f"文件不是Microsoft Project的XML{found}。")
    return root


def _completed(data: bytes) -> Iterator[Element]:
    """Yield elements as they end, the root last, while counting them and their depth."""
    depth = count = 0
    for event, element in iterparse(io.BytesIO(data), events=("start", "end"), forbid_dtd=True):
        if event == "start":
            depth, count = depth + 1, count + 1
            if depth > DEEPEST:
                raise BadNetwork(f"文件的元素嵌套超过{DEEPEST}层，不是Project导出的XML。")
            if count > MOST_ELEMENTS:
                raise BadNetwork(f"文件超过{MOST_ELEMENTS}个元素，请拆分后再导入。")
            element.tag = element.tag.rpartition("}")[2]
            continue
        depth -= 1
        if element.tag in HEAVY:
            element.clear()
        yield element


WORDS = {
    "ActualFinish": "实际完成日期",
    "ActualStart": "实际开始日期",
    "CalendarUID": "日历编号",
    "BaseCalendarUID": "基准日历编号",
    "ConstraintDate": "限制日期",
    "ConstraintType": "限制类型",
    "DayType": "星期几",
    "Deadline": "期限",
    "Duration": "工期",
    "DurationFormat": "工期单位",
    "Finish": "完成日期",
    "FinishDate": "完成日期",
    "FromDate": "起始日期",
    "LagFormat": "间隔单位",
    "LinkLag": "间隔",
    "MaxUnits": "最大单位",
    "MinutesPerDay": "每日工时",
    "Number": "序号",
    "OutlineLevel": "大纲级别",
    "PercentComplete": "完成百分比",
    "PredecessorUID": "前置任务编号",
    "RemainingDuration": "剩余工期",
    "ResourceUID": "资源编号",
    "Start": "开始日期",
    "StartDate": "开始日期",
    "StatusDate": "状态日期",
    "TaskUID": "任务编号",
    "ToDate": "结束日期",
    "Type": "类型",
    "UID": "编号",
    "Units": "单位",
}
"""What Project's own Chinese pages call the elements that messages name."""


def called(name: str) -> str:
    """Return what people call an element of the file; its own name where they have none."""
    return WORDS.get(name, name)


def text(element: Element, name: str) -> str:
    """Return the text of a child without outer blanks, empty when there is none."""
    return (element.findtext(name) or "").strip()


def verbatim(element: Element, name: str) -> str:
    """Return the text of a child as it stands."""
    return element.findtext(name) or ""


def number(element: Element, name: str, where: str) -> float | None:
    """Return a child's number, None when absent."""
    value = text(element, name)
    if not value:
        return None
    if not _WHOLE.fullmatch(value):
        raise BadNetwork(f"{where}的{called(name)}“{value[:40]}”不是数字。")
    return float(value)


def whole(element: Element, name: str, where: str) -> int | None:
    """Return a child's number, rounded, None when absent."""
    value = number(element, name, where)
    return None if value is None else round(value)


def required(element: Element, name: str, where: str) -> int:
    """Return a child's whole number; BadNetwork when it is absent."""
    value = whole(element, name, where)
    if value is None:
        raise BadNetwork(f"{where}缺少{called(name)}。")
    return value


def flag(element: Element, name: str, *, default: bool = False) -> bool:
    """Return a child's truth value."""
    value = text(element, name).lower()
    return default if not value else value in {"1", "true"}


def any_day(element: Element, name: str, where: str) -> date | None:
    """Return the date of a child's date and time, None when absent or ``NA``."""
    value = text(element, name)
    if not value or value == "NA":
        return None
    try:
        if _DAY.fullmatch(value):
            return date.fromisoformat(value[:10])
    except ValueError:
        pass  # no such day: refused like any other text
    raise BadNetwork(f"{where}的{called(name)}“{value[:40]}”不是日期。")


def day(element: Element, name: str, where: str) -> date | None:
    """Return a date that a plan may use: one inside the table of working days."""
    found = any_day(element, name, where)
    if found is not None and not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise BadNetwork(
            f"{where}的{called(name)}{found}不在日历表的{FIRST_YEAR}—{LAST_YEAR}年之内。"
        )
    return found


def minutes(element: Element, name: str, where: str) -> int | None:
    """Return a duration such as ``PT16H0M0S`` in minutes, seconds rounded up; None when absent."""
    value = text(element, name)
    if not value:
        return None
    found = _DURATION.fullmatch(value)
    if not found:
        raise BadNetwork(f"{where}的{called(name)}“{value[:40]}”读不懂，应如PT16H0M0S（16小时）。")
    sign, days, hours, mins, seconds = found.groups()
    total = int(days or 0) * MINUTES_PER_ELAPSED_DAY + int(hours or 0) * 60 + int(mins or 0)
    total += math.ceil(int(seconds or 0) / 60)
    return -total if sign else total


def in_days(amount: float, per_day: float) -> int:
    """Return whole days, a begun one counted whole; a negative amount towards zero."""
    return math.ceil(round(amount / per_day, 6))
