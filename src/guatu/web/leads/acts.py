"""Acts on a lead as pages: a form asks, one action does, a sentence says what was done."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from guatu.attraction import actions
from guatu.attraction.fields import FIELDS, OF_SUBJECT
from guatu.attraction.models import FollowUp, Lead, Promise
from guatu.attraction.rules import LeadRules, lead_rules
from guatu.register.campaign import act_now
from guatu.register.errors import Invalid, RegisterError
from guatu.register.models import Party
from guatu.register.policies import require
from guatu.register.recording import Act
from guatu.web.leads import forms
from guatu.web.leads.faces import lead_url
from guatu.web.leads.views import seen
from guatu.web.projects.forms import ActForm, first_unit
from guatu.web.refusals import forbidden_is_missing, tell
from guatu.web.requests import OfficerRequest

Build = Callable[[OfficerRequest, Lead, LeadRules], ActForm]
Run = Callable[[Act, Lead, ActForm], object]


@dataclass(frozen=True)
class PageAct:
    """One act: its policy, the form that asks, the action, and the words around them."""

    heading: str
    form: Build
    run: Run
    said: str
    policy: str = "lead.edit"
    template: str = "leads/act.html"
    consequence: str = ""
    danger: bool = False


def _revision(form: ActForm) -> int | None:
    found: int | None = form.cleaned_data["revision"]
    return found


def _lead_form(request: OfficerRequest, rules: LeadRules, **more: object) -> forms.LeadForm:
    posted = request.POST if request.method == "POST" else None
    form = forms.LeadForm(request.standing, rules, posted, **more)  # type: ignore[arg-type]
    form.use_standing(request.standing)
    return form


def _edit_form(request: OfficerRequest, row: Lead, rules: LeadRules) -> ActForm:
    initial = {name: getattr(row.subject if name in OF_SUBJECT else row, name) for name in FIELDS}
    initial["enterprise"] = row.enterprise.subject.code if row.enterprise else ""
    initial["industry"] = row.industry.code if row.industry else ""
    initial |= {"revision": row.revision, "subject_revision": row.subject.revision}
    return _lead_form(request, rules, new=False, initial=initial)


def _edit(act: Act, row: Lead, form: ActForm) -> object:
    return actions.edit_lead(act, row, **form.expected(), **form.values())


def _stage_form(request: OfficerRequest, row: Lead, rules: LeadRules) -> ActForm:
    posted = request.POST if request.method == "POST" else None
    return forms.StageForm(row, rules, posted, initial={"revision": row.revision})


def _move(act: Act, row: Lead, form: ActForm) -> object:
    values = form.values()
    return actions.move_lead(
        act,
        row,
        values["stage"],
        reason=values["reason"],
        expected_revision=_revision(form),
    )


def _plain(form: type[ActForm]) -> Build:
    def build(request: OfficerRequest, _row: Lead, _rules: LeadRules) -> ActForm:
        return form(request.POST if request.method == "POST" else None)

    return build


def _promise_form(request: OfficerRequest, _row: Lead, rules: LeadRules) -> ActForm:
    return forms.PromiseForm(rules, request.POST if request.method == "POST" else None)


def _chosen(form: ActForm) -> int:
    key = str(form.data.get("row", ""))
    return int(key) if key.isdecimal() and len(key) <= 18 else 0  # noqa: PLR2004 -- a bigint's digits


def _end_contact(act: Act, row: Lead, form: ActForm) -> object:
    party = Party.objects.filter(pk=_chosen(form), subject=row.subject).first()
    if party is None:
        raise Invalid("没有找到这一项。")
    return actions.end_contact(act, row, party, reason=form.values()["reason"])


def _end_promise(act: Act, row: Lead, form: ActForm) -> object:
    found = Promise.objects.filter(pk=_chosen(form), subject=row.subject).first()
    if found is None:
        raise Invalid("没有找到这一项。")
    return actions.end_promise(act, row, found, reason=form.values()["reason"])


ACTS = {
    "edit": PageAct("修改线索", _edit_form, _edit, "已保存", template="projects/form.html"),
    "stage": PageAct(
        "调整阶段",
        _stage_form,
        _move,
        "阶段已调整",
        consequence="只列本阶段可以转到的阶段；转为项目请用「移交项目库」。",
    ),
    "contact": PageAct(
        "增加联系人",
        _plain(forms.ContactForm),
        lambda act, row, form: actions.name_contact(act, row, **form.values()),
        "已增加",
        policy="lead.follow",
    ),
    "end-contact": PageAct(
        "取消联系人",
        _plain(forms.ReasonForm),
        _end_contact,
        "已取消",
        policy="lead.follow",
        danger=True,
    ),
    "promise": PageAct(
        "登记承诺事项",
        _promise_form,
        lambda act, row, form: actions.promise(act, row, **form.values()),
        "已登记",
        consequence=(
            "给予投资方的优惠和支持须有依据：法律、行政法规、国务院批准，"
            "或普遍适用、不限定特定经营者的公开政策；没有依据的不能录入。"
            "税收、地价优惠和与落户、纳统挂钩的奖补，公开政策不能作为依据。"
        ),
    ),
    "end-promise": PageAct(
        "撤回承诺事项", _plain(forms.ReasonForm), _end_promise, "已撤回", danger=True
    ),
}


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def act(request: OfficerRequest, key: uuid.UUID, slug: str) -> HttpResponse:
    """Ask for what an act needs, and do it. Whoever may not act finds nothing here."""
    page_act = ACTS.get(slug)
    if page_act is None or request.as_of is not None:
        raise Http404
    rules = lead_rules(request.standing.today)
    row = seen(request, key, rules)
    require(request.standing, page_act.policy, row)
    form = page_act.form(request, row, rules)
    if request.method == "POST" and form.is_valid():
        try:
            page_act.run(act_now(request.standing), row, form)
        except RegisterError as refusal:
            tell(form, refusal, revision=row, subject_revision=row.subject)
        else:
            messages.success(request, f"{page_act.said}：{row.name}")
            return redirect(lead_url(row))
    context = {
        "lead": row,
        "project": row,
        "heading": page_act.heading,
        "consequence": page_act.consequence,
        "danger": page_act.danger,
        "form": form,
        "action": request.path,
        "back": lead_url(row),
        "row": request.GET.get("row") or request.POST.get("row", ""),
    }
    return render(request, page_act.template, context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def new(request: OfficerRequest) -> HttpResponse:
    """Ask for a new lead; only its name and unit must be known."""
    if request.as_of is not None:
        raise Http404
    require(request.standing, "lead.add")
    initial = {"unit": first_unit(request.standing, "lead.add")}
    rules = lead_rules(request.standing.today)
    form = _lead_form(request, rules, new=True, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.add_lead(act_now(request.standing), **form.values())
        except RegisterError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, f"已新建：{row.name}")
            return redirect(lead_url(row))
    context = {
        "heading": "新建招商线索",
        "consequence": "除名称和责任单位外，不知道的留空，不要填 0。禁止录入涉密及工作秘密。",
        "form": form,
        "action": request.path,
        "back": reverse("leads:list"),
    }
    return render(request, "projects/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def follow(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Record a contact: tap how, type what was said, save. ``?step=`` names what it does."""
    if request.as_of is not None:
        raise Http404
    rules = lead_rules(request.standing.today)
    row = seen(request, key, rules)
    require(request.standing, "lead.follow", row)
    initial = {"on": request.standing.today, "step": request.GET.get("step", "")}
    form = forms.FollowForm(
        row, rules, request.POST if request.method == "POST" else None, initial=initial
    )
    step = _step_named(row, form["step"].value())
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.follow_up(
                act_now(request.standing),
                row,
                way=given["way"],
                said=given["said"],
                on=given["on"],
                with_whom=given["with_whom"],
                next_step=form.planned(),
                ends=[step] if step is not None else [],
                knowing=given["knowing"],
            )
        except RegisterError as refusal:
            tell(form, refusal)
        else:
            who = made.next_post or row.subject.unit
            told = f"；下一步由{who}办理" if made.next_step else ""
            messages.success(request, f"已记跟进：{row.name}{told}")
            return redirect(lead_url(row))
    context = {
        "lead": row,
        "form": form,
        "ways": rules.ways,
        "step": step,
        "action": request.path,
        "back": lead_url(row),
    }
    return render(request, "leads/follow.html", context, status=422 if form.errors else 200)


def _step_named(row: Lead, text: object) -> FollowUp | None:
    """The open next step of the lead that a form names, None for anything else."""
    try:
        key = uuid.UUID(str(text))
    except ValueError:
        return None
    rows = FollowUp.objects.filter(subject_id=row.subject_id, public_id=key, step_ended_on=None)
    return rows.filter(duty=None).exclude(next_step="").first()


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def step(request: OfficerRequest, key: uuid.UUID, step: uuid.UUID, slug: str) -> HttpResponse:
    """End a next step with its result, or make a duty of it."""
    if request.as_of is not None or slug not in {"done", "duty"}:
        raise Http404
    row = seen(request, key)
    require(request.standing, "lead.follow", row)
    if slug == "duty":
        require(request.standing, "duty.draft", row.subject)
    told = FollowUp.objects.filter(subject_id=row.subject_id, public_id=step).first()
    if told is None or not told.next_step:
        raise Http404
    posted = request.POST if request.method == "POST" else None
    who = told.next_post or row.subject.unit
    initial = {"revision": told.revision}
    form: ActForm = (
        forms.StepForm(posted, initial=initial)
        if slug == "done"
        else forms.StepDutyForm(told, request.standing.today, posted, initial=initial)
    )
    if request.method == "POST" and form.is_valid():
        try:
            said = _stepped(act_now(request.standing), row, told, slug, form)
        except RegisterError as refusal:
            tell(form, refusal, revision=told)
        else:
            messages.success(request, f"{said}：{told.next_step}")
            return redirect(lead_url(row))
    context = {
        "lead": row,
        "heading": "下一步办结" if slug == "done" else "转为责任事项",
        "consequence": f"{told.next_step}，{told.next_due} 前，{who}办理。",
        "form": form,
        "action": request.path,
        "back": lead_url(row),
        "submit": "办结" if slug == "done" else "下达责任事项",
    }
    return render(request, "leads/act.html", context, status=422 if form.errors else 200)


def _stepped(act: Act, row: Lead, told: FollowUp, slug: str, form: ActForm) -> str:
    if slug == "duty":
        revision = _revision(form)
        actions.step_into_duty(act, row, told, expected_revision=revision, **form.values())
        return "已转为责任事项并下达"
    actions.end_step(act, row, told, expected_revision=_revision(form), **form.values())
    return "已办结"
