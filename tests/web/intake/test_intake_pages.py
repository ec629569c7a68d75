"""The intake pages through the client: who sees what, and what each bad file is told."""

import datetime as dt
import io
import zipfile
from dataclasses import dataclass

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from guatu.investment import stages
from guatu.investment.models import Project
from guatu.loop.enums import DutyState
from guatu.loop.models import Duty
from guatu.register import rules
from guatu.register.enums import DraftKind, DraftState, Role, Verdict
from guatu.register.models import (
    Batch,
    Document,
    Draft,
    Event,
    Officer,
    Organisation,
    Quote,
    SourceCell,
    StoredFile,
    Workbook,
)
from tests.campaign.ledgers import ledger, row
from tests.factories import make_campaign, make_district, make_officer, make_post, make_unit

pytestmark = pytest.mark.django_db
PAPER = (
    "在示例区项目攻坚年大会上的讲话\n2025年，要加快推进示例东湖产业园项目建设，年底前完成竣工验收。\n"
    "<script>alert(1)</script>示例。\n力争示例云谷数据中心签约落位。\n"
)
MOST_QUERIES = 25


@dataclass
class World:
    district: Organisation
    unit: Organisation
    office: Officer
    clerk: Officer


@pytest.fixture
def world() -> World:
    rules.load_shipped()
    stages.load_shipped()
    district = make_district()
    make_campaign(district)
    unit = make_unit(district, "示例一局")
    office = make_officer(make_post(make_unit(district, "示例专班"), Role.OFFICE))
    return World(district, unit, office, make_officer(make_post(unit, Role.UNIT)))


def signed_in(officer: Officer) -> Client:
    client = Client()
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    return client


def upload_paper(client: Client, data: bytes, name: str = "讲话.txt") -> "object":
    return client.post(reverse("intake:upload_paper"), {"file": SimpleUploadedFile(name, data)})


def upload_ledger(client: Client, data: bytes, name: str = "台账.xlsx") -> "object":
    file = SimpleUploadedFile(name, data)
    return client.post(reverse("intake:upload_ledger"), {"ledger-file": file})


def test_paper_page_when_read_then_text_is_escaped_and_drafts_stand_beside_it(
    world: World,
) -> None:
    client = signed_in(world.office)
    answer = upload_paper(client, PAPER.encode())
    page = client.get(answer.url).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert page.count('<li class="draft draft-pending"') == Draft.objects.count() > 0
    assert "禁止录入涉密及工作秘密" in client.get(reverse("intake:index")).content.decode()


def test_paper_when_uploaded_twice_then_the_same_page_opens(world: World) -> None:
    client = signed_in(world.office)
    first = upload_paper(client, PAPER.encode())
    second = upload_paper(client, PAPER.encode(), "副本.txt")
    assert first.url == second.url
    assert Document.objects.count() == 1


def test_draft_when_edited_with_owner_and_accepted_then_duty_is_on_the_post(world: World) -> None:
    client = signed_in(world.office)
    upload_paper(client, PAPER.encode())
    draft = Draft.objects.get(kind=DraftKind.COMMITMENT, quote__text__contains="竣工验收")
    post = world.clerk.holdings.get().post
    form = client.get(reverse("intake:draft_edit", args=[draft.public_id])).content.decode()
    assert "未定（留在专班工作台拟定）" in form
    answer = client.post(
        reverse("intake:draft_edit", args=[draft.public_id]),
        {
            f"d{draft.pk}-title": "完成示例东湖产业园竣工验收",
            f"d{draft.pk}-owner_unit": str(world.unit.public_id),
            f"d{draft.pk}-owner_post": str(post.public_id),
            f"d{draft.pk}-due": "2025-11-30",
            "accept": "1",
        },
    )
    duty = Duty.objects.get()
    assert (duty.state, duty.owner_post, duty.due) == (
        DutyState.ISSUED,
        post,
        dt.date(2025, 11, 30),
    )
    assert duty.code in answer.content.decode()
    desk = signed_in(world.clerk).get("/desk/").content.decode()
    assert "完成示例东湖产业园竣工验收" in desk


def test_draft_when_form_is_wrong_then_422_with_the_field_named(world: World) -> None:
    client = signed_in(world.office)
    upload_paper(client, PAPER.encode())
    draft = Draft.objects.filter(kind=DraftKind.COMMITMENT).first()
    assert draft is not None
    answer = client.post(
        reverse("intake:draft_edit", args=[draft.public_id]),
        {f"d{draft.pk}-title": "", f"d{draft.pk}-due": "2025-02-30"},
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count(f'href="#id_d{draft.pk}-') == 2


def test_accept_all_when_checked_then_only_chosen_ones_are_accepted(world: World) -> None:
    client = signed_in(world.office)
    answer = upload_paper(client, PAPER.encode())
    check = answer.url + "accept/"
    assert "核对" in client.get(check).content.decode()
    chosen = Draft.objects.filter(kind=DraftKind.PROJECT)
    client.post(check, {"row": [str(draft.public_id) for draft in chosen]})
    accepted = Draft.objects.filter(state=DraftState.ACCEPTED)
    assert set(accepted) == set(chosen)
    assert Project.objects.count() == chosen.count()


def test_pages_when_officer_may_not_then_404_as_for_nothing(world: World) -> None:
    office, clerk = signed_in(world.office), signed_in(world.clerk)
    paper = upload_paper(office, PAPER.encode()).url
    imported = upload_ledger(office, ledger(row(1, "示例东湖产业园"))).url
    draft = Draft.objects.filter(quote__isnull=False).first()
    assert draft is not None
    for address in (
        paper,
        paper + "file/",
        paper + "accept/",
        imported,
        imported + "errors/",
        imported + "file/",
        imported + "confirm/",
        reverse("intake:draft", args=[draft.public_id]),
        reverse("intake:draft_edit", args=[draft.public_id]),
        reverse("intake:drop", args=[Batch.objects.all()[0].public_id]),
    ):
        assert clerk.get(address).status_code == 404, address
    for name in ("draft_accept", "draft_reject", "draft_reopen"):
        assert clerk.post(reverse(f"intake:{name}", args=[draft.public_id])).status_code == 404
    assert upload_paper(clerk, PAPER.encode()).status_code == 404
    assert Draft.objects.get(pk=draft.pk).state == DraftState.PENDING
    administrator = make_officer(make_post(world.unit, Role.SYSTEM_ADMIN))
    assert signed_in(administrator).get(reverse("intake:index")).status_code == 404


def test_paper_when_clerk_has_a_duty_from_it_then_text_is_readable_without_drafts(
    world: World,
) -> None:
    client = signed_in(world.office)
    paper = upload_paper(client, PAPER.encode()).url
    draft = Draft.objects.get(kind=DraftKind.COMMITMENT, quote__text__contains="签约")
    unit = {f"d{draft.pk}-owner_unit": str(world.unit.public_id)}
    post = {f"d{draft.pk}-owner_post": str(world.clerk.holdings.get().post.public_id)}
    form = {f"d{draft.pk}-title": "示例签约", "accept": "1", **unit, **post}
    client.post(reverse("intake:draft_edit", args=[draft.public_id]), form)
    answer = signed_in(world.clerk).get(f"{paper}?q={draft.quote.start}-{draft.quote.end}")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "hl-quoted" in page
    assert 'class="draft ' not in page
    assert signed_in(world.clerk).get(paper + "file/").status_code == 404


def test_files_when_handed_out_then_attachment_and_nosniff(world: World) -> None:
    client = signed_in(world.office)
    answer = client.get(upload_paper(client, PAPER.encode()).url + "file/")
    assert answer.content == PAPER.encode()
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_ledger_when_good_then_preview_confirm_and_links(world: World) -> None:
    client = signed_in(world.office)
    page = upload_ledger(client, ledger(row(1, "示例东湖产业园"), row(2, "示例<b>云谷</b>"))).url
    shown = client.get(page).content.decode()
    assert "<b>云谷</b>" not in shown
    assert shown.count("verdict-new") == 2
    assert "将新增 2 个项目" in client.get(page + "confirm/").content.decode()
    client.post(page + "confirm/")
    assert Project.objects.count() == 2
    made = client.get(page).content.decode()
    project = Project.objects.get(name="示例东湖产业园")
    assert reverse("projects:project", args=[project.subject.public_id]) in made
    cell = SourceCell.objects.get(cell="F4")
    address = reverse("intake:cells", args=[cell.workbook.public_id])
    source = client.get(address, {"sheet": cell.sheet, "cell": "F4"})
    assert "1001" in source.content.decode()


def test_ledger_when_a_value_changes_then_old_and_new_stand_in_the_text(world: World) -> None:
    client = signed_in(world.office)
    client.post(upload_ledger(client, ledger(row(1, "示例东湖产业园"))).url + "confirm/")
    page = upload_ledger(client, ledger(row(1, "示例东湖产业园", c5=2000)), "二.xlsx").url
    shown = client.get(page, {"verdict": "changed"}).content.decode()
    assert "总投资（万元）：1001 → 2000" in shown
    assert "<del>1001</del>" in shown


def test_ledger_when_a_row_is_wrong_then_nothing_goes_in_and_rows_come_back_as_excel(
    world: World,
) -> None:
    client = signed_in(world.office)
    wrong = ledger(row(1, "示例东湖产业园"), row(2, "示例云谷", c4="2025-02-30", c8="示例九局"))
    page = upload_ledger(client, wrong).url
    shown = client.get(page).content.decode()
    assert "一行也不会导入" in shown
    assert "I5" in shown
    assert client.post(page + "confirm/").status_code == 302
    assert Project.objects.count() == 0
    excel = client.get(page + "errors/")
    assert excel.headers["Content-Type"].endswith("spreadsheetml.sheet")
    assert zipfile.is_zipfile(io.BytesIO(excel.content))


def test_template_when_filled_in_then_its_row_is_read_and_its_example_left_out(
    world: World,
) -> None:
    client = signed_in(world.clerk)
    book = load_workbook(io.BytesIO(client.get(reverse("intake:template")).content))
    sheet = book["项目台账"]
    headers = {str(cell.value): cell for line in sheet.iter_rows() for cell in line if cell.value}
    at = headers["项目名称"].row + 2
    for header, value in (("项目名称", "示例新厂房"), ("总投资", 800)):
        column = next(cell.column for name, cell in headers.items() if name.startswith(header))
        sheet.cell(at, column, value)
    filled = io.BytesIO()
    book.save(filled)
    upload_ledger(client, filled.getvalue(), "填好.xlsx")
    draft = Draft.objects.get()
    assert draft.verdict == Verdict.NEW
    assert draft.diff["name"] == [None, "示例新厂房"]
    assert draft.diff["unit"] == [None, "示例一局"]


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
        "示例区2025年项目台账\n单位：万元\n序号,项目名称,总投资,责任单位,统一社会信用代码,建设内容\n"
        "1,示例东湖\u200b产业园,100,示例一局,91220105MA00000000,示例\n"
        "2,示例云谷,200,示例一局,,示例\n"
    )
    client = signed_in(world.office)
    answer = upload_ledger(client, text.replace("\u200b", "").encode("gb18030"), "台账.csv")
    wrong = Draft.objects.get(verdict="error")
    assert [issue["cell"] for issue in wrong.issues] == ["E4"]
    assert "E4" in client.get(answer.url).content.decode()


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


def test_index_when_looking_before_the_upload_then_the_paper_is_not_there(world: World) -> None:
    client = signed_in(world.office)
    paper = upload_paper(client, PAPER.encode()).url
    assert client.get(paper, {"as_of": "2025-03-01"}).status_code == 404
    listed = client.get(reverse("intake:index"), {"as_of": "2025-03-01"}).content.decode()
    assert "还没有上传过文件" in listed


def _many_drafts() -> Document:
    """A reading of 5,000 drafts, written at once."""
    stored = StoredFile.objects.create(sha256="0" * 64, size=1, media_type="text/plain")
    text = "推进示例项目。\n" * 5_000
    at = dt.datetime(2025, 3, 18, tzinfo=dt.UTC)
    document = Document.objects.create(
        file=stored, title="示例长讲话", filename="a.txt", encoding="utf-8", text=text, added_at=at
    )
    batch = Batch.objects.create(kind="paper", document=document, made_at=at)
    quotes = Quote.objects.bulk_create(
        Quote(document=document, start=8 * n, end=8 * n + 6, text="推进示例项目")
        for n in range(5_000)
    )
    Draft.objects.bulk_create(
        Draft(
            batch=batch,
            order=n,
            kind=DraftKind.COMMITMENT,
            action="add_duty",
            payload={"text": quote.text, "named": []},
            quote=quote,
            verdict=Verdict.NEW,
        )
        for n, quote in enumerate(quotes)
    )
    return document


def test_paper_page_when_5000_drafts_then_at_most_25_queries_and_quote_opens_its_page(
    world: World,
) -> None:
    document = _many_drafts()
    client = signed_in(world.office)
    address = reverse("intake:paper", args=[document.public_id])
    for query in ({}, {"page": "7"}, {"q": "32000-32006"}, {"kind": "commitment"}):
        with CaptureQueriesContext(connection) as asked:
            page = client.get(address, query)
        assert page.status_code == 200
        assert len(asked) <= MOST_QUERIES
    quoted = client.get(address, {"q": "32000-32006"}).content.decode()
    assert 'data-at="32000"' in quoted
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("intake:index"))
    assert len(asked) <= MOST_QUERIES


def test_ledger_page_when_500_rows_then_as_many_queries_as_for_5(world: World) -> None:
    client = signed_in(world.office)
    counts = []
    for size in (5, 500):
        data = ledger(*(row(n, f"示例{size}号厂房{n:04d}") for n in range(1, size + 1)))
        page = upload_ledger(client, data, f"台账{size}.xlsx").url
        client.get(page)
        with CaptureQueriesContext(connection) as asked:
            client.get(page)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= MOST_QUERIES


def test_pages_when_looking_at_the_past_then_nothing_can_be_decided(world: World) -> None:
    client = signed_in(world.office)
    paper = upload_paper(client, PAPER.encode()).url
    today = timezone.localdate().isoformat()
    page = client.get(paper, {"as_of": today})
    assert page.status_code == 200
    assert 'data-act="accept"' not in page.content.decode()
