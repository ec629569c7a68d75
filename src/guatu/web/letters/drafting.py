"""Beginning a letter: about a duty, a blocker, or a project or firm alone."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from guatu.loop import actions
from guatu.loop.letter_kinds import kinds_on
from guatu.loop.models import Blocker, Letter
from guatu.loop.queries.blockers import find_blocker
from guatu.register.campaign import act_now
from guatu.register.errors import RegisterError
from guatu.register.models import Subject
from guatu.register.policies import require
from guatu.register.recording import Act
from guatu.web.blockers.faces import blocker_url
from guatu.web.blockers.spots import subject_page
from guatu.web.duties.faces import duty_url
from guatu.web.duties.views import seen as seen_duty
from guatu.web.letters.forms import KindForm, StartForm, subjects_of_letters
from guatu.web.refusals import forbidden_is_missing, tell
from guatu.web.requests import OfficerRequest

DRAWN = "可以修改；签发前没有文号，也发不出去。"


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def new(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Draft a letter about a duty: choose the kind, the rest is drawn up and then edited."""
    _check(request)
    duty = seen_duty(request, key)
    form = _kind_form(request)
    return _drafting(
        request,
        form,
        lambda act: actions.draft_letter(act, form.cleaned_data["kind"], duty=duty),
        heading=f"发函：{duty.title}",
        consequence=f"正文按事项、来源和最近一次报告拟出，{DRAWN}",
        back=duty_url(duty),
    )


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def new_blocker(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Draft a letter to whoever has a blocker; it closes with the blocker where its kind does."""
    _check(request)
    found = find_blocker(request.standing, key)
    if found is None:
        raise Http404
    blocker: Blocker = found
    form = _kind_form(request)
    return _drafting(
        request,
        form,
        lambda act: actions.draft_letter(act, form.cleaned_data["kind"], blocker=blocker),
        heading=f"发函：{blocker.title}",
        consequence=f"正文按堵点的情况、请求和已影响的工作日拟出，{DRAWN}堵点完结，函件随之办结。",
        back=blocker_url(blocker),
    )


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def start(request: OfficerRequest) -> HttpResponse:
    """Draft a letter about a project or a firm; ``?about=`` names it."""
    _check(request)
    subject = _about(request)
    form = StartForm(
        request.POST if request.method == "POST" else None,
        initial={"subject": f"{subject.code} {subject.title}"} if subject else {},
        kinds=kinds_on(request.standing.today),
        standing=request.standing,
    )
    back = subject_page(subject) if subject else ""
    return _drafting(
        request,
        form,
        lambda act: actions.draft_letter(act, **form.values()),
        heading="起草函件",
        consequence=f"针对责任事项、堵点的，请到该事项、堵点的页面点「发函」，正文由系统拟出。{DRAWN}",
        back=back or reverse("letters:letters"),
    )


def _check(request: OfficerRequest) -> None:
    require(request.standing, "letter.draft")
    if request.as_of is not None:
        raise Http404


def _kind_form(request: OfficerRequest) -> KindForm:
    bound = request.POST if request.method == "POST" else None
    return KindForm(bound, kinds=kinds_on(request.standing.today))


def _about(request: OfficerRequest) -> Subject | None:
    text = request.GET.get("about", "")
    if not text:
        return None
    try:
        key = uuid.UUID(text)
    except ValueError:
        raise Http404 from None
    found = subjects_of_letters(request.standing).filter(public_id=key).first()
    if found is None:
        raise Http404
    return found


def _drafting(
    request: OfficerRequest,
    form: KindForm,
    draft: Callable[[Act], Letter],
    *,
    heading: str,
    consequence: str,
    back: str,
) -> HttpResponse:
    """Ask, or draft and lead to where the draft is edited; a refusal keeps the person's words."""
    if request.method == "POST" and form.is_valid():
        try:
            made = draft(act_now(request.standing))
        except RegisterError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, f"已拟稿：{made.title}。核对修改后请送签。")
            return redirect(reverse("letters:act", args=[made.public_id, "edit"]))
    context = {
        "form": form,
        "heading": heading,
        "consequence": consequence,
        "action": request.get_full_path(),
        "submit": "拟稿",
        "back": back,
    }
    return render(request, "letters/act.html", context, status=422 if form.errors else 200)
