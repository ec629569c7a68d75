"""Why a project's lamp is what it is: rule, node, days, owner; with a plan delay, float, fix."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guatu.investment.models import Project
from guatu.loop.enums import Colour
from guatu.loop.lamps import NETWORK_RULE
from guatu.loop.plan.clock_words import ClockTold, told_of
from guatu.loop.queries.blocker_sums import open_blockers
from guatu.loop.queries.timetable import charge_of, lamps_of
from guatu.loop.removers import Spot
from guatu.web.plans.reading import Read, agreed_of, plan_url, read
from guatu.web.plans.repairs import RepairShown, repairs_of
from guatu.web.projects.faces import NodeShown, lit, project_url, shown
from guatu.web.requests import OfficerRequest

WORDS = {
    "missed": "承诺的日期已过、尚未完成",
    "infeasible": "最早完成日期晚于期限",
    "p_late": "逾期的可能达到 {bound:.0%}",
    "slip": "节点预计晚于承诺 {bound:.0f} 天以上",
    "float": "到期限的时差不超过 {bound:.0f} 个机关工作日",
}


@dataclass(frozen=True)
class PlanReason:
    """What the plan adds to a lamp's reason; ``on_time`` in percent."""

    margin: int | None
    on_time: float | None
    driver: str
    slip: str
    clock: ClockTold | None
    fix: RepairShown | None
    url: str


@require_safe
def lamp(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Say why the lamp is what it is, and what is the smallest thing that mends it."""
    found = read(request, key)
    row, today = found.project, found.today
    light = lamps_of([row.subject_id], request.as_of).get(row.subject_id)
    node: NodeShown | None = None
    if light is not None and light.activity is not None:
        node = shown(light.activity, today)
    reason: Mapping[str, Any] = light.reason if light else {"words": "尚未排定节点，无法评判。"}
    context = {
        "project": row,
        "light": light,
        "face": lit(row, light, today),
        "reason": reason,
        "bounds": rule_words(reason.get("rule")),
        "plan": _plan(found, light),
        "node": node,
        "days": (light.since - today).days if light and light.since else None,
        "back": project_url(row),
        "today": today,
        "charge": charge_words(row, light, request.as_of),
        "blockers": open_blockers(request.standing, Spot(row.subject), request.as_of),
    }
    return render(request, "projects/lamp.html", context)


def charge_words(project: Project, light: Any | None, as_of: dt.date | None) -> str:  # noqa: ANN401 -- as `_plan`
    """Say who is charged with the node's duty, where it is not the unit that answers for it."""
    unit = light.activity.owner_unit if light is not None and light.activity is not None else None
    if light is None or unit is None or light.activity.owner_post_id is not None:
        return ""
    charged = charge_of(light.activity, as_of)
    heir = charged.unit if charged.duty else project.subject.unit
    if heir is None or heir.pk == unit.pk or (charged.speaks and not charged.duty):
        return ""
    why = "" if charged.speaks else f"{unit}没有可填报的岗位，"
    return f"{why}责任事项{'' if charged.duty else '届时'}由{heir}承办"


def rule_words(rule: Mapping[str, Any] | None) -> Sequence[str]:
    """Write the dated rule of a lamp out, a sentence a bound, in the order they are tried."""
    if rule is None:
        return ()
    value = rule["value"]
    if rule["key"] != NETWORK_RULE:
        return (
            f"逾期满 {value['red_from_days_late']} 天亮红灯",
            f"{value['amber_within_days']} 天内到期亮黄灯",
            "其余亮绿灯，没有日期的未评",
        )
    told = [
        f"{WORDS[bound['when']].format(bound=bound.get('bound', 0))}，"
        f"亮{Colour(bound['colour']).label}灯"
        for bound in value
    ]
    return (*told, "其余亮绿灯")


def _plan(found: Read, light: Any | None) -> PlanReason | None:  # noqa: ANN401 -- a lamp or a past state
    if light is None or found.plan is None or light.reason["rule"]["key"] != NETWORK_RULE:
        return None
    node = light.reason["node"]
    dated = found.plan.dates.get(node["code"]) if node else None
    clocks = told_of(found.sketch, found.calendars.table, found.today)
    fixes = repairs_of(found.plan)
    return PlanReason(
        margin=light.margin,
        on_time=None if light.p_late is None else 100 * (1 - light.p_late),
        driver=dated.driver if dated else "",
        slip=found.plan.slip(agreed_of(found)),
        clock=clocks.get(node["code"]) if node else None,
        fix=fixes[0] if fixes else None,
        url=plan_url(found.project),
    )
