"""Giving several reforms to another unit or leader (`web.lists.bulk`)."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from guatu.loop.actions.bulk import give_reforms
from guatu.loop.bulk_plans import plan_reforms
from guatu.loop.queries.reforms import reforms_in_sight
from guatu.web.assigning import LedForm, given
from guatu.web.lists.bulk import BulkRows, BulkStep, hung_state, named
from guatu.web.reforms.listing import ReformList
from guatu.web.refusals import forbidden_is_missing
from guatu.web.requests import OfficerRequest

REFORMS = BulkStep(
    BulkRows(ReformList, reforms_in_sight, named, "reforms:reforms", state=hung_state),
    "改派",
    "所列改革任务改由新的单位或领导负责；已交办的责任事项不变，需要时另行改派。",
    lambda act, rows, told: plan_reforms(act, rows, **given(told)),
    give_reforms,
    LedForm,
    policy="reform.add",
)


@require_POST
@forbidden_is_missing
def assign(request: OfficerRequest) -> HttpResponse:
    """Show which reforms will change hands; change them when it was checked."""
    return REFORMS.answer(request)
