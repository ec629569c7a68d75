"""Telling a project what its category usually meets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib import messages

from guatu.investment.models import Project
from guatu.investment.queries.blockers import project_blockers
from guatu.loop.blocker_causes import BlockerCause, causes_on, name_of
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


def usual_shown(
    project: Project, found: Sequence[Cost], causes: Mapping[str, BlockerCause]
) -> list[Usual]:
    """Name the causes that projects of the category met, each with its list."""
    if project.category is None:
        return []
    states = [str(state) for state in COUNTED_BLOCKERS]
    code = project.category.code
    return [
        Usual(
            name_of(causes, one.key),
            one,
            list_url(cause=str(one.key), category=code, state=states),
        )
        for one in found
    ]


def warn_of_usual(request: OfficerRequest, project: Project) -> None:
    """Tell a new project on its first page what its category usually meets."""
    costs = project_blockers(request.standing, project).usual
    if costs:
        found = usual_shown(project, costs, causes_on(request.standing.today))
        told = "、".join(f"{one.name} {one.cost.count} 项 {one.cost.days} 工日" for one in found)
        messages.warning(request, f"本区{project.category}项目常见堵点：{told}，请提前安排。")
