"""Posts and who holds them: the security administrator's pages."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from guatu.register import hands
from guatu.register import posts as acts
from guatu.register.campaign import act_now
from guatu.register.enums import Role
from guatu.register.models import Holding, Organisation, Post
from guatu.register.policies import require
from guatu.web.organisations.forms import CloseForm, HoldForm, PostForm, ReleaseForm
from guatu.web.questions import ask
from guatu.web.refusals import forbidden_is_missing
from guatu.web.requests import OfficerRequest


def _post(request: OfficerRequest, key: uuid.UUID) -> Post:
    require(request.standing, "post.edit")
    rows = Post.objects.select_related("organisation")
    return get_object_or_404(rows, public_id=key, active=True)


def _page(unit: Organisation) -> str:
    return reverse("organisations:unit", args=[unit.public_id])


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def add(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Add a post to a unit."""
    require(request.standing, "post.edit")
    unit = get_object_or_404(Organisation, public_id=key, active=True)

    def act(told: dict[str, Any]) -> str:
        told.pop("revision")
        role = Role(told.pop("role"))
        made = acts.add_post(act_now(request.standing), unit, role=role, **told)
        return f"已新增岗位「{made.title}」。"

    form = PostForm(request.POST or None)
    return ask(request, form, act, heading=f"新增岗位：{unit.name}", back=_page(unit))


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def edit(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Change a post, its role included."""
    post = _post(request, key)
    first = {
        name: getattr(post, name) for name in ("title", "role", "rank", "office_phone", "revision")
    }

    def act(told: dict[str, Any]) -> str:
        revision, role = told.pop("revision"), Role(told.pop("role"))
        acts.edit_post(
            act_now(request.standing), post, role=role, expected_revision=revision, **told
        )
        return f"岗位「{post.title}」已保存。"

    form = PostForm(request.POST or None, initial=first)
    heading, back = f"修改岗位：{post}", _page(post.organisation)
    return ask(request, form, act, heading=heading, back=back, shown={"revision": post})


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def close(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Take a post out of use."""
    post = _post(request, key)

    def act(told: dict[str, Any]) -> str:
        acts.close_post(
            act_now(request.standing),
            post,
            reason=told["reason"],
            expected_revision=told["revision"],
        )
        return f"岗位「{post.title}」已停用。"

    form = CloseForm(request.POST or None, initial={"revision": post.revision})
    owed = hands.owed_by(post)
    check: dict[str, Any] = {
        "consequence": "停用后不能再任命人员。",
        "affected": [str(one) for one in owed],
        "affected_count": sum(one.number for one in owed),
        "submit": "确认停用",
        "idle": bool(owed),
    }
    if owed:
        check["consequence"] = (
            "岗位上还有以下未结事项，不能停用。请专班在「责任事项」等列表成批改派、"
            "转交或办结后再停用。"
        )
        if request.method == "GET":
            check["form"] = None  # nothing to fill in yet
    heading, back, shown = f"停用岗位：{post}", _page(post.organisation), {"revision": post}
    return ask(request, form, act, heading=heading, back=back, check=check, shown=shown)


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def hold(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Give a post to an officer."""
    post = _post(request, key)

    def act(told: dict[str, Any]) -> str:
        acts.hold_post(
            act_now(request.standing),
            post,
            told["officer"],
            since=told["since"],
            until=told["until"],
        )
        return f"{told['officer']}自 {told['since']} 起担任{post}。"

    form = HoldForm(request.POST or None, initial={"since": request.standing.today})
    return ask(request, form, act, heading=f"任职：{post}", back=_page(post.organisation))


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def release(request: OfficerRequest, key: int) -> HttpResponse:
    """End a holding; the duties stay with the post."""
    require(request.standing, "post.edit")
    rows = Holding.objects.select_related("post__organisation", "officer")
    holding = get_object_or_404(rows, pk=key)

    def act(told: dict[str, Any]) -> str:
        acts.release_post(
            act_now(request.standing), holding, until=told["until"], reason=told["reason"]
        )
        return f"{holding.officer}的任职于 {told['until']} 结束。"

    form = ReleaseForm(request.standing.today, request.POST or None)
    check = {
        "consequence": (
            "离任后该人员不再能看到和办理这个岗位的业务；责任事项留在岗位上，由接任者继续。"
        ),
        "affected": [f"{holding.officer}　{holding.post}"],
        "submit": "确认离任",
    }
    back = _page(holding.post.organisation)
    return ask(request, form, act, heading="办理离任", back=back, check=check)
