"""Invented crews, desks and equipment that the sample's planned projects share, one too few."""

import json
from typing import Any

from guatu.campaign.sample.people import District, read_data
from guatu.investment.models import Project
from guatu.loop.actions.network import edit_network
from guatu.loop.actions.resources import Said, add_resource
from guatu.loop.actions.scenarios import refresh_scenario
from guatu.loop.enums import ResourceKind
from guatu.loop.models import Scenario
from guatu.register.recording import Act

REASON = "登记所需的共用资源（示例）"


def share(district: District, act: Act) -> None:
    """Register what is shared and say which work of which project needs it."""
    told: dict[str, Any] = json.loads(read_data("resources.json"))
    act = district.act_as(act, "office1")
    for row in told["resources"]:
        said = Said(
            name=row["name"],
            kind=ResourceKind(row["kind"]),
            capacity=row["capacity"],
            unit=district.units[row["unit"]],
        )
        add_resource(act, said, code=row["code"])
    projects = _projects(list(told["needs"]))
    for name, needs in told["needs"].items():
        commands = [{"op": "needs", "key": key, "needs": own} for key, own in needs.items()]
        edit_network(act, projects[name].subject, commands, reason=REASON)
    # Copies tried out before rest on the plans as they are now.
    subjects = [project.subject for project in projects.values()]
    for scenario in Scenario.objects.filter(subject__in=subjects).select_related("subject__unit"):
        refresh_scenario(act, scenario)


def _projects(names: list[str]) -> dict[str, Project]:
    rows = Project.objects.filter(name__in=names).select_related("subject__unit")
    return {row.name: row for row in rows}
