"""Registering an absence, and ending it early."""

import datetime as dt
import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from guatu.register import absences as acts
from guatu.register.campaign import act_now
from guatu.register.deputies import absences_on, chain_of, deputy_of
from guatu.register.enums import Told
from guatu.register.models import Absence
from guatu.register.policies import require
from guatu.register.seats import Seats
from guatu.web.absences.forms import AbsenceForm, EndForm, posts_to_tell
from guatu.web.questions import ask
from guatu.web.refusals import forbidden_is_missing
from guatu.web.requests import OfficerRequest


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def new(request: OfficerRequest) -> HttpResponse:
    """Register an absence."""
    require(request.standing, "absence.edit")

    def act(told: dict[str, Any]) -> str:
        kind = Told(told.pop("told")) if told.get("told") else None
        row = acts.add_absence(act_now(request.standing), told.pop("post"), told=kind, **told)
        return _said(row, request.standing.today)

    own = request.standing.own_posts
    first = posts_to_tell(request.standing).filter(pk__in=[post.pk for post in own]).first()
    initial = {
        "since": request.standing.today,
        "told": Told.BOTH,
        "post": first.public_id if first else None,
    }
    form = AbsenceForm(request.POST or None, initial=initial, standing=request.standing)
    return ask(request, form, act, heading="登记请假", back=reverse("absences:absences"))


def _said(row: Absence, today: dt.date) -> str:
    """Say plainly who acts: the deputy, the deputy's deputy, or nobody."""
    told = f"已登记：{row.post}自 {row.since} 至 {row.until} 请假"
    day = max(row.since, today)
    face = Seats([row.post], day).face(row.post)
    if row.deputy_post is None:
        return f"{told}，未指定代理，{face.acting}。"
    away = absences_on(day)
    found = deputy_of(row.post_id, away)
    if found is None:
        return f"{told}；{row.deputy_post}也在请假且无人代理，{face.acting}，请另行安排。"
    if len(chain_of(row.post_id, away)) > 1:
        return f"{told}；{row.deputy_post}也在请假，由{found}接着代理。"
    return f"{told}，由{found}代理。"


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def end(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """End an absence early, or cancel one that has not begun."""
    rows = Absence.objects.select_related("post__organisation", "deputy_post__organisation")
    row = get_object_or_404(rows, public_id=key)
    require(request.standing, "absence.edit", row.post)

    def act(told: dict[str, Any]) -> str:
        acts.end_absence(
            act_now(request.standing),
            row,
            until=told["until"],
            expected_revision=told["revision"],
        )
        return f"{row.post}的请假已{'取消' if row.cancelled else f'改为至 {row.until}'}。"

    yesterday = request.standing.today - dt.timedelta(days=1)
    initial = {"until": yesterday, "revision": row.revision}
    form = EndForm(request.POST or None, initial=initial)
    check = {
        "consequence": "从最后一天的次日起，代理人不再看到和办理这个岗位的业务；已办理的不受影响。",
        "affected": [f"{row.post}　{row.since} 至 {row.until}　{row.deputy_post or '未指定代理'}"],
        "submit": "确认",
    }
    back, shown = reverse("absences:absences"), {"revision": row}
    return ask(request, form, act, heading="提前销假或取消", back=back, check=check, shown=shown)
