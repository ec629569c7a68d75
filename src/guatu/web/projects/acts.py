"""Acts on a project as pages: a form asks, one action does, a sentence says what was done."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from guatu.investment import actions
from guatu.investment.actions.nodes import node_of
from guatu.investment.fields import FIELDS
from guatu.investment.gates import path_of, stages_of
from guatu.investment.models import Project, Stage
from guatu.loop.models import Activity
from guatu.register.campaign import act_now
from guatu.register.enums import Basis, EvidenceKind, PartyRole
from guatu.register.errors import Invalid, RegisterError
from guatu.register.evidence import admit_file
from guatu.register.models import Party
from guatu.register.policies import require
from guatu.register.recording import Act
from guatu.web.blockers.usual import warn_of_usual
from guatu.web.projects import forms
from guatu.web.projects.faces import project_url
from guatu.web.projects.views import seen
from guatu.web.refusals import forbidden_is_missing, tell
from guatu.web.requests import OfficerRequest

Build = Callable[[OfficerRequest, Project], forms.ActForm]
Run = Callable[[Act, Project, forms.ActForm], object]


@dataclass(frozen=True)
class PageAct:
    """One act: its policy, the form that asks, the action, and the words around them."""

    heading: str
    form: Build
    run: Run
    said: str
    policy: str = "project.edit"
    template: str = "projects/act.html"
    consequence: str = ""
    danger: bool = False


def _bound(request: OfficerRequest, form: type[forms.ActForm], **initial: object) -> forms.ActForm:
    posted = request.method == "POST"
    return form(
        request.POST if posted else None, request.FILES if posted else None, initial=initial
    )


def _edit_form(request: OfficerRequest, row: Project) -> forms.ActForm:
    initial = {name: getattr(row, name) for name in FIELDS if name != "unit"}
    initial |= {"unit": row.subject.unit, "revision": row.revision}
    initial["subject_revision"] = row.subject.revision
    initial["short_names"] = "、".join(row.short_names)
    posted = request.POST if request.method == "POST" else None
    return forms.ProjectForm(request.standing, posted, initial=initial, new=False)


def _edit(act: Act, row: Project, form: forms.ActForm) -> object:
    return actions.edit_project(act, row, **form.expected(), **form.values())


def _revision(form: forms.ActForm) -> int | None:
    found: int | None = form.cleaned_data["revision"]
    return found


def _stage_form(request: OfficerRequest, row: Project) -> forms.ActForm:
    form = _bound(request, forms.StageForm, revision=row.revision)
    codes = [stage.pk for stage in stages_of(path_of(row)) if stage.pk != row.stage_id]
    form.fields["stage"].queryset = Stage.objects.filter(pk__in=codes)  # type: ignore[attr-defined]
    return form


def _move(act: Act, row: Project, form: forms.ActForm) -> object:
    values = form.values()
    return actions.move_stage(
        act,
        row,
        values["stage"],
        reason=values["reason"],
        expected_revision=_revision(form),
    )


def _timetable_form(request: OfficerRequest, row: Project) -> forms.ActForm:
    have = set(
        Activity.objects.filter(subject=row.subject, due__isnull=False).values_list(
            "node", flat=True
        )
    )
    steps = [step for step in path_of(row) if step.node.code not in have]
    return forms.TimetableForm(steps, request.POST if request.method == "POST" else None)


def _plan(act: Act, row: Project, form: forms.ActForm) -> object:
    dues = {code: day for code, day in form.values().items() if day is not None}
    return actions.make_timetable(act, row, dues)


def _money(act: Act, row: Project, form: forms.ActForm) -> object:
    values = form.values()
    values["basis"] = Basis(values["basis"])
    return actions.record_money(act, row.subject, **values)


def _image(act: Act, row: Project, form: forms.ActForm) -> object:
    return actions.set_monthly_image(act, row, **form.values())


def _party(act: Act, row: Project, form: forms.ActForm) -> object:
    values = form.values()
    values["role"] = PartyRole(values["role"])
    return actions.name_party(act, row, **values)


def _end_party(act: Act, row: Project, form: forms.ActForm) -> object:
    key = form.data.get("party", "")
    party = Party.objects.filter(pk=int(key) if key.isdecimal() else 0, subject=row.subject).first()
    if party is None:
        raise Invalid("没有找到这一项。")
    return actions.end_party(act, row, party, reason=form.values()["reason"])


ACTS = {
    "edit": PageAct("修改项目", _edit_form, _edit, "已保存", template="projects/form.html"),
    "stage": PageAct(
        "调整阶段", _stage_form, _move, "阶段已调整", consequence="向前推进时逐项核对关口。"
    ),
    "timetable": PageAct(
        "排节点",
        _timetable_form,
        _plan,
        "节点已排定",
        consequence="按项目类别列出全部节点，知道日期的填日期，其余留空即待定。",
    ),
    "money": PageAct(
        "记一笔资金",
        lambda request, _row: _bound(request, forms.MoneyForm),
        _money,
        "已记入",
        consequence="同一期再记即为新的版本，旧数保留可查。",
    ),
    "image": PageAct(
        "月度形象进度目标",
        lambda request, _row: _bound(request, forms.ImageForm, month=request.GET.get("month", "")),
        _image,
        "已保存",
    ),
    "party": PageAct(
        "增加参与方",
        lambda request, _row: _bound(request, forms.PartyForm),
        _party,
        "已增加",
        consequence="岗位、区内单位、其他单位或人员三项中填一项。被列名的岗位和单位可以看到本项目。",
    ),
    "end-party": PageAct(
        "取消参与方",
        lambda request, _row: _bound(request, forms.ReasonForm),
        _end_party,
        "已取消",
        template="projects/end_party.html",
        danger=True,
    ),
}


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def act(request: OfficerRequest, key: uuid.UUID, slug: str) -> HttpResponse:
    """Ask for what an act needs, and do it. Whoever may not act finds nothing here."""
    page_act = ACTS.get(slug)
    if page_act is None or request.as_of is not None:
        raise Http404
    row = seen(request, key)
    require(request.standing, page_act.policy, row)
    form = page_act.form(request, row)
    if request.method == "POST" and form.is_valid():
        try:
            page_act.run(act_now(request.standing), row, form)
        except RegisterError as refusal:
            tell(form, refusal, revision=row, subject_revision=row.subject)
        else:
            messages.success(request, f"{page_act.said}：{row.name}")
            return redirect(project_url(row))
    context = {
        "project": row,
        "heading": page_act.heading,
        "consequence": page_act.consequence,
        "danger": page_act.danger,
        "form": form,
        "action": request.path,
        "back": project_url(row),
        "party": request.GET.get("party") or request.POST.get("party", ""),
    }
    return render(request, page_act.template, context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def new(request: OfficerRequest) -> HttpResponse:
    """Ask for a new project; only its name and unit must be known."""
    if request.as_of is not None:
        raise Http404
    require(request.standing, "project.add")
    posted = request.POST if request.method == "POST" else None
    initial = {"unit": forms.first_unit(request.standing, "project.add")}
    form = forms.ProjectForm(request.standing, posted, new=True, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.add_project(act_now(request.standing), **form.values())
        except RegisterError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, f"已新建：{row.name}")
            warn_of_usual(request, row)
            return redirect(project_url(row))
    context = {
        "heading": "新建项目",
        "consequence": "除名称和责任单位外，不知道的留空，不要填 0。",
        "form": form,
        "action": request.path,
        "back": reverse("projects:list"),
    }
    return render(request, "projects/form.html", context, status=422 if form.errors else 200)


def _finish(act: Act, row: Project, node: str, form: forms.ActForm) -> object:
    values = form.values()
    file = values.pop("file")
    kind = EvidenceKind(values.pop("kind") or EvidenceKind.OTHER)
    admitted = None if file is None else admit_file(act, file._replace(kind=kind))
    with transaction.atomic():
        evidence = None if admitted is None else actions.attach_evidence(act, row, admitted)
        return actions.finish_node(
            act, row, node, evidence=evidence, expected_revision=_revision(form), **values
        )


def _plain(run: Callable[..., object]) -> Callable[[Act, Project, str, forms.ActForm], object]:
    def ran(act: Act, row: Project, node: str, form: forms.ActForm) -> object:
        return run(act, row, node, expected_revision=_revision(form), **form.values())

    return ran


@dataclass(frozen=True)
class NodeAct:
    """One act on a node."""

    heading: str
    form: type[forms.ActForm]
    run: Callable[[Act, Project, str, Any], object]
    said: str
    policy: str = "project.edit"
    danger: bool = False


NODE_ACTS = {
    "finish": NodeAct("登记完成", forms.FinishForm, _finish, "已登记完成"),
    "due": NodeAct("调整期限", forms.DueForm, _plain(actions.set_node_due), "期限已调整"),
    "forecast": NodeAct(
        "报预计完成",
        forms.ForecastForm,
        _plain(actions.forecast_node),
        "已报预计",
        "project.forecast",
    ),
    "reopen": NodeAct(
        "撤销完成", forms.ReasonForm, _plain(actions.reopen_node), "已撤销完成", danger=True
    ),
}


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def node(request: OfficerRequest, key: uuid.UUID, node: str, slug: str) -> HttpResponse:
    """Ask for what an act on a node needs, and do it."""
    node_act = NODE_ACTS.get(slug)
    if node_act is None or request.as_of is not None:
        raise Http404
    row = seen(request, key)
    require(request.standing, node_act.policy, row)
    try:
        activity = node_of(row, node)
    except Invalid as refusal:
        raise Http404 from refusal
    form = _bound(
        request, node_act.form, revision=activity.revision, due=activity.due, day=activity.forecast
    )
    if request.method == "POST" and form.is_valid():
        try:
            node_act.run(act_now(request.standing), row, node, form)
        except RegisterError as refusal:
            tell(form, refusal, revision=activity)
        else:
            messages.success(request, f"{node_act.said}：{activity.name}")
            return redirect(f"{project_url(row)}#nodes")
    context = {
        "project": row,
        "node": activity,
        "heading": f"{node_act.heading}：{activity.name}",
        "danger": node_act.danger,
        "form": form,
        "action": request.path,
        "back": f"{project_url(row)}#nodes",
    }
    return render(request, "projects/act.html", context, status=422 if form.errors else 200)
