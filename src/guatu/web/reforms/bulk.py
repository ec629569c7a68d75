"""Giving several reforms to another unit or leader."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from guatu.loop.actions.reforms import edit_reform
from guatu.loop.models import Reform
from guatu.loop.queries.reforms import reforms_in_sight
from guatu.register.policies import may
from guatu.register.recording import Act
from guatu.web.assigning import Assigning, LedForm, named
from guatu.web.refusals import forbidden_is_missing
from guatu.web.requests import OfficerRequest


def _give(act: Act, reform: Reform, given: dict[str, Any]) -> object:
    subject = reform.subject
    leader = given.get("leader_post", reform.leader_post)
    unit = given.get("unit", subject.unit)
    return edit_reform(act, reform, name=subject.title, unit=unit, leader_post=leader)


REFORMS = Assigning(
    name="项改革任务的责任单位或包保领导",
    consequence="所列改革任务改由新的单位或领导负责；已交办的责任事项不变，需要时另行改派。",
    policy="reform.add",
    rows=reforms_in_sight,
    editable=lambda standing, row: may(standing, "reform.edit", row.subject),
    told=named,
    give=_give,
    here="reforms:bulk_assign",
    back="reforms:reforms",
    form=LedForm,
)


@require_POST
@forbidden_is_missing
def assign(request: OfficerRequest) -> HttpResponse:
    """Show which reforms will change hands; change them when it was checked."""
    return REFORMS.answer(request)
