"""Telling a project what its category usually meets."""

from dataclasses import dataclass

from django.contrib import messages

from guatu.investment.models import Project
from guatu.investment.queries.usual import usual_causes
from guatu.loop.blocker_causes import causes_on, name_of
from guatu.loop.enums import COUNTED_BLOCKERS
from guatu.loop.queries.blocker_sums import Cost
from guatu.web.blockers.faces import list_url
from guatu.web.requests import OfficerRequest


@dataclass(frozen=True)
class Usual:
    """One cause as told: its name, its numbers, and the list they were counted from."""

    name: str
    cost: Cost
    href: str


def usual_shown(request: OfficerRequest, project: Project) -> list[Usual]:
    """Causes other projects of the category met in this district; empty without a history."""
    found = usual_causes(request.standing, project, request.as_of)
    if not found or project.category is None:
        return []
    names = causes_on(request.as_of or request.standing.today)
    states = [str(state) for state in COUNTED_BLOCKERS]
    code = project.category.code
    return [
        Usual(
            name_of(names, one.key),
            one,
            list_url(cause=str(one.key), category=code, state=states),
        )
        for one in found
    ]


def warn_of_usual(request: OfficerRequest, project: Project) -> None:
    """Tell a new project on its first page what its category usually meets."""
    found = usual_shown(request, project)
    if found:
        told = "、".join(f"{one.name} {one.cost.count} 项 {one.cost.days} 工日" for one in found)
        messages.warning(request, f"本区{project.category}项目常见堵点：{told}，请提前安排。")
