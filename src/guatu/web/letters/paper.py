"""A letter on paper: a page to look at and print, the same as PDF, and as docx."""

import uuid
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.staticfiles import finders
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from guatu.engines.official import OfficialPaper
from guatu.loop.queries.letter_sight import LetterRow
from guatu.loop.queries.letters import copies_of, find_letter, kind_of, paper_of
from guatu.web.asof import keep
from guatu.web.downloads import DOCX, PDF, made
from guatu.web.printing import Unprintable, pdf_of
from guatu.web.requests import OfficerRequest

STYLES = ("tokens", "letter-sheet", "letter-print")
SIZES = ((11, "large"), (15, "middle"))
"""Characters of 发文机关标志 that still stand in one line at a size, largest first."""


def issuer_size(paper: OfficialPaper) -> str:
    """Name of the size at which 发文机关标志 stands in one line."""
    return next((name for most, name in SIZES if len(paper.issuer) <= most), "small")


def _read(request: OfficerRequest, key: uuid.UUID) -> tuple[LetterRow, OfficialPaper]:
    letter = find_letter(request.standing, key, request.as_of)
    if letter is None:
        raise Http404
    return letter, paper_of(letter, kind_of(letter), copies_of(letter, request.as_of))


def _context(letter: LetterRow, paper: OfficialPaper) -> dict[str, Any]:
    return {"letter": letter, "paper": paper, "issuer_size": issuer_size(paper)}


@require_safe
def paper(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Show the letter as it is printed."""
    return render(request, "letters/paper.html", _context(*_read(request, key)))


@require_safe
def pdf(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Give the letter as PDF; where none can be made, lead to its page and say why."""
    letter, sheet = _read(request, key)
    styles = "\n".join(style_of(name) for name in STYLES)
    context = _context(letter, sheet) | {"styles": styles}
    try:
        content = pdf_of(render_to_string("letters/paper_document.html", context))
    except Unprintable as refusal:
        messages.warning(request, f"{refusal}可以直接打印本页，内容相同。")
        return redirect(keep(reverse("letters:paper", args=[key]), request.as_of))
    return made(content, PDF, _name(letter, sheet, "pdf"))


@require_safe
def docx(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Give the letter as docx; an unsigned one says on each page that it is a draft."""
    from guatu.engines.official.docx import write_docx  # noqa: PLC0415 -- loaded by the first export

    letter, sheet = _read(request, key)
    return made(write_docx(sheet), DOCX, _name(letter, sheet, "docx"))


def _name(letter: LetterRow, sheet: OfficialPaper, suffix: str) -> str:
    named = letter.reference if letter.is_signed else sheet.mark
    return f"{named} {letter.title}.{suffix}"


def style_of(name: str) -> str:
    """Text of a style sheet of ours, to stand inside a document."""
    found = finders.find(f"guatu/css/{name}.css")
    return Path(str(found)).read_text(encoding="utf-8")
