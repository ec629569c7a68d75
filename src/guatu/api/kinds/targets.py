"""Targets of the campaign: promised, reached, the light; single ones by unit and month."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from ninja import Schema
from pydantic import Field

from guatu.api.kind import Filter, Kind, Reading, Told
from guatu.api.shapes import Code, Light, Named, Wan, coded, unit_named
from guatu.campaign.targets.account import Account, Line, account, targets_of
from guatu.engines.apportion import MONTHS, Sum
from guatu.engines.plan_path import Judged
from guatu.loop.enums import Colour
from guatu.loop.models import Target
from guatu.loop.target_kinds import ORIGINS, WHY_NOTES, target_rules
from guatu.register.campaign import current
from guatu.register.enums import Domain
from guatu.register.policies import Standing


class SumShape(Schema):
    """合计。value 只加已知的，都不知道时为 null。"""

    value: Wan | None = Field(examples=["12"])
    unknown: int = Field(description="还有几项未报，没有加进去")


class TargetShape(Schema):
    """任务账中的一项目标。partial 为 true 时只是令牌本人可见的单位承担的部分。"""

    id: uuid.UUID
    code: str
    version: int
    kind: str = Field(description=coded("目标代码", "target_kinds"), examples=["build"])
    kind_name: str
    title: str = Field(examples=["2025年示例目标"])
    domain: Domain = Field(description="篇章")
    period: str = Field(examples=["2025"])
    unit: str = Field(description="计量单位", examples=["个"])
    origin: str = Field(description="完成数从哪里数")
    base: Wan | None = Field(description="年度目标；null 为未报", examples=["20"])
    stretch: Wan | None = Field(description="力争超额", examples=["24"])
    partial: bool
    month: int = Field(description="评到几月末；0 为还没有满月")
    expected: SumShape = Field(description="时序应达")
    reached: SumShape = Field(description="本年已完成")
    gap: Wan | None = Field(description="已完成减应达", examples=["-2"])
    lamp: Light
    sample: bool = Field(description="示例数据")
    changed_at: dt.datetime = Field(description="目标或分解的变动；完成数随时另算")


class MonthShape(Schema):
    """一个月的计划和完成。还没有到的月份 reached 为 null。"""

    month: int
    plan: Wan | None = Field(examples=["2"])
    reached: SumShape | None


class PartShape(Schema):
    """一个单位承担的部分。unit 为 null 的一行是没有分解到任何单位的完成数。"""

    id: uuid.UUID | None
    unit: Named | None
    year: Wan | None = Field(description="年度目标", examples=["5"])
    stretch: Wan | None = Field(description="力争超额", examples=["6"])
    expected: SumShape
    reached: SumShape
    undated: Wan | None = Field(description="完成数中没有分到月的", examples=["0"])
    gap: Wan | None = Field(examples=["1"])
    lamp: Light
    months: list[MonthShape]


class TargetWhole(TargetShape):
    """单项目标的全部情况和分解。"""

    source: str | None = Field(description="目标出自哪里")
    quote: str | None = Field(description="材料原文")
    sprint: str = Field(description="开门红的名称")
    sprint_months: list[int]
    sprint_target: Wan | None = Field(examples=["6"])
    sprint_planned: SumShape
    sprint_reached: SumShape
    given: SumShape = Field(description="各单位年度目标合计")
    given_difference: Wan | None = Field(description="合计减年度目标", examples=["0"])
    parts: list[PartShape] = Field(description="分解到单位和月")


def targets_for(standing: Standing, as_of: dt.date | None) -> QuerySet[Any]:
    """Targets the account shows; what of them is told follows from the units in sight."""
    campaign = current()
    if campaign is None:
        return Target.objects.none()
    return targets_of(campaign.year, target_rules(as_of or standing.today), as_of)


def told_targets(rows: Sequence[Any], reading: Reading) -> list[Told]:
    """Tell targets by the account; as many queries as that needs."""
    told = account(reading.standing, reading.as_of, reading.campaign) if rows else None
    places = {one.target.public_id: one for one in told.standings if one.target} if told else {}
    for row in rows:
        # For `_whole`, which would otherwise build the account again.
        row.told, row.position = told, places[row.public_id]
    return [_told(row.position.target, row) for row in rows]


def _told(target: Any, row: Any) -> Told:  # noqa: ANN401 -- a target or a past state, with its subject and as listed
    position = row.position
    return {
        "id": target.public_id,
        "code": target.subject.code,
        "version": target.revision,
        "kind": target.kind,
        "kind_name": position.kind.name,
        "title": target.title,
        "domain": position.kind.domain,
        "period": target.period,
        "unit": target.unit,
        "origin": ORIGINS[position.kind.origin],
        "base": position.base,
        "stretch": position.stretch,
        "partial": position.partial,
        "month": position.judged.month,
        "expected": _sum(position.judged.expected),
        "reached": _sum(position.reached.year),
        "gap": position.judged.gap,
        "lamp": _light(position.judged),
        "sample": target.subject.is_sample,
        "changed_at": target.known_from,
    }


def _sum(told: Sum) -> Told:
    return {"value": told.value, "unknown": told.unknown}


def _light(judged: Judged) -> Told:
    word = Colour(judged.light.value).label
    return {"colour": judged.light.value, "word": word, "reason": WHY_NOTES[judged.why]}


def _whole(row: Any, _: Reading) -> Told:  # noqa: ANN401 -- as above
    position, told = row.position, row.told
    target, sprint = position.target, told.rules.sprint
    return {
        "source": target.source or _cell(target),
        "quote": target.quote.text if target.quote else None,
        "sprint": sprint.name,
        "sprint_months": list(sprint.months),
        "sprint_target": position.sprint,
        "sprint_planned": _sum(position.sprint_planned),
        "sprint_reached": _sum(position.sprint_reached),
        "given": _sum(position.balance.year),
        "given_difference": position.balance.base_difference,
        "parts": [_part(line, told) for line in position.lines],
    }


def _cell(target: Any) -> str | None:  # noqa: ANN401 -- as above
    return f"{target.cell.workbook.filename} · {target.cell}" if target.cell else None


def _part(line: Line, told: Account) -> Told:
    """Tell one unit's line; what is given to no unit has no light, as on the page."""
    lamp = _light(line.judged)
    if line.part is None:
        lamp = {"colour": Colour.UNRATED.value, "word": Colour.UNRATED.label, "reason": "没有分解"}
    return {
        "id": line.part.public_id if line.part else None,
        "unit": unit_named(line.unit),
        "year": line.share.year,
        "stretch": line.share.stretch,
        "expected": _sum(line.judged.expected),
        "reached": _sum(line.reached.year),
        "undated": line.reached.undated,
        "gap": line.judged.gap,
        "lamp": lamp,
        "months": [
            {
                "month": month,
                "plan": line.share.months[month - 1],
                "reached": _sum(line.reached.months[month - 1]) if month <= told.begun else None,
            }
            for month in MONTHS
        ],
    }


TARGETS = Kind(
    path="targets",
    name="目标",
    policy="target.list",
    rows=targets_for,
    shape=TargetShape,
    tell=told_targets,
    whole=TargetWhole,
    tell_whole=_whole,
    # What was reached changes with what it is counted from, not with the target.
    changed="",
    note="本年度任务账的目标，按单位和月的分解在单项中。",
    filters=(
        Filter("kind", Code, coded("目标代码", "target_kinds"), "kind"),
        Filter("domain", Domain, "篇章", "domain"),
    ),
)
