"""What goes out as Excel and comes back unedited changes nothing: every list a ledger feeds."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from guatu.campaign.sample.loading import Loaded
from guatu.loop.models import Duty, Target
from guatu.register.models import Batch, Event

pytestmark = pytest.mark.django_db
LISTS = {
    "/projects/": ("project", "unit"),
    "/reserve/": ("reserve", "state"),
    "/leads/": ("lead", "source"),
    "/enterprises/": ("enterprise", "street"),
    "/duties/": ("supervision", "leader"),
    "/reforms/": ("reform", "due"),
}
"""Address of a list → the kind of ledger it is, and something it may be grouped by."""


def signed_in(loaded: Loaded, who: str) -> Client:
    client = Client()
    officer = loaded.district.officers[who]
    client.force_login(officer, "django.contrib.auth.backends.ModelBackend")
    return client


def exported(client: Client, path: str, **query: str | list[str]) -> bytes:
    answer = client.get(path, {"export": "xlsx", **query})
    assert answer.headers["Content-Type"].endswith("spreadsheetml.sheet")
    return answer.content


def brought_back(client: Client, data: bytes) -> Batch:
    file = SimpleUploadedFile("导出.xlsx", data)
    answer = client.post(reverse("intake:upload_ledger"), {"ledger-file": file})
    assert answer.status_code == 302
    return Batch.objects.latest("pk")


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("grouped", [False, True])
def test_list_when_exported_and_brought_back_unedited_then_nothing_changes(
    loaded: Loaded, path: str, *, grouped: bool
) -> None:
    client = signed_in(loaded, "office1")
    kind, way = LISTS[path]
    batch = brought_back(client, exported(client, path, group=way if grouped else ""))
    rows = client.get(path).context["listing"].count
    assert (batch.kind, batch.errors) == (kind, [])
    assert batch.counts == {"new": 0, "changed": 0, "unchanged": rows, "error": 0}
    assert [table["warnings"] for table in batch.tables] == [[]]
    before = Event.objects.exclude(verb__startswith="intake.").count()
    client.post(reverse("intake:ledger_confirm", args=[batch.public_id]))
    assert Event.objects.exclude(verb__startswith="intake.").count() == before


@pytest.mark.parametrize("path", LISTS)
def test_list_when_every_column_is_chosen_and_brought_back_then_nothing_changes(
    loaded: Loaded, path: str
) -> None:
    client = signed_in(loaded, "office1")
    chosen = [one.column.id for one in client.get(path).context["choices"]]
    batch = brought_back(client, exported(client, path, cols=chosen[::-1]))
    rows = client.get(path).context["listing"].count
    assert (batch.kind, batch.errors) == (LISTS[path][0], [])
    assert batch.counts == {"new": 0, "changed": 0, "unchanged": rows, "error": 0}


def test_leads_when_a_clerk_brings_the_own_list_back_then_nothing_changes(loaded: Loaded) -> None:
    client = signed_in(loaded, "invest1")
    batch = brought_back(client, exported(client, "/leads/"))
    assert {key for key, count in batch.counts.items() if count} == {"unchanged"}


def test_duties_when_one_cell_of_the_export_is_edited_then_that_alone_changes(
    loaded: Loaded,
) -> None:
    client = signed_in(loaded, "office1")
    book = load_workbook(io.BytesIO(exported(client, "/duties/")))
    sheet = book.worksheets[0]
    heads = {str(cell.value): cell.column for cell in sheet[3]}
    duty = (
        Duty.objects.filter(owner_post=None, state="issued").first()
        or Duty.objects.filter(state="issued").first()
    )
    assert duty is not None
    row = next(r[0].row for r in sheet.iter_rows() for c in r if c.value == duty.code)
    sheet.cell(row, heads["事项"]).value = "示例改过的事项"
    edited = io.BytesIO()
    book.save(edited)
    batch = brought_back(client, edited.getvalue())
    assert (batch.counts["changed"], batch.counts["new"], batch.counts["error"]) == (1, 0, 0)
    assert batch.drafts.get(verdict="changed").diff == {"title": [duty.title, "示例改过的事项"]}


def test_firm_figures_when_the_sheet_to_fill_in_comes_back_empty_then_nothing_changes(
    loaded: Loaded,
) -> None:
    client = signed_in(loaded, "office1")
    batch = brought_back(client, client.get("/firms/sheet/").content)
    assert batch.kind == "indicator"
    assert {key for key, count in batch.counts.items() if count} == {"unchanged"}
    told = brought_back(client, exported(client, "/firms/"))
    assert {key for key, count in told.counts.items() if count} == {"unchanged"}


def test_decomposition_when_its_workbook_comes_back_then_nothing_changes(loaded: Loaded) -> None:
    client = signed_in(loaded, "office1")
    seen = 0
    for target in Target.objects.exclude(kind=""):
        sheet = client.get(reverse("targets:workbook", args=[target.public_id]))
        file = SimpleUploadedFile("分解.xlsx", sheet.content)
        upload = reverse("targets:upload", args=[target.public_id])
        if client.post(upload, {"sheet-file": file}).status_code != 302:
            continue  # nothing was given out, so there is no row to bring back
        counts = Batch.objects.latest("pk").counts
        assert (counts["new"], counts["changed"], counts["error"]) == (0, 0, 0)
        seen += 1
    assert seen
