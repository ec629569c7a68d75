"""Giving several projects of the reserve to one unit."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from guatu.investment import actions
from guatu.investment.models import Project
from guatu.investment.queries.reserve import reserves_in_sight
from guatu.investment.reserve_moves import LIFE
from guatu.register.policies import Standing, may
from guatu.register.recording import Act
from guatu.web.assigning import Assigning, named
from guatu.web.refusals import forbidden_is_missing
from guatu.web.requests import OfficerRequest


def _rows(standing: Standing) -> QuerySet[Any]:
    rows: QuerySet[Any] = reserves_in_sight(standing)
    return rows.select_related("subject__unit", "subject__admission")


def _give(act: Act, project: Project, given: dict[str, Any]) -> object:
    return actions.edit_reserve(act, project.subject.admission, reason=act.reason, **given)


RESERVES = Assigning(
    name="个储备项目的责任单位",
    consequence="所列储备项目改由同一单位负责，原单位将不再看到；正在审核的不能改。",
    policy="reserve.propose",
    rows=_rows,
    editable=lambda standing, row: may(standing, "reserve.edit", row.subject.admission),
    barred=lambda row: LIFE.closed_to(row.subject.admission, "edit"),
    told=named,
    give=_give,
    here="reserve:bulk_unit",
    back="reserve:list",
)


@require_POST
@forbidden_is_missing
def assign(request: OfficerRequest) -> HttpResponse:
    """Show which projects will change their unit; change them when it was checked."""
    return RESERVES.answer(request)
