"""What a paper says stays as it was said, and stands where GB/T 9704-2012 puts it."""

import datetime as dt
import io
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.engines.official import Layout, OfficialPaper, chinese_day, unprintable
from guatu.engines.official.docx import write_docx

SIGNED = OfficialPaper(
    layout=Layout.LETTER,
    issuer="示例区攻坚专班",
    title="关于推进示例事项的督办函",
    addressee="示例住房和城乡建设局",
    paragraphs=("示例事项由你单位负责。", "请抓紧办理。"),
    closing="特此督办。",
    reference="示攻坚督〔2026〕1号",
    attachments=("示例清单", "示例说明"),
    day=dt.date(2026, 11, 29),
    copies=("示例区副区长", "示例发改局"),
    printed_on=dt.date(2026, 11, 30),
)
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp")), max_size=30)
HOSTILE = '<w:p>&amp;</w:p> "]]>" {{ 7*7 }} =cmd|calc!A1 <!-- -->'


def lines(content: bytes) -> list[str]:
    """Paragraphs of the body, blank ones left out."""
    return [line.text for line in Document(io.BytesIO(content)).paragraphs if line.text]


def test_docx_when_signed_letter_then_every_element_in_its_order() -> None:
    assert lines(write_docx(SIGNED)) == [
        "示攻坚督〔2026〕1号",
        "关于推进示例事项的督办函",
        "示例住房和城乡建设局：",
        "示例事项由你单位负责。",
        "请抓紧办理。",
        "特此督办。",
        "附件：1. 示例清单",
        "2. 示例说明",
        "示例区攻坚专班",
        "2026年11月29日",
        "抄送：示例区副区长，示例发改局。",
    ]


def test_docx_when_measured_then_page_and_type_area_are_those_of_the_standard() -> None:
    section = Document(io.BytesIO(write_docx(SIGNED))).sections[0]
    measured = [
        section.page_width,
        section.page_height,
        section.top_margin,
        section.left_margin,
        section.page_width - section.left_margin - section.right_margin,  # type: ignore[operator]
        section.page_height - section.top_margin - section.bottom_margin,  # type: ignore[operator]
    ]
    assert [round(value.mm if hasattr(value, "mm") else value / 36000) for value in measured] == [
        210,
        297,
        37,
        28,
        156,
        225,
    ]


def test_docx_when_letter_then_name_over_red_double_line_and_none_of_it_when_general() -> None:
    letter = Document(io.BytesIO(write_docx(SIGNED))).sections[0]
    head = letter.first_page_header.paragraphs[0]
    edges = [_edge(head, "bottom"), _edge(letter.first_page_footer.paragraphs[0], "bottom")]
    assert (head.text, edges) == (
        "示例区攻坚专班",
        [("thickThinSmallGap", "FF0000"), ("thinThickSmallGap", "FF0000")],
    )
    general = Document(io.BytesIO(write_docx(replace(SIGNED, layout=Layout.GENERAL))))
    assert general.paragraphs[0].text == "示例区攻坚专班"
    assert [
        _edge(line, "bottom") for line in general.paragraphs if line.text == SIGNED.reference
    ] == [("single", "FF0000")]
    assert [row.cells[0].text for row in general.tables[0].rows] == [
        "抄送：示例区副区长，示例发改局。",
        "示例区攻坚专班\t2026年11月30日印发",
    ]
    assert general.sections[0].first_page_header.paragraphs[0].text == ""


def _edge(line: Any, side: str) -> tuple[str, str]:  # noqa: ANN401 -- python-docx types it loosely
    edge = line._p.find(f".//{qn('w:pBdr')}/{qn(f'w:{side}')}")  # noqa: SLF001 -- read back
    return edge.get(qn("w:val")), edge.get(qn("w:color"))


def test_docx_when_draft_then_it_says_so_where_the_number_would_stand_and_on_each_page() -> None:
    draft = replace(SIGNED, reference="", mark="草稿，未签发", day=None, printed_on=None)
    content = write_docx(draft)
    section = Document(io.BytesIO(content)).sections[0]
    assert lines(content)[0] == "草稿，未签发"
    assert [section.header.paragraphs[0].text, section.even_page_header.paragraphs[0].text] == [
        "草稿，未签发",
        "草稿，未签发",
    ]
    assert "号" not in "".join(lines(content)[:1])
    assert not any(line.startswith("20") for line in lines(content))


@pytest.mark.parametrize("place", ["title", "addressee", "closing", "issuer"])
def test_docx_when_words_look_like_markup_then_they_are_words(place: str) -> None:
    content = write_docx(replace(SIGNED, **{place: HOSTILE}))
    assert any(HOSTILE in line for line in lines(content))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert "]]&gt;" in archive.read("word/document.xml").decode()


@settings(max_examples=60)
@given(st.lists(WORDS, max_size=4), WORDS)
def test_docx_when_read_back_then_every_word_is_as_given(said: list[str], more: str) -> None:
    paragraphs = tuple(words for words in said if words.strip())
    paper = replace(SIGNED, paragraphs=paragraphs, closing=more.strip(), copies=())
    body = [line.text for line in Document(io.BytesIO(write_docx(paper))).paragraphs]
    start = body.index("示例住房和城乡建设局：") + 1
    closing = (more.strip(),) if more.strip() else ()
    assert tuple(body[start : start + len(paragraphs) + len(closing)]) == (*paragraphs, *closing)


@pytest.mark.parametrize("bad", ["\x00", "\x0b", "\x1f", "\u202e", "\u200b", "\ufffe", "\ud800"])
@pytest.mark.parametrize("place", ["title", "addressee", "closing", "reference", "mark"])
def test_paper_when_character_cannot_be_printed_then_refused(bad: str, place: str) -> None:
    with pytest.raises(ValueError, match="不能印出"):
        replace(SIGNED, **{place: f"示{bad}例"})
    with pytest.raises(ValueError, match="正文中有不能印出"):
        replace(SIGNED, paragraphs=(f"示{bad}例",))
    assert unprintable(f"示{bad}例") == (1,)


def test_paper_when_it_has_neither_number_nor_mark_then_refused() -> None:
    with pytest.raises(ValueError, match="草稿，未签发"):
        replace(SIGNED, reference="")


@pytest.mark.parametrize("place", ["title", "addressee", "issuer"])
def test_paper_when_an_element_is_empty_then_refused(place: str) -> None:
    with pytest.raises(ValueError, match="不能为空"):
        replace(SIGNED, **{place: " "})


def test_chinese_day_when_written_then_no_leading_zeros() -> None:
    assert chinese_day(dt.date(2026, 1, 5)) == "2026年1月5日"


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_docx_when_laid_out_then_28_characters_a_line_and_22_lines_a_page(tmp_path: Path) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    long = replace(SIGNED, paragraphs=("国" * 28 * 60,), copies=(), attachments=())
    (tmp_path / "paper.docx").write_bytes(write_docx(long))
    home = f"-env:UserInstallation=file://{tmp_path}/profile"
    words = ["--headless", home, "--convert-to", "pdf", "--outdir", str(tmp_path)]
    for command in (
        ["soffice", *words, str(tmp_path / "paper.docx")],
        ["pdftotext", "-layout", str(tmp_path / "paper.pdf"), str(tmp_path / "paper.txt")],
    ):
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 -- fixed words
    pages = (tmp_path / "paper.txt").read_text("utf-8").split("\f")
    full = [line.strip() for line in pages[1].splitlines() if "国" in line]
    assert (len(full), {len(line) for line in full}) == (22, {28})
