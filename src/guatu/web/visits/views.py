"""The page of one visit, recording one, and every act on it."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_http_methods

from guatu.loop.actions import visits as acts
from guatu.loop.blocker_causes import causes_on
from guatu.loop.models import Companion, Finding
from guatu.loop.queries.visits import (
    PLACES,
    VisitRow,
    find_visit,
    finding_evidence_in_sight,
    findings_in_sight,
    offered_to,
    serving_posts,
    verdicts_on,
    visit_page,
    visits_of,
)
from guatu.register.campaign import act_now
from guatu.register.enums import Role
from guatu.register.errors import RegisterError
from guatu.register.models import Post, Subject
from guatu.register.policies import in_sight, may, require
from guatu.register.versions import Versioned
from guatu.web.downloads import as_attachment
from guatu.web.duties.forms import ReasonForm
from guatu.web.history import history_of
from guatu.web.refusals import forbidden_is_missing, tell
from guatu.web.requests import OfficerRequest
from guatu.web.visits import faces, forms


def seen(request: OfficerRequest, key: uuid.UUID) -> VisitRow:
    """Return the visit in sight (as of the day read), or 404."""
    found = find_visit(request.standing, key, request.as_of)
    if found is None:
        raise Http404
    return found


@require_GET
def visit(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Show one visit: what was found where, what came of it."""
    row = seen(request, key)
    page = visit_page(request.standing, row, request.as_of)
    today = request.as_of or request.standing.today
    writes = request.as_of is None and not row.withdrawn
    context = {
        "page": page,
        "visit": row,
        "word": faces.word_of(row),
        "findings": faces.finding_faces(page.findings, verdicts_on(today)),
        "changes": history_of(page.events, about=faces.places_of(page.findings)),
        "may_edit": writes and may(request.standing, "visit.edit", row),
        "may_charge": may(request.standing, "duty.draft"),
        "today": today,
    }
    return render(request, "visits/visit.html", context)


@require_GET
@forbidden_is_missing
def of_subject(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """The latest visits at a project or firm: the card of its page, or a page of its own."""
    require(request.standing, "visit.list")
    places = Subject.objects.filter(in_sight(request.standing), kind__in=PLACES)
    subject = places.filter(public_id=key).first()
    if subject is None:
        raise Http404
    found = visits_of(request.standing, subject, request.as_of)
    verdicts = verdicts_on(request.as_of or request.standing.today) if found else {}
    context = {
        "findings": faces.finding_faces(found, verdicts),
        "subject": subject,
        "may_record": request.as_of is None and may(request.standing, "visit.record", subject),
        "word": faces.visit_word(request.standing),
    }
    part = "of_subject" if request.htmx else "of_subject_page"
    answer = render(request, f"visits/{part}.html", context)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def new(request: OfficerRequest) -> HttpResponse:
    """Record a visit; the leader who records is who was there, today."""
    place = _place(request)
    require(request.standing, "visit.record", place)
    if request.as_of is not None:
        raise Http404
    bound = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    word = faces.visit_word(request.standing)
    own = [] if word == "督帮" else _visiting(request, place)
    form = forms.VisitForm(
        *bound,
        standing=request.standing,
        led=offered_to(request.standing),
        verdicts=verdicts_on(request.standing.today),
        own=own,
        initial=_first(request, place, own),
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.record_visit(act_now(request.standing), **form.values())
        except RegisterError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, f"已记{word}：{form.cleaned_data['subject'].title}")
            return redirect(faces.visit_url(made))
    context = {
        "form": form,
        "word": word,
        "back": reverse("visits:visits"),
        "place": form.initial.get("subject"),
        "action": request.get_full_path(),
    }
    return render(request, "visits/new.html", context, status=422 if form.errors else 200)


def _place(request: OfficerRequest) -> Subject | None:
    """The project or firm one came from."""
    try:
        key = uuid.UUID(request.GET.get("subject", ""))
    except ValueError:
        return None
    known = Subject.objects.filter(in_sight(request.standing), active=True, kind__in=PLACES)
    return known.select_related("unit").filter(public_id=key).first()


def _visiting(request: OfficerRequest, place: Subject | None) -> list[Post]:
    """Posts in which the officer visits: those that serve the place, or specialists' posts."""
    if place is not None:
        return serving_posts(request.standing, place)
    return [post for post in request.standing.posts if post.role == Role.SPECIALIST]


def _first(request: OfficerRequest, place: Subject | None, own: Sequence[Post]) -> dict[str, Any]:
    """Today, the officer's own post, and the place one came from."""
    led = (post for post in request.standing.posts if post.role == Role.LEADER)
    mine = next(iter((*own, *led)), None)
    first = {"on": request.standing.today, "leader_post": mine.public_id if mine else None}
    if place is None:
        return first
    known = Subject.objects.filter(in_sight(request.standing), active=True)
    alone = known.filter(title=place.title).count() == 1
    return first | {"subject": place.title if alone else place.code}


def _ask(
    request: OfficerRequest,
    form: django_forms.Form,
    run: Callable[[], str],
    row: Versioned | None = None,
    **context: object,
) -> HttpResponse:
    """Show the form, or run the act and go back with the sentence it returns.

    ``row`` is what the form is about, whose revision it carries.
    """
    if request.method == "POST" and form.is_valid():
        try:
            said = run()
        except RegisterError as refusal:
            tell(form, refusal, **({} if row is None else {"revision": row}))
        else:
            messages.success(request, said)
            return redirect(str(context["back"]))
    told = {"form": form, "action": request.path, **context}
    return render(request, "meetings/act.html", told, status=422 if form.errors else 200)


def _editable(request: OfficerRequest, key: uuid.UUID) -> VisitRow:
    if request.as_of is not None:
        raise Http404
    row = seen(request, key)
    require(request.standing, "visit.edit", row)
    return row


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def edit(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Change day, leader, companions or note."""
    row = _editable(request, key)
    companions = list(Companion.objects.filter(visit=row, ended=False).select_related("unit"))
    form = forms.EditForm(row, request.POST or None, initial=forms.said_of(row, companions))

    def run() -> str:
        acts.edit_visit(
            act_now(request.standing),
            row,
            expected_revision=form.cleaned_data["revision"],
            **form.values(),
        )
        return "已保存。"

    back = faces.visit_url(row)
    return _ask(
        request,
        form,
        run,
        row,
        heading=f"修改{faces.word_of(row)}：{row.code}",
        submit="保存",
        back=back,
    )


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def withdraw(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Take back a visit that was recorded by mistake."""
    row = _editable(request, key)
    form = ReasonForm(request.POST or None, initial={"revision": row.revision})

    def run() -> str:
        acts.withdraw_visit(
            act_now(request.standing),
            row,
            reason=form.cleaned_data["reason"],
            expected_revision=form.cleaned_data["revision"],
        )
        return f"已撤回{faces.word_of(row)} {row.code}。"

    return _ask(
        request,
        form,
        run,
        row,
        heading=f"撤回{faces.word_of(row)}：{row.code}",
        consequence="撤回后不再计入；由此下达的事项和上报的堵点不受影响。",
        submit="撤回",
        danger=True,
        back=faces.visit_url(row),
    )


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def add(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Add another place of the same visit."""
    row = _editable(request, key)
    bound = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = forms.FindingForm(
        *bound,
        standing=request.standing,
        led=offered_to(request.standing),
        verdicts=verdicts_on(request.standing.today),
        initial={"revision": row.revision},
    )

    def run() -> str:
        acts.add_finding(
            act_now(request.standing),
            row,
            expected_revision=form.cleaned_data["revision"],
            **form.values(),
        )
        return f"已增加：{form.cleaned_data['subject'].title}"

    heading = f"再记一处：{row.leader_post} {row.on}"
    return _ask(request, form, run, row, heading=heading, submit="保存", back=faces.visit_url(row))


def _finding(request: OfficerRequest, key: uuid.UUID) -> Finding:
    if request.as_of is not None:
        raise Http404
    rows = findings_in_sight(request.standing).filter(public_id=key)
    found = rows.select_related("visit__leader_post", "subject__unit").first()
    if found is None:
        raise Http404
    require(request.standing, "visit.edit", found.visit)
    return found


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def retell(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Tell a finding better."""
    found = _finding(request, key)
    initial = {name: getattr(found, name) for name in ("revision", "text", "verdict")}
    verdicts = verdicts_on(request.standing.today)
    form = forms.RetellForm(request.POST or None, initial=initial, verdicts=verdicts)

    def run() -> str:
        told = form.cleaned_data
        acts.edit_finding(
            act_now(request.standing),
            found,
            text=told["text"],
            verdict=told["verdict"],
            expected_revision=told["revision"],
        )
        return "已保存。"

    heading, back = f"修改：{found.subject.title}", faces.visit_url(found.visit)
    return _ask(request, form, run, found, heading=heading, submit="保存", back=back)


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def charge(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Charge somebody with what was found."""
    found = _finding(request, key)
    require(request.standing, "duty.draft", found.subject)
    form = forms.ChargeForm(request.POST or None, initial=forms.charged_with(found))

    def run() -> str:
        duty = acts.charge(act_now(request.standing), found, **form.values())
        return f"已下达：{duty.title}"

    return _ask(
        request,
        form,
        run,
        heading=f"交办：{found.subject.title}",
        consequence="交办即下达为责任事项，来源记为督帮走访。",
        submit="交办",
        back=faces.visit_url(found.visit),
    )


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def block(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Raise a blocker that was found."""
    found = _finding(request, key)
    causes = causes_on(request.standing.today)
    form = forms.BlockedForm(request.POST or None, causes=causes, initial={"what": found.text})

    def run() -> str:
        cause = form.cleaned_data["cause"]
        blocker = acts.raise_from(act_now(request.standing), found, cause, **form.values())
        return f"已上报：{blocker.title}"

    return _ask(
        request,
        form,
        run,
        heading=f"上报堵点：{found.subject.title}",
        consequence="由谁解决可不选，按成因自动确定。",
        submit="上报",
        back=faces.visit_url(found.visit),
    )


@require_GET
def evidence(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Hand out a picture of a finding as an attachment, to whoever sees the place."""
    row = finding_evidence_in_sight(request.standing, key)
    if row is None:
        raise Http404
    return as_attachment(row.file, row.title)
