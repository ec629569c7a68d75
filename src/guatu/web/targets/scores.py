"""Points of units: a list by class in protocol order, and one unit explained point by point."""

import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guatu.campaign.targets.scoring import Board, Scored, board
from guatu.engines.score import Item, Points
from guatu.register.models import Organisation
from guatu.register.policies import may
from guatu.web.requests import OfficerRequest
from guatu.web.targets.exports import workbook
from guatu.web.targets.faces import part_url, trimmed

PERCENT = Decimal(100)


@dataclass(frozen=True)
class Step:
    """One item explained: the sentence of each step, the points, and the part it opens."""

    name: str
    unit: str
    points: Points
    lines: tuple[str, ...]
    href: str


def board_of(request: OfficerRequest) -> Board:
    """Return the scores in sight, or 404."""
    if not may(request.standing, "target.list"):
        raise Http404
    told = board(request.standing, request.as_of, request.campaign)
    if told is None:
        raise Http404
    return told


@require_safe
def scores(request: OfficerRequest) -> HttpResponse:
    """List the units in sight with their points, by class, in protocol order."""
    told = board_of(request)
    if request.GET.get("export") == "xlsx":
        return _workbook(told)
    context = {
        "board": told,
        "told": told.account,
        "rule": told.account.rules.cited["score.targets"],
        "ranking": told.account.rules.cited["score.ranking"],
        "kinds": [(kind.code, kind.name) for kind in told.account.rules.kinds],
        "classes": [
            (one, [(row, _cells(told, row)) for row in rows]) for one, rows in told.classes
        ],
    }
    return render(request, "targets/scores.html", context)


def _cells(told: Board, row: Scored) -> list[tuple[str, Points | None]]:
    """Points by kind in the order of the rule; None where the unit has no such target."""
    by_kind = {one.item.code: one for one in row.score.items}
    found = []
    for kind in told.account.rules.kinds:
        points = by_kind.get(kind.code)
        found.append((kind.name, points if points and points.counts else None))
    return found


def _workbook(told: Board) -> HttpResponse:
    kinds = told.account.rules.kinds
    headers = [("类别", "text"), ("单位", "text"), ("得分", "number"), ("未报项数", "number")]
    headers += [(f"{kind.name}得分", "number") for kind in kinds]
    rows = [
        [
            unit_class.name,
            str(row.unit),
            None if row.score.value is None else row.score.value.quantize(Decimal("0.01")),
            row.score.unreported,
            *(points.points if points else None for _, points in _cells(told, row)),
        ]
        for unit_class, scored in told.classes
        for row in scored
    ]
    title = f"{told.account.campaign.year}年任务账得分"
    filename = f"{title}-{told.account.day:%Y%m%d}.xlsx"
    return workbook(title, headers, rows, filename, told.account)


@require_safe
def score(request: OfficerRequest, unit: uuid.UUID) -> HttpResponse:
    """Explain one unit's points, item by item."""
    told = board_of(request)
    found = Organisation.objects.filter(public_id=unit).first()
    scored = told.of(found) if found else None
    if scored is None:
        raise Http404
    context = {
        "told": told.account,
        "scored": scored,
        "rule": told.account.rules.cited["score.targets"],
        "steps": [_step(told, scored, one) for one in scored.score.items],
        "base_share": scored.unit_class.formula.base_share,
    }
    return render(request, "targets/score.html", context)


def _step(told: Board, scored: Scored, points: Points) -> Step:
    position = told.account.of(points.item.code)
    line = scored.lines[points.item.code]
    name = position.kind.name if position else points.item.code
    unit = position.target.unit if position and position.target else ""
    href = part_url(line.part) if line.part else ""
    return Step(name, unit, points, tuple(explained(points, unit)), href)


def explained(points: Points, unit: str) -> list[str]:
    """Say step by step how the points of one item follow.

    >>> from guatu.engines.score import Formula, Item, score
    >>> item = Item("build", Decimal(10), Decimal(12), Decimal(11))
    >>> formula = Formula({"build": Decimal(30)}, Decimal("0.8"), Decimal("0.2"))
    >>> explained(score([item], formula).items[0], "个")[-1]
    '得分 = 30 ×（80% × 100% + 20% × 50%）= 27 分。'
    """
    item = points.item
    if not points.counts:
        return ["本单位没有这一项的年度目标，或本类别不计这一项，不计分也不扣分。"]
    base = item.base or Decimal(0)
    lines = [f"年度目标 {trimmed(base)} {unit}，权重 {trimmed(points.weight)} 分。"]
    if item.actual is None or points.points is None or points.reached is None:
        return [*lines, "完成数未报，暂不得分；报了只会增加，不会减少。"]
    unknown = f"（含 {item.unreported} 项未报，报了只会增加）" if item.unreported else ""
    lines.append(
        f"完成度 = min(1, 已完成 {trimmed(item.actual)} ÷ 年度目标 {trimmed(base)})"
        f" = {_share(points.reached)}{unknown}。"
    )
    if points.beyond is None:
        lines.append(f"{_nothing_beyond(item)}，完成年度目标即得全部权重。")
        terms = f"{_share(points.reached)}"
        return [*lines, f"得分 = {trimmed(points.weight)} × {terms} = {_points(points)} 分。"]
    lines.append(
        f"超额度 = (已完成 − 年度目标) ÷ (力争超额 {trimmed(item.stretch or base)} − 年度目标)，"
        f"取 0 至 1，= {_share(points.beyond)}。"
    )
    lines.append(
        f"得分 = {trimmed(points.weight)} ×（{_share(points.base_share)} × {_share(points.reached)}"
        f" + {_share(points.stretch_share)} × {_share(points.beyond)}）= {_points(points)} 分。"
    )
    return lines


def _nothing_beyond(item: Item) -> str:
    if item.stretch is None:
        return "没有设力争超额"
    return f"力争超额 {trimmed(item.stretch)} 不高于年度目标"


def _share(value: Decimal) -> str:
    return f"{trimmed(value * PERCENT)}%"


def _points(points: Points) -> str:
    return trimmed(points.points or Decimal(0))
