"""Reading notices, the digest of a day, and the ladders."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from guatu.loop.actions.noticing import read_all, read_notices
from guatu.loop.enums import StepTo
from guatu.loop.escalation.ladders import BLOCKER, DUTY, ladders_through
from guatu.loop.escalation.words import done_words, when_words
from guatu.loop.queries.digest import digest_of
from guatu.loop.queries.inbox import inbox_of
from guatu.register.campaign import act_now
from guatu.register.policies import require
from guatu.register.rules import Holding
from guatu.web.asof import read_day
from guatu.web.refusals import forbidden_is_missing
from guatu.web.requests import OfficerRequest

MOST = 200
DAY = dt.timedelta(days=1)
PLACES = {"desk": "desk:desk"}


@require_POST
@forbidden_is_missing
def read(request: OfficerRequest) -> HttpResponse:
    """Mark notices read: one by its button, some by their boxes, or all."""
    require(request.standing, "notice.list")
    act = act_now(request.standing)
    if "all" in request.POST:
        count = read_all(act)
    else:
        keys = request.POST.getlist("one") or request.POST.getlist("row")
        rows = inbox_of(request.standing).filter(public_id__in=_keys(keys))
        count = read_notices(act, list(rows))
    messages.success(request, f"已读 {count} 条。" if count else "没有未读的消息。")
    return redirect(PLACES.get(request.POST.get("next", ""), "inbox:inbox"))


def _keys(texts: list[str]) -> list[uuid.UUID]:
    """Keys among ``texts``; anything else was never sent by the page."""
    try:
        return [uuid.UUID(text) for text in texts[:MOST]]
    except ValueError:
        raise Http404 from None


@require_safe
@forbidden_is_missing
def digest(request: OfficerRequest) -> HttpResponse:
    """Show one campaign day; ``?day=`` asks for an earlier one."""
    require(request.standing, "notice.list")
    last = request.as_of or request.standing.today
    try:
        day = read_day(request.GET["day"], last) if request.GET.get("day") else last
    except ValueError as refusal:
        told = {"sentence": str(refusal), "back": request.path}
        return render(request, "refused.html", told, status=400)
    context = {
        "digest": digest_of(request.standing, day, request.as_of),
        "day": day,
        "before": day - DAY,
        "after": day + DAY if day < last else None,
    }
    return render(request, "inbox/digest.html", context)


@dataclass(frozen=True)
class Rung:
    """One rung as shown; ``anchor`` is where on the page it stands."""

    anchor: str
    when: str
    done: str


@dataclass(frozen=True)
class Told:
    """A rule and its rungs."""

    rule: Holding
    rungs: list[Rung]


@require_safe
@forbidden_is_missing
def ladder(request: OfficerRequest) -> HttpResponse:
    """Show every ladder with its rule: issuer, number, source, status."""
    require(request.standing, "escalation.see")
    found = ladders_through((DUTY, BLOCKER))
    rules = [
        Told(
            found.rules[key, one.first],
            [
                Rung(
                    f"{key}-{one.first}-{step.key}",
                    when_words(step),
                    done_words(step.act, str(StepTo(step.to).label)),
                )
                for step in one.steps
            ],
        )
        for key, ladders in found.by_rule.items()
        for one in reversed(ladders)
    ]
    day = request.as_of or request.standing.today
    return render(request, "inbox/ladder.html", {"rules": rules, "day": day})
