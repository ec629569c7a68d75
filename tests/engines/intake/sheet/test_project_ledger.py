"""项目台账 as offices keep them: titles, units, levels of headers, headings, totals."""

from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.engines.intake import BadInput
from guatu.engines.intake.sheet import Cell, Finding, Group, Table, Total, read_workbook
from tests.engines.intake.sheet.building import (
    HEADER,
    book,
    inline,
    ledger,
    raw_xlsx,
    saved,
    xls,
)


def table_of(data: bytes, filename: str = "台账.xlsx") -> Table:
    return read_workbook(data, filename).tables[0]


def values(table: Table, field: str) -> list[str | bool | None]:
    index = [column.field for column in table.columns].index(field)
    return [row[index].value for row in table.rows]


def cells(table: Table, field: str) -> list[Cell]:
    index = [column.field for column in table.columns].index(field)
    return [row[index] for row in table.rows]


def codes(table: Table) -> list[tuple[str, str]]:
    return [(finding.cell, finding.code) for finding in table.errors]


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
    assert table.errors == (
        Finding("A7", "group_count", "A7“二 工业3个”写明3项，实际1项（B8至B8）"),
    )
    assert table.blocking == ()


def test_plain_list_with_chinese_numerals_when_read_then_rows_stay_data() -> None:
    table = table_of(
        book([["序号", "项目名称", "总投资（万元）"], ["一", "示例甲", 1], ["二", "示例乙", 2]])
    )
    assert values(table, "name") == ["示例甲", "示例乙"]
    assert table.groups == ()


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
    message = "E7“合计3个”写明16万元，按3行相加为15万元（其中1行未填）"
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
    assert table.errors[1].message == "第3行F列“计划开工时间”：日期“2025-02-30”不存在"
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
        Finding("A3", "duplicate_row", "A3与A2是同一个项目“示例(一期)”，请合并为一行"),
        Finding("A2", "duplicate_row", "A2与工作表“甲”A2是同一个项目“示例(一期)”，请合并为一行"),
    ]


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


def test_hidden_parts_when_read_then_flagged() -> None:
    made = openpyxl.Workbook()
    sheet = made.worksheets[0]
    for row in (["项目名称", "总投资（万元）"], ["示例甲", 1], ["示例乙", 2]):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True
    sheet.sheet_state = "hidden"
    made.create_sheet("空表")
    table = table_of(saved(made))
    assert table.hidden
    assert codes(table) == [("A3", "hidden_row"), ("B1", "hidden_column"), ("A1", "hidden_sheet")]
    assert table.blocking == ()


def test_formulas_when_cached_then_values_and_otherwise_an_error() -> None:
    header = inline("项目名称", "总投资（万元）", "备注")
    row = (
        '<row r="2"><c r="A2" t="inlineStr"><is><t>示例</t></is></c>'
        '<c r="B2"><f>1+1</f><v>2</v></c><c r="C2"><f>NOW()</f></c></row>'
    )
    table = table_of(raw_xlsx(header + row))
    assert [cell.value for cell in table.rows[0]] == ["示例", "2", None]
    assert codes(table) == [("C2", "formula_without_value")]


def test_text_that_looks_like_a_formula_when_read_then_plain_text() -> None:
    table = table_of(raw_xlsx(inline("项目名称", "总投资（万元）") + inline("=1+1", "3", row=2)))
    assert (values(table, "name"), table.errors) == (["=1+1"], ())


def test_excel_error_when_read_then_named() -> None:
    row = (
        '<row r="2"><c r="A2" t="inlineStr"><is><t>示例</t></is></c>'
        '<c r="B2" t="e"><v>#REF!</v></c></row>'
    )
    table = table_of(raw_xlsx(inline("项目名称", "总投资（万元）") + row))
    assert codes(table) == [("B2", "cell_error")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_when_in_any_encoding_then_the_same_table(encoding: str, delimiter: str) -> None:
    lines = [
        delimiter.join(["项目名称", "总投资（万元）", "建设内容"]),
        delimiter.join(["示例", "12", '"第一行\n第二行"']),
    ]
    table = table_of("\n".join(lines).encode(encoding), "台账.csv")
    assert [cell.value for cell in table.rows[0]] == ["示例", "12", "第一行 第二行"]
    assert table.rows[0][2].raw == "第一行\n第二行"


def test_xls_when_read_then_units_dates_and_hidden_sheet_are_known() -> None:
    data = xls(
        [
            ["示例区项目台账"],
            ["单位：亿元"],
            ["项目名称", "总投资", "开工时间"],
            ["示例", 1.5, 45717],
        ],
        hidden=True,
    )
    table = table_of(data, "台账.xls")
    assert ([cell.value for cell in table.rows[0]], table.hidden) == (
        ["示例", "15000", "2025-03-01"],
        True,
    )


def test_real_dates_when_read_then_iso() -> None:
    table = table_of(ledger([1, "示例", None, None, 1, date(2025, 3, 1)]))
    assert cells(table, "planned_start")[0][:2] == ("2025-03-01", "2025-03-01")


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


def test_empty_sheets_when_read_then_left_out_and_file_without_data_refused() -> None:
    with pytest.raises(BadInput) as caught:
        read_workbook(book([]), "空.xlsx")
    assert str(caught.value) == "文件“空.xlsx”：工作簿是空的，没有任何数据"


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
