"""Acts on saved views of lists, and which of them an officer may use."""

from django.db import transaction
from django.db.models import Q, QuerySet

from guatu.register.enums import ADMINISTRATORS
from guatu.register.errors import Invalid, Stale
from guatu.register.models import Organisation, SavedView, ViewMark
from guatu.register.policies import Standing, require
from guatu.register.recording import Act, change, create, create_many

NAME_LENGTH, QUERY_LENGTH = 40, 1000
MOST_OWN = 30


def views_in_sight(standing: Standing) -> QuerySet[SavedView]:
    """Views the officer may use: their own, and those shared with a unit they belong to."""
    if not standing.roles - ADMINISTRATORS:
        return SavedView.objects.none()
    shared = Q(audience_id__in=standing.above_ids)
    return SavedView.objects.filter(shared | Q(officer=standing.officer), ended=False)


def own_views(standing: Standing, page: str) -> QuerySet[SavedView]:
    """Views of a list that are the officer's own."""
    return SavedView.objects.filter(officer=standing.officer, page=page, ended=False)


def save_view(
    act: Act, *, page: str, name: str, query: str, audience: Organisation | None = None
) -> SavedView:
    """Keep the address of a list under a name. Raises Invalid naming what is wrong."""
    require(act.standing, "view.save")
    if act.standing is None:
        raise Invalid("视图须由本人保存。")
    officer = act.standing.officer
    if audience is not None:
        require(act.standing, "view.share", audience)
    own = own_views(act.standing, page)
    if own.count() >= MOST_OWN:
        raise Invalid(f"每个列表最多保存 {MOST_OWN} 个视图，请先删除不用的。")
    view = SavedView(
        officer=officer, page=page, name=_checked(name, own), query=_short(query), audience=audience
    )
    return create(act, "view.save", view)


def edit_view(
    act: Act,
    view: SavedView,
    *,
    name: str,
    audience: Organisation | None,
    expected_revision: int | None = None,
) -> SavedView:
    """Rename a view, share it or keep it to oneself again."""
    require(act.standing, "view.edit", view)
    if expected_revision is not None and expected_revision != view.revision:
        raise Stale("这个视图刚被改过。")
    if audience is not None and audience != view.audience:
        require(act.standing, "view.share", audience)
    others = SavedView.objects.filter(officer=view.officer_id, page=view.page, ended=False)
    name = _checked(name, others.exclude(pk=view.pk))
    return change(act, "view.edit", view, name=name, audience=audience)


def renew_view(
    act: Act, view: SavedView, *, query: str, expected_revision: int | None = None
) -> SavedView:
    """Let a view show what another address of its list shows.

    Name, audience, and whose 收藏 and default it is stay as they are.
    """
    require(act.standing, "view.edit", view)
    if expected_revision is not None and expected_revision != view.revision:
        raise Stale("这个视图刚被改过。")
    return change(act, "view.renew", view, query=_short(query))


def remove_view(act: Act, view: SavedView) -> SavedView:
    """Take a view away, for those it was shared with as well."""
    require(act.standing, "view.edit", view)
    return change(act, "view.remove", view, ended=True)


def mark_view(
    act: Act, view: SavedView, *, favourite: bool | None = None, default: bool | None = None
) -> ViewMark:
    """Mark a view as 收藏 or as the default of its list, or unmark it; None leaves a mark as it is.

    A list has one default an officer: the one before loses it.
    """
    require(act.standing, "view.use", view)
    if act.standing is None:
        raise Invalid("视图须由本人标记。")
    officer = act.standing.officer
    wanted = {"favourite": favourite, "default": default}
    values = {name: told for name, told in wanted.items() if told is not None}
    with transaction.atomic():
        if default:
            before = ViewMark.objects.filter(officer=officer, view__page=view.page, default=True)
            for mark in before.exclude(view=view):
                change(act, "view.mark", mark, default=False)
        found = ViewMark.objects.filter(officer=officer, view=view).first()
        if found is None:
            (found,) = create_many(
                act, "view.mark", [ViewMark(officer=officer, view=view, **values)]
            )
            return found
        return change(act, "view.mark", found, **values)


def _short(query: str) -> str:
    if len(query) > QUERY_LENGTH:
        raise Invalid("筛选条件太多，请减少后再保存。")
    return query


def _checked(name: str, others: QuerySet[SavedView]) -> str:
    name = name.strip()
    if not name or len(name) > NAME_LENGTH or not name.isprintable():
        raise Invalid(f"请填写视图名称，不超过 {NAME_LENGTH} 字。", "name")
    if others.filter(name=name).exists():
        raise Invalid(f"您在这个列表已有名为「{name}」的视图。", "name")
    return name
