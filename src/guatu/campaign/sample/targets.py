"""The campaign's targets in the sample: invented figures, given out to invented units alone.

Of the real district's four targets the public report gives no figure. What stands for the whole is
invented as well, and says so wherever its source is told.
"""

import datetime as dt
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from guatu.campaign.sample.people import District, read_data
from guatu.engines.apportion import Share
from guatu.investment.actions import add_project, planned, record_money
from guatu.investment.models import Category, PathStep
from guatu.loop.actions.apportioning import Promise, Sheet, decompose, promise, report_reached
from guatu.loop.actions.timetable import plan_nodes
from guatu.loop.models import TargetPart
from guatu.register.enums import Basis, OrganisationKind
from guatu.register.models import Organisation
from guatu.register.organisations import add_organisation
from guatu.register.recording import Act

CATEGORY = "industry"
SOURCE = "示例分解会"


def aim(district: District, act: Act) -> None:
    """Set the targets, give them out to 示例 units, and let their 示例 projects reach something."""
    told: dict[str, Any] = json.loads(read_data("targets.json"))
    units = {
        row["code"]: add_organisation(
            act,
            name=row["name"],
            kind=OrganisationKind(row["kind"]),
            rank=row["rank"],
            code=row["code"],
            parent=district.root,
        )
        for row in told["units"]
    }
    act = district.act_as(act, "office1")
    _build(act, told["projects"], units)
    for kind, shares in told["shares"].items():
        target = promise(act, kind, _promise(told["promises"][kind], told["source"]))
        given = {units[code].pk: _share(*row) for code, row in shares.items()}
        reason = told["knowing"].get(kind, "")
        sheet = Sheet(given, SOURCE, knowing=bool(reason))
        decompose(act.because(reason), target, sheet)
    for row in told["reports"]:
        part = TargetPart.objects.select_related("unit", "subject", "target__indicator").get(
            target__kind="landing", unit=units[row["unit"]]
        )
        value = Decimal(row["value"])
        report_reached(act, part, month=row["month"], value=value, source=row["source"])


def _promise(told: Mapping[str, str], source: str) -> Promise:
    sprint = Decimal(told["sprint"]) if "sprint" in told else None
    return Promise(Decimal(told["base"]), Decimal(told["stretch"]), sprint, source)


def _share(year: str, stretch: str, months: list[int]) -> Share:
    return Share(Decimal(year), Decimal(stretch), tuple(Decimal(month) for month in months))


def _build(act: Act, told: list[dict[str, Any]], units: dict[str, Organisation]) -> None:
    category = Category.objects.get(code=CATEGORY)
    steps = list(
        PathStep.objects.filter(category=category)
        .select_related("category", "node__stage")
        .order_by("order")
    )
    begun = next(place for place, step in enumerate(steps) if step.node.code == "start")
    for row in told:
        unit, total = units[row["unit"]], Decimal(row["total"])
        project = add_project(act, name=row["name"], unit=unit, category=category, total_wan=total)
        start = dt.date.fromisoformat(row["start"])
        nodes = []
        for place, step in enumerate(steps):
            due = start + dt.timedelta(days=14 * (place - begun))
            nodes.append(planned(step, due, due if place <= begun else None))
        plan_nodes(act, {project.subject: nodes})
        for series, values in (
            ("image_investment", row["invested"]),
            ("upper_funds", row["funds"]),
        ):
            for month, value in enumerate(values, 1):
                if value is not None:
                    record_money(
                        act,
                        project.subject,
                        indicator=series,
                        period=f"{start.year}-{month:02d}",
                        basis=Basis.PERIOD,
                        value=Decimal(value),
                        source="示例月报",
                    )
