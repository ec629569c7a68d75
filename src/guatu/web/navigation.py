"""The menus: at most seven first-level items, and what administrators find under their name."""

from dataclasses import dataclass
from functools import cache

from django.urls import Resolver404, resolve

from guatu.register.enums import ADMINISTRATORS, Role
from guatu.register.policies import Standing


@dataclass(frozen=True)
class Item:
    """A menu item; ``roles`` empty means every role that does business.

    ``on_phone`` items stand in the bottom bar, the others under 更多. ``also`` are the beginnings
    of pages that are reached from it and lie elsewhere. ``key`` pressed after ``g`` leads there.
    """

    name: str
    path: str
    icon: str
    roles: frozenset[Role] = frozenset()
    on_phone: bool = False
    also: tuple[str, ...] = ()
    query: str = ""
    key: str = ""

    @property
    def href(self) -> str:
        """Address of the item; a list opens as the officer's default view."""
        return f"{self.path}?{self.query}" if self.query else self.path

    def open_to(self, standing: Standing) -> bool:
        """Tell whether the item is any use to the officer; the page itself asks its policy."""
        roles = self.roles or frozenset(Role) - ADMINISTRATORS
        return standing.has(*roles)

    def holds(self, path: str) -> bool:
        """Tell whether ``path`` is a page beneath this item."""
        return path.startswith((self.path, *self.also))


INSIDE = frozenset(Role) - ADMINISTRATORS - {Role.ENTERPRISE}

MAIN = (
    Item("工作台", "/desk/", "desk", on_phone=True, key="d"),
    Item("驾驶舱", "/cockpit/", "cockpit", INSIDE, key="c"),
    Item("挂图", "/wall/", "wall", INSIDE, key="w"),
    Item(
        "责任事项",
        "/duties/",
        "duties",
        on_phone=True,
        query="view=default",
        also=("/blockers/", "/letters/"),
        key="t",
    ),
    Item("项目", "/projects/", "projects", on_phone=True, query="view=default", key="p"),
    Item("企业", "/enterprises/", "enterprises", on_phone=True, query="view=default", key="e"),
    Item("材料", "/intake/", "intake", frozenset({Role.OFFICE, Role.UNIT})),
)

MANAGEMENT = (
    Item(
        "组织与岗位",
        "/organisations/",
        "organisations",
        INSIDE | {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN},
    ),
    Item("工作日历", "/calendars/", "clock", INSIDE),
    Item("攻坚行动", "/campaign/", "flag", frozenset({Role.OFFICE, Role.SYSTEM_ADMIN})),
    Item("账号", "/officers/", "officers", frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN})),
    Item("操作日志", "/log/", "log", frozenset({Role.AUDIT_ADMIN})),
    Item("项目地图", "/map/", "pin", INSIDE, key="m"),
    Item("每周简报", "/brief/", "quote", INSIDE, key="z"),
    Item("意见建议", "/suggestions/", "plus", frozenset(Role)),
    Item("帮助", "/help/", "help", frozenset(Role), key="h"),
)

BY_KEY = (
    *(item for item in (*MAIN, *MANAGEMENT) if item.key),
    Item("堵点", "/blockers/", "", INSIDE, key="b"),
    Item("两函一单", "/letters/", "", INSIDE, key="l"),
    Item("消息", "/inbox/", "", key="i"),
)
"""Rooms that a letter after ``g`` leads to."""


@cache
def exists(path: str) -> bool:
    """Tell whether the address has a page; a menu never leads to one that has not."""
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def items_for(standing: Standing, items: tuple[Item, ...]) -> list[Item]:
    """Items of a menu that exist and are open to the officer, in their order."""
    return [item for item in items if item.open_to(standing) and exists(item.path)]


def home_of(standing: Standing) -> str:
    """Where an officer lands after signing in: the desk, else the first page open to them."""
    open_items = items_for(standing, MAIN) or items_for(standing, MANAGEMENT)
    return open_items[0].path if open_items else "/account/"
