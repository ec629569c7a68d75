"""A decomposition brought in as a workbook: preview by cell, confirm, or given back marked.

It goes the way of every ledger: file kept, a batch with one draft a unit, nothing in the books
before it is confirmed, and then all of it with the cell of each figure.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from guatu.campaign.reading.ledgers import MEDIA_TYPES
from guatu.campaign.targets.sheets import (
    HEADERS,
    PLACES,
    UNIT_HEADER,
    Units,
    read_figure,
    share_from,
    sheet_title,
    units_to_give,
)
from guatu.engines.apportion import Balance, Share, balance, faults_of, places_of
from guatu.engines.intake import BadInput
from guatu.engines.intake.sheet import Cell, Table, read_workbook_confined
from guatu.engines.intake.sheet.grid import row_number
from guatu.engines.intake.sheet.money import INVISIBLE
from guatu.loop.actions.apportioning import (
    COUNTED,
    MOST,
    MOST_UNITS,
    Place,
    Sheet,
    decompose,
    fault_words,
    period_of,
)
from guatu.loop.models import Target
from guatu.register import files
from guatu.register.enums import Basis, BatchState, DraftKind, DraftState, Verdict
from guatu.register.errors import Invalid, Stale
from guatu.register.models import Batch, Draft, Observation, SourceCell, Workbook
from guatu.register.policies import require
from guatu.register.recording import Act, mark_sample, note
from guatu.register.refusals import secrets_recorded
from guatu.register.sealing import marked

TARGET_SHEET = "target_sheet"
ACTION = "decompose_target"


@dataclass(frozen=True)
class Read:
    """One row of a sheet: its unit if known, figures by place with their cells, what is wrong."""

    number: int
    name: str
    unit: int | None
    figures: Mapping[str, Decimal]
    cells: Mapping[str, tuple[str, str]]
    wrong: Sequence[tuple[str, str]]


def read_target_sheet(act: Act, target: Target, data: bytes, filename: str) -> Batch:
    """Read a workbook into a preview. Raises BadInput for what cannot be taken at all."""
    require(act.standing, "target.decompose", target)
    digest = hashlib.sha256(data).hexdigest()
    try:
        with secrets_recorded(act, data):
            table = _table(read_workbook_confined(data, filename).tables, target, filename)
        with transaction.atomic():
            return _keep(act, target, table, data, filename)
    except BaseException:
        files.discard_unclaimed(digest)
        raise


def _table(tables: Sequence[Table], target: Target, filename: str) -> Table:
    for table in tables:
        headers = {"".join(column.header.split()) for column in table.columns}
        if UNIT_HEADER in headers and len(headers & set(HEADERS)) > 1:
            if not table.rows:
                raise BadInput("认出了分解表的表头，但没有一行单位", file=filename)
            if len(table.rows) > MOST_UNITS:
                raise BadInput(f"分解表超过{MOST_UNITS}行，不能读取", file=filename)
            if table.unit is not None and table.unit != target.unit:
                message = f"表中单位是{table.unit}，这项目标的单位是{target.unit}，请换算后再上传"
                raise BadInput(message, file=filename)
            _refuse_another(table, target, filename)
            return table
    raise BadInput("没有认出分解表：表头应有“单位、年度目标、1月……12月”，请用模板", file=filename)


def _refuse_another(table: Table, target: Target, filename: str) -> None:
    """Refuse a sheet whose title names another target of the account and not this one."""
    said = "".join(f"{table.title} {table.sheet}".split())
    known = Target.objects.filter(period=target.period).exclude(kind="")
    told = [one for one in known if sheet_title(one) in said]
    # One title may lie within another: the longest that is written there is meant.
    named = max(told, key=lambda one: len(sheet_title(one)), default=None)
    if named is not None and sheet_title(named) != sheet_title(target):
        message = (
            f"这是「{named.title}」的分解表，不能导入「{target.title}」；"
            f"请到「{named.title}」上传，确是本目标的请改表的标题"
        )
        raise BadInput(message, file=filename)


def _rows(table: Table, units: Units, *, whole: bool) -> list[Read]:
    places = {
        at: HEADERS["".join(column.header.split())]
        for at, column in enumerate(table.columns)
        if "".join(column.header.split()) in HEADERS
    }
    at_unit = next(
        at for at, column in enumerate(table.columns) if "".join(column.header.split()) == "单位"
    )
    found: list[Read] = []
    seen: set[int] = set()
    for cells in table.rows:
        if "".join(cells[at_unit].raw.split()) in {"合计", "总计", "全区"}:
            continue
        found.append(_row(cells, at_unit, places, units, seen, whole=whole))
    return found


def _row(
    cells: Sequence[Cell],
    at_unit: int,
    places: Mapping[int, str],
    units: Units,
    seen: set[int],
    *,
    whole: bool,
) -> Read:
    name = cells[at_unit].raw.strip()
    unit = units.named(name)
    wrong: list[tuple[str, str]] = []
    if unit is None:
        message = f"没有“{name[:40]}”这个单位，请用组织中的全称或简称"
        wrong.append((cells[at_unit].cell, message))
    elif unit.pk in seen:
        wrong.append((cells[at_unit].cell, f"“{name[:40]}”出现了两次"))
    else:
        seen.add(unit.pk)
    figures: dict[str, Decimal] = {}
    for at, place in places.items():
        try:
            value = read_figure(cells[at].raw)
        except ValueError:
            wrong.append((cells[at].cell, f"“{cells[at].raw[:20]}”不是数"))
            continue
        if value is not None:
            figures[place] = value
    told = {place: (cells[at].cell, cells[at].raw) for at, place in places.items()}
    wrong += [
        (told[fault.place][0], fault_words(name, fault).rstrip("。"))
        for fault in faults_of(share_from(figures), MOST, whole=whole)
    ]
    number = row_number(cells[at_unit].cell)
    return Read(number, name, unit.pk if unit else None, figures, told, wrong)


def shares_now(target: Target) -> dict[int, Share]:
    """What the units of a target are given, by unit."""
    parts = {
        part.subject_id: part.unit_id
        for part in target.parts.filter(ended=False).order_by("unit__order_path", "unit_id")
    }
    rows = Observation.objects.filter(
        subject_id__in=parts,
        indicator=target.indicator,
        basis__in=(Basis.PLAN, Basis.STRETCH),
        superseded_at=None,
    )
    now = {
        (parts[subject], period, basis): value
        for subject, period, basis, value in rows.values_list(
            "subject_id", "period", "basis", "value"
        )
    }
    return {
        unit: share_from(
            {place: now.get((unit, *period_of(target.period, place))) for place in PLACES}
        )
        for unit in parts.values()
    }


def _keep(act: Act, target: Target, table: Table, data: bytes, filename: str) -> Batch:
    workbook = _workbook(act, data, filename)
    now = shares_now(target)
    drafts = _drafts(target, table, now)
    _compare(drafts, now)
    described = {"sheet": table.sheet, "target": str(target.public_id), "revision": target.revision}
    empty: dict[str, list[object]] = {
        name: [] for name in ("columns", "totals", "groups", "notes", "warnings")
    }
    batch = Batch.objects.create(
        kind=TARGET_SHEET,
        workbook=workbook,
        tables=[described | empty],
        counts=_counted(drafts),
        officer=act.standing.officer if act.standing else None,
        made_at=act.at,
    )
    for draft in drafts:
        draft.batch = batch
    Draft.objects.bulk_create(drafts)
    kept = marked({Workbook: [workbook.pk]})
    note(act, "intake.read", workbook, {"rows": [None, len(drafts)], **kept})
    if act.sample:
        mark_sample([workbook, batch, *batch.drafts.all()])
    return batch


def _workbook(act: Act, data: bytes, filename: str) -> Workbook:
    suffix = f".{filename.rpartition('.')[2].lower()}"
    stored = files.store(data, MEDIA_TYPES.get(suffix, "application/octet-stream"))
    workbook, _ = Workbook.objects.get_or_create(
        file=stored,
        defaults={
            "filename": INVISIBLE.sub("", filename.replace("\\", "/").rpartition("/")[2])[:200],
            "officer": act.standing.officer if act.standing else None,
            "added_at": act.at,
            "is_sample": act.sample,
        },
    )
    return workbook


def _drafts(target: Target, table: Table, now: Mapping[int, Share]) -> list[Draft]:
    """One draft a row, with what is wrong in it."""
    read_rows = _rows(table, units_to_give(now), whole=target.unit in COUNTED)
    return [
        Draft(
            order=order,
            kind=DraftKind.TARGET,
            action=ACTION,
            payload={
                "row": read.number,
                "name": read.name,
                "unit": read.unit,
                "figures": {place: str(value) for place, value in read.figures.items()},
                "cells": {place: list(cell) for place, cell in read.cells.items()},
            },
            issues=[{"cell": cell, "message": text, "stops": True} for cell, text in read.wrong],
        )
        for order, read in enumerate(read_rows)
    ]


def _compare(drafts: Sequence[Draft], now: Mapping[int, Share]) -> None:
    """Write verdict and old → new on drafts; a blank cell leaves what there is.

    Months blank here and in the books that can only be 0 are shown as what will be kept.
    """
    for draft in drafts:
        unit = draft.payload["unit"]
        old = places_of(now.get(unit, Share()))
        told = {place: Decimal(text) for place, text in draft.payload["figures"].items()}
        draft.diff = {
            place: [None if old[place] is None else str(old[place]), str(value)]
            for place, value in told.items()
            if old[place] != value
        }
        after = share_from(old | told)
        draft.diff |= {str(month): [None, "0"] for month in after.implied}
        if draft.issues:
            draft.verdict = Verdict.ERROR
        elif not draft.diff:
            draft.verdict = Verdict.UNCHANGED
        else:
            draft.verdict = Verdict.CHANGED if unit in now else Verdict.NEW


def _counted(drafts: Sequence[Draft]) -> dict[str, int]:
    counted = Counter(str(draft.verdict) for draft in drafts)
    return {verdict.value: counted.get(verdict.value, 0) for verdict in Verdict}


def target_of(batch: Batch) -> Target | None:
    """Target a batch is about; None for batches of another kind."""
    if batch.kind != TARGET_SHEET:
        return None
    rows = Target.objects.select_related("subject", "indicator")
    return rows.filter(public_id=batch.tables[0]["target"]).first()


def shares_after(drafts: Sequence[Draft], now: Mapping[int, Share]) -> dict[int, Share]:
    """What units would be given once the sheet is confirmed."""
    after = dict(now)
    for draft in drafts:
        unit, figures = draft.payload["unit"], draft.payload["figures"]
        if unit is None or not (figures or unit in now):
            continue
        old = places_of(now.get(unit, Share()))
        after[unit] = share_from(old | {place: Decimal(text) for place, text in figures.items()})
    return after


def balance_after(target: Target, drafts: Sequence[Draft]) -> Balance:
    """How the sums would stand once the sheet is confirmed; units by key."""
    told = shares_after(drafts, shares_now(target))
    named = {str(unit): share for unit, share in told.items()}
    return balance(named, target.base, target.stretch)


def confirm_target_sheet(act: Act, batch: Batch, *, knowing: bool) -> int:
    """Give the target out as the preview showed; returns how many figures are new or different.

    Raises Invalid for wrong rows and for sums that disagree unless ``knowing``, Stale when the
    target was decomposed since the preview. Nothing is partly saved.
    """
    require(act.standing, "intake.confirm", batch)
    with transaction.atomic():
        held = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        target = target_of(held)
        if target is None or held.state != BatchState.PREVIEW:
            raise Invalid("这次导入已经处理过了。")
        drafts = list(held.drafts.all())
        if any(draft.issues for draft in drafts):
            raise Invalid("分解表里有错误，一行也没有导入；请改正后重新上传。")
        if target.revision != held.tables[0]["revision"]:
            raise Stale("预览之后目标又被改过或分解过，请重新上传核对。")
        shares = shares_after(drafts, shares_now(target))
        cells = _cells(act, held, drafts)
        source = str(batch.workbook.filename) if batch.workbook else "分解表"
        sheet = Sheet(shares, source, knowing, cells)
        kept = decompose(act, target, sheet, expected_revision=target.revision)
        held.state, held.decided_at = BatchState.CONFIRMED, act.at
        held.save(update_fields=["state", "decided_at"])
        held.drafts.update(state=DraftState.ACCEPTED, officer=held.officer, decided_at=act.at)
        note(act, "intake.confirm", held)
    return kept


def _cells(act: Act, batch: Batch, drafts: Sequence[Draft]) -> dict[Place, SourceCell]:
    """Keep the cell of each figure that changes."""
    sheet, found = batch.tables[0]["sheet"], {}
    for draft in drafts:
        for place in draft.diff.keys() & draft.payload["figures"].keys():
            cell, raw = draft.payload["cells"][place]
            kept, made = SourceCell.objects.get_or_create(
                workbook=batch.workbook, sheet=sheet, cell=cell, defaults={"raw": raw}
            )
            if made and act.sample:
                mark_sample([kept])
            found[draft.payload["unit"], place] = kept
    return found


def marked_rows(batch: Batch) -> bytes:
    """Give the whole sheet back as Excel, beside each wrong row what is wrong in it."""
    from guatu.engines import exports  # noqa: PLC0415 -- Excel is loaded by the first export

    target = target_of(batch)
    columns = [exports.ExportColumn(UNIT_HEADER, "text", 24)]
    columns += [exports.ExportColumn(name, "text", 11) for name in HEADERS]
    columns.append(exports.ExportColumn("错误说明", "text", 60))
    rows = []
    for draft in batch.drafts.order_by("order"):
        cells = draft.payload["cells"]
        why = "；".join(f"{issue['cell']} {issue['message']}" for issue in draft.issues)
        figures = [cells.get(place, ["", ""])[1] for place in HEADERS.values()]
        rows.append([draft.payload["name"], *figures, why])
    title, unit = (sheet_title(target), target.unit) if target else ("分解表", None)
    return exports.write_table(columns, rows, title, unit=unit)
