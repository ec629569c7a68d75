"""The page of one meeting, and every act on it and on its agenda."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from guatu.campaign.reading.minutes import minutes_read, read_minutes
from guatu.engines.intake import BadInput
from guatu.loop.actions.dispatches import call_meeting
from guatu.loop.dispatch_moves import LIFE, open_moves
from guatu.loop.dispatch_rules import dispatch_kinds
from guatu.loop.models import AgendaItem, DispatchMeeting
from guatu.loop.queries.attending import units_missing
from guatu.loop.queries.dispatches import (
    ITEM_NAMED,
    DispatchPage,
    MeetingRow,
    attendants_of,
    dispatch_page,
    find_dispatch,
    items_of,
    left_in,
    scope_of,
    scope_words,
)
from guatu.register.campaign import act_now
from guatu.register.errors import Invalid, RegisterError
from guatu.register.policies import may, require
from guatu.web.acting import done
from guatu.web.duties.forms import ActForm
from guatu.web.history import history_of
from guatu.web.meetings import faces
from guatu.web.meetings.acts import ACTS, ITEM_ACTS, TABLE, ItemAct, MeetingAct
from guatu.web.meetings.forms import (
    DecideForm,
    FinaliseForm,
    MeetingForm,
    MinutesForm,
    TierForm,
    decided_with,
    proposed,
    said_of,
)
from guatu.web.refusals import forbidden_is_missing, tell
from guatu.web.requests import OfficerRequest

ON_THE_DAY = {"decide", "hold", "minute"}
"""Acts for which the day of the meeting must have come."""
ON_SCREEN = 4
"""Items on one page of the meeting room's screen."""


def seen(request: OfficerRequest, key: uuid.UUID) -> MeetingRow:
    """Return the meeting in sight (as of the day read), or 404."""
    found = find_dispatch(request.standing, key, request.as_of)
    if found is None:
        raise Http404
    return found


@require_GET
def meeting(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Show one meeting: the last decisions first, then the agenda; acts open to this officer."""
    row = seen(request, key)
    page = dispatch_page(request.standing, row, request.as_of)
    numbered = faces.item_faces(page.items, page.rule)
    context = {
        "page": page,
        "meeting": row,
        "scope": scope_words(scope_of(row)) or "全区",
        "count": len(numbered),
        "left": (left := faces.left_faces(row) if page.whole else []),
        "left_in_all": sum(one.count for one in left),
        "today": request.as_of or request.standing.today,
    }
    if request.GET.get("screen") == "1":
        return render(request, "meetings/screen.html", context | _screen(request, page, numbered))
    moves = set() if request.as_of else {m.action for m in open_moves(request.standing, row)}
    if page.decisions:
        moves -= {"unfreeze", "cancel"}
    if early := row.on > (request.as_of or request.standing.today):
        moves -= ON_THE_DAY
    context |= {
        "tiers": faces.tiers_of(numbered, page.rule),
        "off": [item for item in page.items if item.dropped],
        "cleared": _solved(page),
        "rail": faces.meeting_rail(row),
        "changes": history_of(page.events),
        "acts": [act for act in TABLE if act.move in moves - {"unminute"}],
        "arranges": "arrange" in moves,
        "missing": units_missing(row) if "finalise" in moves else [],
        "decides": "decide" in moves,
        "may_read_minutes": "minute" in moves,
        "may_release_minutes": "unminute" in moves,
        "early": early,
        "may_steer": may(request.standing, "dispatch.edit", row) and request.as_of is None,
        "minutes": minutes_read(row.minutes) if row.minutes is not None else None,
    }
    return render(request, "meetings/meeting.html", context)


def _solved(page: DispatchPage) -> int:
    """Items that are no exception any more; what others outranked is still one."""
    outranked = left_in(page.meeting).get("outranked", ())
    off = (item for item in page.items if item.cleared and not item.dropped)
    return sum(item.thing not in outranked for item in off)


def _screen(
    request: OfficerRequest, page: DispatchPage, numbered: list[faces.ItemFace]
) -> dict[str, Any]:
    """The meeting room: what was decided last on the first page, then a few items a page."""
    first = 1 if page.carried else 0
    parts = [numbered[at : at + ON_SCREEN] for at in range(0, len(numbered), ON_SCREEN)]
    count = max(1, first + len(parts))
    shown = Paginator(range(count), 1).get_page(request.GET.get("page"))
    opens = bool(first) and shown.number == 1
    here = [] if opens or not parts else parts[shown.number - 1 - first]
    tiers = faces.tiers_of(numbered, page.rule, here)
    return {"shown": shown, "opens": opens, "tiers": tiers}


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def new(request: OfficerRequest) -> HttpResponse:
    """Call a meeting; its agenda is built on its page."""
    require(request.standing, "dispatch.make")
    if request.as_of is not None:
        raise Http404
    kinds = dispatch_kinds(request.standing.today)
    bound = request.POST if request.method == "POST" else None
    form = MeetingForm(bound, kinds=kinds, initial={"on": request.standing.today})
    if request.method == "POST" and form.is_valid():
        try:
            made = call_meeting(act_now(request.standing), **form.values())
        except RegisterError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, f"已建会议：{made.title}。请按例外编排议程。")
            return redirect(faces.meeting_url(made))
    return _asked(
        request,
        form,
        heading="新建会议",
        action=reverse("meetings:new"),
        submit="新建",
        back=reverse("meetings:meetings"),
    )


def _asked(request: OfficerRequest, form: ActForm, **context: object) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "meetings/act.html", {"form": form, **context}, status=status)


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def act(request: OfficerRequest, key: uuid.UUID, slug: str) -> HttpResponse:
    """Ask for what an act needs, and do it. Whoever may not act finds nothing here."""
    asked = ACTS.get(slug)
    if asked is None or request.as_of is not None:
        raise Http404
    row = seen(request, key)
    require(request.standing, LIFE[asked.move].policy, row)
    form = _form(request, asked, row)
    back = faces.meeting_url(row)
    missing = list(form.fields["also"].queryset) if "also" in form.fields else []  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid() and done(request, asked.run, row, form):
        messages.success(request, asked.said.format(title=row.title))
        return redirect(f"{back}#agenda" if asked.move in {"build", "arrange"} else back)
    return _asked(
        request,
        form,
        heading=f"{asked.label}：{row.title}",
        consequence=asked.consequence,
        action=reverse("meetings:act", args=[key, slug]),
        submit=asked.label,
        danger=asked.danger,
        back=back,
        missing=missing,
    )


def _form(request: OfficerRequest, asked: MeetingAct, row: DispatchMeeting) -> ActForm:
    bound = request.POST if request.method == "POST" else None
    if asked.form is MeetingForm:
        missing = units_missing(row)
        form = MeetingForm(bound, initial=said_of(row, attendants_of(row), missing))
        proposed(form, missing)
        return form
    if asked.form is FinaliseForm:
        initial = {"revision": row.revision}
        return FinaliseForm(bound, missing=units_missing(row), initial=initial)
    return asked.form(bound, initial={"revision": row.revision})


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def item_act(request: OfficerRequest, key: uuid.UUID, slug: str) -> HttpResponse:
    """Do something with one item of an agenda."""
    asked = ITEM_ACTS.get(slug)
    if asked is None or request.as_of is not None:
        raise Http404
    item = _item(request, key)
    require(request.standing, asked.policy, item.meeting)
    back = f"{faces.meeting_url(item.meeting)}#item-{item.public_id}"
    form = _item_form(request, asked, item)
    if request.method == "POST" and form.is_valid() and done(request, asked.run, item, form):
        messages.success(request, asked.said.format(title=item.title))
        return redirect(back)
    if form.errors and asked.at_once:
        why = "；".join(str(error) for errors in form.errors.values() for error in errors)
        messages.error(request, f"未能{asked.name}「{item.title}」：{why}")
        return redirect(back)
    return _asked(
        request,
        form,
        heading=f"{asked.name}：{item.title}",
        consequence=asked.consequence,
        action=reverse("meetings:item_act", args=[key, slug]),
        submit=asked.name,
        danger=asked.danger,
        back=back,
        item=item if asked.form is DecideForm else None,
    )


def _item(request: OfficerRequest, key: uuid.UUID) -> AgendaItem:
    """Return an item of a meeting in sight that is itself in sight, or 404."""
    rows = AgendaItem.objects.filter(public_id=key).select_related(
        "meeting__subject",
        "duty__owner_post__organisation",
        "duty__leader_post__organisation",
        *ITEM_NAMED,
    )
    item = rows.first()
    if item is None or find_dispatch(request.standing, item.meeting.public_id) is None:
        raise Http404
    if not any(one.pk == item.pk for one in items_of(request.standing, item.meeting)):
        raise Http404
    return item


def _item_form(request: OfficerRequest, asked: ItemAct, item: AgendaItem) -> ActForm:
    bound = request.POST if request.method == "POST" else None
    if asked.form is DecideForm:
        return DecideForm(bound, initial=decided_with(item))
    if asked.form is TierForm:
        initial = {"revision": item.revision, "tier": item.tier, "ask": item.ask}
        return TierForm(bound, initial=initial)
    return asked.form(bound, initial={"revision": item.revision})


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def minutes(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Read the minutes in; their promises wait as drafts for a person to confirm."""
    row = seen(request, key)
    require(request.standing, "dispatch.minutes", row)
    if request.as_of is not None:
        raise Http404
    if (stopped := _not_yet(request, row)) is not None:
        return stopped
    bound = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = MinutesForm(*bound, initial={"revision": row.revision})
    if request.method == "POST" and form.is_valid():
        upload, revision = form.cleaned_data["file"], form.cleaned_data["revision"]
        try:
            read_minutes(
                act_now(request.standing),
                row,
                upload.read(),
                upload.name,
                expected_revision=revision,
            )
        except BadInput as refusal:
            tell(form, Invalid(str(refusal), "file"))
        except RegisterError as refusal:
            tell(form, refusal, revision=row)
        else:
            messages.success(
                request, "纪要已读入。逐条核对后采纳，采纳的即成为本次会议的议定事项。"
            )
            return redirect(f"{faces.meeting_url(row)}#minutes")
    return _asked(
        request,
        form,
        heading=f"读入纪要：{row.title}",
        consequence="读出的承诺先作草稿，由您逐条核对采纳；采纳后按原文出处记为本次会议的议定事项。",
        action=reverse("meetings:minutes", args=[key]),
        submit="读入",
        back=faces.meeting_url(row),
    )


def _not_yet(request: OfficerRequest, row: DispatchMeeting) -> HttpResponse | None:
    """Say what comes before the minutes, or that they are there, with the way to it."""
    first, wrong = LIFE.way_to("minute", row), ""
    if row.minutes is not None:
        why = f"这次会议已读入纪要《{row.minutes.title}》，一次会议只挂一份纪要。"
        step = ("核对纪要", reverse("intake:paper", args=[row.minutes.public_id]))
        if not LIFE.closed_to(row, "unminute"):
            why = f"{why}挂错的，先撤下再读入。"
            wrong = reverse("meetings:act", args=[row.public_id, "unminute"])
    elif first is not None:
        why = f"会议现在是{row.get_state_display()}。请先{first.name}，{first.name}后再读入纪要。"
        step = (f"去{first.name}", reverse("meetings:act", args=[row.public_id, first.action]))
    elif row.on > request.standing.today and not LIFE.closed_to(row, "minute"):
        why, step = f"会议定于 {row.on} 召开，还没有到日子，开完再读入纪要。", None
    elif LIFE.closed_to(row, "minute"):
        why, step = f"会议已{row.get_state_display()}，不能读入纪要。", None
    else:
        return None
    back = faces.meeting_url(row)
    context = {"meeting": row, "why": why, "step": step, "wrong": wrong, "back": back}
    status = 422 if request.method == "POST" else 200
    return render(request, "meetings/not_yet.html", context, status=status)


def may_make(request: OfficerRequest) -> bool:
    """Tell whether the officer may call a meeting now."""
    return request.as_of is None and may(request.standing, "dispatch.make")
