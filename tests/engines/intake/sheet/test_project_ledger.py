"""项目台账 as offices keep them: titles, units, levels of headers, headings, totals."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.engines.intake import BadInput
from guatu.engines.intake.sheet import Finding, Group, Total, read_workbook
from tests.engines.intake.sheet.building import (
    book,
    codes,
    ledger,
    raw_xlsx,
    table_of,
    values,
)


def test_plain_ledger_when_read_then_gives_the_documented_json() -> None:
    data = book(
        [
            ["示例区2025年重点项目台账"],
            ["单位：亿元"],
            ["序号", "项目名称", "总投资", "建设起止时间"],
            [1, "★示例项目", 1.2, "2022-11—2025"],
            ["合计", None, 1.2, None],
        ]
    )
    assert read_workbook(data, "台账.xlsx").as_json() == {
        "tables": [
            {
                "kind": "project",
                "confidence": 0.84,
                "alternatives": [
                    {"kind": "lead", "confidence": 0.07},
                    {"kind": "bond", "confidence": 0.03},
                    {"kind": "progress", "confidence": 0.01},
                ],
                "sheet": "项目台账",
                "unit": "亿元",
                "hidden": False,
                "columns": [
                    {"id": "seq", "header": "序号", "field": "seq", "cell": "A3"},
                    {"id": "name", "header": "项目名称", "field": "name", "cell": "B3"},
                    {"id": "total_wan", "header": "总投资", "field": "total_wan", "cell": "C3"},
                    {"id": "period", "header": "建设起止时间", "field": "period", "cell": "D3"},
                    {"id": "starred", "header": "★", "field": "starred", "cell": "B3"},
                ],
                "rows": [
                    [
                        {"value": "1", "raw": "1", "cell": "A4", "unit": None, "rule": None},
                        {
                            "value": "示例项目",
                            "raw": "★示例项目",
                            "cell": "B4",
                            "unit": None,
                            "rule": None,
                        },
                        {
                            "value": "12000",
                            "raw": "1.2",
                            "cell": "C4",
                            "unit": "亿元",
                            "rule": "亿元×10000",
                        },
                        {
                            "value": "2022-11/2025",
                            "raw": "2022-11—2025",
                            "cell": "D4",
                            "unit": None,
                            "rule": None,
                        },
                        {
                            "value": True,
                            "raw": "★",
                            "cell": "B4",
                            "unit": None,
                            "rule": "名称前的标记",
                        },
                    ]
                ],
                "groups": [],
                "totals": [{"cell": "C5", "stated": "12000", "computed": "12000"}],
                "errors": [],
            }
        ]
    }


TWO_LEVELS = [
    ["序号", "项目名称", "总投资（万元）", "项目业主单位", None, None, "挂钩责任单位", None, "8月"],
    [None, None, None, "业主名称", "负责人", "电话", "单位名称", "联络人", "当月完成投资（万元）",
     "形象进度"],
    [1, "示例", 100, "示例公司", "经理", "0431-1234567", "示例局", "科员", 5, "打桩"],
]  # fmt: skip
TWO_LEVEL_IDS = [
    "seq", "name", "total_wan", "owner_unit", "owner_person", "owner_phone", "duty_unit",
    "duty_contact", "month_done_wan@--08", "progress@--08",
]  # fmt: skip


@pytest.mark.parametrize(
    "merges", [(), ("A1:A2", "B1:B2", "C1:C2", "D1:F1", "G1:H1", "I1:J1")], ids=["bare", "merged"]
)
def test_two_level_header_when_read_then_parents_are_carried_across(
    merges: tuple[str, ...],
) -> None:
    table = table_of(book(TWO_LEVELS, merges))
    assert [column.id for column in table.columns] == TWO_LEVEL_IDS
    assert [cell.value for cell in table.rows[0]] == [
        "1", "示例", "100", "示例公司", "经理", "0431-1234567", "示例局", "科员", "5", "打桩",
    ]  # fmt: skip
    assert table.errors == ()


def test_three_level_header_when_read_then_each_level_counts() -> None:
    rows = [
        ["序号", "项目名称", "2025年投资（万元）", None, None, "总投资（亿元）"],
        [None, None, "计划投资", "完成投资", None, None],
        [None, None, None, "1-6月", "7月", None],
        [1, "示例", 10, 4, 1, 0.5],
    ]
    merges = ["A1:A3", "B1:B3", "C1:E1", "F1:F3", "C2:C3", "D2:E2"]
    table = table_of(book(rows, merges))
    assert [column.id for column in table.columns] == [
        "seq", "name", "year_plan_wan@2025", "done_ytd_wan@2025-01/2025-06",
        "month_done_wan@2025-07", "total_wan",
    ]  # fmt: skip
    assert [cell.value for cell in table.rows[0]] == ["1", "示例", "10", "4", "1", "5000"]


def test_headings_when_read_then_become_an_attribute_and_a_checksum() -> None:
    table = table_of(
        ledger(
            ["一、交通2项"],
            ["（一）在建（2项）"],
            [1, "示例路", "新建", "路", 1, None],
            [2, "示例桥", "新建", "桥", 2, None],
            ["二", "工业3个"],
            [3, "示例厂", "新建", "厂", 3, None],
        )
    )
    assert values(table, "group") == [
        "一、交通2项 / (一)在建(2项)",
        "一、交通2项 / (一)在建(2项)",
        "二 工业3个",
    ]
    assert table.groups == (
        Group("一、交通2项", 2, 2, ("B5", "B6")),
        Group("(一)在建(2项)", 2, 2, ("B5", "B6")),
        Group("二 工业3个", 3, 1, ("B8",)),
    )
    assert table.errors == (Finding("A7", "group_count", "“二 工业3个”写明3项，实际1项（B8至B8）"),)
    assert table.blocking == ()


def test_plain_list_with_chinese_numerals_when_read_then_rows_stay_data() -> None:
    table = table_of(
        book([["序号", "项目名称", "总投资（万元）"], ["一", "示例甲", 1], ["二", "示例乙", 2]])
    )
    assert values(table, "name") == ["示例甲", "示例乙"]
    assert table.groups == ()


def test_duplicate_headers_when_read_then_ids_differ() -> None:
    header = ["项目名称", "总投资（万元）", "联系电话", "联系人", "电话", "备注", "备注"]
    table = table_of(ledger(["示例", 1, "12345678", "某科", "87654321", "甲", "乙"], header=header))
    assert [column.id for column in table.columns] == [
        "name", "total_wan", "phone", "contact", "phone#2", "note", "note#2",
    ]  # fmt: skip


def test_person_and_phone_when_in_one_cell_then_split_into_two_columns() -> None:
    header = ["项目名称", "总投资（万元）", "联系人及电话", "业主单位及负责人"]
    row = ["示例", 1, "综合科 0431-84640000", "示例建设有限公司（项目经理）"]
    table = table_of(ledger(row, header=header))
    assert [(column.id, column.cell) for column in table.columns[2:]] == [
        ("contact", "C2"), ("phone", "C2"), ("owner_unit", "D2"), ("owner_person", "D2"),
    ]  # fmt: skip
    assert [cell.value for cell in table.rows[0][2:]] == [
        "综合科", "0431-84640000", "示例建设有限公司", "项目经理",
    ]  # fmt: skip


def test_project_over_several_rows_when_merged_then_one_row() -> None:
    rows = [
        ["序号", "项目名称", "总投资（万元）", "资金来源", "本年完成投资（万元）"],
        [1, "示例甲", 100, "上级资金", 10],
        [None, None, None, "自筹", 20],
        [2, "示例乙", 50, "自筹", 5],
    ]
    table = table_of(book(rows, ["A2:A3", "B2:B3", "C2:C3"]))
    assert [[cell.value for cell in row] for row in table.rows] == [
        ["1", "示例甲", "100", "上级资金；自筹", "30"],
        ["2", "示例乙", "50", "自筹", "5"],
    ]
    assert codes(table) == [("B2", "spread_rows")]


def test_similar_header_when_read_then_taken_and_said_so() -> None:
    header = ["项目名称", "总投资（万元）", "主要建设内容与规模", "计划竣工时刻"]
    table = table_of(ledger(["示例", 1, "厂房", "某日"], header=header))
    assert [column.field for column in table.columns] == ["name", "total_wan", "content", None]
    assert codes(table) == [("C2", "fuzzy_header")]


def test_footnotes_and_numbering_when_read_then_no_data() -> None:
    table = table_of(
        ledger(
            [1, 2, 3, 4, 5, 6],
            [1, "示例", "新建", "厂房", 1, None],
            ["注：本表由各单位填报"],
            ["填表人：", None, None, "审核人："],
        )
    )
    assert values(table, "name") == ["示例"]


texts = st.text(
    alphabet="一二三四项目合计小总（）()0123456789、.,-—/★#亿万元年月日 \n=", max_size=12
)
grids = st.lists(st.lists(texts, min_size=1, max_size=6), min_size=1, max_size=8)


@given(grids)
def test_any_grid_of_texts_when_read_then_tables_or_a_refusal(rows: list[list[str]]) -> None:
    sheet_data = "".join(
        f'<row r="{n}">'
        + "".join(f'<c t="inlineStr"><is><t xml:space="preserve">{v}</t></is></c>' for v in row)
        + "</row>"
        for n, row in enumerate(rows, start=1)
    )
    try:
        tables = read_workbook(raw_xlsx(sheet_data), "任意.xlsx").tables
    except BadInput as refusal:
        assert refusal.kind in {"empty", "secret"}  # noqa: PT017 -- both outcomes are right
        return
    for table in tables:
        assert {len(row) for row in table.rows} <= {len(table.columns)}
        assert len({column.id for column in table.columns}) == len(table.columns)


names = st.text(alphabet="甲乙丙丁戊合计小总项目一二三（）、()5个", min_size=1, max_size=10)


@given(st.lists(names, min_size=1, max_size=8))
def test_numbered_rows_when_named_anything_but_a_total_then_all_stay_data(given: list[str]) -> None:
    kept = [n for n in given if not any(w in n for w in ("合计", "小计", "总计"))]
    rows = [[i, name, "新建", "内容", 1, None] for i, name in enumerate(kept, start=1)]
    rows.append(["合计", None, None, None, Decimal(len(kept)), None])
    table = table_of(ledger(*rows))
    assert len(table.rows) == len(kept)
    assert table.totals[-1] == Total(
        f"E{len(kept) + 3}", str(len(kept)), str(len(kept)) if kept else None
    )


def test_unit_merged_over_several_projects_when_read_then_it_is_each_ones() -> None:
    rows = [
        ["附件1"],
        ["示例区2025年项目台账（单位：亿元）"],
        ["序号", "项目名称", "总投资", "责任单位"],
        [1, "示例甲", 1, "示例局"],
        [2, "示例乙", None, None],
    ]
    table = table_of(book(rows, ["D4:D5", "C4:C5"]))
    assert (table.title, table.unit) == ("示例区2025年项目台账（单位：亿元）", "亿元")
    assert values(table, "duty_unit") == ["示例局", "示例局"]
    assert values(table, "total_wan") == ["10000", None]


def test_sub_projects_when_only_the_number_is_merged_then_each_is_a_row() -> None:
    rows = [
        ["序号", "项目名称", "总投资（万元）"],
        [1, "示例甲", 1],
        [None, "示例乙", 2],
        [None, None, 3],
    ]
    table = table_of(book(rows, ["A2:A4"]))
    assert [(row[1].value, row[2].value) for row in table.rows] == [
        ("示例甲", "1"),
        ("示例乙", "5"),
    ]


def test_two_headers_for_a_name_when_read_then_the_better_one_names_the_row() -> None:
    table = table_of(ledger(["甲类", "示例", 1], header=["项目", "项目名称", "总投资（万元）"]))
    assert [(c.id, c.field) for c in table.columns[:2]] == [("column_A", None), ("name", "name")]


def test_name_alone_when_it_ends_in_a_count_then_still_data() -> None:
    header = ["项目名称", "总投资（万元）"]
    table = table_of(ledger(["示例安置房3个", None], ["示例乙", 2], header=header))
    assert values(table, "name") == ["示例安置房3个", "示例乙"]


GIVEN_OUT = [
    ["项目"],
    ["数据截至：2025-03-18"],
    ["项目名称", "建设性质", "总投资（万元）", "在办（项）"],
    ["示例一局：1 项（总投资含 1 项未报）", None, None, 2],
    ["示例甲", "新建", None, 2],
    ["未定：1 项", None, 500, 0],
    ["示例乙", "续建", 500, 0],
    ["合计：2 项（总投资含 1 项未报；在办含 12 项未报）", None, 500, 2],
]


def test_list_given_out_when_read_back_then_lines_of_groups_and_sums_are_no_rows() -> None:
    table = read_workbook(book(GIVEN_OUT), "导出.xlsx").tables[0]
    assert [row[0].value for row in table.rows] == ["示例甲", "示例乙"]
    assert "group" not in [column.field for column in table.columns]
    assert [(total.stated, total.computed) for total in table.totals] == [
        ("2", "2"),
        ("500", "500"),
    ]
    assert table.errors == ()


def test_ledger_of_others_when_a_row_reads_like_a_line_of_a_group_then_it_stays_a_row() -> None:
    theirs = [line for line in GIVEN_OUT if line != ["数据截至：2025-03-18"]]
    table = read_workbook(book(theirs), "台账.xlsx").tables[0]
    assert len(table.rows) == 4
