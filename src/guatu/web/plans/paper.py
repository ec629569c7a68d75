"""A plan on paper: the same drawing cut into sheets, its axis on top of each."""

import uuid
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.staticfiles import finders
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from guatu.web.asof import keep
from guatu.web.downloads import PDF, made
from guatu.web.plans.answers import answer
from guatu.web.plans.deadlines import deadlines_of
from guatu.web.plans.reading import agreed_of, forecasts_of, plan_url, read, stage_names
from guatu.web.plans.shapes import HEAD, ROW, Drawing
from guatu.web.plans.views import drawn, stage_rows
from guatu.web.printing import Unprintable, pdf_of
from guatu.web.requests import OfficerRequest

STYLES = ("tokens", "page", "data", "table", "plan", "plan-print", "print")
NAMES = 220
"""Units at the left that names take."""


class Paper(StrEnum):
    """Size of the sheets, always across."""

    A4 = "a4"
    A3 = "a3"


ROWS = {Paper.A4: 20, Paper.A3: 30}
WIDTHS = {Paper.A4: 880, Paper.A3: 1280}


@dataclass(frozen=True)
class Sheet:
    """A stretch of the drawing: where it begins, how high it is."""

    number: int
    y: int
    height: int


def sheets(drawing: Drawing, rows: int) -> list[Sheet]:
    """Cut the rows under the axis into sheets of ``rows``."""
    found: list[Sheet] = []
    y = HEAD
    while y < drawing.height:
        height = min(rows * ROW, drawing.height - y)
        found.append(Sheet(len(found) + 1, y, height))
        y += height
    return found


@require_safe
def paper(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Show a project's plan as sheets of A4 or A3."""
    return render(request, "plans/paper.html", _context(request, key))


@require_safe
def pdf(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Give the sheets as PDF; where none can be made, lead to their page and say why."""
    context = _context(request, key)
    styles = "\n".join(_style(name) for name in (*STYLES, f"plan-{context['size']}"))
    document = render_to_string("plans/paper_document.html", context | {"styles": styles})
    try:
        content = pdf_of(document)
    except Unprintable as refusal:
        messages.warning(request, f"{refusal}可以直接打印本页，内容相同。")
        address = f"{plan_url(context['project'], 'paper')}?paper={context['size']}"
        return redirect(keep(address, request.as_of))
    name = f"{context['project'].name}-倒排工期-{context['today']}.pdf"
    return made(content, PDF, name)


def _style(name: str) -> str:
    found = finders.find(f"guatu/css/{name}.css")
    return Path(str(found)).read_text(encoding="utf-8")


def _context(request: OfficerRequest, key: uuid.UUID) -> dict[str, Any]:
    found = read(request, key)
    if found.plan is None:
        raise Http404
    asked = request.GET.get("paper", "")
    size = Paper(asked) if asked in set(Paper) else Paper.A4
    stages = stage_names()
    agreed = agreed_of(found)
    drawing = drawn(found.plan, stages, width=WIDTHS[size], baseline=agreed)
    return {
        "project": found.project,
        "subject": found.project.subject,
        "today": found.today,
        "plan": found.plan,
        "answer": answer(found.plan),
        "deadlines": deadlines_of(found.plan, forecasts_of(found)),
        "stages": stage_rows(found.plan, stages, agreed),
        "drawing": drawing,
        "sheets": sheets(drawing, ROWS[size]) if drawing else [],
        "left": -NAMES,
        "full_width": (drawing.width if drawing else 0) + NAMES,
        "size": size.value,
        "sizes": [(one.value, one.name, one is size) for one in Paper],
    }
