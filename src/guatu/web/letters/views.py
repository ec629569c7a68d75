"""The page of one letter, and every act on it."""

import uuid
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from guatu.loop.enums import DutyState, LetterState
from guatu.loop.letter_freshness import Staleness, staleness_of
from guatu.loop.letter_moves import LIFE, open_moves
from guatu.loop.letter_people import missing_reader
from guatu.loop.models import Letter, Receipt
from guatu.loop.queries.letter_sight import LetterRow
from guatu.loop.queries.letters import (
    copies_of,
    find_letter,
    kind_of,
    letter_evidence_in_sight,
    letter_page,
    paper_of,
)
from guatu.loop.urge_rights import Found, find_urging
from guatu.register.policies import may, require, sees
from guatu.register.rules import Holding
from guatu.web.acting import done
from guatu.web.blockers.spots import subject_page
from guatu.web.downloads import as_attachment
from guatu.web.duties.forms import ActForm
from guatu.web.duties.views import DESK
from guatu.web.history import history_of
from guatu.web.letters import faces
from guatu.web.letters.acts import ACTS, TABLE, LetterAct
from guatu.web.letters.forms import DraftForm, FreshForm, ReplyForm, SignForm, drafted_with
from guatu.web.letters.paper import issuer_size
from guatu.web.refusals import forbidden_is_missing
from guatu.web.requests import OfficerRequest
from guatu.web.seats import seats_of

FRESHEN = {"freshen", "freshen_signing"}


def seen(request: OfficerRequest, key: uuid.UUID) -> LetterRow:
    """Return the letter in sight (as of the day read), or 404."""
    found = find_letter(request.standing, key, request.as_of)
    if found is None:
        raise Http404
    return found


@require_GET
def letter(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Show one letter: its paper, who has read it, what came back; acts open to this officer."""
    row = seen(request, key)
    today = request.as_of or request.standing.today
    page = letter_page(row, request.standing.today, request.as_of)
    stale = None if request.as_of else staleness_of(row, page.kind, today)
    acts = [] if request.as_of else _acts(request, row, page.receipts, stale)
    return render(
        request,
        "letters/letter.html",
        {
            "page": page,
            "letter": row,
            "paper": page.paper,
            "issuer_size": issuer_size(page.paper),
            "face": faces.letter_face(row, page.lamp.colour, page.lamp.days),
            "rail": faces.letter_rail(row, page.lamp, today),
            "changes": history_of(page.events),
            "acts": acts,
            "stale": stale,
            "fresh": next((act for act in acts if act.form is FreshForm), None),
            "again": _again(request, row, stale),
            "readerless": "" if request.as_of else missing_reader(row, today),
            "anew": _anew(request, row),
            "urge": _urge(request, row, page.urge_rights),
            "seats": seats_of(request, row.signer_post, row.addressee_post),
            "today": today,
            "subject_page": subject_page(row.subject)
            if sees(request.standing, row.subject)
            else "",
        },
    )


def _urge(request: OfficerRequest, row: Letter, rights: Holding) -> Found | None:
    """The urge this officer may make now, or from when; None where they may none."""
    if (
        request.as_of is not None
        or not row.is_owed
        or not may(request.standing, "letter.urge", row)
    ):
        return None
    found = find_urging(request.standing, row, rights)
    return found if found.urging or found.begins else None


def _acts(
    request: OfficerRequest, row: Letter, receipts: list[Receipt], stale: Staleness | None
) -> list[LetterAct]:
    """Acts this officer may do now; who has acknowledged need not do so again."""
    moves = {move.action for move in open_moves(request.standing, row)}
    if stale is None:
        moves -= FRESHEN
    if any(receipt.officer_id == request.officer.pk for receipt in receipts):
        moves.discard("read")
    if row.reply_days is not None:
        moves.discard("settle")
    return [act for act in TABLE if act.move in moves]


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def act(request: OfficerRequest, key: uuid.UUID, slug: str) -> HttpResponse:
    """Ask for what an act needs, and do it. Whoever may not act finds nothing here."""
    row = seen(request, key)
    asked = ACTS.get(slug)
    if asked is None or request.as_of is not None:
        raise Http404
    require(request.standing, LIFE[asked.move].policy, row)
    kind = kind_of(row)
    warned = asked.checks or asked.form is FreshForm
    stale = staleness_of(row, kind, request.standing.today) if warned else None
    form = _form(request, asked, row, stale)
    going = request.POST.get("next") or request.GET.get("next", "")
    back = reverse("desk:desk") if going == DESK else faces.letter_url(row)
    closed = partial(LIFE.closed_to, action=asked.move)
    posted = request.method == "POST" and form.is_valid()
    if posted and done(request, asked.run, row, form, closed=closed):
        messages.success(request, asked.said.format(title=row.title))
        return redirect(back)
    if form.errors and "one_click" in request.POST:
        why = "；".join(str(error) for errors in form.errors.values() for error in errors)
        messages.error(request, f"未能{asked.name}「{row.title}」：{why}")
        return redirect(back)
    paper = paper_of(row, kind, copies_of(row)) if asked.checks else None
    context = {
        "letter": row,
        "form": form,
        "heading": f"{asked.name}：{row.title}",
        "consequence": asked.consequence,
        "action": reverse("letters:act", args=[key, slug]),
        "submit": asked.name if asked.move != "redraft" else "保存",
        "danger": asked.danger,
        "back": back,
        "next": going,
        "paper": paper,
        "issuer_size": issuer_size(paper) if paper else "",
        "answers": asked.move == "reply",
        "stale": stale,
        "again": _again(request, row, stale),
        "given_up": _given_up(request, asked, row),
        "readerless": missing_reader(row, request.standing.today)
        if asked.checks or asked.form is DraftForm
        else "",
        "fresh": _fresh(row) if stale and asked.checks else None,
        "redraws": asked.form is FreshForm,
    }
    return render(request, "letters/act.html", context, status=422 if form.errors else 200)


def _fresh(row: Letter) -> LetterAct | None:
    """The act by which whoever has the letter now draws it up again; a signed one stays."""
    if row.is_signed:
        return None
    return ACTS["fresh-to-sign" if row.state == LetterState.SIGNING else "fresh"]


def _again(request: OfficerRequest, row: Letter, stale: Staleness | None) -> LetterAct | None:
    """The act that makes way for a new letter where a signed one tells an earlier day's figures."""
    void = ACTS["void"]
    signed = stale is not None and stale.signed
    return void if signed and may(request.standing, LIFE[void.move].policy, row) else None


def _given_up(request: OfficerRequest, asked: LetterAct, row: Letter) -> LetterAct | None:
    """The act that ends a draft whose cause is closed, offered where it is about to be signed."""
    ends = ACTS["withdraw"]
    if not (asked.checks and row.cause_is_over):
        return None
    return ends if LIFE.allows(request.standing, row, ends.move) else None


def _anew(request: OfficerRequest, row: LetterRow) -> str:
    """Where another letter about the same is begun in place of one that was given up."""
    if row.state not in faces.ENDED or request.as_of or not may(request.standing, "letter.draft"):
        return ""
    if row.duty is not None:
        over = row.duty.state == DutyState.CLOSED
        return "" if over else reverse("letters:new", args=[row.duty.public_id])
    if row.blocker is not None:
        key = row.blocker.public_id
        return reverse("letters:new_blocker", args=[key]) if row.blocker.is_open else ""
    return f"{reverse('letters:start')}?about={row.subject.public_id}"


def _form(
    request: OfficerRequest, asked: LetterAct, row: Letter, stale: Staleness | None
) -> ActForm:
    bound = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    if asked.form is DraftForm:
        copies = copies_of(row)
        held = drafted_with(row, copies)
        return DraftForm(*bound, initial=held, letter=row, kind=kind_of(row), copies=copies)
    if asked.form is FreshForm:
        drawn = {"revision": row.revision, "body": stale.body if stale else row.body}
        return FreshForm(bound[0], initial=drawn)
    initial: dict[str, object] = {"revision": row.revision}
    if asked.form is SignForm:
        return SignForm(bound[0], initial=initial, letter=row)
    if asked.form is ReplyForm:
        initial |= {"text": row.reply}
    return asked.form(*bound, initial=initial)  # type: ignore[misc]  # a subclass has more


@require_GET
def evidence(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Hand out what came with a reply as an attachment, to whoever sees the letter."""
    row = letter_evidence_in_sight(request.standing, key)
    if row is None:
        raise Http404
    return as_attachment(row.file, row.title)
