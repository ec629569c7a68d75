"""Steps for several duties at once (`web.lists.bulk`): by their boxes or by all a filter keeps."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.views.decorators.http import require_POST

from guatu.loop import bulk_plans
from guatu.loop.actions import bulk as acts
from guatu.loop.enums import Strength
from guatu.loop.models import Duty
from guatu.loop.queries.duties import with_names
from guatu.loop.queries.sight import duties_in_sight
from guatu.register.bulk_plans import Plan
from guatu.register.policies import Standing, require
from guatu.register.recording import Act
from guatu.web import format as written
from guatu.web.duties.forms import OwnerForm, PostponeForm, StrengthForm
from guatu.web.duties.listing import DutyList
from guatu.web.duties.standing_in import before_issuing, standing_in
from guatu.web.duties.urging import urge_step
from guatu.web.lists.bulk import BulkRows, BulkStep, Words
from guatu.web.refusals import forbidden_is_missing
from guatu.web.requests import OfficerRequest


def _rows(standing: Standing) -> QuerySet[Any]:
    return with_names(duties_in_sight(standing))


def _words(duty: Duty, today: dt.date) -> Words:
    owner = duty.owner_post or duty.owner_unit or "责任未定"
    parts = (owner, duty.get_state_display(), written.due(duty.due, today))
    return Words(duty.title, " · ".join(str(part) for part in parts))


ROWS = BulkRows(DutyList, _rows, _words, "duties:duties", key="public_id", order=("due",))


def _asking(form: type[forms.Form]) -> Callable[[Standing, QueryDict | None], forms.Form]:
    return lambda _standing, data: form(data)


def _reassign(act: Act, duties: Sequence[Duty], told: dict[str, Any]) -> Plan:
    given = {name: told[name] for name in ("owner_post", "owner_unit", "leader_post")}
    return bulk_plans.plan_edit(act, duties, **given)


def _given_to(request: OfficerRequest, _duties: Sequence[Duty]) -> str:
    """Where they go nobody may be there: say who stands in, as issuing one does."""
    form = OwnerForm(request.POST)
    if not form.is_valid():
        return ""
    post, unit = form.cleaned_data["owner_post"], form.cleaned_data["owner_unit"]
    return standing_in(request, [Duty(owner_post=post, owner_unit=unit)])


def _strength(act: Act, duties: Sequence[Duty], told: dict[str, Any]) -> Plan:
    return bulk_plans.plan_edit(act, duties, strength=Strength(told["strength"]))


STEPS = {
    "issue": BulkStep(
        ROWS,
        "下达",
        "下达后分别出现在责任岗位的工作台上。",
        lambda act, duties, _told: bulk_plans.plan_issue(act, duties),
        acts.issue_many,
        policy="duty.draft",
        warns=before_issuing,
    ),
    "no-change": BulkStep(
        ROWS,
        "无变化",
        "确认下列各项的情况与上次报告相比没有变化。",
        lambda act, duties, _told: bulk_plans.plan_affirm(act, duties),
        acts.affirm_many,
        adds=lambda verdict: f"确认仍是：{verdict.told['affirmed']}",
    ),
    "owner": BulkStep(
        ROWS,
        "改派",
        "所列事项改由新的责任岗位、单位或包保领导负责；期限、来源和已有报告不变。",
        _reassign,
        acts.edit_many,
        _asking(OwnerForm),
        warns=_given_to,
    ),
    "strength": BulkStep(
        ROWS,
        "调整力度",
        "所列事项的力度改为同一种。",
        _strength,
        acts.edit_many,
        _asking(StrengthForm),
    ),
    "postpone": BulkStep(
        ROWS,
        "申请延期",
        "逐项提交延期申请，批复同意之前期限不变。",
        lambda act, duties, told: bulk_plans.plan_extension(act, duties, **told),
        acts.ask_extensions,
        _asking(PostponeForm),
    ),
    "urge": urge_step(
        ROWS,
        "duty",
        "向各责任岗位催办；只能对下催办，同一事项一个工作日一次。",
        bulk_plans.plan_urge,
    ),
}


@require_POST
@forbidden_is_missing
def bulk(request: OfficerRequest, step: str) -> HttpResponse:
    """Show what will happen to which duties; do it when it was checked."""
    require(request.standing, "duty.list")
    if step not in STEPS:
        raise Http404
    return STEPS[step].answer(request)
