"""Making a suggestion, reading one, answering one."""

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from guatu.campaign.suggestions import (
    answer_suggestion,
    page_of,
    suggest,
    suggestions_in_sight,
    withdraw_suggestion,
)
from guatu.register.campaign import act_now
from guatu.register.enums import SuggestionState
from guatu.register.models import Suggestion
from guatu.register.policies import may, require
from guatu.web.history import events_of, history_of
from guatu.web.navigation import place_of
from guatu.web.questions import ask
from guatu.web.refusals import forbidden_is_missing
from guatu.web.requests import OfficerRequest
from guatu.web.suggestions.forms import AnswerForm, SuggestionForm, WithdrawForm


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def new(request: OfficerRequest) -> HttpResponse:
    """Ask for one text; the page it is about comes in the address."""
    require(request.standing, "suggestion.add")
    page = page_of(request.GET.get("page", ""))
    form = SuggestionForm(
        request.POST if request.method == "POST" else None, initial={"page": page}
    )

    def act(told: dict[str, Any]) -> str:
        suggest(act_now(request.standing), text=told["text"], page=told["page"])
        return "已收到您的意见建议，答复会出现在「意见建议」和消息里。"

    back = reverse("suggestions:suggestions")
    return ask(request, form, act, heading="意见建议", back=back)


@require_safe
@forbidden_is_missing
def suggestion(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Show one suggestion with what came of it."""
    require(request.standing, "suggestion.list")
    row = _row(request, key)
    waits = row.state == SuggestionState.OPEN and request.as_of is None
    page, living = page_of(row.page), int(getattr(row, "row_id", row.pk))
    events = events_of(rows=[(Suggestion._meta.label, living)], as_of=request.as_of)
    context = {
        "row": row,
        "page": page,
        "place": place_of(page),
        "can_withdraw": waits and may(request.standing, "suggestion.withdraw", row),
        "can_answer": waits and may(request.standing, "suggestion.answer", row),
        "changes": history_of(events, [row.officer, row.post, row.answered_by]),
    }
    return render(request, "suggestions/suggestion.html", context)


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def answer(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Answer a suggestion."""
    require(request.standing, "suggestion.answer")
    row = _row(request, key)
    form = AnswerForm(request.POST if request.method == "POST" else None)

    def act(told: dict[str, Any]) -> str:
        state = SuggestionState(told["state"])
        answer_suggestion(act_now(request.standing), row, state=state, answer=told["answer"])
        return f"已答复（{state.label}）。"

    back = reverse("suggestions:suggestion", args=[key])
    return ask(request, form, act, heading=f"答复：{row}", back=back)


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def withdraw(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Ask once, then take back a suggestion of one's own."""
    row = _row(request, key)
    require(request.standing, "suggestion.withdraw", row)
    form = WithdrawForm(request.POST if request.method == "POST" else None)

    def act(_told: dict[str, Any]) -> str:
        withdraw_suggestion(act_now(request.standing), row)
        return "已撤回。要改写的，可以重新提出。"

    check = {
        "consequence": "撤回后专班不再答复；内容和撤回留在记录里。要改写的，撤回后重新提出。",
        "affected": [row.text],
        "submit": "撤回",
    }
    back = reverse("suggestions:suggestion", args=[key])
    return ask(request, form, act, heading="撤回意见建议", back=back, check=check)


def _row(request: OfficerRequest, key: uuid.UUID) -> Suggestion:
    rows = suggestions_in_sight(request.standing, request.as_of).filter(public_id=key)
    row = rows.select_related("post__organisation", "officer", "answered_by").first()
    if row is None:
        raise Http404
    return row
