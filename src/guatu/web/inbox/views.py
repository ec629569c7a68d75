"""Reading notices, the digest of a day, and the ladders."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from guatu.attraction.actions.reminding import RULE as LEAD_STEPS
from guatu.loop.actions.noticing import read_all, read_notices
from guatu.loop.enums import StepTo
from guatu.loop.escalation.ladders import BLOCKER, DUTY, ladders_through
from guatu.loop.escalation.words import beyond_words, done_words, when_words
from guatu.loop.letter_kinds import drafting_on
from guatu.loop.queries.digest import digest_of
from guatu.loop.queries.inbox import inbox_of
from guatu.register.campaign import act_now
from guatu.register.policies import require
from guatu.register.rules import Holding
from guatu.web.asof import read_day
from guatu.web.inbox.bulk import READ
from guatu.web.lists.returning import back_to
from guatu.web.refusals import forbidden_is_missing
from guatu.web.requests import OfficerRequest

MOST = 200
DAY = dt.timedelta(days=1)
PLACES = {"desk": "desk:desk"}


@require_POST
@forbidden_is_missing
def read(request: OfficerRequest) -> HttpResponse:
    """Mark notices read: one by its button, some by their boxes, all that are unread.

    All that a filter keeps are shown on a 核对 page first.
    """
    require(request.standing, "notice.list")
    act = act_now(request.standing)
    if "all" in request.POST and not {"one", "every"} & set(request.POST):
        return READ.answer(request)
    if "every" in request.POST:
        count = read_all(act)
    else:
        keys = request.POST.getlist("one") or request.POST.getlist("row")
        rows = inbox_of(request.standing).filter(public_id__in=_keys(keys))
        count = read_notices(act, list(rows))
    messages.success(request, f"已读 {count} 条。" if count else "没有未读的消息。")
    return redirect(back_to(request, PLACES.get(request.POST.get("next", ""), "inbox:inbox")))


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
    require(request.standing, "escalation.see")
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
    """A rule, its rungs, and what else bears on them."""

    rule: Holding
    rungs: list[Rung]
    note: str = ""


@require_safe
@forbidden_is_missing
def ladder(request: OfficerRequest) -> HttpResponse:
    """Show every ladder with its rule: issuer, number, source, status."""
    require(request.standing, "escalation.see")
    day = request.as_of or request.standing.today
    found, most = ladders_through((DUTY, BLOCKER, LEAD_STEPS)), drafting_on(day)
    drafting = (
        f"到「建议发函」一步，系统同时拟出函稿，每个发文机关每日最多 {most.per_day} 件；"
        "其余列入「两函一单」的待拟函件，次日续拟。拟稿须由人核对送签。"
    )
    rules = [
        Told(
            found.rules[key, one.first],
            [
                Rung(
                    f"{key}-{one.first}-{step.key}",
                    when_words(step),
                    done_words(step.act, str(StepTo(step.to).label)) + beyond_words(step),
                )
                for step in one.steps
            ],
            drafting if any(step.act == "letter" for step in one.steps) else "",
        )
        for key, ladders in found.by_rule.items()
        for one in reversed(ladders)
    ]
    return render(request, "inbox/ladder.html", {"rules": rules, "day": day})
