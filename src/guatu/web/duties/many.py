"""Bulk edit with a 核对 page: what moves in which unit, what cannot and why; then all in one act.

The rows are those ticked, or all that the list's filter keeps. Between looking and doing nothing
may have moved: a seal over keys and revisions is compared, and a changed list is shown again.
"""

import hashlib
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from guatu.loop import bulk_plans
from guatu.loop.actions import bulk as acts
from guatu.loop.bulk_plans import MOST, Plan
from guatu.loop.enums import Strength
from guatu.loop.models import Duty
from guatu.loop.queries.duties import with_names
from guatu.loop.queries.sight import duties_in_sight
from guatu.register.campaign import act_now
from guatu.register.errors import RegisterError
from guatu.register.recording import Act
from guatu.web.duties.forms import OwnerForm, PostponeForm, StrengthForm, UrgeForm
from guatu.web.duties.listing import DutyList
from guatu.web.lists.listing import narrowed
from guatu.web.lists.returning import back_to, came_with
from guatu.web.lists.state import read_state
from guatu.web.refusals import tell
from guatu.web.requests import OfficerRequest

TICKED = 500
SHOWN = 200
"""Most rows named on a 核对 page; the sums by unit count all."""


@dataclass(frozen=True)
class Many:
    """One bulk step: ``plan`` looks, ``run`` does what the plan says."""

    name: str
    consequence: str
    form: type[forms.Form]
    plan: Callable[[Act, Sequence[Duty], dict[str, Any]], Plan]
    run: Callable[[Plan], int]


def _reassign(act: Act, duties: Sequence[Duty], told: dict[str, Any]) -> Plan:
    reason = told.pop("reason")
    return bulk_plans.plan_edit(act.because(reason.strip()), duties, **told)


def _strength(act: Act, duties: Sequence[Duty], told: dict[str, Any]) -> Plan:
    act = act.because(told["reason"].strip())
    return bulk_plans.plan_edit(act, duties, strength=Strength(told["strength"]))


MANY = {
    "owner": Many(
        "改派",
        "所列事项改由新的责任岗位、单位或包保领导负责；期限、来源和已有报告不变。",
        OwnerForm,
        _reassign,
        acts.edit_many,
    ),
    "strength": Many(
        "调整力度", "所列事项的力度改为同一种。", StrengthForm, _strength, acts.edit_many
    ),
    "postpone": Many(
        "申请延期",
        "逐项提交延期申请，批复同意之前期限不变。",
        PostponeForm,
        lambda act, duties, told: bulk_plans.plan_extension(act, duties, **told),
        acts.ask_extensions,
    ),
    "urge": Many(
        "催办",
        "向各责任岗位催办；只能对下催办，同一事项一个工作日一次。",
        UrgeForm,
        lambda act, duties, told: bulk_plans.plan_urge(act, duties, **told),
        acts.urge_many,
    ),
}


def many(request: OfficerRequest, slug: str) -> HttpResponse:
    """Ask what to change, show what would follow, or do it; the stages come with the form."""
    step = MANY[slug]
    rows = chosen(request)
    duties = list(rows[: MOST + 1])
    back = redirect(back_to(request, "duties:duties"))
    if not duties:
        messages.warning(request, "请先选中要办理的事项。")
        return back
    if len(duties) > MOST:
        messages.warning(request, f"一次最多办理 {MOST} 项，请先用筛选缩小范围。")
        return back
    checked = request.POST.get("checked") == "1"
    looked = checked or request.POST.get("stage") == "check"
    form = step.form(request.POST if looked else None)
    plan = _planned(request, step, duties, form) if looked and form.is_valid() else None
    if plan is not None and checked and _agrees(request, plan, form) and _done(step, plan, form):
        rest = len(plan.refused)
        said = f"{step.name}：已办理 {len(plan.moving)} 项"
        messages.success(request, f"{said}，{rest} 项未办理。" if rest else f"{said}。")
        return back
    return _page(request, slug, duties, form, plan)


def chosen(request: OfficerRequest) -> QuerySet[Duty]:
    """Duties in sight among those ticked, or all that the list's filter keeps."""
    if "all" in request.POST:
        query = QueryDict(request.POST["all"])
        page = DutyList()
        page.setup(request)
        filters = page.page_filters()
        state = read_state(query, [one.id for one in filters], set())
        found = page.search(page.rows(request.standing, None), state.search)
        return narrowed(found, filters, state).order_by("due", "pk")
    keys = []
    for text in request.POST.getlist("row")[:TICKED]:
        try:
            keys.append(uuid.UUID(text))
        except ValueError:
            continue
    rows = duties_in_sight(request.standing).filter(public_id__in=keys)
    return with_names(rows).order_by("due", "pk")


def _planned(
    request: OfficerRequest, step: Many, duties: Sequence[Duty], form: forms.Form
) -> Plan | None:
    try:
        return step.plan(act_now(request.standing), duties, dict(form.cleaned_data))
    except RegisterError as refusal:
        tell(form, refusal)
        return None


def _seal(plan: Plan) -> str:
    """Digest of what would be done to which state of which duty."""
    told = ",".join(f"{one.duty.pk}:{one.duty.revision}" for one in plan.moving)
    return hashlib.sha256(told.encode()).hexdigest()


def _agrees(request: OfficerRequest, plan: Plan, form: forms.Form) -> bool:
    """Tell whether what was looked at is what there is; nothing was shown before: it agrees."""
    shown = request.POST.get("seal", "")
    if not shown or shown == _seal(plan):
        return True
    form.add_error(None, "核对期间有事项发生了变化，下面是最新情况，请重新核对。")
    return False


def _done(step: Many, plan: Plan, form: forms.Form) -> bool:
    try:
        step.run(plan)
    except RegisterError as refusal:
        tell(form, refusal)
        return False
    return True


def _page(
    request: OfficerRequest,
    slug: str,
    duties: Sequence[Duty],
    form: forms.Form,
    plan: Plan | None,
) -> HttpResponse:
    step = MANY[slug]
    everything = "all" in request.POST
    context = {
        "heading": f"{step.name} {len(duties)} 项",
        "consequence": step.consequence,
        "form": form,
        "plan": plan,
        "moving": plan.moving[:SHOWN] if plan else [],
        "refused": plan.refused[:SHOWN] if plan else [],
        "shown": SHOWN,
        "seal": _seal(plan) if plan else "",
        "keys": [] if everything else [str(duty.public_id) for duty in duties],
        "everything": everything,
        "all": request.POST.get("all", ""),
        "action": reverse("duties:bulk", args=[slug]),
        "back": back_to(request, "duties:duties"),
        "came": came_with(request),
        "submit": f"确认{step.name}",
    }
    return render(request, "duties/many.html", context, status=422 if form.errors else 200)
