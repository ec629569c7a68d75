"""The same project ledger as xlsx, xls and csv, with formulas, hidden parts and odd content."""

from datetime import date

import openpyxl
import pytest

from guatu.engines.intake import BadInput
from guatu.engines.intake.sheet import read_workbook
from tests.engines.intake.sheet.building import (
    book,
    cells,
    codes,
    inline,
    ledger,
    raw_xlsx,
    saved,
    table_of,
    values,
    xls,
)


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


def test_empty_sheets_when_read_then_left_out_and_file_without_data_refused() -> None:
    with pytest.raises(BadInput) as caught:
        read_workbook(book([]), "空.xlsx")
    assert str(caught.value) == "文件“空.xlsx”：工作簿是空的，没有任何数据"
