"""A confirmed ledger into the books: everything or nothing, each fact with its cell."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, transaction

from guatu.campaign.reading.books import Difference, LedgerRow
from guatu.campaign.reading.ledgers import refreshed
from guatu.campaign.reading.previews import rows_of
from guatu.campaign.reading.shelf import open_book
from guatu.campaign.reading.unread import plain_words
from guatu.engines.uncollected import uncollected
from guatu.register.bulk import insert_rows, reserve_keys
from guatu.register.enums import BatchState, DraftState, Verdict
from guatu.register.errors import Invalid, Stale
from guatu.register.models import Batch, Draft, SourceCell, Sourced, Subject
from guatu.register.policies import require
from guatu.register.recording import Act, mark_sample, note
from guatu.register.sealing import marked

Place = tuple[str, str]
"""A sheet and the address of a cell in it."""


def confirm_ledger(act: Act, batch: Batch) -> Batch:
    """Import what the preview showed; a batch confirmed before stays as it is.

    Raises Invalid when any row is wrong, and Stale when the ledger has changed since the preview:
    then the preview is computed anew and nothing is saved.
    """
    require(act.standing, "intake.confirm", batch)
    with uncollected():
        refusal = _import(act, batch)
    if refusal is not None:
        refreshed(act, Batch.objects.get(pk=batch.pk))
        raise refusal
    batch.refresh_from_db()
    return batch


def has_errors(batch: Batch) -> bool:
    """Whether anything in the batch stops the import."""
    return bool(batch.errors) or bool(batch.counts.get(Verdict.ERROR))


def warnings_of(batch: Batch) -> list[dict[str, str]]:
    """What does not stop the import but must have been seen: checksums, characters taken out.

    Each names sheet, cell and message.
    """
    return [
        {"sheet": str(table["sheet"]), "cell": warning["cell"], "message": warning["message"]}
        for table in batch.tables
        for warning in table.get("warnings", [])
    ]


def unread_in(batch: Batch) -> list[dict[str, str]]:
    """Name the columns from which nothing is taken, but for those among the warnings."""
    return [
        {"sheet": str(table["sheet"]), "cell": one["cell"], "message": plain_words(one)}
        for table in batch.tables
        for one in table.get("unread", [])
        if not one["missed"]
    ]


def _import(act: Act, batch: Batch) -> Stale | None:
    with transaction.atomic():
        held = Batch.objects.select_for_update(of=("self",)).select_related("workbook__file")
        batch = held.get(pk=batch.pk)
        if batch.state == BatchState.CONFIRMED:
            return None
        if batch.state == BatchState.DROPPED:
            raise Invalid("这次导入已经放弃，请重新上传。")
        if has_errors(batch):
            raise Invalid("台账里有错误，一行也没有导入；请改正后重新上传。")
        drafts = list(batch.drafts.all())
        book = open_book(batch.kind, act)
        rows = rows_of(batch, drafts, book)
        diffs = book.compared(rows)
        if not all(_as_shown(d, x) for d, x in zip(drafts, diffs, strict=True)):
            return Stale("预览之后数据又有变动，预览已经更新，请重新核对后再确认。")
        keys = _keep_cells(act, batch, drafts, rows, diffs)
        places = [
            _places(_sheet(batch, draft), row, keys)
            for draft, row in zip(drafts, rows, strict=True)
        ]
        source = str(batch.workbook.filename) if batch.workbook else book.words.name
        subjects = book.take(rows, diffs, places, source)
        _close(act, batch, drafts, subjects, keys.values())
    return None


def _as_shown(draft: Draft, diff: Difference) -> bool:
    """Whether a row would still do what the person was shown."""
    fresh = {key: list(pair) for key, pair in diff.changes.items()}
    return draft.verdict == diff.verdict and draft.diff == fresh


def _keep_cells(
    act: Act,
    batch: Batch,
    drafts: Sequence[Draft],
    rows: Sequence[LedgerRow[Any]],
    diffs: Sequence[Difference],
) -> dict[Place, int]:
    """Keep the cell of each fact that changes; returns the keys of the workbook's kept cells."""
    wanted: dict[Place, str] = {}
    for draft, row, diff in zip(drafts, rows, diffs, strict=True):
        sheet = _sheet(batch, draft)
        for name in diff.changes:
            if name in row.places:
                cell = row.places[name]
                wanted[sheet, cell.cell] = cell.raw
    kept: dict[Place, int] = {
        (sheet, cell): key
        for key, sheet, cell in SourceCell.objects.filter(workbook=batch.workbook_id).values_list(
            "pk", "sheet", "cell"
        )
    }
    fresh = [(place, raw) for place, raw in wanted.items() if place not in kept]
    keys = reserve_keys(SourceCell, len(fresh))
    insert_rows(
        SourceCell,
        ["id", "workbook_id", "sheet", "cell", "raw"],
        [
            (key, batch.workbook_id, *place, raw)
            for key, (place, raw) in zip(keys, fresh, strict=True)
        ],
    )
    if act.sample:
        mark_sample([SourceCell(pk=key) for key in keys])
    return kept | {place: key for key, (place, _) in zip(keys, fresh, strict=True)}


def _places(sheet: str, row: LedgerRow[Any], keys: Mapping[Place, int]) -> dict[str, int]:
    """Name of each value of the row → key of its kept cell."""
    return {
        name: keys[sheet, cell.cell]
        for name, cell in row.places.items()
        if (sheet, cell.cell) in keys
    }


def _sheet(batch: Batch, draft: Draft) -> str:
    return str(batch.tables[draft.payload["table"]]["sheet"])


def _close(
    act: Act,
    batch: Batch,
    drafts: Sequence[Draft],
    subjects: Sequence[Subject],
    cells: Iterable[int],
) -> None:
    officer = act.standing.officer if act.standing else None
    batch.drafts.update(state=DraftState.ACCEPTED, officer=officer, decided_at=act.at)
    table = connection.ops.quote_name(Draft._meta.db_table)
    with connection.cursor() as cursor:
        # One prepared statement for thousands of rows: bulk_update would build as many CASE arms.
        cursor.executemany(
            f"UPDATE {table} SET subject_id = %s WHERE id = %s",  # noqa: S608 -- a table's own name
            [(subject.pk, draft.pk) for draft, subject in zip(drafts, subjects, strict=True)],
        )
    batch.state = BatchState.CONFIRMED
    batch.decided_at = act.at
    batch.save(update_fields=["state", "decided_at"])
    pointers = Sourced.objects.filter(cell__workbook=batch.workbook_id)
    kept = marked({SourceCell: cells, Sourced: pointers.values_list("pk", flat=True)})
    note(act, "intake.confirm", batch, {"counts": [None, batch.counts], **kept})
