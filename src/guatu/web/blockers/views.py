"""The page of one blocker, and the acts on it."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from guatu.loop.blocker_causes import causes_on
from guatu.loop.blocker_days import BlockerRow
from guatu.loop.blocker_moves import LIFE, open_moves
from guatu.loop.models import Blocker
from guatu.loop.queries.blocker_page import blocker_page
from guatu.loop.queries.blockers import find_blocker
from guatu.loop.removers import Remover, Staff, spot_of
from guatu.loop.urge_rights import Urging, may_urge
from guatu.register.models import Event
from guatu.register.policies import may, require
from guatu.register.rules import Holding
from guatu.web.acting import done
from guatu.web.blockers import forms
from guatu.web.blockers.acts import ACTS, TABLE, PageAct
from guatu.web.blockers.faces import blocker_url, list_url, rail_of
from guatu.web.blockers.spots import spot_name, subject_page
from guatu.web.history import history_of
from guatu.web.history.lines import actor_words, day_apart
from guatu.web.history.verbs import verb_name
from guatu.web.refusals import forbidden_is_missing
from guatu.web.requests import OfficerRequest
from guatu.web.seats import seats_of

DESK = "desk"
SET_BACK = "业务日期 {today} 早于上一步办理的 {stood}，本次按 {stood} 记，工作日不重复计算。"


@dataclass(frozen=True)
class Step:
    """One point of the timeline: what was done, by whom, in which words.

    ``on`` is the campaign's day where it is not that of ``at``.
    """

    at: dt.datetime
    on: dt.date | None
    name: str
    who: str
    words: str


def seen(request: OfficerRequest, key: uuid.UUID) -> BlockerRow:
    """Return the blocker in sight (as of the day read), or 404."""
    found = find_blocker(request.standing, key, request.as_of)
    if found is None or not may(request.standing, "blocker.list"):
        raise Http404
    return found


@require_safe
def blocker(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Show one blocker, with the acts open to this officer; none while reading the past."""
    row = seen(request, key)
    page = blocker_page(request.standing, row, request.as_of)
    today = request.as_of or request.standing.today
    now = request.as_of is None
    context = {
        "page": page,
        "blocker": row,
        "cause": page.cause.name if page.cause else row.cause,
        "where": spot_name(spot_of(row)),
        "subject_page": subject_page(row.subject) if page.sees_subject else "",
        "rail": rail_of(row, today),
        "steps": _steps(page.events),
        "changes": history_of(page.events),
        "seats": seats_of(request, row.remover_post, row.upper_post),
        "acts": _acts(request, row, can_go_up=bool(page.above)) if now else [],
        "may_write": now and row.is_open and may(request.standing, "letter.draft"),
        "may_assign": now and LIFE.allows(request.standing, row, "assign"),
        "urging": _urging_of(request, row, page.urge_rights) if now else None,
        "same_cause": list_url(cause=row.cause),
        "today": today,
    }
    return render(request, "blockers/blocker.html", context)


def _steps(events: Sequence[Event]) -> list[Step]:
    """What was done with it, the newest first; a change of words alone is left to the history."""
    return [
        Step(
            event.at,
            day_apart(event),
            verb_name(event.verb).removeprefix("堵点："),
            actor_words(event),
            _words(event),
        )
        for event in events
        if event.verb != "blocker.edit" and event.withdrawn_by_id is None
    ]


def _words(event: Event) -> str:
    answer = event.changes.get("answer")
    return str(answer[1]) if answer and answer[1] else event.reason


def _urging_of(request: OfficerRequest, row: Blocker, rights: Holding) -> Urging | None:
    if not row.is_open or not may(request.standing, "blocker.urge", row):
        return None
    return may_urge(request.standing, row, rights)


def _acts(request: OfficerRequest, row: Blocker, *, can_go_up: bool) -> list[PageAct]:
    moves = {move.action for move in open_moves(request.standing, row)}
    if not can_go_up:
        moves -= {"send_up"}
    if row.answered_by_id == request.standing.officer.pk:
        moves -= {"confirm"}
    return [act for act in TABLE if act.move in moves]


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def act(request: OfficerRequest, key: uuid.UUID, slug: str) -> HttpResponse:
    """Ask for what an act needs, and do it. Whoever may not act finds nothing here."""
    page_act = ACTS.get(slug)
    if page_act is None or request.as_of is not None:
        raise Http404
    row = seen(request, key)
    require(request.standing, LIFE[page_act.move].policy, row)
    form = _form(request, page_act, row)
    going = request.POST.get("next") or request.GET.get("next", "")
    back = reverse("desk:desk") if going == DESK else blocker_url(row)
    stood = row.stood_since
    closed = partial(LIFE.closed_to, action=page_act.move)
    posted = request.method == "POST" and form.is_valid()
    if posted and done(request, page_act.run, row, form, closed=closed):
        messages.success(request, page_act.said.format(title=row.title))
        if request.standing.today < stood and LIFE[page_act.move].target is not None:
            messages.warning(request, SET_BACK.format(today=request.standing.today, stood=stood))
        return redirect(back)
    if form.errors and "one_click" in request.POST:
        why = "；".join(str(error) for errors in form.errors.values() for error in errors)
        messages.error(request, f"未能{page_act.name}「{row.title}」：{why}")
        return redirect(back)
    context = {
        "form": form,
        "heading": f"{page_act.name}：{row.title}",
        "consequence": page_act.consequence
        or (f"退回理由：{row.returned_reason}" if row.returned_reason else ""),
        "action": reverse("blockers:act", args=[key, slug]),
        "submit": page_act.name,
        "danger": page_act.danger,
        "back": back,
        "next": going,
    }
    return render(request, "duties/act.html", context, status=422 if form.errors else 200)


def _form(request: OfficerRequest, page_act: PageAct, row: Blocker) -> forms.WordsForm:
    bound = request.POST if request.method == "POST" else None
    initial: dict[str, object] = {"revision": row.revision}
    if page_act.form is forms.AssignForm:
        initial |= _instead(request, row)
    form = page_act.form(bound, initial=initial, blocker=row)
    if isinstance(form, forms.EditForm):
        form.offer(causes_on(request.standing.today))
    if isinstance(form, forms.SendUpForm):
        form.offer(Staff(request.standing.today).superiors(row))
    return form


def _instead(request: OfficerRequest, row: Blocker) -> dict[str, object]:
    """Who is proposed where the remover has left."""
    staff, has = Staff(request.standing.today), Remover(row.remover_unit, row.remover_post)
    instead = staff.instead(has, spot_of(row)) if staff.gone(has) else None
    if instead is None:
        return {}
    post = instead.post.public_id if instead.post else None
    return {"remover_unit": instead.unit.public_id, "remover_post": post}
