"""Acts on a project of the reserve as pages: a form asks, one action does, a sentence tells."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from guatu.investment import actions
from guatu.investment.enums import IN_REVIEW, AdmissionState, OpinionVerdict
from guatu.investment.models import Admission
from guatu.investment.queries.reserve import ReservePage, reserve_page
from guatu.investment.reserve_moves import LIFE, STEP_OF, barred
from guatu.investment.reserve_rules import ReserveRules, lacking, reserve_rules
from guatu.register.campaign import act_now
from guatu.register.errors import RegisterError
from guatu.register.policies import may, require
from guatu.register.recording import Act
from guatu.web.projects.forms import own_unit
from guatu.web.refusals import forbidden_is_missing, refused, tell
from guatu.web.requests import OfficerRequest
from guatu.web.reserve import forms
from guatu.web.reserve.faces import reserve_url
from guatu.web.reserve.views import seen

Build = Callable[[OfficerRequest, ReservePage, ReserveRules], forms.ActForm]
Run = Callable[[Act, Admission, forms.ActForm], object]


@dataclass(frozen=True)
class PageAct:
    """One act: its policy, the form that asks, the action, and the words around them."""

    heading: str
    form: Build
    run: Run
    said: str
    policy: str = "reserve.edit"
    template: str = "reserve/act.html"
    consequence: str = ""
    submit: str = "保存"
    danger: bool = False
    step: str = ""
    """Step of the rule ``reserve.requirements`` that the act is."""


@dataclass(frozen=True)
class Fill:
    """Names of what is missing, and where this officer can fill it in; empty: others must."""

    missing: Sequence[str]
    address: str


def _revision(form: forms.ActForm) -> int | None:
    found: int | None = form.cleaned_data["revision"]
    return found


def _plain(form: type[forms.ActForm]) -> Build:
    def build(request: OfficerRequest, page: ReservePage, _rules: ReserveRules) -> forms.ActForm:
        posted = request.POST if request.method == "POST" else None
        return form(posted, initial={"revision": page.admission.revision})

    return build


def _shown(slug: str, page: ReservePage) -> dict[str, Any]:
    """Rows whose revisions the form of an act carries, by their hidden fields."""
    if slug != "edit":
        return {"revision": page.living}
    return {
        "revision": page.project,
        "subject_revision": page.subject,
        "admission_revision": page.living,
    }


def _edit_form(request: OfficerRequest, page: ReservePage, rules: ReserveRules) -> forms.ActForm:
    project = page.project
    posted = request.POST if request.method == "POST" else None
    initial = {name: getattr(project, name) for name in forms.FIELDS if name != "unit"}
    initial |= {"unit": page.subject.unit, "origin": page.admission.origin}
    initial |= {name: row.revision for name, row in _shown("edit", page).items()}
    return forms.ReserveForm(request.standing, rules, posted, initial=initial)


def _edit(act: Act, row: Admission, form: forms.ActForm) -> object:
    return actions.edit_reserve(act, row, **form.expected(), **form.values())


def _review(act: Act, row: Admission, form: forms.ActForm) -> object:
    given = form.values()
    verdict = OpinionVerdict(given["verdict"])
    return actions.review(
        act, row, verdict, words=given["words"], expected_revision=_revision(form)
    )


def _told(action: Callable[..., object]) -> Run:
    def run(act: Act, row: Admission, form: forms.ActForm) -> object:
        return action(act, row, expected_revision=_revision(form), **form.values())

    return run


ACTS = {
    "edit": PageAct("修改储备项目", _edit_form, _edit, "已保存", template="projects/form.html"),
    "submit": PageAct(
        "报送审核",
        _plain(forms.ActForm),
        _told(actions.submit),
        "已报送，待初审",
        consequence="报送后内容不能改；审核期间可以撤回，退回修改后可以再报。",
        submit="报送",
        step="first",
    ),
    "withdraw": PageAct(
        "撤回报送",
        _plain(forms.WordsForm),
        _told(actions.withdraw),
        "已撤回",
        consequence="撤回后回到谋划，修改后重新报初审。",
        submit="撤回",
    ),
    "review": PageAct("审核", _plain(forms.ReviewForm), _review, "已审核", policy="reserve.view"),
    "remove": PageAct(
        "退库",
        _plain(forms.ReasonForm),
        _told(actions.remove_reserve),
        "已退库",
        policy="reserve.remove",
        consequence="退库后不再计入储备项目；资料、意见和变动记录都保留，可以恢复。",
        submit="退库",
        danger=True,
    ),
    "restore": PageAct(
        "恢复",
        _plain(forms.WordsForm),
        _told(actions.restore_reserve),
        "已恢复",
        policy="reserve.remove",
        consequence="恢复到退库之前的状态。",
        submit="恢复",
    ),
    "transfer": PageAct(
        "转为实施项目",
        _plain(forms.ActForm),
        _told(actions.transfer),
        "已转为实施项目",
        policy="reserve.transfer",
        consequence=(
            "同一个项目进入实施：从类别路径的第一个阶段开始，节点按路径列出、日期待定，"
            "接着从模板倒排工期；储备阶段的意见和变动记录都保留。"
        ),
        submit="确认转为实施",
        step="transfer",
    ),
}


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def act(request: OfficerRequest, key: uuid.UUID, slug: str) -> HttpResponse:
    """Ask for what an act needs, and do it. Whoever may not act finds nothing here."""
    page_act = ACTS.get(slug)
    if page_act is None or request.as_of is not None:
        raise Http404
    page = reserve_page(seen(request, key))
    row = page.living
    require(request.standing, page_act.policy, row)
    if slug == "review" and not _may_review(request, row):
        raise Http404
    why = _closed(request, slug, row) if request.method == "GET" else ""
    if why:
        return refused(request, why, reserve_url(page.project))
    rules = reserve_rules(request.standing.today)
    form = page_act.form(request, page, rules)
    if request.method == "POST" and form.is_valid():
        try:
            page_act.run(act_now(request.standing), row, form)
        except RegisterError as refusal:
            tell(form, refusal, **_shown(slug, page))
        else:
            messages.success(request, f"{page_act.said}：{page.project.name}")
            if slug == "transfer":
                return redirect("plans:begin", page.subject.public_id)
            return redirect(reserve_url(page.project))
    context = {
        "project": page.project,
        "heading": _heading(page_act, row),
        "consequence": page_act.consequence,
        "submit": page_act.submit,
        "danger": page_act.danger,
        "form": form,
        "action": request.path,
        "back": reserve_url(page.project),
        "lacking": lacking(rules, page.project, row.state) if slug != "edit" else [],
        "barred": barred(request.standing, row) if slug == "review" else "",
        "judged": slug == "review",
        "fill": _fill(request, page_act, page, rules),
        "admission": row,
    }
    return render(request, page_act.template, context, status=422 if form.errors else 200)


def _fill(
    request: OfficerRequest, page_act: PageAct, page: ReservePage, rules: ReserveRules
) -> Fill | None:
    """What the act would be refused for, so that nobody is asked to confirm it; None: nothing."""
    missing = rules.missing(page.project, page_act.step) if page_act.step else []
    if not missing:
        return None
    row = page.living
    edits = may(request.standing, ACTS["edit"].policy, row) and not LIFE.closed_to(row, "edit")
    key = page.subject.public_id
    return Fill(missing, reverse("reserve:act", args=[key, "edit"]) if edits else "")


def _closed(request: OfficerRequest, slug: str, row: Admission) -> str:
    """Why there is nothing to fill in: the act does not follow from where the project stands."""
    if slug != "review":
        closed = LIFE.closed_to(row, slug)
        return f"「{row}」{closed}。" if closed else ""
    if row.state not in IN_REVIEW:
        return f"「{row}」现在是{AdmissionState(row.state).label}，没有待审核的报送。"
    return barred(request.standing, row)


def _heading(page_act: PageAct, row: Admission) -> str:
    """Name of the act; a review is called by its step."""
    step = STEP_OF.get(AdmissionState(row.state))
    judges = page_act is ACTS["review"] and step is not None
    return str(step.label) if judges and step else page_act.heading


def _may_review(request: OfficerRequest, row: Admission) -> bool:
    """Whether the officer's role judges what waits; in other states the action says why not."""
    if row.state == AdmissionState.FIRST:
        return may(request.standing, "reserve.review_first", row)
    if row.state == AdmissionState.FINAL:
        return may(request.standing, "reserve.review_final", row)
    return may(request.standing, "reserve.review_first", row) or may(
        request.standing, "reserve.review_final", row
    )


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def new(request: OfficerRequest) -> HttpResponse:
    """Ask for an idea; only its name, origin and unit must be known."""
    if request.as_of is not None:
        raise Http404
    require(request.standing, "reserve.propose")
    rules = reserve_rules(request.standing.today)
    own = own_unit(request.standing, "reserve.propose")
    posted = request.POST if request.method == "POST" else None
    form = forms.IdeaForm(request.standing, rules, posted, initial={"unit": own})
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.propose(act_now(request.standing), **form.values())
        except RegisterError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, f"已记谋划项目：{row}")
            return redirect("reserve:reserve", row.subject.public_id)
    context = {
        "form": form,
        "origins": rules.origins,
        "own": own,
        "action": request.path,
        "back": reverse("reserve:list"),
    }
    return render(request, "reserve/new.html", context, status=422 if form.errors else 200)
