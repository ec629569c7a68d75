"""One draft on the paper's page: looked at, edited, accepted, rejected, taken up again."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guatu.campaign.reading import accept_draft, edit_draft, reject_draft, reopen_draft
from guatu.campaign.reading.showing import cards_of, state_counts
from guatu.register.campaign import act_now
from guatu.register.errors import Invalid, RegisterError
from guatu.register.intake import LEDGER
from guatu.register.models import Draft
from guatu.register.policies import may
from guatu.register.recording import Act
from guatu.web.intake.answers import draft_or_404, missing, writing_only_now
from guatu.web.intake.forms import DraftForm, subjects_like
from guatu.web.requests import OfficerRequest

SHORTEST_SEARCH = 1


@require_GET
def card(request: OfficerRequest, draft: UUID) -> HttpResponse:
    """Show the card; what closing the form without saving asks for."""
    return _card(request, draft_or_404(request, draft))


@require_http_methods(["GET", "POST"])
def edit(request: OfficerRequest, draft: UUID) -> HttpResponse:
    """Change a draft in its place; 「保存并采纳」 accepts it in the same step."""
    writing_only_now(request)
    found = draft_or_404(request, draft)
    form = DraftForm(found, request.standing, request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return _form(request, found, form)
    act = act_now(request.standing)
    decide = accept_draft if "accept" in request.POST else edit_draft
    try:
        decide(act, found, form.edits())
    except Invalid as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return _form(request, found, form)
    return _card(request, found, act)


@require_POST
def accept(request: OfficerRequest, draft: UUID) -> HttpResponse:
    """Accept as it stands."""
    return _decide(request, draft, accept_draft)


@require_POST
def reject(request: OfficerRequest, draft: UUID) -> HttpResponse:
    """Set aside."""
    return _decide(request, draft, reject_draft)


@require_POST
def reopen(request: OfficerRequest, draft: UUID) -> HttpResponse:
    """Take up again."""
    return _decide(request, draft, reopen_draft)


@require_GET
def subjects(request: OfficerRequest) -> HttpResponse:
    """Suggest projects and enterprises in sight, as options of a datalist."""
    if not may(request.standing, "intake.upload", LEDGER):
        missing()
    typed = request.GET.get("other_subject", "").strip()
    found = subjects_like(request.standing, typed) if len(typed) >= SHORTEST_SEARCH else []
    return render(request, "intake/subject_options.html", {"subjects": found})


def _decide(
    request: OfficerRequest, key: UUID, decide: Callable[[Act, Draft], Draft]
) -> HttpResponse:
    draft = draft_or_404(request, key)
    act = act_now(request.standing)
    try:
        decide(act, draft)
    except RegisterError as refusal:
        return _card(request, draft, error=str(refusal))
    return _card(request, draft, act)


def _form(request: OfficerRequest, draft: Draft, form: DraftForm) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "intake/draft_form.html", {"draft": draft, "form": form}, status=status)


def _card(
    request: OfficerRequest, draft: Draft, act: Act | None = None, error: str = ""
) -> HttpResponse:
    """The card as it now stands; cards the same act changed and the counts come along."""
    rows = Draft.objects.select_related("quote", "subject", "officer", "batch__document")
    own = rows.get(pk=draft.pk)
    others = (
        list(rows.filter(batch=draft.batch_id, decided_at=act.at).exclude(pk=draft.pk))
        if act
        else []
    )
    cards = cards_of([own, *others])
    context = {
        "card": cards[0],
        "others": cards[1:],
        "states": state_counts(own.batch) if act else [],
        "may_decide": request.as_of is None,
        "error": error,
    }
    return render(request, "intake/draft_answer.html", context, status=422 if error else 200)
