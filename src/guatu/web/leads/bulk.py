"""Giving several leads to another unit or leader."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from guatu.attraction import actions
from guatu.attraction.models import Lead
from guatu.attraction.queries.sight import leads_in_sight
from guatu.attraction.values import STEERING
from guatu.register.models import Organisation
from guatu.register.policies import Standing, may
from guatu.register.recording import Act
from guatu.web.assigning import Assigning, LedForm, named
from guatu.web.refusals import forbidden_is_missing
from guatu.web.requests import OfficerRequest


def _rows(standing: Standing) -> QuerySet[Any]:
    rows = leads_in_sight(standing)
    return rows.select_related(
        "subject__unit", "owner_post__organisation", "leader_post__organisation"
    )


def _give(act: Act, lead: Lead, given: dict[str, Any]) -> object:
    """Give one lead; a post that is not of the new unit no longer owns it."""
    unit = given.get("unit")
    if unit is not None and not _stays(lead, unit):
        given = {**given, "owner_post": None}
    return actions.edit_lead(act, lead, reason=act.reason, **given)


def _stays(lead: Lead, unit: Organisation) -> bool:
    post = lead.owner_post
    if post is None or post.role in STEERING:
        return True
    return post.organisation.path.startswith(unit.path)


LEADS = Assigning(
    name="条线索的责任单位或包保领导",
    consequence=(
        "所列线索改由新的单位或领导负责，原单位将不再看到；"
        "换单位的，原责任岗位不在新单位的一并清空，由新单位落实到岗位。"
    ),
    policy="lead.add",
    rows=_rows,
    editable=lambda standing, row: may(standing, "lead.edit", row),
    told=named,
    give=_give,
    here="leads:bulk_assign",
    back="leads:list",
    form=LedForm,
)


@require_POST
@forbidden_is_missing
def assign(request: OfficerRequest) -> HttpResponse:
    """Show which leads will change hands; change them when it was checked."""
    return LEADS.answer(request)
