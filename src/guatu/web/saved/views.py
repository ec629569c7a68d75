"""Pages of saved views; each list shows its own as chips."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guatu.register import views as acts
from guatu.register.campaign import act_now
from guatu.register.models import SavedView
from guatu.register.policies import may, require
from guatu.web.lists.saved import ViewFace, cleaned, faces
from guatu.web.lists.words import compared, in_words
from guatu.web.questions import ask
from guatu.web.refusals import forbidden_is_missing
from guatu.web.requests import OfficerRequest
from guatu.web.saved.forms import RenewForm, ViewForm
from guatu.web.saved.pages import PAGES, page_or_404, paths_for


@require_safe
@forbidden_is_missing
def index(request: OfficerRequest) -> HttpResponse:
    """Show the views the officer may use, by list, with what may be done to each."""
    require(request.standing, "view.save")
    found = faces(request.standing, paths_for(request.standing))
    groups = [
        (page.title, [face for face in found if face.view.page == name])
        for name, (page, _) in PAGES.items()
    ]
    shown = [(title, rows) for title, rows in groups if rows]
    writable = request.as_of is None
    return render(request, "saved/views.html", {"groups": shown, "writable": writable})


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def new(request: OfficerRequest, page: str) -> HttpResponse:
    """Ask for a name for the list as it stands; its address comes in this page's own."""
    require(request.standing, "view.save")
    shown, path = page_or_404(request.standing, page)
    request.place = path
    query = cleaned(request.GET, shown.view_ids())
    form = ViewForm(request.standing, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"].strip()
        same = acts.own_views(request.standing, page).filter(name=name).first()
        if same is not None and request.as_of is None:
            return redirect(f"{reverse('saved:renew', args=[same.public_id])}?{query}&named=1")

    made: list[SavedView] = []

    def act(told: dict[str, Any]) -> str:
        view = acts.save_view(
            act_now(request.standing),
            page=page,
            name=told["name"],
            query=query,
            audience=form.audience_chosen(),
        )
        made.append(view)
        return f"已保存视图「{view.name}」。"

    back = f"{path}?{query or 'q='}"
    heading = f"{shown.title}：保存为视图"
    lines = in_words(request, shown, query)
    answer = ask(request, form, act, heading=heading, back=back, told=lines)
    return redirect(_shown_by(path, made[0])) if made else answer


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def renew(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Let a view show what the address of this page says, once what it showed was seen."""
    view = _view(request, key, "view.edit")
    shown, path = page_or_404(request.standing, view.page)
    request.place = path
    query = cleaned(request.GET, shown.view_ids())
    posted = request.POST if request.method == "POST" else None
    form = RenewForm(posted, initial={"revision": view.revision})

    def act(told: dict[str, Any]) -> str:
        by = act_now(request.standing)
        acts.renew_view(by, view, query=query, expected_revision=told["revision"])
        return f"视图「{view.name}」已更新。"

    unsaved = "named" in request.GET and request.method == "GET"
    back = reverse("saved:new", args=[view.page]) if unsaved else path
    named = f"您在这个列表已有名为「{view.name}」的视图，确认后由现在的内容替换。"
    shared = f"共享给{view.audience}的人员打开它时看到的一起改变；" if view.audience else ""
    check = {
        "consequence": f"{named if 'named' in request.GET else ''}{shared}"
        "名称、共享范围、各人的收藏和默认不变。",
        "action": request.get_full_path(),
        "submit": "更新视图",
        "danger": False,
    }
    lines = compared(request, shown, view.query, query)
    heading = f"更新视图「{view.name}」"
    return ask(
        request,
        form,
        act,
        heading=heading,
        back=f"{back}?{query}&view={view.public_id}",
        check=check,
        shown={"revision": view},
        told=lines,
    )


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def edit(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Rename a view, share it or keep it to oneself."""
    view = _view(request, key, "view.edit")
    request.place = paths_for(request.standing).get(view.page, request.path)
    first = {"name": view.name, "audience": view.audience_id or "", "revision": view.revision}
    posted = request.POST if request.method == "POST" else None
    form = ViewForm(request.standing, posted, initial=first)

    def act(told: dict[str, Any]) -> str:
        acts.edit_view(
            act_now(request.standing),
            view,
            name=told["name"],
            audience=form.audience_chosen(),
            expected_revision=told["revision"],
        )
        return f"视图「{view.name}」已保存。"

    heading = f"修改视图：{view.name}"
    back = reverse("saved:views")
    return ask(request, form, act, heading=heading, back=back, shown={"revision": view})


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def remove(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Ask once, then take a view away."""
    view = _view(request, key, "view.edit")
    request.place = paths_for(request.standing).get(view.page, request.path)
    if request.as_of is not None:
        raise Http404
    if request.method == "POST":
        acts.remove_view(act_now(request.standing), view)
        messages.success(request, f"视图「{view.name}」已删除。")
        return redirect("saved:views")
    shared = f"共享给{view.audience}的人员也不能再用，" if view.audience else ""
    context = {
        "heading": f"删除视图「{view.name}」",
        "consequence": f"{shared}列表中的内容不受影响。",
        "action": request.path,
        "back": reverse("saved:views"),
        "submit": "删除",
        "danger": True,
    }
    return render(request, "check.html", context)


@require_POST
@forbidden_is_missing
def mark(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Mark or unmark a view as 收藏 or as the default of its list."""
    view = _view(request, key, "view.use")
    told = {
        name: request.POST[name] == "1"
        for name in ("favourite", "default")
        if request.POST.get(name) in {"0", "1"}
    }
    if told:
        acts.mark_view(act_now(request.standing), view, **told)
    return redirect("saved:views")


def _shown_by(path: str, view: SavedView) -> str:
    """The list as a view shows it."""
    return ViewFace(view, "", favourite=False, default=False, own=True, path=path).href


def _view(request: OfficerRequest, key: uuid.UUID, action: str) -> SavedView:
    view = SavedView.objects.select_related("audience").filter(public_id=key, ended=False).first()
    if view is None or not may(request.standing, action, view):
        raise Http404
    return view
