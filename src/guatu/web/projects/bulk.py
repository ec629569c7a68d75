"""Giving several projects to one unit."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from guatu.investment import actions
from guatu.investment.models import Project
from guatu.investment.queries import projects_in_sight
from guatu.register.policies import Standing, may
from guatu.register.recording import Act
from guatu.web.assigning import Assigning, named
from guatu.web.refusals import forbidden_is_missing
from guatu.web.requests import OfficerRequest


def _rows(standing: Standing) -> QuerySet[Any]:
    rows: QuerySet[Any] = projects_in_sight(standing).select_related("subject__unit")
    return rows


def _give(act: Act, project: Project, given: dict[str, Any]) -> object:
    return actions.edit_project(act, project, reason=act.reason, **given)


PROJECTS = Assigning(
    name="个项目的责任单位",
    consequence="所列项目改由同一单位负责，原单位将不再看到。",
    policy="project.import",
    rows=_rows,
    editable=lambda standing, row: may(standing, "project.edit", row),
    told=named,
    give=_give,
    here="projects:bulk_unit",
    back="projects:list",
)


@require_POST
@forbidden_is_missing
def assign(request: OfficerRequest) -> HttpResponse:
    """Show which projects will change their unit; change them when it was checked."""
    return PROJECTS.answer(request)
