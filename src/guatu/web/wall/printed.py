"""The wall on paper: a page of sheets to look at and print, and the same sheets as PDF."""

from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.staticfiles import finders
from django.db.models import Count, F
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from guatu.investment.queries.wall import stops, wall_rows
from guatu.web.downloads import PDF, made
from guatu.web.printing import Unprintable, pdf_of
from guatu.web.projects.faces import listed_face
from guatu.web.requests import OfficerRequest
from guatu.web.wall.address import at_of, day_of, same_choice, zoom_of
from guatu.web.wall.bars import SHAPES
from guatu.web.wall.choice import Choice, choose, counts_of
from guatu.web.wall.data import worst
from guatu.web.wall.drawing import draw
from guatu.web.wall.sheets import Paper, UnitCount, sheets_of, unit_counts

STYLES = ("tokens", "data", "wall-drawing", "wall-sheets")


@require_safe
def sheets(request: OfficerRequest) -> HttpResponse:
    """Show the sheets; the browser's own print gives the same ones."""
    return render(request, "wall/sheets.html", _context(request))


@require_safe
def pdf(request: OfficerRequest) -> HttpResponse:
    """Give the sheets as PDF; where none can be made, lead to the page of sheets and say why."""
    context = _context(request)
    styles = "\n".join(_style(name) for name in STYLES)
    document = render_to_string("wall/sheets_document.html", context | {"styles": styles})
    try:
        content = pdf_of(document)
    except Unprintable as refusal:
        other = f"{refusal}可以直接打印本页，内容相同：纸张选横向，目标选“另存为 PDF”也可以。"
        messages.warning(request, other)
        return redirect(same_choice(request, "wall:sheets"))
    name = f"项目攻坚挂图-{context['day']}-{context['paper'].upper()}.pdf"
    return made(content, PDF, name)


def _context(request: OfficerRequest) -> dict[str, Any]:
    choice = choose(request)
    day = day_of(request)
    hung = wall_rows(list(choice.hung), request.as_of)
    drawing = draw(hung, day, zoom_of(request), at_of(request), stops(request.as_of))
    lines = [(row, listed_face(row.project), worst(row.project)) for row in drawing.rows]
    asked = request.GET.get("paper", "").lower()
    paper = Paper(asked) if asked in set(Paper) else Paper.A3
    campaign = request.campaign
    return {
        "day": day,
        "district": str(campaign.district) if campaign else "",
        "counts": counts_of(choice),
        "drawing": drawing,
        "paper": paper.value,
        "papers": [one.value for one in Paper],
        "sheets": sheets_of(lines, _units(choice), paper),
        "shapes": SHAPES.items(),
        "pdf_url": same_choice(request, "wall:pdf"),
        "wall_url": same_choice(request, "wall:wall"),
    }


def _units(choice: Choice) -> list[UnitCount]:
    """Projects of each unit by colour, in protocol order; one query."""
    counted = choice.kept.order_by().values_list("unit_name", "lamp_colour").annotate(n=Count("pk"))
    return unit_counts(list(counted.order_by(F("unit_order").asc(nulls_last=True), "unit_name")))


def _style(name: str) -> str:
    found = finders.find(f"guatu/css/{name}.css")
    return Path(str(found)).read_text(encoding="utf-8")
