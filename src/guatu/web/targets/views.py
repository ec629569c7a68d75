"""The target account: all targets, one target with its units, one unit's part with its months."""

import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from guatu.campaign.targets.account import Account, Line, Position, account
from guatu.engines.apportion import MONTHS, Sum, total
from guatu.engines.plan_path import cumulated
from guatu.loop.models import Target, TargetPart
from guatu.loop.target_kinds import ORIGINS, Origin
from guatu.register.policies import may, sees_district
from guatu.register.versions import rows_as_of
from guatu.web.components import LampFace
from guatu.web.requests import OfficerRequest
from guatu.web.targets import faces
from guatu.web.targets.chart import Chart, chart_of
from guatu.web.targets.exports import account_workbook
from guatu.web.targets.history import changes_of, part_changes_of

MOST_SAID = 30


@dataclass(frozen=True)
class Face:
    """A target as the account shows it; ``href`` empty where nobody has set it yet."""

    position: Position
    lamp: LampFace | None
    href: str
    set_href: str
    chart: Chart | None
    unit: str


def account_of(request: OfficerRequest) -> Account:
    """Return the officer's account of the day read, or 404."""
    if not may(request.standing, "target.list"):
        raise Http404
    told = account(request.standing, request.as_of, request.campaign)
    if told is None:
        raise Http404
    return told


def position_of(told: Account, key: uuid.UUID) -> Position:
    """Return the target of an address, or 404."""
    for position in told.standings:
        if position.target is not None and position.target.public_id == key:
            return position
    raise Http404


def face_of(told: Account, position: Position, *, may_set: bool) -> Face:
    """Draw one target."""
    set_href = reverse("targets:set", args=[position.kind.code]) if may_set else ""
    if position.target is None:
        return Face(position, None, "", set_href, None, "")
    href = faces.target_url(position.target)
    drawn = chart_of(position, told.rules.sprint, told.begun)
    lamp = faces.lamp_of(position.judged, href)
    return Face(position, lamp, href, set_href, drawn, position.target.unit)


def target_faces(request: OfficerRequest) -> dict[str, list[Face]]:
    """Targets that are set, by the chapter they belong to, as the cockpit shows them."""
    told = account(request.standing, request.as_of, request.campaign)
    found: dict[str, list[Face]] = {}
    if told is None:
        return found
    for position in told.standings:
        if position.target is not None and position.assigned:
            face = face_of(told, position, may_set=False)
            found.setdefault(position.kind.domain, []).append(face)
    return found


@require_safe
def targets(request: OfficerRequest) -> HttpResponse:
    """Show all targets of the campaign, and what papers say of others."""
    told = account_of(request)
    if request.GET.get("export") == "xlsx":
        return account_workbook(told)
    may_set = request.as_of is None and may(request.standing, "target.set")
    drawn = [face_of(told, one, may_set=may_set) for one in told.standings]
    context = {
        "told": told,
        "faces": [face for face in drawn if face.position.assigned],
        "unassigned": [face for face in drawn if not face.position.assigned and face.href],
        "said": _said(request),
        "sprint": told.rules.sprint,
        "partial": not sees_district(request.standing),
    }
    return render(request, "targets/targets.html", context)


def _said(request: OfficerRequest) -> list[Target]:
    """Targets that papers only name; for those who see the whole district."""
    if not sees_district(request.standing):
        return []
    rows = rows_as_of(Target, request.as_of).filter(kind="").exclude(quote=None)
    found = rows.select_related("quote__document", "owner_unit").order_by("quote__start", "pk")
    return list(found[:MOST_SAID])


@require_safe
def target(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Show one target: where it stands and why, its units, what does not add up, its history."""
    told = account_of(request)
    position = position_of(told, key)
    row = position.target
    if row is None:
        raise Http404
    writing = request.as_of is None
    lines = faces.unit_lines(position)
    off = set(position.balance.off_units)
    context = {
        "told": told,
        "target": row,
        "face": face_of(told, position, may_set=writing and may(request.standing, "target.set")),
        "position": position,
        "lines": lines,
        "off_lines": [line for line in lines if line.line.unit and str(line.line.unit.pk) in off],
        "why": faces.reason(position.judged, told, row.unit) if position.assigned else [],
        "origin": ORIGINS[position.kind.origin],
        "kinds_rule": told.rules.cited["target.kinds"],
        "sprint": told.rules.sprint,
        "rows_href": reverse("targets:rows", args=[key]),
        "may_give": writing and may(request.standing, "target.decompose", row),
        "changes": changes_of(row, told.rules.sprint, request.standing, request.as_of),
    }
    return render(request, "targets/target.html", context)


@dataclass(frozen=True)
class MonthLine:
    """One month of a part: plan and reached, alone and to date, and the addresses they open."""

    month: int
    plan: Decimal | None
    planned: Sum
    done: Sum
    reached: Sum | None
    gap: Decimal | None
    plan_href: str
    done_href: str
    open: bool
    doubtful: bool


def find_part(request: OfficerRequest, key: uuid.UUID) -> tuple[Account, Position, Line]:
    """Return a part in sight with its target and the account, or 404."""
    told = account_of(request)
    for position in told.standings:
        for line in position.lines:
            if line.part is not None and line.part.public_id == key:
                return told, position, line
    raise Http404


@require_safe
def part(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Show one unit's part of a target, month by month."""
    told, position, line = find_part(request, key)
    own, whole = line.part, position.target
    if own is None or whole is None:
        raise Http404
    rows = f"{reverse('targets:rows', args=[whole.public_id])}?unit={own.unit.code}"
    reports = position.kind.origin is Origin.REPORT
    months = month_lines(told, line, own, rows, reports=reports)
    living = TargetPart.objects.select_related("unit").get(public_id=key)
    context = {
        "told": told,
        "position": position,
        "target": whole,
        "part": own,
        "line": line,
        "months": months,
        "sum": total(line.share.months),
        "undated": line.reached.undated,
        "lamp": faces.lamp_of(line.judged, faces.part_url(own)),
        "why": faces.reason(line.judged, told, whole.unit),
        "rows_href": rows,
        "reports": reports
        and request.as_of is None
        and may(request.standing, "target.report", living),
        "score_href": reverse("targets:score", args=[own.unit.public_id]),
        "changes": part_changes_of(own, whole, request.as_of),
    }
    return render(request, "targets/part.html", context)


def month_lines(
    told: Account, line: Line, own: TargetPart, rows: str, *, reports: bool
) -> list[MonthLine]:
    """Months of a part as its page shows them; months to come have nothing reached yet."""
    plans = [Sum(value, int(value is None)) for value in line.share.months]
    planned, done = cumulated(plans), cumulated(line.reached.months)
    found = []
    for month in MONTHS:
        place = month - 1
        begun = month <= told.begun
        whole = planned[place]
        gap = None
        if begun and not whole.unknown and done[place].value is not None:
            gap = (done[place].value or Decimal(0)) - (whole.value or Decimal(0))
        found.append(
            MonthLine(
                month,
                line.share.months[place],
                whole,
                line.reached.months[place],
                done[place] if begun else None,
                gap,
                reverse("targets:figure", args=[own.public_id, f"plan-{month}"]),
                f"{rows}&month={month}",
                begun,
                reports and told.rules.doubts(line.reached.months[place].value, line.share),
            )
        )
    return found
