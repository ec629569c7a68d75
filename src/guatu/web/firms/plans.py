"""Account plans: the page of one, making and changing it, and its measures."""

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from guatu.growth import actions
from guatu.growth.models import AccountPlan
from guatu.growth.queries import find_plan, plan_page
from guatu.loop.queries.blocker_sums import open_blockers
from guatu.loop.queries.duties import lamp_of
from guatu.loop.removers import Spot
from guatu.register.campaign import act_now
from guatu.register.policies import may, require
from guatu.register.rules import rule_on
from guatu.web.blockers.faces import list_url, raise_url
from guatu.web.duties.faces import face_of
from guatu.web.firms import forms
from guatu.web.firms.faces import firm_url, plan_state, plan_url
from guatu.web.firms.views import writable
from guatu.web.history import events_of, history_of
from guatu.web.questions import ask
from guatu.web.refusals import forbidden_is_missing
from guatu.web.requests import OfficerRequest


def _seen(request: OfficerRequest, key: uuid.UUID) -> Any:  # noqa: ANN401 -- a plan or a past state
    found = find_plan(request.standing, key, request.as_of)
    if found is None:
        raise Http404
    return found


def _living(request: OfficerRequest, key: uuid.UUID) -> AccountPlan:
    if request.as_of is not None:
        raise Http404
    found: AccountPlan = _seen(request, key)
    return found


@require_GET
def plan(request: OfficerRequest, plan: uuid.UUID) -> HttpResponse:
    """Show aims, measures as duties with their lights, and what stands in the way."""
    row = _seen(request, plan)
    page = plan_page(request.standing, row, request.as_of)
    now = request.as_of is None
    today = request.as_of or request.standing.today
    rule = rule_on("lamp.duty", today)
    spot = Spot(row.subject)
    raises = now and may(request.standing, "blocker.raise", spot)
    key = getattr(row, "row_id", row.pk)
    context = {
        "plan": row,
        "subject": row.subject,
        "state": plan_state(row),
        "measures": [(duty, face_of(duty, lamp_of(duty, rule, today))) for duty in page.duties],
        "may_edit": now and may(request.standing, "firm.keep", row.subject),
        "may_charge": now and may(request.standing, "firm_plan.charge", row),
        "raise_blocker": raise_url(spot) if raises else "",
        "blockers": open_blockers(request.standing, spot, request.as_of),
        "all_blockers": list_url(subject=row.subject.code),
        "changes": history_of(events_of(rows=[("growth.AccountPlan", key)], as_of=request.as_of)),
    }
    return render(request, "firms/plan.html", context)


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def make(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Open the plan of a year."""
    firm = writable(request, key)
    require(request.standing, "firm.keep", firm)
    posted = request.POST if request.method == "POST" else None
    form = forms.PlanForm(posted, new=True, initial={"year": request.standing.today.year})

    def act(told: dict[str, Any]) -> str:
        del told["revision"]
        made = actions.make_plan(act_now(request.standing), firm, **told)
        return f"已建立 {made.year} 年一企一策，接着可以下达措施。"

    return ask(request, form, act, heading=f"一企一策：{firm.title}", back=firm_url(firm))


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def edit(request: OfficerRequest, plan: uuid.UUID) -> HttpResponse:
    """Change aims and leader."""
    row = _living(request, plan)
    require(request.standing, "firm.keep", row.subject)
    leader = row.leader_post.public_id if row.leader_post else None
    first = {"aims": row.aims, "leader_post": leader, "revision": row.revision}
    posted = request.POST if request.method == "POST" else None
    form = forms.PlanForm(posted, new=False, initial=first)

    def act(told: dict[str, Any]) -> str:
        revision = told.pop("revision")
        actions.edit_plan(act_now(request.standing), row, expected_revision=revision, **told)
        return "一企一策已保存。"

    heading, shown = f"修改：{row}", {"revision": row}
    return ask(request, form, act, heading=heading, back=plan_url(row), shown=shown)


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def measure(request: OfficerRequest, plan: uuid.UUID) -> HttpResponse:
    """Issue a measure as a duty."""
    row = _living(request, plan)
    require(request.standing, "firm_plan.charge", row)
    form = forms.MeasureForm(request.POST if request.method == "POST" else None)

    def act(told: dict[str, Any]) -> str:
        del told["revision"]
        made = actions.charge_measure(act_now(request.standing), row, **told)
        return f"已下达措施：{made.duty.title}"

    return ask(request, form, act, heading=f"下达措施：{row}", back=plan_url(row))
