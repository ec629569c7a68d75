"""A paper beside its drafts, and accepting all that is left."""

import re
from collections import Counter
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guatu.campaign.reading import accept_drafts, add_by_hand, pending_drafts
from guatu.campaign.reading.missed import missed_in
from guatu.campaign.reading.showing import cards_of, quote_address, reading_of, text_of
from guatu.loop.actions.deciding import meeting_of
from guatu.register.campaign import act_now
from guatu.register.enums import Domain, DraftKind, DraftState
from guatu.register.errors import RegisterError
from guatu.register.models import Batch, Document
from guatu.register.policies import WHOLE_DISTRICT, may
from guatu.web.downloads import as_attachment
from guatu.web.intake.answers import (
    document_or_404,
    missing,
    writing_only_now,
)
from guatu.web.requests import OfficerRequest

QUOTED = re.compile(r"(\d{1,9})-(\d{1,9})")
PAGE_NUMBER = re.compile(r"[1-9]\d{0,4}")
HIGHLIGHTS = {
    "project": "项目",
    "enterprise": "企业",
    "quantity": "数量",
    "target": "目标",
    "commitment": "责任事项",
    "place": "地点",
    "institution": "机构",
    "industry": "产业",
    "policy": "政策",
    "date": "日期",
}
"""Kinds in the legend; the first five become something."""


@require_GET
def paper(request: OfficerRequest, document: UUID) -> HttpResponse:
    """Show the text with its highlights, and to those who decide the drafts beside it."""
    found = document_or_404(request, document)
    batch = Batch.objects.select_related("document", "officer").filter(document=found).first()
    quoted = _quoted(request, found)
    context: dict[str, object] = {
        "document": found,
        "batch": batch,
        "quoted": quoted,
        "legend": HIGHLIGHTS,
        "clashes": [_clash(clash) for clash in found.clashes],
        "may_download": bool(request.standing.roles & WHOLE_DISTRICT),
    }
    if batch is None or not may(request.standing, "intake.confirm", batch):
        context["lines"] = text_of(found, batch, quoted)
        return render(request, "intake/paper_text.html", context)
    kind, state = _choice(request, "kind", DraftKind), _choice(request, "state", DraftState)
    context |= {
        "reading": reading_of(
            batch, kind=kind, state=state, page=_page(request), quoted=quoted, as_of=request.as_of
        ),
        "kind": kind,
        "state": state,
        "may_decide": request.as_of is None,
        "missed": missed_in(batch) if request.as_of is None and meeting_of(found) else [],
    }
    return render(request, "intake/paper.html", context)


@require_GET
def paper_file(request: OfficerRequest, document: UUID) -> HttpResponse:
    """Hand out the file itself, to those who see the whole district."""
    found = document_or_404(request, document)
    if not request.standing.roles & WHOLE_DISTRICT:
        missing()
    return as_attachment(found.file, found.filename)


@require_POST
def by_hand(request: OfficerRequest, document: UUID) -> HttpResponse:
    """Draft the promise of an entry the reader read nothing out of; a person completes it."""
    writing_only_now(request)
    found = document_or_404(request, document)
    batch = Batch.objects.filter(document=found).first()
    if batch is None or not may(request.standing, "intake.confirm", batch):
        missing()
    asked = QUOTED.fullmatch(request.POST.get("span", ""))
    start, end = (int(asked[1]), int(asked[2])) if asked else (0, 0)
    address = reverse("intake:paper", args=[found.public_id])
    try:
        add_by_hand(act_now(request.standing), batch, start, end)
    except RegisterError as refusal:
        messages.error(request, str(refusal))
        return redirect(address)
    messages.success(request, "已补记为待确认的责任事项，请点「修改」写明责任单位和期限后采纳。")
    return redirect(f"{address}{quote_address(start, end)}")


@require_http_methods(["GET", "POST"])
def accept_all(request: OfficerRequest, document: UUID) -> HttpResponse:
    """Show what accepting all would make, then do it in one transaction."""
    writing_only_now(request)
    found = document_or_404(request, document)
    batch = Batch.objects.select_related("document").filter(document=found).first()
    if batch is None or not may(request.standing, "intake.confirm", batch):
        missing()
    drafts = pending_drafts(batch)
    error = ""
    if request.method == "POST":
        chosen = set(request.POST.getlist("row"))
        wanted = [draft for draft in drafts if str(draft.public_id) in chosen]
        try:
            count = accept_drafts(act_now(request.standing), batch, wanted)
        except RegisterError as refusal:
            error = f"没有采纳任何一项。{refusal}"
        else:
            messages.success(request, f"已采纳 {count} 项，均已注明原文出处。")
            return redirect("intake:paper", found.public_id)
    cards = cards_of(drafts)
    context = {
        "document": found,
        "cards": cards,
        "counts": dict(Counter(card.draft.get_kind_display() for card in cards)),
        "unowned": sum(
            1
            for card in cards
            if card.draft.kind == DraftKind.COMMITMENT and card.owner_post is None
        ),
        "undated": sum(
            1
            for card in cards
            if card.draft.kind == DraftKind.COMMITMENT and not card.values["due"]
        ),
        "unsure": sum(card.unsure for card in cards),
        "error": error,
    }
    status = 422 if error else 200
    return render(request, "intake/accept_all.html", context, status=status)


def _quoted(request: OfficerRequest, document: Document) -> tuple[int, int] | None:
    asked = QUOTED.fullmatch(request.GET.get("q", ""))
    if asked is None:
        return None
    start, end = int(asked[1]), int(asked[2])
    return (start, end) if start < end <= len(document.text) else None


def _choice(request: OfficerRequest, name: str, choices: type[DraftKind] | type[DraftState]) -> str:
    value = request.GET.get(name, "")
    return value if value in choices.values else ""


def _page(request: OfficerRequest) -> int:
    asked = PAGE_NUMBER.fullmatch(request.GET.get("page", ""))
    return int(asked[0]) if asked else 1


def _clash(clash: dict[str, object]) -> dict[str, object]:
    """A clash with the Chinese names of both domains."""
    names = dict(Domain.choices)
    return clash | {
        "heading_name": names.get(str(clash["heading_domain"]), clash["heading_domain"]),
        "content_name": names.get(str(clash["content_domain"]), clash["content_domain"]),
    }
