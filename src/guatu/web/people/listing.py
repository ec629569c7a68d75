"""The list of accounts, for the system and the security administrator."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse

from guatu.register.models import Holding, Officer
from guatu.register.policies import Standing, may
from guatu.web.lists import Column, ConditionFilter, Kind, ListPage, MenuItem
from guatu.web.lists.columns import Row
from guatu.web.requests import OfficerRequest


def posts_of(row: Officer) -> str:
    """Posts held, in protocol order, with their roles."""
    held = sorted(row.held, key=lambda h: (h.post.organisation.order_path, h.post.rank))  # type: ignore[attr-defined]
    return "、".join(f"{h.post}（{h.post.get_role_display()}）" for h in held)


def password_of(row: Officer) -> str:
    """Whether the first password was ever changed."""
    return "待首次修改" if row.must_change_password else "已设置"


class OfficerList(ListPage):
    """Accounts with the posts they hold; accounts without a post on top."""

    request: OfficerRequest

    title = "账号"
    note = "账号由系统管理员建立，岗位由安全管理员任命；没有岗位的账号什么也看不到。"
    action = "officer.list"
    columns = (
        Column("name", "姓名", "name", name=True, sort=("name",)),
        Column("username", "登录名", "username", width="m", sort=("username",)),
        Column("posts", "岗位", posts_of, width="xl", missing="没有岗位"),
        Column("state", "状态", lambda row: "启用" if row.is_active else "停用", width="s"),
        Column("password", "密码", password_of, width="s", bare=True),
        Column("login", "最近登录", "last_login", Kind.DATE, width="m", missing="从未登录"),
    )
    search_fields = ("name", "username")
    search_hint = "姓名、登录名"
    default_sort = ("has_post", "pk")

    def page_filters(self) -> tuple[ConditionFilter, ...]:
        """States of an account on the day."""
        choices = (
            ("active", "启用", Q(is_active=True)),
            ("closed", "停用", Q(is_active=False)),
            ("nopost", "没有岗位", Q(has_post=False)),
            ("first", "未改初始密码", Q(must_change_password=True)),
        )
        return (ConditionFilter("state", "状态", choices),)

    def rows(self, standing: Standing, as_of: dt.date | None) -> QuerySet[Officer]:
        """All accounts, with what they hold on the day."""
        day = as_of or standing.today
        held = Holding.objects.filter(Q(until=None) | Q(until__gte=day), since__lte=day)
        joined = held.select_related("post__organisation")
        return Officer.objects.annotate(
            has_post=Exists(held.filter(officer=OuterRef("pk")))
        ).prefetch_related(Prefetch("holdings", joined, to_attr="held"))

    def row_url(self, row: Row) -> str:
        """Page of the account."""
        return reverse("people:officer", args=[row.public_id])

    def row_menu(self, row: Row) -> Sequence[MenuItem]:
        """What the system administrator may do to the account."""
        if not may(self.request.standing, "officer.edit", row):
            return ()
        if not row.is_active:
            return (MenuItem("恢复账号", reverse("people:reactivate", args=[row.public_id])),)
        return (
            MenuItem("重置密码", reverse("people:reset", args=[row.public_id])),
            MenuItem("停用账号", reverse("people:deactivate", args=[row.public_id])),
        )

    template_name = "people/list.html"

    def context(self) -> dict[str, Any]:
        """Tell whether this officer may open accounts."""
        now = self.request.as_of is None
        return {"can_edit": now and may(self.request.standing, "officer.edit")}
