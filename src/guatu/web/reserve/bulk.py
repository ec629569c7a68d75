"""Giving several projects of the reserve to one unit (`web.lists.bulk`)."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from guatu.investment.bulk_plans import give_projects, plan_projects
from guatu.investment.queries.reserve import reserves_in_sight
from guatu.register.policies import Standing
from guatu.web.assigning import AssignForm, given
from guatu.web.lists.bulk import BulkRows, BulkStep, hung_state, named
from guatu.web.refusals import forbidden_is_missing
from guatu.web.requests import OfficerRequest
from guatu.web.reserve.listing import ReserveList


def _rows(standing: Standing) -> QuerySet[Any]:
    rows: QuerySet[Any] = reserves_in_sight(standing).select_related("subject__unit")
    return rows


RESERVES = BulkStep(
    BulkRows(ReserveList, _rows, named, "reserve:list", state=hung_state),
    "调整责任单位",
    "所列储备项目改由同一单位负责，原单位将不再看到；正在审核的不能改。",
    lambda act, rows, told: plan_projects(act, rows, **given(told)),
    give_projects,
    AssignForm,
    policy="reserve.propose",
)


@require_POST
@forbidden_is_missing
def assign(request: OfficerRequest) -> HttpResponse:
    """Show which projects will change their unit; change them when it was checked."""
    return RESERVES.answer(request)
