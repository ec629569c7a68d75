"""A ledger into drafts: one a row, each with what importing it would change."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from django.db import transaction

from guatu.campaign.reading.books import BookWords, Difference, LedgerRow, reason
from guatu.campaign.reading.papers import reopened
from guatu.campaign.reading.previews import rows_of
from guatu.campaign.reading.shelf import WORDS, open_book, words_of
from guatu.campaign.reading.unread import grave_words, unread_of
from guatu.engines.intake import BadInput
from guatu.engines.intake.sheet import NOTES, Finding, Table, read_workbook_confined
from guatu.engines.intake.sheet.grid import row_number
from guatu.engines.intake.sheet.money import INVISIBLE
from guatu.engines.uncollected import uncollected
from guatu.register import files
from guatu.register.bulk import insert_rows, reserve_keys
from guatu.register.enums import BatchState, Verdict
from guatu.register.errors import Invalid
from guatu.register.intake import LEDGER, batches_in_sight
from guatu.register.models import Batch, Draft, Workbook
from guatu.register.policies import may, require
from guatu.register.recording import BATCH, Act, Json, mark_sample, note
from guatu.register.refusals import secrets_recorded
from guatu.register.sealing import marked

MOST_NOTES = 200
WARNED = {
    "total_mismatch": "合计行与各行之和不符：",
    "group_count": "分组项数不符：",
    "invisible_mark": "",
}
"""Findings a person must have seen before confirming, with the words they are told under."""
OTHERS = {
    "progress": "投资完成月报",
    "preparation": "前期工作台账",
    "lead": "招商台账",
    "enterprise": "企业库",
    "supervision": "督办台账",
    "bond": "专项债清单",
    "indicator": "月度指标表",
    "request": "企业诉求台账",
}
KIND_NAMES = {kind: words.name for kind, words in WORDS.items()} | {
    kind: name for kind, name in OTHERS.items() if kind not in WORDS
}
"""What the reader knows, whether it can be brought in or not."""
MEDIA_TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xls": "application/vnd.ms-excel",
    ".csv": "text/csv",
}


def read_ledger_into_drafts(act: Act, data: bytes, filename: str, kind: str | None = None) -> Batch:
    """Read a ledger in a process of its own and keep a draft of each row with what it changes.

    A file brought in before opens its existing batch; while that is not confirmed its preview is
    computed anew. ``kind`` insists on a kind of table. Raises BadInput naming file, row and column;
    the refusal of a 密级 mark is logged without keeping the file.
    """
    require(act.standing, "intake.upload", LEDGER)
    digest = hashlib.sha256(data).hexdigest()
    known = _known(act, digest)
    if known is not None:
        return refreshed(act, reopened(act, known))
    with uncollected():
        with secrets_recorded(act, data):
            words, tables = _tables(data, filename, kind)
        if not may(act.standing, words.policy, None):
            raise Invalid(f"您的岗位不能导入{words.name}，请交专班导入。")
        try:
            with transaction.atomic():
                return _keep(act, data, filename, words, tables)
        except BaseException:
            files.discard_unclaimed(digest)
            raise


def refreshed(act: Act, batch: Batch) -> Batch:
    """Compute the preview anew against the ledger as it stands; a confirmed batch stays."""
    if batch.state != BatchState.PREVIEW:
        return batch
    drafts = list(batch.drafts.all())
    book = open_book(batch.kind, act)
    rows = rows_of(batch, drafts, book)
    with transaction.atomic():
        told = book.compared(rows)
        changed = [d for d, r, x in zip(drafts, rows, told, strict=True) if _tell(d, r, x)]
        Draft.objects.bulk_update(changed, ["verdict", "diff", "issues"], batch_size=BATCH)
        batch.counts = _counted(drafts)
        batch.save(update_fields=["counts"])
    return batch


def _known(act: Act, digest: str) -> Batch | None:
    """The batch of these bytes among those the officer may open."""
    rows = Batch.objects.filter(workbook__file__sha256=digest, kind__in=WORDS)
    if act.standing is not None:
        rows = rows.filter(batches_in_sight(act.standing))
    return rows.first()


def _tables(data: bytes, filename: str, kind: str | None) -> tuple[BookWords, list[Table]]:
    """Tables of one kind that can be brought in; BadInput tells what the others look like."""
    can = "、".join(words.name for words in WORDS.values())
    if kind is not None and kind not in WORDS:
        name = KIND_NAMES.get(kind, f"“{kind}”")
        raise BadInput(f"目前能导入{can}，不能按{name}导入", file=filename)
    tables = read_workbook_confined(data, filename).tables
    wanted = [(words, table) for table in tables if (words := words_of(table, kind)) is not None]
    filled = next((words for words, table in wanted if table.rows), None)
    if filled is not None:
        return filled, [_of_taken(filled, table) for words, table in wanted if words == filled]
    if wanted:
        name = wanted[0][0].name
        raise BadInput(f"认出了{name}的表头，但表头下面没有一行数据，没有可导入的", file=filename)
    likely = [name for table in tables for name in _likely(table, kind)]
    guess = f"，看起来像{'、'.join(dict.fromkeys(likely))}" if likely else ""
    asked = KIND_NAMES[kind] if kind else "能导入的台账"
    raise BadInput(f"没有认出{asked}{guess}；目前能导入{can}", file=filename)


def _of_taken(words: BookWords, table: Table) -> Table:
    """Leave out what stops the import in columns from which it takes nothing."""
    taken = {_letters(c.cell) for c in table.columns if (c.field or "") in words.taken}
    heads = {_letters(c.cell): row_number(c.cell) for c in table.columns}
    idle = {at: row for at, row in heads.items() if at not in taken}

    def stands(finding: Finding) -> bool:
        at = _letters(finding.cell)
        return not (finding.blocks and at in idle and row_number(finding.cell) >= idle[at])

    return replace(table, errors=tuple(filter(stands, table.errors)))


def _letters(address: str) -> str:
    return address.rstrip("0123456789")


def _likely(table: Table, asked: str | None) -> list[str]:
    """What a table looks like instead: when nothing was asked for, only what cannot be taken."""
    named = [table.kind, *(kind for kind, _ in table.alternatives)]
    known = KIND_NAMES.keys() - ({asked} if asked else WORDS.keys())
    return [KIND_NAMES[kind] for kind in named if kind in known][:3]


def _keep(act: Act, data: bytes, filename: str, words: BookWords, tables: Sequence[Table]) -> Batch:
    officer = act.standing.officer if act.standing else None
    media_type = MEDIA_TYPES.get(PurePath(filename).suffix.lower(), "application/octet-stream")
    stored = files.store(data, media_type)
    workbook, _ = Workbook.objects.get_or_create(
        file=stored,
        defaults={
            "filename": INVISIBLE.sub("", PurePath(filename).name)[:200],
            "officer": officer,
            "added_at": act.at,
            "is_sample": act.sample,
        },
    )
    batch = Batch(
        kind=words.kind,
        workbook=workbook,
        tables=[_described(words, table) for table in tables],
        errors=[
            {"sheet": table.sheet, "cell": finding.cell, "message": finding.message}
            for table in tables
            for finding in _general(table)
        ],
        officer=officer,
        made_at=act.at,
    )
    drafts = [draft for number, table in enumerate(tables) for draft in _rows(words, table, number)]
    for order, draft in enumerate(drafts):
        draft.order = order
    book = open_book(words.kind, act)
    rows = rows_of(batch, drafts, book)
    diffs = book.compared(rows)
    for draft, row, diff in zip(drafts, rows, diffs, strict=True):
        _tell(draft, row, diff)
    batch.counts = _counted(drafts)
    batch.save()
    _insert(batch, drafts)
    kept = marked({Workbook: [workbook.pk]})
    note(act, "intake.read", workbook, {"rows": [None, len(drafts)], **kept})
    if act.sample:
        mark_sample([workbook, batch, *drafts])
    return batch


def _insert(batch: Batch, drafts: Sequence[Draft]) -> None:
    """Keep the drafts of a new batch; their keys are in their order."""
    keys = reserve_keys(Draft, len(drafts))
    for draft, key in zip(drafts, keys, strict=True):
        draft.pk, draft.batch_id = key, batch.pk
    names = [column.attname for column in Draft._meta.local_concrete_fields]
    insert_rows(Draft, names, ([getattr(draft, name) for name in names] for draft in drafts))


def _described(words: BookWords, table: Table) -> dict[str, Json]:
    """What the preview must know of a sheet besides its rows."""
    told = [f for f in table.errors if f.code in NOTES]
    unread = unread_of(words, table)
    disagreeing = {f.cell for f in told if f.code == "total_mismatch"}
    notes: list[Json] = [
        {"cell": f.cell, "message": f.message} for f in told if f.code not in WARNED
    ]
    warnings: list[Json] = [
        {"cell": f.cell, "message": f"{WARNED[f.code]}{f.message}"}
        for f in sorted(told, key=lambda one: list(NOTES).index(one.code))
        if f.code in WARNED
    ]
    lost: list[Json] = [
        {"cell": one.cell, "message": grave_words(one, words)} for one in unread if one.missed
    ]
    return {
        "sheet": table.sheet,
        "title": table.title,
        "unit": table.unit,
        "hidden": table.hidden,
        "groups": [
            {"label": g.label, "stated": g.stated, "counted": g.counted} for g in table.groups
        ],
        "totals": [
            {
                "cell": t.cell,
                "stated": t.stated,
                "computed": t.computed,
                "agrees": t.cell not in disagreeing,
            }
            for t in table.totals
        ],
        "columns": [
            {"header": c.header, "field": c.field, "cell": c.cell, "period": c.period}
            for c in table.columns
        ],
        "notes": notes[:MOST_NOTES],
        "warnings": [*lost, *warnings][:MOST_NOTES],
        "unread": [one.as_json() for one in unread],
        "converted": _converted(table),
    }


def _converted(table: Table) -> list[Json]:
    """Columns with amounts written in another unit than the sheet's, and that unit."""
    sheet = table.unit or "万元"
    found: list[Json] = []
    for at, column in enumerate(table.columns):
        units = {cells[at].unit for cells in table.rows}
        others = sorted(unit for unit in units if unit and unit.endswith("元") and unit != sheet)
        if others and (column.field or "").endswith("_wan"):
            found.append({"header": column.header, "unit": "、".join(others)})
    return found


def _rows(words: BookWords, table: Table, number: int) -> list[Draft]:
    """A draft for each row; cells that hold nothing are left out."""
    wrong = _by_row(table)
    drafts = []
    for cells in table.rows:
        row = row_number(cells[0].cell)
        drafts.append(
            Draft(
                kind=words.draft,
                action=words.action,
                payload={
                    "table": number,
                    "row": row,
                    "cells": {
                        str(at): list(cell)
                        for at, cell in enumerate(cells)
                        if cell.value is not None or cell.raw
                    },
                    "wrong": [[finding.cell, finding.message] for finding in wrong.get(row, [])],
                },
            )
        )
    return drafts


def _by_row(table: Table) -> dict[int, list[Finding]]:
    found: dict[int, list[Finding]] = {}
    inside = {row_number(cells[0].cell) for cells in table.rows}
    for finding in table.blocking:
        number = row_number(finding.cell)
        if number in inside:
            found.setdefault(number, []).append(finding)
    return found


def _general(table: Table) -> list[Finding]:
    """Findings that stop the import and belong to no data row, such as an unknown unit."""
    inside = {row_number(cells[0].cell) for cells in table.rows}
    return [f for f in table.blocking if row_number(f.cell) not in inside]


def _tell(draft: Draft, row: LedgerRow[Any], diff: Difference) -> bool:
    """Write verdict, changes and remarks on the draft; tells whether anything differs."""
    before = (draft.verdict, draft.diff, draft.issues)
    wrong = [tuple(pair) for pair in draft.payload["wrong"]] + row.errors
    told = {cell for cell, _ in wrong}
    # Of a row with a wrong cell only what its other cells say can be judged.
    fit = [issue for issue in diff.issues if not wrong or issue.field in row.places]
    disagrees = [(row.cell_of(issue.field), reason(issue.words)) for issue in fit]
    wrong += [pair for pair in disagrees if pair[0] not in told]
    notes = [*row.notes, *((row.cell_of(""), reason(text)) for text in diff.notes)]
    draft.verdict = Verdict.ERROR if wrong else diff.verdict
    draft.diff = {} if wrong else {key: list(pair) for key, pair in diff.changes.items()}
    draft.issues = [
        *({"cell": cell, "message": message, "stops": True} for cell, message in wrong),
        *({"cell": cell, "message": message, "stops": False} for cell, message in notes),
    ]
    return before != (draft.verdict, draft.diff, draft.issues)


def _counted(drafts: Sequence[Draft]) -> dict[str, int]:
    counted = Counter(str(draft.verdict) for draft in drafts)
    return {verdict.value: counted.get(verdict.value, 0) for verdict in Verdict}
