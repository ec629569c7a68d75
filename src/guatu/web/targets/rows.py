"""What a reached figure was counted from, and the versions of a planned or reported one."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from guatu.campaign.targets.account import Position
from guatu.campaign.targets.counting import Row, reached, sources_of
from guatu.engines.apportion import total
from guatu.loop.actions.apportioning import period_of, place_name
from guatu.loop.models import TargetPart
from guatu.loop.target_kinds import ORIGINS, Origin
from guatu.register.enums import Basis
from guatu.register.models import Observation, Organisation, Subject
from guatu.register.versions import end_of
from guatu.web.requests import OfficerRequest
from guatu.web.targets.exports import workbook
from guatu.web.targets.views import account_of, find_part, position_of

A_PAGE = 100
NONE = "none"


@dataclass(frozen=True)
class Shown:
    """One row as shown: the thing it is about, when, how much, and where that stands."""

    title: str
    code: str
    href: str
    unit: str
    when: str
    value: Decimal | None
    source: str
    source_href: str
    sample: bool


@require_safe
def rows(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """List the rows of a target, of one unit, of one month; they add up to the figure clicked."""
    told = account_of(request)
    position = position_of(told, key)
    chosen, unit = _chosen(request, position)
    month = _month(request)
    if month is not None:
        chosen = [row for row in chosen if row.month == month]
    page = Paginator(chosen, A_PAGE).get_page(request.GET.get("page"))
    exported = request.GET.get("export") == "xlsx"
    shown = _shown(position, chosen if exported else list(page.object_list), told.campaign.year)
    if exported:
        return _workbook(told, position, shown)
    context = {
        "told": told,
        "position": position,
        "target": position.target,
        "shown": shown,
        "page": page,
        "sum": reached(chosen, told.begun if position.kind.origin is Origin.NODE else 0).year,
        "unit": unit,
        "month": month,
        "origin": ORIGINS[position.kind.origin],
    }
    return render(request, "targets/rows.html", context)


def _chosen(request: OfficerRequest, position: Position) -> tuple[list[Row], str]:
    """Rows of the unit the address names, or of all, and how the unit is called."""
    code = request.GET.get("unit", "")
    if not code:
        return [row for line in position.lines for row in line.rows], ""
    for line in position.lines:
        name = line.unit.code if line.unit else NONE
        if name == code:
            return list(line.rows), str(line.unit) if line.unit else "未分解到的单位"
    raise Http404


def _month(request: OfficerRequest) -> int | None:
    text = request.GET.get("month", "")
    if not text:
        return None
    if not text.isdecimal() or int(text) not in range(1, 13):
        raise Http404
    return int(text)


@dataclass(frozen=True)
class _Read:
    """What was read for all rows together."""

    subjects: Mapping[int, Any]
    units: Mapping[int, Organisation]
    sources: Mapping[int, Observation]
    year: int


def _shown(position: Position, told: Sequence[Row], year: int) -> list[Shown]:
    read = _Read(
        Subject.objects.in_bulk({row.subject for row in told}),
        Organisation.objects.in_bulk({row.unit for row in told if row.unit}),
        sources_of(told),
        year,
    )
    parts = {line.part.subject_id: line.part for line in position.lines if line.part}
    return [_one(row, read, parts.get(row.subject)) for row in told]


def _one(row: Row, read: _Read, part: TargetPart | None) -> Shown:
    """One row; ``part`` is set where the unit itself reports."""
    subject = read.subjects[row.subject]
    figure = read.sources.get(row.figure or 0)
    if part is not None:
        href = reverse("targets:part", args=[part.public_id])
    else:
        href = reverse("projects:project", args=[subject.public_id])
    source, source_href = _source(row, figure, href)
    unit = read.units.get(row.unit or 0)
    when = f"{row.day:%Y-%m-%d}" if row.day else ""
    when = when or (f"{read.year}-{row.month:02d}" if row.month else "本年累计")
    return Shown(
        subject.title,
        subject.code,
        href,
        str(unit) if unit else "未定责任单位",
        when,
        row.value,
        source,
        _reported_href(part, row) if part is not None else source_href,
        subject.is_sample,
    )


def _source(row: Row, figure: Observation | None, href: str) -> tuple[str, str]:
    if row.day is not None:
        return "项目节点实际完成日期", href
    if figure is None:
        return "", ""
    if figure.cell is not None:
        told = f"{figure.cell.workbook.filename} · {figure.cell}"
    else:
        told = figure.source
    name = f"{figure.indicator.code}.{figure.period.replace('/', '_')}.{figure.basis}"
    return told, f"{href}sources/{name}/"


def _reported_href(part: TargetPart, row: Row) -> str:
    if row.figure is None:
        return ""
    return reverse("targets:figure", args=[part.public_id, f"done-{row.month}"])


def _workbook(told: Any, position: Position, shown: Sequence[Shown]) -> HttpResponse:  # noqa: ANN401 -- an account
    headers = (
        ("名称", "text"),
        ("编号", "text"),
        ("责任单位", "text"),
        ("时间", "text"),
        (f"{position.kind.name}（{position.target.unit if position.target else ''}）", "number"),
        ("出处", "text"),
    )
    table = [[one.title, one.code, one.unit, one.when, one.value, one.source] for one in shown]
    title = f"{position.kind.name}计数明细"
    return workbook(title, headers, table, f"{title}-{told.day:%Y%m%d}.xlsx", told)


@require_safe
def figure(request: OfficerRequest, key: uuid.UUID, place: str) -> HttpResponse:
    """Show every version of one figure of a part, the present one first, each with its source."""
    _, position, line = find_part(request, key)
    own, whole = line.part, position.target
    if own is None or whole is None:
        raise Http404
    period, basis, label = _place(whole.period, place)
    found = Observation.objects.filter(
        subject_id=own.subject_id, indicator=whole.indicator, period=period, basis=basis
    ).select_related("cell__workbook", "officer")
    if request.as_of is not None:
        found = found.filter(vintage__lt=end_of(request.as_of))
    figures = list(found.order_by("-vintage", "-pk")[:A_PAGE])
    context = {
        "target": whole,
        "part": own,
        "label": label,
        "figures": figures,
        "total": total(one.value for one in figures[:1]),
    }
    return render(request, "targets/figure.html", context)


def _place(year: str, place: str) -> tuple[str, Basis, str]:
    sort, _, where = place.partition("-")
    if sort == "plan" and (where in {"year", "stretch"} or _is_month(where)):
        period, basis = period_of(year, where)
        name = place_name(where)
        return period, basis, name if where in {"year", "stretch"} else f"{name}计划"
    if sort == "done" and _is_month(where):
        return f"{year}-{int(where):02d}", Basis.PERIOD, f"{where}月完成"
    raise Http404


def _is_month(text: str) -> bool:
    return text.isdecimal() and len(text) <= 2 and 1 <= int(text) <= 12  # noqa: PLR2004 -- months
