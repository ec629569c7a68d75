"""A ledger's preview by cell, its confirmation, the file to correct and its template."""

import re
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from guatu.campaign.reading import confirm_batch
from guatu.campaign.reading.importing import has_errors, warnings_of
from guatu.campaign.reading.ledger_view import marked_as_excel, preview_of
from guatu.campaign.reading.shelf import WORDS, open_book
from guatu.campaign.targets.importing import TARGET_SHEET
from guatu.engines.intake.sheet.template import empty_ledger
from guatu.growth.grounds import withdrawn_in
from guatu.loop.queries.sources import OF_DUTY, duties_of_cells
from guatu.register.campaign import act_now
from guatu.register.enums import BatchState, Role, Verdict
from guatu.register.errors import RegisterError
from guatu.register.intake import LEDGER
from guatu.register.models import Batch, SourceCell, Sourced, Workbook
from guatu.register.policies import in_sight, may
from guatu.web.downloads import XLSX, as_attachment, made
from guatu.web.intake.answers import (
    batch_or_404,
    missing,
    writing_only_now,
)
from guatu.web.intake.forms import SeenForm
from guatu.web.requests import OfficerRequest

CONTACTS_SEEN_BY = (Role.OFFICE, Role.LEADER, Role.UNIT, Role.ATTRACTION, Role.SPECIALIST)
"""Who deals with outside persons; to others their names are masked."""
EXCELS_OWN = re.compile(r"Sheet\d*")
"""Names Excel gives to sheets nobody named; they tell nothing."""
NUMBER = re.compile(r"\d{1,5}")


@require_GET
def ledger(request: OfficerRequest, batch: UUID) -> HttpResponse:
    """Show what importing would do, cell by cell; after confirming, what it did."""
    if batch_or_404(request, batch).kind == TARGET_SHEET:
        return redirect("targets:sheet", batch)
    found = _ledger_or_404(request, batch)
    verdict = request.GET.get("verdict", "")
    verdict = verdict if verdict in Verdict.values else ""
    table = min(_number(request, "table", 0), len(found.tables) - 1)
    preview = preview_of(
        act_now(request.standing),
        found,
        table=table,
        verdict=verdict,
        page=_number(request, "page", 1),
    )
    described = found.tables[table]
    context = {
        "batch": found,
        "words": WORDS[found.kind],
        "preview": preview,
        "verdict": verdict,
        "choices": [(v.value, v.label, found.counts.get(v.value, 0)) for v in Verdict],
        "table": described,
        "table_number": table,
        "sheet_told": _sheet_told(found, described["sheet"]),
        "has_money": any((one["field"] or "").endswith("_wan") for one in described["columns"]),
        "sums": [
            {"agrees": total["stated"] == total["computed"]} | total
            for total in described["totals"]
        ],
        "warnings": warnings_of(found),
        "converted": described.get("converted", []),
        "has_errors": has_errors(found),
        "may_decide": request.as_of is None and may(request.standing, "intake.confirm", found),
    }
    return render(request, "intake/ledger.html", context)


def _sheet_told(batch: Batch, name: str) -> bool:
    """Whether the sheet's name says anything: somebody gave it, or there are several."""
    return bool(name) and (len(batch.tables) > 1 or not EXCELS_OWN.fullmatch(name))


@require_http_methods(["GET", "POST"])
def confirm(request: OfficerRequest, batch: UUID) -> HttpResponse:
    """Say what will be written, then write it in one transaction."""
    writing_only_now(request)
    found = _ledger_or_404(request, batch)
    if not may(request.standing, "intake.confirm", found):
        missing()
    back = reverse("intake:ledger", args=[found.public_id])
    warnings = warnings_of(found)
    form = SeenForm(request.POST if request.method == "POST" else None) if warnings else None
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            confirm_batch(act_now(request.standing), found)
        except RegisterError as refusal:
            messages.error(request, str(refusal))
        else:
            new, changed, unchanged = _counts(found)
            messages.success(request, f"已入账：新增{new}，变更{changed}，未变{unchanged}。")
        return redirect(back)
    if has_errors(found) or found.state != BatchState.PREVIEW:
        return redirect(back)
    new, changed, unchanged = _counts(found)
    context = {
        "heading": f"导入「{found}」",
        "consequence": (
            f"将新增{new}，变更{changed}，另有{unchanged}没有变化。全部成功才入账{_traced(found)}。"
        ),
        "action": request.path,
        "back": back,
        "submit": "确认导入",
        "warnings": warnings,
        "left_out": [one for table in found.tables for one in table.get("unread", [])],
        "form": form,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "intake/ledger_check.html", context, status=status)


@require_GET
def errors(request: OfficerRequest, batch: UUID) -> HttpResponse:
    """Hand the whole ledger back as Excel, with what is wrong marked."""
    found = _ledger_or_404(request, batch)
    if not has_errors(found):
        missing()
    return made(marked_as_excel(found), XLSX, f"待改正-{_stem(str(found))}.xlsx")


@require_GET
def ledger_file(request: OfficerRequest, batch: UUID) -> HttpResponse:
    """Hand out the file itself."""
    found = _ledger_or_404(request, batch)
    if found.workbook is None:
        missing()
    return as_attachment(found.workbook.file, found.workbook.filename)


@require_GET
def template(request: OfficerRequest) -> HttpResponse:
    """Hand out the empty ledger of a kind, with what may be chosen in it."""
    kind = request.GET.get("kind", next(iter(WORDS)))
    if not may(request.standing, "intake.upload", LEDGER) or kind not in WORDS:
        missing()
    words = WORDS[kind]
    year = f"{request.campaign.year}年" if request.campaign else ""
    choices = open_book(kind, act_now(request.standing)).choices()
    content = empty_ledger(words.template, f"{year}{words.name}", choices)
    return made(content, XLSX, f"{words.name}模板.xlsx")


@require_GET
def cells(request: OfficerRequest, workbook: UUID) -> HttpResponse:
    """Show the row of one source cell, as far as it is a fact of a subject or duty in sight."""
    found = Workbook.objects.filter(public_id=workbook).first()
    if found is None:
        missing()
    sheet, cell = request.GET.get("sheet", ""), request.GET.get("cell", "")
    row = cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    rows = SourceCell.objects.filter(workbook=found, sheet=sheet, cell__endswith=row)
    same = [one for one in rows if one.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == row]
    duties = duties_of_cells(request.standing, same)
    if not duties and not may(request.standing, "intake.see_workbook", found):
        missing()
    facts = Sourced.objects.filter(in_sight(request.standing, "subject__"), cell__in=same)
    facts = facts.exclude(field__startswith=OF_DUTY).select_related("subject")
    if not request.standing.has(*CONTACTS_SEEN_BY):
        facts = facts.exclude(field="lead.contact")
    seen = {fact.cell_id for fact in facts} | duties.keys()
    shown = sorted((one for one in same if one.pk in seen), key=lambda c: (len(c.cell), c.cell))
    if cell not in {one.cell for one in shown}:
        missing()
    context = {
        "workbook": found,
        "sheet": sheet,
        "cell": cell,
        "cells": shown,
        "duties": list({duty.pk: duty for duty in duties.values()}.values()),
        "subjects": list({fact.subject_id: fact.subject for fact in facts}.values()),
    }
    return render(request, "intake/cell.html", context)


def cell_address(cell: SourceCell) -> str:
    """Where a source cell is shown among those of its row."""
    page = reverse("intake:cells", args=[cell.workbook.public_id])
    return f"{page}?{urlencode({'sheet': cell.sheet, 'cell': cell.cell})}"


def _ledger_or_404(request: OfficerRequest, key: UUID) -> Batch:
    found = batch_or_404(request, key)
    if found.document_id is not None or found.kind == TARGET_SHEET:
        missing()
    # Figures whose consent was withdrawn show nowhere, nor does the sheet they came in.
    if found.kind == "indicator" and found.workbook is not None and withdrawn_in(found.workbook):
        missing()
    return found


def _counts(batch: Batch) -> list[str]:
    """How many are new, changed and unchanged, each with its measure word."""
    counted = WORDS[batch.kind].counted
    return [f" {batch.counts.get(v, 0)} {counted}" for v in ("new", "changed", "unchanged")]


def _traced(batch: Batch) -> str:
    """Where the cell of each fact is shown afterwards, for kinds that have such a page."""
    page = WORDS[batch.kind].traced
    return f"，各项内容都可从{page}查到单元格" if page else ""


def _number(request: OfficerRequest, name: str, otherwise: int) -> int:
    asked = NUMBER.fullmatch(request.GET.get(name, ""))
    return int(asked[0]) if asked else otherwise


def _stem(filename: str) -> str:
    return filename.rpartition(".")[0] or filename
