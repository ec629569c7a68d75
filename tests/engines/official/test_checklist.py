"""A checklist on A4: every cell is there, whatever it holds."""

import io

import pytest
from docx import Document
from docx.shared import Mm

from guatu.engines.official.checklist import Checklist, Section, write_checklist

COLUMNS = ("序号", "事项")


def test_checklist_when_written_then_a4_with_every_section_row_and_signature() -> None:
    sheet = Checklist(
        "示例岗交接清单",
        (("岗位", "示例岗"),),
        COLUMNS,
        (Section("责任事项（1 项）", (("1", "长" * 300),)), Section("空", ())),
        (("移交人", "示例甲"),),
    )
    document = Document(io.BytesIO(write_checklist(sheet)))
    section = document.sections[0]
    assert (round(section.page_width / Mm(1)), round(section.page_height / Mm(1))) == (210, 297)
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert rows == [
        list(COLUMNS),
        ["责任事项（1 项）"] * 2,
        ["1", "长" * 300],
        ["空"] * 2,
    ]
    assert [line.text.startswith("移交人：示例甲") for line in document.paragraphs][-1]


def test_checklist_when_text_holds_what_no_document_may_then_it_is_left_out() -> None:
    sheet = Checklist("清单", (), COLUMNS, (Section("甲", (("1", "a\x00\x0bb"),)),))
    rows = Document(io.BytesIO(write_checklist(sheet))).tables[0].rows
    assert rows[2].cells[1].text == "ab"


def test_checklist_when_a_row_has_other_columns_then_refused() -> None:
    with pytest.raises(ValueError, match="栏数与表头不同"):
        Checklist("清单", (), COLUMNS, (Section("甲", (("1",),)),))
