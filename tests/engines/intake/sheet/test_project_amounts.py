"""Figures of a project ledger: units, 合计 rows as checksums, and cells that are wrong."""

from datetime import datetime

import openpyxl
import pytest

from guatu.engines.intake.sheet import Finding, Total, read_workbook
from tests.engines.intake.sheet.building import (
    HEADER,
    cells,
    codes,
    ledger,
    saved,
    table_of,
    values,
)


def test_totals_when_they_disagree_then_both_figures_are_named() -> None:
    table = table_of(
        ledger(
            [1, "示例甲", "新建", "甲", 10, None],
            [2, "示例乙", "新建", "乙", "—", None],
            ["小计", None, None, None, 10, None],
            [3, "示例丙", "新建", "丙", 5, None],
            ["合计3个", None, None, None, 16, None],
        )
    )
    assert values(table, "name") == ["示例甲", "示例乙", "示例丙"]
    assert table.totals == (
        Total("E5", "10", "10"),
        Total("A7", "3", "3"),
        Total("E7", "16", "15"),
    )
    message = "“合计3个”写明16万元，按3行相加为15万元（其中1行未填）"
    assert table.errors == (Finding("E7", "total_mismatch", message),)


def test_total_in_another_unit_when_read_then_compared_in_wan() -> None:
    table = table_of(
        ledger([1, "示例", "新建", "甲", 12000, None], ["总计", None, None, None, "1.2亿元", None])
    )
    assert (table.totals, table.errors) == ((Total("E4", "12000", "12000"),), ())


def test_units_when_mixed_then_each_amount_is_exact_in_wan() -> None:
    header = ["项目名称", "总投资（亿元）", "2025年计划投资", "资金支付（元）", "固投入统(万元)"]
    row = ["示例", 1.23, "3,000", 12345678, "0.5亿元"]
    table = table_of(ledger(row, header=header, unit="金额单位:万元"))
    assert [(c.value, c.unit) for c in table.rows[0]] == [
        ("示例", None), ("12300", "亿元"), ("3000", "万元"), ("1234.5678", "元"), ("5000", "亿元"),
    ]  # fmt: skip


def test_unit_when_nowhere_written_then_value_is_unknown_and_header_is_named() -> None:
    table = table_of(ledger(["示例甲", 5], ["示例乙", "6万元"], header=["项目名称", "总投资"]))
    assert values(table, "total_wan") == [None, "6"]
    assert codes(table) == [("B2", "unknown_unit")]


@pytest.mark.parametrize(
    ("unit", "words"), [("单位：万美元", "外币"), ("单位：万园", "不认识的金额单位“万园”")]
)
def test_unit_when_foreign_or_nonsense_then_nothing_is_converted(unit: str, words: str) -> None:
    table = table_of(ledger(["示例", 5], header=["项目名称", "总投资"], unit=unit))
    assert cells(table, "total_wan")[0][:2] == (None, "5")
    assert codes(table) == [("B3", "unknown_unit")]
    assert words in table.errors[0].message


def test_wrong_cells_when_read_then_each_is_named_and_null() -> None:
    header = [*HEADER, "统一社会信用代码"]
    table = table_of(
        ledger(
            [1, "示例甲", None, None, -5, "2025-02-30", "91220105MA0000000X"],
            [2, "示例乙", None, None, "很多", datetime(2025, 3, 1), "91110000600037341L"],  # noqa: DTZ001 -- a workbook has no zone
            [3, None, "新建", None, 99999999999, 45717, None],
            header=header,
        )
    )
    assert codes(table) == [
        ("E3", "negative"),
        ("F3", "impossible_date"),
        ("G3", "bad_uscc"),
        ("E4", "not_a_number"),
        ("E5", "absurd"),
        ("B5", "missing_name"),
    ]
    assert table.errors[1].message == "“计划开工时间”：日期“2025-02-30”不存在"
    assert values(table, "planned_start") == [None, "2025-03-01", "2025-03-01"]
    assert values(table, "total_wan") == [None, None, None]
    assert values(table, "uscc") == [None, "91110000600037341L", None]


@pytest.mark.parametrize("nothing", ["/", "—", "-", "****", " ", "／", "——"])
def test_nothing_when_written_in_any_way_then_null(nothing: str) -> None:
    table = table_of(ledger([1, "示例", nothing, nothing, nothing, nothing]))
    assert [cell.value for cell in table.rows[0]] == ["1", "示例", None, None, None, None]
    assert table.errors == ()


def test_same_project_twice_when_read_then_both_cells_are_named() -> None:
    made = openpyxl.Workbook()
    first = made.worksheets[0]
    first.title = "甲"
    second = made.create_sheet("乙")
    for row in (["项目名称", "总投资（万元）"], ["示例（一期）", 1], ["★ 示例(一期)", 2]):
        first.append(row)
    for row in (["项目名称", "总投资（万元）"], ["示例(一期)", 3]):
        second.append(row)
    tables = read_workbook(saved(made), "台账.xlsx").tables
    assert [table.errors[-1] for table in tables] == [
        Finding("A3", "duplicate_row", "与第2行是同一个项目“示例(一期)”，请合并为一行"),
        Finding("A2", "duplicate_row", "与工作表“甲”第2行是同一个项目“示例(一期)”，请合并为一行"),
    ]


def test_totals_when_above_or_beside_headings_then_each_covers_its_own_rows() -> None:
    table = table_of(
        ledger(
            ["合计", "3个", None, None, 6, None],
            ["一、交通2项", None, None, None, 3, None],
            [1, "示例路", "新建", "路", 1, None],
            [2, "示例桥", "新建", "桥", 2, None],
            ["二、工业1项", None, None, None, 4, None],
            [3, "示例厂", "新建", "厂", 3, None],
        )
    )
    assert table.totals == (
        Total("A3", "3", "3"),
        Total("E3", "6", "6"),
        Total("E4", "3", "3"),
        Total("E7", "4", "3"),
    )
    assert codes(table) == [("E7", "total_mismatch")]
