"""Adding, editing, renaming and relating enterprises; their names and places."""

import uuid
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from guatu.register import enterprises as acts
from guatu.register.campaign import act_now
from guatu.register.errors import RegisterError
from guatu.register.models import Enterprise, EnterpriseRelation, Industry
from guatu.register.observations import add_place
from guatu.register.policies import require
from guatu.register.subjects import assign_subject
from guatu.web.enterprises.forms import (
    EditForm,
    FactsForm,
    NameForm,
    NewForm,
    PlaceForm,
    RelationForm,
    RenameForm,
)
from guatu.web.enterprises.views import find
from guatu.web.projects.forms import first_unit
from guatu.web.questions import ask
from guatu.web.refusals import forbidden_is_missing, tell
from guatu.web.requests import OfficerRequest

FACTS = ("uscc", "street", "industry", "legal_form", "address", "note")


def _page(
    request: OfficerRequest,
    form: Form,
    heading: str,
    **more: Any,  # noqa: ANN401 -- context of the template
) -> HttpResponse:
    status = 422 if form.errors else 200
    context = {"form": form, "heading": heading, **more}
    if isinstance(form, FactsForm):
        context["industries"] = Industry.objects.all()
    return render(request, "enterprises/form.html", context, status=status)


def _editable(request: OfficerRequest, key: uuid.UUID) -> Enterprise:
    """Return the living enterprise the officer may edit, or 404."""
    if request.as_of is not None:
        raise Http404
    row = find(request, key)
    require(request.standing, "enterprise.edit", row.subject)
    return row


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def add(request: OfficerRequest) -> HttpResponse:
    """Register one enterprise."""
    require(request.standing, "enterprise.add")
    if request.as_of is not None:
        raise Http404
    initial = {"unit": first_unit(request.standing, "enterprise.add")}
    form = NewForm(request.standing, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            row = acts.add_enterprise(act_now(request.standing), **form.cleaned_data)
        except RegisterError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, f"已登记「{row.name}」。")
            return redirect("enterprises:enterprise", row.subject.public_id)
    return _page(request, form, "登记企业", cancel_url=reverse("enterprises:enterprises"))


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def edit(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Change what is known of an enterprise."""
    row = _editable(request, key)
    first = {name: getattr(row, name) for name in FACTS} | {
        "industry": row.industry.code if row.industry else "",
        "unit": row.subject.unit_id,
        "street": row.street_id,
        "revision": row.revision,
        "subject_revision": row.subject.revision,
    }
    form = EditForm(request.standing, request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, row, form.cleaned_data)
        except RegisterError as refusal:
            tell(form, refusal, revision=row, subject_revision=row.subject)
        else:
            messages.success(request, f"「{row.name}」的资料已保存。")
            return redirect("enterprises:enterprise", key)
    return _page(request, form, f"修改资料：{row.name}", cancel_url=_home(key))


def _save(request: OfficerRequest, row: Enterprise, told: dict[str, Any]) -> None:
    act = act_now(request.standing, told["reason"])
    with transaction.atomic():
        acts.edit_enterprise(
            act,
            row,
            expected_revision=told["revision"],
            **{name: told[name] for name in FACTS},
        )
        unit = told["unit"]
        if unit is not None and unit.pk != row.subject.unit_id:
            assign_subject(act, row.subject, unit, expected_revision=told["subject_revision"])


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def rename(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Give an enterprise a new name and keep the old one."""
    row = _editable(request, key)
    form = RenameForm(request.POST or None, initial={"revision": row.revision})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            acts.rename_enterprise(
                act_now(request.standing),
                row,
                told["name"],
                since=told["since"],
                reason=told["reason"],
                expected_revision=told["revision"],
            )
        except RegisterError as refusal:
            tell(form, refusal, revision=row)
        else:
            messages.success(request, f"已更名为「{row.name}」，原名称保留可查。")
            return redirect("enterprises:enterprise", key)
    return _page(request, form, f"更名：{row.name}", cancel_url=_home(key))


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def relation(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Say how the enterprise is related to another one."""
    row = _editable(request, key)

    def act(told: dict[str, Any]) -> str:
        kind = EnterpriseRelation.Kind(told.pop("kind"))
        acts.relate(act_now(request.standing), row, kind=kind, **told)
        return "关系已登记。"

    form = RelationForm(request.standing, request.POST or None)
    return ask(request, form, act, heading=f"登记关系：{row.name}", back=_home(key))


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def name(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Add a short or former name by which papers and ledgers call the enterprise."""
    row = _editable(request, key)

    def act(told: dict[str, Any]) -> str:
        short = told.pop("kind") == NameForm.SHORT
        made = acts.add_name(act_now(request.standing), row, short=short, **told)
        return f"已登记名称「{made.name}」。"

    form = NameForm(request.POST or None)
    return ask(request, form, act, heading=f"登记名称：{row.name}", back=_home(key))


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def place(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Add a place where the enterprise works."""
    row = _editable(request, key)

    def act(told: dict[str, Any]) -> str:
        made = add_place(act_now(request.standing), subject=row.subject, **told)
        return f"已登记地点「{made.name}」。"

    form = PlaceForm(request.POST or None)
    return ask(request, form, act, heading=f"登记地点：{row.name}", back=_home(key))


def _home(key: uuid.UUID) -> str:
    return reverse("enterprises:enterprise", args=[key])
