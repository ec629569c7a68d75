"""Giving several leads to another unit or leader (`web.lists.bulk`)."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from guatu.attraction.bulk_plans import give_leads, plan_leads
from guatu.attraction.queries.sight import leads_in_sight
from guatu.register.policies import Standing
from guatu.web.assigning import LedForm, given
from guatu.web.leads.listing import LeadList
from guatu.web.lists.bulk import BulkRows, BulkStep, hung_state, named
from guatu.web.refusals import forbidden_is_missing
from guatu.web.requests import OfficerRequest


def _rows(standing: Standing) -> QuerySet[Any]:
    rows = leads_in_sight(standing)
    return rows.select_related(
        "subject__unit", "owner_post__organisation", "leader_post__organisation"
    )


LEADS = BulkStep(
    BulkRows(LeadList, _rows, named, "leads:list", state=hung_state),
    "改派",
    (
        "所列线索改由新的单位或领导负责，原单位将不再看到；"
        "换单位的，原责任岗位不在新单位的一并清空，由新单位落实到岗位。"
    ),
    lambda act, rows, told: plan_leads(act, rows, **given(told)),
    give_leads,
    LedForm,
    policy="lead.add",
)


@require_POST
@forbidden_is_missing
def assign(request: OfficerRequest) -> HttpResponse:
    """Show which leads will change hands; change them when it was checked."""
    return LEADS.answer(request)
