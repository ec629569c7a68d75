"""`guatu schedule`: plans computed from files, without a database.

The engine is imported by the command that runs it: it pulls in numpy.
"""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from guatu.cli.answers import Answer, existing_file
from guatu.engines.intake import BadInput
from guatu.engines.uncollected import uncollected

if TYPE_CHECKING:
    from guatu.engines.calendars import DayTable
    from guatu.engines.schedule import ActivityDates, BackSchedule, Network


def back(arguments: argparse.Namespace) -> Answer:
    """Schedule a network file backward from its deadlines."""
    from guatu.engines import schedule  # noqa: PLC0415 -- loaded by this command alone

    table = _table(arguments.holidays)
    network = plan_of(arguments.file, table)
    warnings = [*_warnings(table), *_unmet(network)]
    try:
        answer = schedule.back_schedule(network, table)
    except schedule.BadNetwork as bad:
        raise BadInput(str(bad), file=arguments.file) from bad
    told = schedule.as_document(answer) | ({"warnings": warnings} if warnings else {})
    return Answer(told, _as_text(network, answer), warnings=tuple(warnings))


def plan_of(name: str, table: "DayTable | None" = None) -> "Network":
    """Read a plan by its ending: Project's XML, a file that MPXJ reads, else a network in JSON.

    BadInput with the engine's sentence; where the extra for .mpp is missing it says so.
    """
    from guatu.engines import schedule  # noqa: PLC0415 -- as above
    from guatu.engines.schedule.formats import mpp, mspdi  # noqa: PLC0415 -- as above

    kind = Path(name).suffix.lower().removeprefix(".")
    try:
        if kind == "xml":
            return mspdi.read_mspdi(existing_file(name).read_bytes(), table)
        if kind in mpp.KINDS:
            return mpp.read_mpp(existing_file(name), table)
        with uncollected():
            return schedule.network_from(json_document(name))
    except schedule.BadNetwork as bad:
        raise BadInput(str(bad), file=name) from bad


def json_document(name: str) -> object:
    """Read a JSON file; BadInput names line and column of what is broken."""
    content = existing_file(name).read_bytes()
    try:
        return json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadInput("文件不是UTF-8编码的JSON。", file=name, kind="broken") from None
    except json.JSONDecodeError as bad:
        raise BadInput(
            "不是完整的JSON，请检查这里的写法。",
            file=name,
            row=bad.lineno,
            column=str(bad.colno),
            kind="broken",
        ) from None
    except RecursionError:
        raise BadInput("JSON嵌套过深。", file=name, kind="broken") from None


def _table(name: str | None) -> "DayTable":
    """Return the shipped table of holidays, with the years of a file put in place of its own."""
    from guatu.engines import calendars  # noqa: PLC0415 -- as above

    if name is None:
        return calendars.shipped_table()
    try:
        return calendars.shipped_table().with_file(existing_file(name).read_bytes())
    except calendars.BadTable as bad:
        raise BadInput(bad.message, file=name, row=bad.row) from bad


def _warnings(table: "DayTable") -> list[str]:
    """Say which statutory holidays a file has as working days: it is hardly a whole notice."""
    from guatu.engines import calendars  # noqa: PLC0415 -- as above

    shipped = calendars.shipped_table().notices
    loaded = [year for year, notice in table.notices.items() if shipped.get(year) != notice]
    by_year: dict[int, list[str]] = {}
    for day in table.statutory_worked(loaded):
        by_year.setdefault(day.year, []).append(f"{day.month}月{day.day}日")
    return [
        f"放假表把{year}年的法定节假日当成上班日：{'、'.join(days)}，请核对是否列全。"
        for year, days in by_year.items()
    ]


def _unmet(network: "Network") -> list[str]:
    """Say that resources are no part of the pass where a need names none there is."""
    from guatu.engines.schedule.validation import undefined_needs  # noqa: PLC0415 -- as above

    found = list(undefined_needs(network))
    more = f"（共{len(found)}处）" if len(found) > 1 else ""
    return [f"{found[0]}倒排不计资源，结果不受影响{more}。"] if found else []


def _as_text(network: "Network", answer: "BackSchedule") -> str:
    """Lay the answer out for reading: the verdict, what conflicts, one line an activity."""
    days = answer.infeasible_by_calendar_days
    if answer.feasible:
        lines = ["按期限可行。"]
    elif days is None:
        lines = ["按期限不可行：有的工作永远排不下。"]
    else:
        lines = [f"按期限不可行：差{days}个日历日。"]
    lines += _conflicts(answer)
    if answer.provisional:
        lines.append("部分日期所在年份的放假通知尚未发布，暂定。")
    if answer.feasible:
        lines.append("时差依次按本行日历、机关工作日、日历日计。")
    for row in network.activities:
        dates = answer.activities[row.id]
        late = f"，最迟{dates.late_start}—{dates.late_finish}" if dates.late_start else ""
        marks = f"{'，关键' if dates.critical else ''}{'，暂定' if dates.provisional else ''}"
        early = f"最早{dates.early_start}—{dates.early_finish}" if dates.early_start else "排不下"
        lines.append(f"{row.name or row.id}：{early}{late}{_floats(dates)}{marks}")
    return "\n".join(lines)


def _floats(dates: "ActivityDates") -> str:
    """Total and free float, each in the three counts; empty where there is none."""
    total = (dates.total_float_own, dates.total_float_office, dates.total_float_calendar_days)
    free = (dates.free_float_own, dates.free_float_office, dates.free_float_calendar_days)
    if None in (*total, *free):
        return ""
    told = ("/".join(map(str, counts)) for counts in (total, free))
    return "，总时差{}，自由时差{}".format(*told)


def _conflicts(answer: "BackSchedule") -> list[str]:
    """Say what the removal of which item achieves, exactly as the engine tried it."""
    sets = [found for found in answer.conflicts if found.items]
    rest = [limit.reason for found in answer.conflicts if not found.items for limit in found.frees]
    if len(sets) == 1 and not rest:
        return ["以下各项去掉任何一项即可行：", *(f"  {item.reason}" for item in sets[0].items)]
    lines = []
    if sets:
        each = "" if rest else "，每组各去掉一项才可行"
        lines.append(f"没有哪一项去掉后全部可行；以下{len(sets)}组互不相干{each}：")
    for number, found in enumerate(sets, start=1):
        freed = "、".join(limit.reason for limit in found.frees)
        lines.append(f"第{number}组，去掉任何一项即可满足：{freed}")
        lines += [f"  {item.reason}" for item in found.items]
    if rest:
        lines.append(f"只去掉一项仍不能满足：{'、'.join(rest)}")
    return lines
