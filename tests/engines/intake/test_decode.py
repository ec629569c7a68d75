"""Bytes to text: what is taken exactly, and what is refused before anything is unpacked."""

import io
import zipfile

import pytest
from docx import Document

from guatu.engines.intake import BadInput
from guatu.engines.intake.decode import MAX_BYTES, MAX_CHARACTERS, decode, odd_characters


def refusal(data: bytes, filename: str) -> BadInput:
    with pytest.raises(BadInput) as caught:
        decode(data, filename)
    return caught.value


def docx_bytes(document: object) -> bytes:
    target = io.BytesIO()
    document.save(target)  # type: ignore[attr-defined]
    return target.getvalue()


def repacked(data: bytes, name: str, content: bytes) -> bytes:
    """The same archive with one member replaced or added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", 8) as new:
        for member in old.namelist():
            if member != name:
                new.writestr(member, old.read(member))
        new.writestr(name, content)
    return target.getvalue()


def test_decode_when_utf8_with_mark_then_mark_goes_and_line_ends_stay() -> None:
    source = decode(b"\xef\xbb\xbf" + "第一行\r\n第二行\n".encode(), "示例.txt")
    assert (source.encoding, source.text) == ("utf-8", "第一行\r\n第二行\n")


def test_decode_when_not_utf8_then_gb18030() -> None:
    source = decode("加快示例产业园建设。".encode("gb18030"), "示例.TXT")
    assert (source.encoding, source.text) == ("gb18030", "加快示例产业园建设。")


def test_decode_when_neither_encoding_then_the_row_is_named() -> None:
    error = refusal("第一行\n".encode() + b"\xff\xff\xff", "示例.txt")
    assert (error.kind, error.row, error.file) == ("broken", 2, "示例.txt")


def test_decode_when_docx_then_paragraphs_and_cells_in_document_order() -> None:
    document = Document()
    document.add_paragraph("首段")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ("甲", "乙", "丙", "丁"), strict=True):  # noqa: SLF001 -- the flat list of cells
        cell.text = text
    table.rows[1].cells[0].merge(table.rows[1].cells[1])
    document.add_paragraph("末段")
    source = decode(docx_bytes(document), "示例.docx")
    assert (source.encoding, source.text) == ("docx", "首段\n甲\n乙\n丙\n丁\n末段")


@pytest.mark.parametrize(
    ("data", "filename", "kind"),
    [
        (b"", "a.txt", "empty"),
        (b" \r\n\t", "a.txt", "empty"),
        (b"text\x00more", "a.txt", "broken"),
        (b"PK\x03\x04rest", "a.txt", "broken"),
        (b"<html></html>", "a.html", "type"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.doc", "type"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.docx", "type"),
        (b"not a zip", "a.docx", "broken"),
        (b"a" * (MAX_CHARACTERS + 1), "a.txt", "size"),
        (b"a" * (MAX_BYTES + 1), "a.txt", "size"),
    ],
)
def test_decode_when_unfit_then_refused_by_kind(data: bytes, filename: str, kind: str) -> None:
    error = refusal(data, filename)
    assert (error.kind, error.file) == (kind, filename)


def test_decode_when_five_megabytes_in_one_line_then_refused_for_size() -> None:
    assert refusal(("示" * 1_700_000).encode(), "a.txt").kind == "size"


def test_decode_when_docx_is_a_bomb_then_refused_before_unpacking() -> None:
    data = repacked(docx_bytes(Document()), "word/media/image.bin", b"0" * 40_000_000)
    assert refusal(data, "a.docx").kind == "size"


def test_decode_when_docx_declares_entities_then_refused() -> None:
    xml = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    assert refusal(repacked(docx_bytes(Document()), "word/document.xml", xml), "a.docx").kind == (
        "broken"
    )


def test_decode_when_zip_is_no_word_file_then_refused_by_type() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("hello.txt", "x")
    assert refusal(target.getvalue(), "a.docx").kind == "type"


@pytest.mark.parametrize(
    "text",
    ["机密★5年\n关于示例", "标题\n密级：秘密\n正文", "绝密\n正文", "正文 秘密★", "【机 密】\n正文"],
)
def test_decode_when_marked_secret_then_refused_with_its_row(text: str) -> None:
    error = refusal(text.encode(), "a.txt")
    rows = [n for n, line in enumerate(text.split("\n"), 1) if "密" in line]
    assert (error.kind, error.row) == ("secret", rows[0])


@pytest.mark.parametrize(
    "text",
    ["保守国家秘密是公民义务。", "保护企业商业秘密和机密信息", "密级：无", "工作秘密不得上传"],
)
def test_decode_when_secrecy_is_only_mentioned_then_taken(text: str) -> None:
    assert decode(text.encode(), "a.txt").text == text


def test_odd_characters_when_control_and_direction_marks_then_their_offsets() -> None:
    assert odd_characters("甲\u202e乙\x07丙\n\u200b") == (1, 3, 6)


def test_bad_input_when_shown_then_one_sentence_with_file_row_and_column() -> None:
    error = BadInput("金额不是数字", file="台账.xlsx", row=7, column="F")
    assert str(error) == "文件“台账.xlsx”第7行F列：金额不是数字"
