"""What facts came from is proved row by row: papers, quotes, workbooks, cells, files."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import models, transaction

from guatu.campaign import reading
from guatu.investment import stages
from guatu.register import files, rules
from guatu.register.enums import Role
from guatu.register.models import (
    Document,
    Event,
    Head,
    Quote,
    Seal,
    SourceCell,
    Sourced,
    StoredFile,
    Workbook,
)
from guatu.register.sealing import marked, seal, verify
from guatu.register.sealing.sources import COLUMNS, KEY
from tests.campaign.ledgers import ledger, row
from tests.factories import (
    NOON,
    act_of,
    make_campaign,
    make_district,
    make_standing,
    make_unit,
)

pytestmark = pytest.mark.django_db
PAPER = "力争示例云谷项目6月底前开工。确保示例四区道路10月底前建成通车。".encode()
TEXTS = (
    (Document, "text"),
    (Document, "title"),
    (Document, "filename"),
    (Document, "encoding"),
    (Quote, "text"),
    (Workbook, "filename"),
    (SourceCell, "sheet"),
    (SourceCell, "cell"),
    (SourceCell, "raw"),
    (Sourced, "field"),
)


@pytest.fixture(autouse=True)
def _read(tmp_path_factory: pytest.TempPathFactory, settings: django_settings) -> None:
    """One paper read and a duty accepted out of it, one ledger in the books; all sealed."""
    settings.GUATU_HOME = tmp_path_factory.mktemp("home")
    rules.load_shipped()
    stages.load_shipped()
    district = make_district()
    make_campaign(district)
    make_unit(district, "示例一局")
    act = act_of(make_standing(district, Role.OFFICE))
    paper = reading.read_paper_into_drafts(act, PAPER, "示例讲话.txt")
    reading.accept_drafts(act, paper, reading.pending_drafts(paper))
    batch = reading.read_ledger_into_drafts(act, ledger(row(1, "示例东湖产业园")), "示例台账.xlsx")
    reading.confirm_batch(act, batch)
    seal(NOON)


def _found(tamper: Callable[[], object]) -> list[tuple[str, str | None, int | None]]:
    """What is wrong after ``tamper``, which is undone."""
    with transaction.atomic():
        tamper()
        found = [(fault.kind, fault.model, fault.row) for fault in verify().faults]
        transaction.set_rollback(True)
    return found


def test_verify_when_nothing_was_touched_then_every_source_row_is_proved() -> None:
    result = verify()
    rows = sum(model._default_manager.count() for model in COLUMNS)
    assert (result.faults, result.sources, result.unmarked) == ([], rows, 0)
    assert (result.files, result.unread_files) == (2, 0)
    assert all(model._default_manager.exists() for model in COLUMNS)
    assert Sourced.objects.exclude(quote=None).exists()


@pytest.mark.parametrize(("model", "column"), TEXTS)
def test_verify_when_one_character_of_a_source_is_changed_then_its_row_is_named(
    model: type[models.Model], column: str
) -> None:
    rows: Any = model._default_manager
    changed = rows.exclude(**{column: ""}).order_by("pk").last()
    text = getattr(changed, column)
    found = _found(lambda: rows.filter(pk=changed.pk).update(**{column: f"{text[:-1]}甲"}))
    assert found == [("source", model._meta.label, changed.pk)]


@pytest.mark.parametrize("model", [Quote, SourceCell])
def test_verify_when_a_pointer_is_turned_to_another_source_then_it_is_named(
    model: type[models.Model],
) -> None:
    column = {Quote: "quote", SourceCell: "cell"}[model]
    first, *_, last = Sourced.objects.exclude(**{column: None}).order_by("pk")
    other = {column: getattr(last, column)}
    assert other != {column: getattr(first, column)}
    found = _found(lambda: Sourced.objects.filter(pk=first.pk).update(**other))
    assert found == [("source", "register.Sourced", first.pk)]


def test_verify_when_a_pointer_is_deleted_then_it_is_named() -> None:
    gone = Sourced.objects.earliest("pk").pk
    found = _found(lambda: Sourced.objects.filter(pk=gone).delete())
    assert found == [("source", "register.Sourced", gone)]


def test_verify_when_a_mark_is_made_to_fit_then_the_chain_names_its_event() -> None:
    cell = SourceCell.objects.earliest("pk")
    event = Event.objects.get(verb="intake.confirm", model="register.Batch", changes__has_key=KEY)

    def tamper() -> None:
        SourceCell.objects.filter(pk=cell.pk).update(raw="示例改")
        rows = {
            model: list(model.objects.values_list("pk", flat=True))
            for model in (SourceCell, Sourced)
        }
        fitting = {**event.changes, **marked(rows)}
        Event.objects.filter(pk=event.pk).update(changes=fitting)

    assert _found(tamper)[0] == ("payload", "register.Batch", event.row)


def test_verify_when_a_stored_file_is_changed_or_gone_then_its_row_is_named() -> None:
    stored = StoredFile.objects.earliest("pk")
    place = files.path_of(stored.sha256)
    named = [("file", "register.StoredFile", stored.pk)]
    data = place.read_bytes()
    place.write_bytes(bytes([data[0] ^ 1]) + data[1:])
    assert _found(lambda: None) == named
    place.unlink()
    assert _found(lambda: None) == named


def test_verify_when_another_file_is_put_in_its_place_then_what_stands_on_it_is_named() -> None:
    paper = Document.objects.get()
    other = files.store("示例：另一份材料".encode(), "text/plain")

    def tamper() -> None:
        Document.objects.filter(pk=paper.pk).update(file=other)

    assert _found(tamper) == [("source", "register.Document", paper.pk)]


def test_verify_when_read_before_marks_were_kept_then_rows_are_counted_not_faulted() -> None:
    _forget_marks()
    rows = sum(model._default_manager.count() for model in COLUMNS)
    result = verify()
    assert (result.faults, result.sources, result.unmarked) == ([], 0, rows)


def test_verify_when_an_unmarked_quote_is_not_what_the_paper_says_then_it_is_named() -> None:
    _forget_marks()
    quote = Quote.objects.earliest("pk")
    found = _found(lambda: Quote.objects.filter(pk=quote.pk).update(text="示例改"))
    assert found == [("source", "register.Quote", quote.pk)]


def _forget_marks() -> None:
    """Make the log one of a time when events carried no marks yet."""
    for event in Event.objects.filter(changes__has_key=KEY):
        del event.changes[KEY]
        event.save()
    Seal.objects.all().delete()
    Head.objects.all().delete()
    shutil.rmtree(Path(django_settings.GUATU_HOME) / "heads")
    seal(NOON)
