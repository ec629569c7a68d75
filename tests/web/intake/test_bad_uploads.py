"""What each bad file is told: one sentence with its place, and nothing is kept."""

import io
import zipfile

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from guatu.register.models import (
    Batch,
    Document,
    Draft,
    Event,
    StoredFile,
    Workbook,
)
from tests.campaign.ledgers import ledger, row
from tests.web.intake.uploads import (
    World,
    signed_in,
    upload_ledger,
    upload_paper,
)

pytestmark = pytest.mark.django_db


def _bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b" " * 80_000_000)
    return file.getvalue()


def _docx_with_entities() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "word/document.xml",
            '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]><d>&a;</d>',
        )
    return file.getvalue()


def _far_cell() -> bytes:
    book = load_workbook(io.BytesIO(ledger(row(1, "示例东湖产业园"))))
    book["项目台账"]["XFD1048576"] = "示例"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


BAD_PAPERS = {
    "xml entities": ("讲话.docx", _docx_with_entities()),
    "wrong type": ("讲话.pdf", b"%PDF-1.4"),
    "old word": ("讲话.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600),
    "broken docx": ("讲话.docx", b"PK\x03\x04 broken"),
    "bomb": ("讲话.docx", _bomb()),
    "5 MB in one line": ("讲话.txt", ("项目" * 850_000).encode()),
    "empty": ("讲话.txt", b" \n"),
    "neither utf-8 nor gb18030": ("讲话.txt", b"\xff\xff\xff\xff"),
    "secret": ("讲话.txt", "机密★10年\n示例".encode()),
}


BAD_LEDGERS = {
    "wrong type": ("台账.pdf", b"%PDF-1.4"),
    "password": ("台账.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600),
    "broken": ("台账.xlsx", b"PK\x03\x04 broken"),
    "bomb": ("台账.xlsx", _bomb()),
    "5 MB in one line": ("台账.csv", ("项目名称," * 600_000).encode()),
    "secret": ("台账.csv", "密级：秘密\n项目名称,总投资（万元）\n示例,1\n".encode()),
    "no ledger": ("台账.csv", "甲,乙\n1,2\n".encode()),
}


@pytest.mark.parametrize("name", BAD_PAPERS)
def test_upload_paper_when_file_is_bad_then_one_sentence_and_nothing_kept(
    world: World, name: str
) -> None:
    filename, data = BAD_PAPERS[name]
    answer = upload_paper(signed_in(world.office), data, filename)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count('class="errorlist"') == 1
    assert filename in page or name == "empty"
    assert (Document.objects.count(), StoredFile.objects.count()) == (0, 0)
    assert Event.objects.filter(verb="intake.refuse").count() == (1 if name == "secret" else 0)


@pytest.mark.parametrize("name", BAD_LEDGERS)
def test_upload_ledger_when_file_is_bad_then_one_sentence_and_nothing_kept(
    world: World, name: str
) -> None:
    filename, data = BAD_LEDGERS[name]
    answer = upload_ledger(signed_in(world.office), data, filename)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count('class="errorlist"') == 1
    assert filename in page
    assert (Workbook.objects.count(), StoredFile.objects.count()) == (0, 0)
    assert Event.objects.filter(verb="intake.refuse").count() == (1 if name == "secret" else 0)


WRONG_CELLS = {
    "impossible date": (row(2, "示例云谷", c4="2025-02-30"), "E5"),
    "unknown unit": (row(2, "示例云谷", c8="示例九局"), "I5"),
    "duplicate": (row(2, "示例东湖产业园"), "B5"),
    "formula without value": (row(2, "示例云谷", c5="=1+1"), "F5"),
    "money in words": (row(2, "示例云谷", c5="三千左右吧"), "F5"),
}


@pytest.mark.parametrize("name", WRONG_CELLS)
def test_ledger_when_a_cell_is_wrong_then_the_cell_is_named(world: World, name: str) -> None:
    wrong, cell = WRONG_CELLS[name]
    client = signed_in(world.office)
    page = client.get(upload_ledger(client, ledger(row(1, "示例东湖产业园"), wrong)).url)
    assert cell in [i["cell"] for d in Draft.objects.filter(verdict="error") for i in d.issues]
    assert page.content.decode().count("cell-message") == 1


def test_ledger_when_gbk_csv_with_failing_uscc_and_marks_then_read_and_cell_named(
    world: World,
) -> None:
    text = (
        "示例区企业库\n序号,企业名称,责任单位,地址,统一社会信用代码,所在街道\n"
        "1,示例东湖\u200b有限公司,示例一局,示例路1号,91220105MA00000000,\n"
        "2,示例云谷有限公司,示例一局,示例路2号,,\n"
    )
    client = signed_in(world.office)
    answer = upload_ledger(client, text.replace("\u200b", "").encode("gb18030"), "企业库.csv")
    wrong = Draft.objects.get(verdict="error")
    assert [issue["cell"] for issue in wrong.issues] == ["E3"]
    assert "E3" in client.get(answer.url).content.decode()


def test_ledger_when_one_cell_lies_at_the_far_corner_then_answered_without_harm(
    world: World,
) -> None:
    client = signed_in(world.office)
    answer = upload_ledger(client, _far_cell(), "远角.xlsx")
    assert answer.status_code in {302, 422}
    assert (Batch.objects.count() == 1) is (answer.status_code == 302)
    assert client.get(reverse("intake:index")).status_code == 200


def test_paper_when_it_has_direction_marks_then_the_line_is_told(world: World) -> None:
    client = signed_in(world.office)
    page = upload_paper(client, "示例\n推进示例\u202e东湖产业园建设。".encode()).url
    assert "第2行有看不见的控制或方向字符" in client.get(page).content.decode()
