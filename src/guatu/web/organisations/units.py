"""Adding, editing, moving and closing units: the system administrator's pages."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from guatu.loop.handover_things import owed_in_unit
from guatu.register import organisations as acts
from guatu.register.campaign import act_now
from guatu.register.enums import OrganisationKind
from guatu.register.models import Organisation, Post, Subject
from guatu.register.policies import require
from guatu.web.organisations.forms import CloseForm, EditUnitForm, MoveForm, NewUnitForm
from guatu.web.questions import ask
from guatu.web.refusals import forbidden_is_missing
from guatu.web.requests import OfficerRequest


def _unit(request: OfficerRequest, key: uuid.UUID) -> Organisation:
    require(request.standing, "organisation.edit")
    rows = Organisation.objects.select_related("parent")
    return get_object_or_404(rows, public_id=key, active=True)


def _page(unit: Organisation) -> str:
    return reverse("organisations:unit", args=[unit.public_id])


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def add(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Add a unit below this one."""
    parent = _unit(request, key)

    def act(told: dict[str, Any]) -> str:
        kind = OrganisationKind(told.pop("kind"))
        made = acts.add_organisation(act_now(request.standing), parent=parent, kind=kind, **told)
        return f"已在{parent}之下新增「{made.name}」。"

    form = NewUnitForm(request.POST or None)
    return ask(request, form, act, heading=f"新增下级组织：{parent.name}", back=_page(parent))


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def edit(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Rename a unit or give it another rank."""
    unit = _unit(request, key)
    first = {name: getattr(unit, name) for name in ("name", "short_name", "rank", "revision")}

    def act(told: dict[str, Any]) -> str:
        revision = told.pop("revision")
        acts.edit_organisation(act_now(request.standing), unit, expected_revision=revision, **told)
        return f"「{unit.name}」已保存。"

    form = EditUnitForm(request.POST or None, initial=first)
    heading, shown = f"修改组织：{unit.name}", {"revision": unit}
    return ask(request, form, act, heading=heading, back=_page(unit), shown=shown)


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def move(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Hang a unit below another, after showing what goes with it."""
    unit = _unit(request, key)
    below = Organisation.objects.filter(path__startswith=unit.path, active=True)

    def act(told: dict[str, Any]) -> str:
        acts.move_organisation(
            act_now(request.standing),
            unit,
            told["parent"],
            reason=told["reason"],
            expected_revision=told["revision"],
        )
        return f"「{unit.name}」已移到{told['parent']}之下。"

    form = MoveForm(unit, request.POST or None, initial={"revision": unit.revision})
    check = {
        "consequence": "以下组织随之调整隶属，新上级的人员随即能看到其业务，原上级不再能看到。",
        "affected": [str(row.name) for row in below],
        "submit": "确认调整",
    }
    heading, shown = f"调整隶属：{unit.name}", {"revision": unit}
    return ask(request, form, act, heading=heading, back=_page(unit), check=check, shown=shown)


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def close(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Take a unit out of use, after showing what is left on it."""
    unit = _unit(request, key)

    def act(told: dict[str, Any]) -> str:
        acts.close_organisation(
            act_now(request.standing),
            unit,
            reason=told["reason"],
            expected_revision=told["revision"],
        )
        return f"「{unit.name}」已停用，历史保留可查。"

    form = CloseForm(request.POST or None, initial={"revision": unit.revision})
    posts = Post.objects.filter(organisation=unit, active=True).count()
    subjects = Subject.objects.filter(unit=unit, active=True).count()
    left = [f"岗位 {posts} 个", f"对象 {subjects} 个", *map(str, owed_in_unit(unit))]
    check = {
        "consequence": (
            f"停用后不再出现在名单和选择框中。其下还有{'、'.join(left)}，停用前请确认已移交。"
        ),
        "submit": "确认停用",
    }
    heading, shown = f"停用组织：{unit.name}", {"revision": unit}
    return ask(request, form, act, heading=heading, back=_page(unit), check=check, shown=shown)
