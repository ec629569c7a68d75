"""The page of one duty, the acts on it, and the evidence its claims stand on."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from guatu.loop import actions
from guatu.loop.actions.extending import ALREADY_ASKED, is_extension_pending
from guatu.loop.enums import OPEN_BLOCKERS, OWED_STATES, ExtensionState
from guatu.loop.models import Claim, Duty, Extension, QuotaPlace
from guatu.loop.moves import LIFE, open_moves
from guatu.loop.queries.blocker_sums import open_blockers
from guatu.loop.queries.detail import evidence_in_sight, find_duty, page_of
from guatu.loop.queries.duties import lamp_of
from guatu.loop.queries.letters import letters_about
from guatu.loop.queries.sight import DutyRow, duties_in_sight
from guatu.loop.queries.sources import duty_sources
from guatu.loop.removers import Spot
from guatu.loop.urge_rights import may_urge
from guatu.register.policies import may, require
from guatu.register.rules import Holding, rule_on
from guatu.web import asof
from guatu.web.acting import done
from guatu.web.downloads import as_attachment
from guatu.web.duties import faces
from guatu.web.duties.acts import ACTS, TABLE, PageAct
from guatu.web.duties.forms import ActForm, EditForm, OpinionForm, ReportForm
from guatu.web.duties.standing_in import before_issuing
from guatu.web.history import history_of
from guatu.web.intake.ledgers import cell_address
from guatu.web.refusals import forbidden_is_missing, refused
from guatu.web.requests import OfficerRequest
from guatu.web.seats import seats_of

DESK = "desk"


def seen(request: OfficerRequest, key: uuid.UUID) -> DutyRow:
    """Return the duty in sight (as of the day read), or 404."""
    duty = find_duty(request.standing, key, request.as_of)
    if duty is None:
        raise Http404
    return duty


@require_GET
def duty(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Show one duty, with the acts open to this officer; none while reading the past.

    A firm is told what is asked for it, of whom and by when, and nothing of how it is worked on.
    """
    row = seen(request, key)
    if request.standing.is_outside:
        return _told_to_firm(request, row)
    page = page_of(row, request.standing.today, request.as_of)
    today = request.as_of or request.standing.today
    return render(
        request,
        "duties/duty.html",
        {
            "page": page,
            "duty": row,
            "face": faces.face_of(row, page.lamp),
            "rail": faces.rail_of(row, page.lamp, today),
            "changes": history_of(page.events, _read(row)),
            "acts": [] if request.as_of else _acts(request, row, page.extensions),
            "can_judge": request.as_of is None and LIFE.allows(request.standing, row, "judge"),
            "can_edit": request.as_of is None and LIFE.allows(request.standing, row, "edit"),
            "can_fill": request.as_of is None and _fills(request, page.places),
            "can_decide": request.as_of is None
            and LIFE.allows(request.standing, row, "decide_extension"),
            "sources": _sources(request, row),
            "letters": letters_about(request.standing, row, request.as_of),
            "can_write": request.as_of is None and row.is_open and _writes(request),
            "seats": seats_of(request, row.owner_post, row.leader_post),
            "today": today,
            **_blockers(request, row, page.urge_rights),
        },
    )


def _sources(request: OfficerRequest, row: DutyRow) -> dict[str, str]:
    """Name of a value → address of the cell it came from."""
    found = duty_sources(row, request.as_of)
    return {
        name: asof.keep(cell_address(one.cell), request.as_of)
        for name, one in found.items()
        if one.cell is not None
    }


def _told_to_firm(request: OfficerRequest, row: DutyRow) -> HttpResponse:
    today = request.as_of or request.standing.today
    face = faces.face_of(row, lamp_of(row, rule_on("lamp.duty", today), today))
    context = {"duty": row, "face": face, "today": today}
    return render(request, "duties/firm.html", context)


def _read(row: DutyRow) -> list[Model | None]:
    """What the duty names and was read along with it."""
    return [
        row.subject,
        row.activity,
        row.quota,
        row.quote,
        row.document,
        row.owner_unit,
        row.owner_post,
        row.leader_post,
    ]


def _blockers(request: OfficerRequest, row: Duty, rights: Holding) -> dict[str, object]:
    """What stands in the duty's way, whether more may be raised, and whom one may urge."""
    if not may(request.standing, "blocker.list"):
        return {"blockers": None}
    spot = Spot(row.subject, duty=row)
    now = request.as_of is None and row.is_open
    return {
        "blockers": open_blockers(request.standing, spot, request.as_of),
        "may_raise": now and may(request.standing, "blocker.raise", spot),
        "urging": may_urge(request.standing, row, rights) if now else None,
    }


def _writes(request: OfficerRequest) -> bool:
    return may(request.standing, "letter.draft")


def _fills(request: OfficerRequest, places: list[QuotaPlace]) -> bool:
    """Tell whether the officer may fill places; the answer is one for all of a group."""
    return bool(places) and may(request.standing, "quota.fill", places[0])


def _acts(request: OfficerRequest, row: Duty, extensions: Iterable[Extension]) -> list[PageAct]:
    """Acts this officer may do now; 无变化 where it is an answer, one 延期 at a time."""
    moves = {move.action for move in open_moves(request.standing, row)}
    if any(one.state == ExtensionState.PENDING for one in extensions):
        moves -= {"ask_extension"}
    quiet = row.returned_reason or row.reported_on == request.standing.today
    return [act for act in TABLE if act.move in moves and not (act.move == "affirm" and quiet)]


@dataclass(frozen=True)
class Question:
    """A page that asks before it acts: what is done to which duty, and by what."""

    duty: Duty
    name: str
    action: str
    run: Callable[..., object]
    thing: Duty | Claim | Extension
    said: str
    consequence: str = ""
    danger: bool = False


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def act(request: OfficerRequest, key: uuid.UUID, slug: str) -> HttpResponse:
    """Ask for what an act needs, and do it. Whoever may not act finds nothing here."""
    row = seen(request, key)
    page_act = ACTS.get(slug)
    if page_act is None or request.as_of is not None:
        raise Http404
    require(request.standing, LIFE[page_act.move].policy, row)
    asks = request.method == "GET" and page_act.move == "ask_extension"
    if asks and is_extension_pending(row):
        return refused(request, ALREADY_ASKED, faces.duty_url(row))
    question = Question(
        duty=row,
        name=page_act.name,
        action=reverse("duties:act", args=[row.public_id, slug]),
        run=page_act.run,
        thing=row,
        said=page_act.said.format(title=row.title),
        consequence=page_act.consequence + _beside(request, page_act, row),
        danger=page_act.danger,
    )
    return _asked(request, question, _form(request, page_act, row))


def _beside(request: OfficerRequest, page_act: PageAct, row: Duty) -> str:
    """Who stands in where nobody holds the post that is to owe it; what else ends with it."""
    if page_act.move == "close":
        return _ends_with(row)
    return before_issuing(request, [row]) if page_act.move == "issue" else ""


def _ends_with(row: Duty) -> str:
    blockers = row.blockers.filter(state__in=OPEN_BLOCKERS).count()
    letters = row.letters.filter(state__in=OWED_STATES).count()
    named = [(blockers, "个未完结的堵点"), (letters, "件待回复的函件")]
    told = "、".join(f"{count} {name}" for count, name in named if count)
    return f"本事项还有 {told}，随事项办结一并完结。" if told else ""


def _form(request: OfficerRequest, page_act: PageAct, row: Duty) -> ActForm:
    bound = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    initial: dict[str, object] = {"revision": row.revision}
    if page_act.form is EditForm:
        for name in ("title", "what", "due", "due_text"):
            initial[name] = getattr(row, name)
        for name in ("owner_unit", "owner_post", "leader_post"):
            named = getattr(row, name)
            initial[name] = named.public_id if named else None
        return EditForm(*bound, initial=initial, duty=row)
    if issubclass(page_act.form, ReportForm):
        return page_act.form(*bound, initial=initial, duty=row)
    return page_act.form(*bound, initial=initial)  # type: ignore[misc]  # a subclass has more


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def judge(request: OfficerRequest, claim: uuid.UUID, verdict: str) -> HttpResponse:
    """Accept or refuse one claim."""
    found = Claim.objects.select_related("report__duty__subject")
    row = found.filter(public_id=claim, report__duty__in=_visible(request)).first()
    if row is None:
        raise Http404
    require(request.standing, LIFE["judge"].policy, row.report.duty)
    accepts = verdict == "accept"
    question = Question(
        duty=row.report.duty,
        name="认可" if accepts else "不认可",
        action=reverse(f"duties:{verdict}", args=[claim]),
        run=actions.accept_claim if accepts else actions.refuse_claim,
        thing=row,
        said=f"已核验：{row.text}",
        consequence=f"完成情况：{row.text}",
        danger=not accepts,
    )
    return _asked(request, question, _opinion(request, row.revision))


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def decide(request: OfficerRequest, extension: uuid.UUID, verdict: str) -> HttpResponse:
    """Approve or refuse a request for a later due day."""
    found = Extension.objects.select_related("duty__subject")
    row = found.filter(public_id=extension, duty__in=_visible(request)).first()
    if row is None:
        raise Http404
    require(request.standing, LIFE["decide_extension"].policy, row.duty)
    approves = verdict == "approve"
    question = Question(
        duty=row.duty,
        name="同意延期" if approves else "不同意延期",
        action=reverse("duties:extend" if approves else "duties:hold", args=[extension]),
        run=partial(actions.decide_extension, approve=approves),
        thing=row,
        said=f"延期申请已批复：{row.duty.title}",
        consequence=f"{row.from_due} 延至 {row.to_due}，理由：{row.reason}",
        danger=not approves,
    )
    return _asked(request, question, _opinion(request, row.revision))


def _visible(request: OfficerRequest) -> QuerySet:
    """Keys of the duties in sight; acts are on what holds today."""
    if request.as_of is not None:
        raise Http404
    keys: QuerySet = duties_in_sight(request.standing).values("pk")
    return keys


def _opinion(request: OfficerRequest, revision: int) -> OpinionForm:
    bound = request.POST if request.method == "POST" else None
    return OpinionForm(bound, initial={"revision": revision})


def _asked(request: OfficerRequest, question: Question, form: ActForm) -> HttpResponse:
    """Show the form, or act on it; a refusal keeps the person's words."""
    going = request.POST.get("next") or request.GET.get("next", "")
    back = reverse("desk:desk") if going == DESK else faces.duty_url(question.duty)
    posted = request.method == "POST" and form.is_valid()
    reason = form.cleaned_data.get("reason", "") if posted else ""
    if posted and done(request, question.run, question.thing, form, reason=reason):
        messages.success(request, question.said)
        return redirect(back)
    if form.errors and "one_click" in request.POST:
        messages.error(request, _refused(question, form))
        return redirect(back)
    context = {
        "question": question,
        "duty": question.duty,
        "form": form,
        "heading": f"{question.name}：{question.duty.title}",
        "consequence": question.consequence,
        "affirmed": actions.affirmed_words(question.duty),
        "action": question.action,
        "submit": question.name,
        "danger": question.danger,
        "back": back,
        "next": going,
    }
    return render(request, "duties/act.html", context, status=422 if form.errors else 200)


def _refused(question: Question, form: ActForm) -> str:
    """Say on the desk what was not done to which duty, and why."""
    why = "；".join(str(error) for errors in form.errors.values() for error in errors)
    return f"未能{question.name}「{question.duty.title}」：{why}"


@require_GET
def evidence(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Hand out a piece of evidence as an attachment, to whoever sees a duty it supports."""
    row = evidence_in_sight(request.standing, key)
    if row is None:
        raise Http404
    return as_attachment(row.file, row.title)
