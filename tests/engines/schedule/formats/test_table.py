"""A plan as a workbook: out and back, changed by hand, and what is refused."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from guatu.engines.calendars import CalendarSpec
from guatu.engines.schedule import (
    Activity,
    BadNetwork,
    Deadline,
    Link,
    Network,
    back_schedule,
)
from guatu.engines.schedule.formats.table import read_plan_table, write_plan_table
from tests.engines.schedule.formats.plans import CALENDARS, STATUS, networks

NAMES = st.text("基础主体AB12=+-@（）", max_size=12)
PLAN = Network(
    calendars=CALENDARS,
    status_date=STATUS,
    activities=(
        Activity(id="permit", name="=施工许可", duration=20, calendar="office", valid_days=90),
        Activity(id="works", name="主体施工", duration=120, calendar="outdoor", splittable=True),
        Activity(id="open", name="通车", duration=0, calendar="office"),
    ),
    links=(
        Link(predecessor="permit", successor="works", lag=7, lag_calendar="elapsed"),
        Link(predecessor="permit", successor="open", type="SS", lag=-3, lag_calendar="outdoor"),
        Link(predecessor="works", successor="open", type="FF", lag=2, id="L1"),
    ),
    deadlines=(Deadline("open", date(2027, 10, 31)),),
)


def in_order(network: Network) -> Network:
    return replace(
        network,
        links=tuple(sorted(network.links, key=lambda link: (link.successor, link.predecessor))),
        deadlines=tuple(sorted(network.deadlines, key=lambda deadline: deadline.activity)),
    )


@settings(max_examples=40)
@given(networks(NAMES))
def test_plan_when_written_and_read_then_unchanged(network: Network) -> None:
    again = read_plan_table(write_plan_table(network, title="示例"))
    assert in_order(again) == in_order(network)


def sheet(data: bytes, name: str) -> Worksheet:
    found = load_workbook(io.BytesIO(data))[name]
    assert isinstance(found, Worksheet)
    return found


def column(rows: Worksheet, header: str) -> list[object]:
    heads = {cell.value: cell.column for cell in rows[3]}
    return [rows.cell(line, heads[header]).value for line in range(4, rows.max_row + 1)]


def test_cells_when_written_then_predecessors_as_in_project_and_dates_beside_them() -> None:
    schedule = back_schedule(PLAN)
    data = write_plan_table(PLAN, schedule, title="示例", stages={"permit": "前期审批"})
    rows = sheet(data, "活动")
    assert column(rows, "前置任务") == [None, "1FS+7ed", "1SS-3d[outdoor]；2FF+2d#L1"]
    assert column(rows, "阶段") == ["前期审批", None, None]
    late = [schedule.activities[row.id].late_finish for row in PLAN.activities]
    assert [str(value)[:10] for value in column(rows, "最迟完成")] == [str(day) for day in late]
    free = {
        "自由时差（本行日历）": "free_float_own",
        "自由时差（工作日）": "free_float_office",
        "自由时差（日历日）": "free_float_calendar_days",
    }
    for header, name in free.items():
        told = [getattr(schedule.activities[row.id], name) for row in PLAN.activities]
        assert column(rows, header) == told


def test_cells_when_a_name_begins_like_a_formula_then_it_is_text() -> None:
    data = write_plan_table(PLAN, title="示例")
    book = load_workbook(io.BytesIO(data))
    kinds = {cell.data_type for rows in book.worksheets for row in rows.iter_rows() for cell in row}
    assert "f" not in kinds
    assert column(sheet(data, "活动"), "名称")[0] == "=施工许可"


def changed(change: Callable[[Worksheet, dict[object, int]], None], name: str = "活动") -> bytes:
    """The workbook of the plan after somebody has typed into a sheet."""
    book = load_workbook(io.BytesIO(write_plan_table(PLAN, title="示例")))
    rows = book[name]
    assert isinstance(rows, Worksheet)
    change(rows, {cell.value: cell.column for cell in rows[3 if name == "活动" else 1]})
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_row_when_added_by_hand_then_it_goes_by_its_number() -> None:
    def add(rows: Worksheet, heads: dict[object, int]) -> None:
        for header, value in (
            ("序号", 9),
            ("名称", "监测"),
            ("工期", "5天"),
            ("前置任务", "1, 2SS + 3天"),
        ):
            rows.cell(7, heads[header], value)
        rows.cell(7, heads["不早于"], "2026年10月8日")

    network = read_plan_table(changed(add))
    assert network.activities[3] == Activity(
        id="9",
        name="监测",
        duration=5,
        calendar="机关工作日",
        start_no_earlier=date(2026, 10, 8),
    )
    assert network.calendars["机关工作日"] == CalendarSpec()
    assert network.links[3:] == (
        Link(predecessor="permit", successor="9"),
        Link(predecessor="works", successor="9", type="SS", lag=3),
    )


def typed(header: str, value: object, line: int = 5, name: str = "活动") -> bytes:
    return changed(
        lambda rows, heads: rows.cell(line, heads[header]).__setattr__("value", value), name
    )


@pytest.mark.parametrize(
    ("header", "value", "sentence"),
    [
        ("工期", None, "“活动”表第5行缺少工期。"),
        ("工期", "三天", "“活动”表第5行的工期“三天”不是整数。"),
        ("工期", -2, "工作「主体施工」的工期是-2天，应在0到36500天之间。"),
        ("前置任务", "1FX+2", "“活动”表第5行的前置任务“1FX+2”读不懂，应如3FS+5d。"),
        ("前置任务", 8, "“活动”表第5行的前置任务序号8不存在。"),
        ("前置任务", 2, "工作「主体施工」不能联系到自己。"),
        ("前置任务", 3, "这些工作互为前置，成了循环：「主体施工」→「通车」→「主体施工」。"),
        ("前置任务", "1FS+2d[夜间]", "联系“permit>works”的日历“夜间”没有定义。"),
        ("序号", 1, "“活动”表第5行的序号1前面已经用过。"),
        ("编号", "permit", "工作编号重复：permit。"),
        ("日历", "夜间", "工作「主体施工」的日历“夜间”没有定义。"),
        ("期限", "下周", "“活动”表第5行的期限“下周”不是日期，应如2026-03-01。"),
        ("可分段", "也许", "“活动”表第5行的可分段“也许”应是“是”或“否”。"),
        ("资源需要", "吊车×多", "“活动”表第5行的资源“吊车×多”读不懂，应如电工班×2。"),
        (
            "赶工措施",
            "快一点",
            "“活动”表第5行的赶工措施“快一点”读不懂，应如缩短5天：增开一班（12万元）。",
        ),
        (
            "获准施工",
            "周末",
            "“活动”表第5行的获准施工“周末”读不懂，应如休息日 2026-03-07至2026-05-31：依据。",
        ),
        (
            "获准施工",
            "停工期 2026-02-30至2026-03-31",
            "“活动”表第5行的获准施工“2026-02-30”不是日期，应如2026-03-01。",
        ),
        (
            "获准施工",
            "停工期 2026-03-09至2026-03-01",
            "工作「主体施工」的获准施工从2026-03-09到2026-03-01，先后颠倒。",
        ),
        ("基础", "夜班", "“日历”表第2行的基础“夜班”应是国家工作日、每天之一。"),
        ("停工时段", "冬天", "“日历”表第2行的停工时段“冬天”读不懂，应如11-01至03-31。"),
        ("停工时段", "02-30至03-31", "“日历”表第2行的停工时段“02-30至03-31”没有这一天。"),
    ],
)
def test_workbook_when_a_cell_is_wrong_then_one_sentence(
    header: str, value: object, sentence: str
) -> None:
    def type_in(rows: Worksheet, heads: dict[object, int]) -> None:
        line = 5 if rows.title == "活动" else 2
        rows.cell(line, heads[header]).value = value

    name = "日历" if header in {"基础", "停工时段"} else "活动"
    with pytest.raises(BadNetwork) as refused:
        read_plan_table(changed(type_in, name))
    assert str(refused.value) == sentence


def test_workbook_when_it_is_none_then_refused() -> None:
    with pytest.raises(BadNetwork, match=r"^文件“计划\.xlsx”：.*不能直接读取.*。$"):
        read_plan_table(b"<Project/>")


def test_workbook_when_it_has_no_activities_then_refused() -> None:
    target = io.BytesIO()
    Workbook().save(target)
    with pytest.raises(BadNetwork, match=r"^计划里没有任何工作。$"):
        read_plan_table(target.getvalue())
