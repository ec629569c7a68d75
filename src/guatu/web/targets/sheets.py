"""The decomposition as Excel: template and export, upload, preview, confirm, marked sheet."""

import uuid
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guatu.campaign.targets.importing import (
    balance_after,
    confirm_target_sheet,
    marked_rows,
    read_target_sheet,
    shares_now,
    target_of,
)
from guatu.campaign.targets.sheets import HEADERS, sheet_of, sheet_title, units_to_give
from guatu.engines.apportion import Share
from guatu.engines.intake import BadInput
from guatu.loop.models import Target
from guatu.register.campaign import act_now
from guatu.register.enums import BatchState, Verdict
from guatu.register.errors import RegisterError
from guatu.register.models import Batch, Draft
from guatu.register.policies import may, require
from guatu.web.components import PreviewCell, PreviewRow
from guatu.web.downloads import XLSX, made
from guatu.web.intake.answers import batch_or_404
from guatu.web.refusals import forbidden_is_missing
from guatu.web.requests import OfficerRequest
from guatu.web.targets.faces import implied_words, target_url


class UploadForm(forms.Form):
    """A workbook with the decomposition."""

    file = forms.FileField(
        label="分解表", help_text="用本页下载的表填写；支持 xlsx、xls、csv，先预览，确认后才保存。"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **{"prefix": "sheet", **kwargs})
        self.fields["file"].widget.attrs["accept"] = ".xlsx,.xls,.csv"


class KnowingForm(forms.Form):
    """The word of the person confirming that the sums are meant not to add up."""

    knowing = forms.BooleanField(
        label="差额已知，仍按此保存",
        error_messages={"required": "合计与目标不一致，请改正表格，或勾选「差额已知」。"},
    )


def _target_or_404(request: OfficerRequest, key: uuid.UUID) -> Target:
    found = Target.objects.select_related("subject", "indicator").filter(public_id=key).first()
    if found is None or not found.kind or request.as_of is not None:
        raise Http404
    require(request.standing, "target.decompose", found)
    return found


@require_safe
@forbidden_is_missing
def workbook(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Hand out the sheet as it stands: with no unit given anything it is the empty template."""
    target = _target_or_404(request, key)
    now = shares_now(target)
    rows = [(str(unit), now.get(unit.pk, Share())) for unit in units_to_give(now).rows]
    whole = Share(target.base, target.stretch)
    content = sheet_of(sheet_title(target), target.unit, rows, whole)
    return made(content, XLSX, f"{target.title}分解表.xlsx")


@require_POST
@forbidden_is_missing
def upload(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Read a sheet and open its preview; what cannot be taken is told in one sentence."""
    target = _target_or_404(request, key)
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        told = form.cleaned_data["file"]
        try:
            batch = read_target_sheet(act_now(request.standing), target, told.read(), told.name)
        except (BadInput, RegisterError) as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("targets:sheet", batch.public_id)
    context = {
        "form": form,
        "heading": f"导入{target.title}分解表",
        "cancel_url": reverse("targets:give", args=[key]),
        "submit": "上传并预览",
    }
    return render(request, "form.html", context, status=422)


def _batch_or_404(request: OfficerRequest, key: uuid.UUID) -> tuple[Batch, Target]:
    found = batch_or_404(request, key)
    target = target_of(found)
    if target is None or not may(request.standing, "target.decompose", target):
        raise Http404
    return found, target


@require_safe
def sheet(request: OfficerRequest, batch: uuid.UUID) -> HttpResponse:
    """Show what confirming would change, cell by cell."""
    found, target = _batch_or_404(request, batch)
    drafts = list(found.drafts.all())
    waiting = found.state == BatchState.PREVIEW
    wrong = any(draft.verdict == Verdict.ERROR for draft in drafts)
    context = {
        "batch": found,
        "target": target,
        "headers": ["单位", *HEADERS],
        "rows": [_row(draft) for draft in drafts],
        "counts": found.counts,
        "balance": balance_after(target, drafts) if waiting and not wrong else None,
        "wrong": wrong,
        "open": waiting and request.as_of is None,
        "back": target_url(target),
    }
    return render(request, "targets/sheet.html", context)


def _row(draft: Draft) -> PreviewRow:
    issues = {issue["cell"]: issue["message"] for issue in draft.issues}
    named = draft.payload["cells"]
    at_figures = {cell for cell, _ in named.values()}
    first = "；".join(text for cell, text in issues.items() if cell not in at_figures)
    cells = [PreviewCell(draft.payload["name"], "error" if first else "unchanged", "", first)]
    for place in HEADERS.values():
        cell, raw = named.get(place, ["", ""])
        old, new = draft.diff.get(place, [None, None])
        verdict = "unchanged"
        if cell in issues:
            verdict = "error"
        elif new is not None:
            verdict = "new" if old is None else "changed"
        shown = raw or ("空" if new is None else "空（按 0）")
        cells.append(PreviewCell(shown, verdict, old or "", issues.get(cell, ""), cell))
    return PreviewRow(draft.payload["row"], draft.verdict, tuple(cells))


@require_http_methods(["GET", "POST"])
def confirm(request: OfficerRequest, batch: uuid.UUID) -> HttpResponse:
    """Say what will be kept and what does not add up, then keep it in one transaction."""
    found, target = _batch_or_404(request, batch)
    if request.as_of is not None:
        raise Http404
    back = reverse("targets:sheet", args=[found.public_id])
    drafts = list(found.drafts.all())
    wrong = any(draft.verdict == Verdict.ERROR for draft in drafts)
    if wrong or found.state != BatchState.PREVIEW:
        return redirect(back)
    told = balance_after(target, drafts)
    off = bool(told.base_difference or told.stretch_difference or told.off_units)
    form = KnowingForm(request.POST if request.method == "POST" else None) if off else None
    if request.method == "POST" and (form is None or form.is_valid()):
        act = act_now(request.standing, f"导入「{found}」")
        try:
            kept = confirm_target_sheet(act, found, knowing=off)
        except RegisterError as refusal:
            messages.error(request, str(refusal))
            return redirect(back)
        words = f"已保存分解，{kept} 个数有变动，每个数都可查到单元格。{implied_words(told)}"
        messages.success(request, words)
        return redirect(target_url(target))
    context = {
        "heading": f"导入「{found}」到{target.title}",
        "consequence": (
            f"表中各单位的数按格更新，空格不改动原有的数；没有列出的单位不变。{implied_words(told)}"
        ),
        "action": request.path,
        "back": back,
        "submit": "确认导入",
        "form": form,
        "balance": told,
        "target": target,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "targets/sheet_check.html", context, status=status)


@require_safe
def errors(request: OfficerRequest, batch: uuid.UUID) -> HttpResponse:
    """Hand the whole sheet back as Excel, with what is wrong marked."""
    found, _ = _batch_or_404(request, batch)
    if not found.counts.get(Verdict.ERROR):
        raise Http404
    return made(marked_rows(found), XLSX, f"待改正-{Path(str(found)).stem}.xlsx")
