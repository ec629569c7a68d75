"""Handing over, accepting and querying, each on a 核对 page of its own."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from guatu.loop.actions import handing_over
from guatu.loop.actions.handing_over import ACCEPT, GIVE, QUERY, come_since
from guatu.loop.enums import HandoverState, ItemState
from guatu.loop.models import Handover, HandoverItem
from guatu.loop.queries.handovers import ItemGroup, groups_of
from guatu.register.campaign import act_now
from guatu.register.errors import RegisterError
from guatu.register.policies import require
from guatu.web.duties.forms import ActForm
from guatu.web.handovers.forms import GiveForm, QueryForm, name_of
from guatu.web.handovers.views import seen
from guatu.web.refusals import forbidden_is_missing, tell
from guatu.web.requests import OfficerRequest


def _open(request: OfficerRequest, key: uuid.UUID, policy: str) -> Handover:
    row = seen(request, key)
    if request.as_of is not None:
        raise Http404
    require(request.standing, policy, row)
    return row


def _page(row: Handover) -> str:
    return reverse("handovers:handover", args=[row.public_id])


def _left(row: Handover) -> list[ItemGroup]:
    """Groups with what still has to be handed over or accepted."""
    found = [
        ItemGroup(
            group.kind,
            [i for i in group.items if not i.settled and i.state != ItemState.ACCEPTED],
        )
        for group in groups_of(row)
    ]
    return [group for group in found if group.items]


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def give(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Hand over with remarks; the list shown is the one of this moment."""
    row = _open(request, key, GIVE.policy)
    if request.method == "GET" and row.state not in GIVE.sources:
        return redirect(_page(row))
    groups = _left(row)
    items = [item for group in groups for item in group.items]
    bound = request.POST if request.method == "POST" else None
    form = GiveForm(bound, initial={"revision": row.revision, "note": row.note}, items=items)
    if request.method == "POST" and form.is_valid():
        told = form.values()
        done = _done(
            form,
            row,
            lambda: handing_over.hand_over(
                act_now(request.standing),
                row,
                expected_revision=form.cleaned_data["revision"],
                **told,
            ),
        )
        if done:
            who = row.incoming.name if row.incoming else "接任者到任后"
            finished = row.state == HandoverState.DONE
            said = "没有未结事项，交接完成。" if finished else f"已移交，等待{who}接收。"
            messages.success(request, said)
            return redirect(_page(row))
    context = {
        "handover": row,
        "form": form,
        "groups": [(group, [(i, form[name_of(i)]) for i in group.items]) for group in groups],
        "in_all": len(items),
        "new": come_since(row),
        "back": _page(row),
    }
    return render(request, "handovers/give.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def accept(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Accept what is ticked, or all of it."""
    row = _open(request, key, ACCEPT.policy)
    if request.method == "GET" and row.state not in ACCEPT.sources:
        return redirect(_page(row))
    groups = _left(row)
    items = [item for group in groups for item in group.items]
    bound = request.POST if request.method == "POST" else None
    form = ActForm(bound, initial={"revision": row.revision})
    if request.method == "POST" and form.is_valid():
        sent = set(request.POST.getlist("row"))
        chosen = None if "all" in request.POST else [i for i in items if str(i.public_id) in sent]
        done = _done(
            form,
            row,
            lambda: handing_over.accept(
                act_now(request.standing),
                row,
                items=chosen,
                expected_revision=form.cleaned_data["revision"],
            ),
        )
        if done:
            messages.success(request, _accepted(row))
            return redirect(_page(row))
    context = {
        "handover": row,
        "form": form,
        "groups": groups,
        "in_all": len(items),
        "back": _page(row),
    }
    return render(request, "handovers/accept.html", context, status=422 if form.errors else 200)


def _accepted(row: Handover) -> str:
    """What is left after items were accepted, and whom it waits for."""
    left = row.items.filter(settled=False).exclude(state=ItemState.ACCEPTED)
    states = list(left.values_list("state", flat=True))
    if not states:
        return "全部接收，交接完成。"
    asked = states.count(ItemState.QUERIED)
    waits = f"，其中 {asked} 项有疑问，等移交人答复" if asked else ""
    return f"已接收，还有 {len(states)} 项未接收{waits}。"


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def query(request: OfficerRequest, key: uuid.UUID, item: uuid.UUID) -> HttpResponse:
    """Return one item with a question."""
    row = _open(request, key, QUERY.policy)
    asked = get_object_or_404(HandoverItem, handover_id=row.pk, public_id=item)
    over = asked.settled or asked.state != ItemState.OPEN
    if request.method == "GET" and (row.state not in QUERY.sources or over):
        return redirect(_page(row))
    bound = request.POST if request.method == "POST" else None
    form = QueryForm(bound, initial={"revision": row.revision})
    if request.method == "POST" and form.is_valid():
        done = _done(
            form,
            row,
            lambda: handing_over.query(
                act_now(request.standing),
                row,
                asked,
                words=form.cleaned_data["words"],
                expected_revision=form.cleaned_data["revision"],
            ),
        )
        if done:
            messages.success(request, f"已提出疑问：{asked.title}")
            return redirect(reverse("handovers:accept", args=[key]))
    context: dict[str, Any] = {
        "form": form,
        "heading": f"提出疑问：{asked.title}",
        "consequence": "这一项退回移交人答复，其他各项可以照常接收；事项本身仍在岗位上，期限不变。",
        "action": reverse("handovers:query", args=[key, item]),
        "submit": "提出疑问",
        "back": reverse("handovers:accept", args=[key]),
    }
    return render(request, "duties/act.html", context, status=422 if form.errors else 200)


def _done(form: Form, row: Handover, run: Callable[[], object]) -> bool:
    """Run the action; a refusal goes onto the form with the person's words, and False is back."""
    try:
        run()
    except RegisterError as refusal:
        tell(form, refusal, revision=row)
        return False
    return True
