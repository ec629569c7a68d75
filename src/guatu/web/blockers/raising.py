"""上报堵点: tap a cause, tap 上报. Who removes it is proposed; words and pictures are optional."""

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from guatu.loop import actions
from guatu.loop.blocker_causes import BlockerCause, causes_on
from guatu.loop.blocker_rights import raising_post
from guatu.loop.models import Activity, Blocker, Duty
from guatu.loop.queries.blockers import usual_first
from guatu.loop.queries.detail import find_duty
from guatu.loop.removers import Proposal, Proposer, Remover, Spot, Staff
from guatu.register.campaign import act_now
from guatu.register.enums import SubjectKind
from guatu.register.errors import RegisterError
from guatu.register.models import Subject
from guatu.register.policies import require
from guatu.web.blockers.faces import blocker_url, raise_url
from guatu.web.blockers.forms import RaiseForm
from guatu.web.blockers.spots import page_of, spot_name
from guatu.web.refusals import forbidden_is_missing, tell
from guatu.web.requests import OfficerRequest


@dataclass(frozen=True)
class Offer:
    """One cause as a large button, with who would get it and why not the usual one."""

    cause: BlockerCause
    proposal: Proposal | None

    @property
    def note(self) -> str:
        """Why it is not the usual one; empty where it is."""
        return self.proposal.note if self.proposal else ""


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def on_duty(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Raise what stands in the way of a duty."""
    duty = find_duty(request.standing, key)
    if duty is None:
        raise Http404
    return _raising(request, Spot(duty.subject, duty=Duty.objects.get(pk=duty.pk)))


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def on_subject(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Raise what stands in the way of a project or a firm."""
    return _raising(request, Spot(_subject(key)))


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def on_node(request: OfficerRequest, key: uuid.UUID, node: str) -> HttpResponse:
    """Raise what stands in the way of a node or another activity of a plan."""
    found = Activity.objects.select_related("subject__unit", "owner_unit", "owner_post")
    activity = found.filter(subject__public_id=key, node=node).first()
    if activity is None:
        raise Http404
    return _raising(request, Spot(activity.subject, activity=activity))


def _subject(key: uuid.UUID) -> Subject:
    found = Subject.objects.select_related("unit").exclude(kind=SubjectKind.CAMPAIGN)
    subject = found.filter(public_id=key).first()
    if subject is None:
        raise Http404
    return subject


def _raising(request: OfficerRequest, spot: Spot) -> HttpResponse:
    """Show the causes, or raise; a refusal keeps the person's words."""
    if request.as_of is not None:
        raise Http404
    require(request.standing, "blocker.raise", spot)
    causes = causes_on(request.standing.today)
    bound = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = RaiseForm(*bound, causes=causes)
    if request.method == "POST" and form.is_valid():
        try:
            blocker = actions.raise_blocker(
                act_now(request.standing), spot, form.cleaned_data["cause"], **form.values()
            )
        except RegisterError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, said_of(blocker))
            return redirect(blocker_url(blocker))
    offers = _offers(request, spot, list(causes.values()))
    context = {
        "form": form,
        "spot": spot,
        "name": spot_name(spot),
        "offers": offers,
        "notes": list(dict.fromkeys(one.note for one in offers if one.note)),
        "action": raise_url(spot),
        "back": page_of(spot),
    }
    return render(request, "blockers/raise.html", context, status=422 if form.errors else 200)


def said_of(blocker: Blocker) -> str:
    """Say what was raised and who has it now."""
    remover = Remover(blocker.remover_unit, blocker.remover_post)
    return f"已上报：{blocker.title}，由{remover}办理。"


def _offers(request: OfficerRequest, spot: Spot, causes: list[BlockerCause]) -> list[Offer]:
    post = raising_post(request.standing, spot)
    unit = post.organisation if post else None
    proposer = Proposer(Staff(request.standing.today), spot, unit)
    ordered = usual_first(causes, spot, request.standing)
    return [Offer(cause, proposer.propose(cause)) for cause in ordered]
