"""Urging: one form for duties, blockers and letters."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from guatu.loop import actions
from guatu.loop.enums import NoticeKind
from guatu.loop.escalation.words import instead_words
from guatu.loop.models import Notice, Urge
from guatu.loop.urge_rights import Thing, rights_on, urging
from guatu.register.campaign import act_now
from guatu.register.errors import Invalid, RegisterError
from guatu.register.policies import require
from guatu.web.blockers.faces import blocker_url
from guatu.web.blockers.forms import UrgeForm
from guatu.web.blockers.views import seen
from guatu.web.duties.views import seen as seen_duty
from guatu.web.letters.faces import letter_url
from guatu.web.letters.views import seen as seen_letter
from guatu.web.refusals import forbidden_is_missing, refused, tell
from guatu.web.requests import OfficerRequest

DESK = "desk"


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def urge(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Press who owes the next step on a blocker."""
    row = seen(request, key)
    require(request.standing, "blocker.urge", row)
    return _urging(request, row, reverse("blockers:urge", args=[key]), blocker_url(row))


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def urge_duty(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Press the owner of a duty."""
    row = seen_duty(request, key)
    require(request.standing, "duty.urge", row)
    back = reverse("duties:duty", args=[key])
    return _urging(request, row, reverse("blockers:urge_duty", args=[key]), back)


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def urge_letter(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Press who has been sent a letter and has not read or answered it."""
    row = seen_letter(request, key)
    require(request.standing, "letter.urge", row)
    return _urging(request, row, reverse("letters:urge", args=[key]), letter_url(row))


def _urging(request: OfficerRequest, thing: Thing, action: str, page: str) -> HttpResponse:
    if request.as_of is not None:
        raise Http404
    going = request.POST.get("next") or request.GET.get("next", "")
    back = reverse("desk:desk") if going == DESK else page
    try:
        whom = urging(request.standing, thing, rights_on(request.standing.today)).whom
    except Invalid as refusal:
        if request.method == "GET":
            return refused(request, str(refusal), back)
        whom = None
    bound = request.POST if request.method == "POST" else None
    form = UrgeForm(bound, initial={"revision": thing.revision})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.urge(
                act_now(request.standing),
                thing,
                words=form.cleaned_data["words"],
                expected_revision=form.cleaned_data["revision"],
            )
        except RegisterError as refusal:
            tell(form, refusal, revision=thing)
        else:
            messages.success(request, _said(made, thing))
            return redirect(back)
    context = {
        "form": form,
        "heading": f"催办：{thing.title}",
        "consequence": f"催办{whom}，每个工作日一次，留有记录。" if whom else "",
        "action": action,
        "submit": "催办",
        "back": back,
        "next": going,
    }
    return render(request, "duties/act.html", context, status=422 if form.errors else 200)


def _said(made: Urge, thing: Thing) -> str:
    """Whom was urged; where nobody is there, who was told instead."""
    said = f"已催办{made.to_post or made.to_unit}：{thing.title}"
    about = {"duty": made.duty, "blocker": made.blocker, "letter": made.letter}
    told = Notice.objects.filter(kind=NoticeKind.URGE, at=made.at, **about)
    notice = told.select_related("post__organisation", "unit").order_by("-pk").first()
    if notice is None or not notice.words["instead"]:
        return said
    return f"{said}（{instead_words(notice.words['instead'])}，转{notice.post or notice.unit}）"
