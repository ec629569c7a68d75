"""The menus: at most seven first-level items, their rooms, and what administrators find.

A first-level item that holds several rooms shows them as one strip above its pages.
"""

from dataclasses import dataclass
from functools import cache

from django.http import HttpRequest
from django.urls import Resolver404, resolve

from guatu.register.enums import ADMINISTRATORS, Role
from guatu.register.policies import Standing, may

OPENING = "view=default"
"""What a list of which views are kept is opened with."""
ELSEWHERE = "其他页面"


@dataclass(frozen=True)
class Room:
    """A second-level page of an item; ``action`` is the policy that opens it, if it has one."""

    name: str
    path: str
    action: str = ""
    query: str = ""

    @property
    def href(self) -> str:
        """Address of the room; a list opens as the officer's default view."""
        return f"{self.path}?{self.query}" if self.query else self.path

    def open_to(self, standing: Standing) -> bool:
        """Tell whether the officer may enter."""
        return not self.action or may(standing, self.action)

    def holds(self, path: str) -> bool:
        """Tell whether ``path`` is a page of this room."""
        return path.startswith(self.path)


@dataclass(frozen=True)
class Item:
    """A menu item; ``roles`` empty means every role that does business.

    ``on_phone`` items stand in the bottom bar, the others under 更多. ``rooms`` are the pages that
    lie beside its own first one. ``key`` pressed after ``g`` leads there.
    """

    name: str
    path: str
    icon: str
    roles: frozenset[Role] = frozenset()
    on_phone: bool = False
    rooms: tuple[Room, ...] = ()
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
        return path.startswith((self.path, *(room.path for room in self.rooms)))


INSIDE = frozenset(Role) - ADMINISTRATORS - {Role.ENTERPRISE}

MAIN = (
    Item("工作台", "/desk/", "desk", on_phone=True, key="d"),
    Item(
        "驾驶舱",
        "/cockpit/",
        "cockpit",
        INSIDE,
        rooms=(
            Room("驾驶舱", "/cockpit/"),
            Room("任务账", "/targets/", "target.list"),
            Room("计分", "/targets/scores/", "target.list"),
            Room("简报", "/brief/", "brief.see"),
        ),
        key="c",
    ),
    Item(
        "挂图",
        "/wall/",
        "wall",
        INSIDE,
        rooms=(Room("挂图", "/wall/"), Room("地图", "/map/", "map.see")),
        key="w",
    ),
    Item(
        "责任事项",
        "/duties/",
        "duties",
        on_phone=True,
        query=OPENING,
        rooms=(
            Room("责任事项", "/duties/", query=OPENING),
            Room("堵点", "/blockers/", "blocker.list", query=OPENING),
            Room("两函一单", "/letters/", query=OPENING),
            Room("调度会", "/meetings/", "dispatch.list", query=OPENING),
            Room("督帮", "/visits/", "visit.list", query=OPENING),
            Room("改革任务", "/reforms/", "reform.list", query=OPENING),
        ),
        key="t",
    ),
    Item(
        "项目",
        "/projects/",
        "projects",
        INSIDE,
        on_phone=True,
        query=OPENING,
        rooms=(
            Room("项目", "/projects/", query=OPENING),
            Room("招商线索", "/leads/", "lead.list", query=OPENING),
            Room("储备项目", "/reserve/", "reserve.list", query=OPENING),
        ),
        key="p",
    ),
    Item(
        "企业",
        "/enterprises/",
        "enterprises",
        on_phone=True,
        query=OPENING,
        rooms=(
            Room("企业", "/enterprises/", query=OPENING),
            Room("企业报数", "/firms/", "firm.figures", query=OPENING),
            Room("一企一策", "/firms/plans/", "firm_plan.list", query=OPENING),
        ),
        key="e",
    ),
    Item("材料", "/intake/", "intake", frozenset({Role.OFFICE, Role.UNIT, Role.ATTRACTION})),
)

MANAGEMENT = (
    Item(
        "组织与岗位",
        "/organisations/",
        "organisations",
        INSIDE | {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN},
        rooms=(
            Room("组织与岗位", "/organisations/"),
            Room("岗位交接", "/handovers/", "handover.list", query=OPENING),
            Room("请假代理", "/absences/", "absence.list", query=OPENING),
        ),
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

ACCOUNT = Item(
    "我的账号",
    "/account/",
    "officers",
    frozenset(Role),
    rooms=(
        Room("我的账号", "/account/"),
        Room("接口令牌", "/account/tokens/", "token.make"),
        Room("数据接口", "/api/"),
    ),
)
"""One's own account; the menu of the name leads there, for whoever holds no post as well."""

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


def rooms_for(standing: Standing, path: str) -> list[tuple[Room, bool]]:
    """Rooms of the first-level item that ``path`` lies in, and which of them it is in.

    None where there is only one, or where the item itself is not the officer's.
    """
    item = next((item for item in (*MAIN, *MANAGEMENT, ACCOUNT) if item.holds(path)), None)
    rooms = item.rooms if item and item.open_to(standing) else ()
    there = [room for room in rooms if exists(room.path) and room.open_to(standing)]
    holding = [room for room in there if room.holds(path)]
    here = max(holding, key=lambda room: len(room.path), default=None)
    return [(room, room is here) for room in there] if len(there) > 1 else []


@cache
def places() -> tuple[tuple[str, str], ...]:
    """Addresses of rooms and menus with what people call them, the nearer before the wider."""
    items = (*BY_KEY, *MANAGEMENT, *MAIN, ACCOUNT)
    # What a page calls itself stands in the strip of rooms: it goes before the menu's own word.
    named = {item.path: item.name for item in items}
    named |= {room.path: room.name for item in items for room in item.rooms}
    return tuple(sorted(named.items(), key=lambda place: -len(place[0])))


def place_of(address: str) -> str:
    """What people call the page of an address: its room, and whether it is one thing in it.

    >>> place_of("/projects/?stage=landing"), place_of("/duties/0190/"), place_of("/nowhere/")
    ('项目', '责任事项中的一页', '其他页面')
    """
    path = address.partition("?")[0].partition("#")[0]
    for start, name in places():
        if path.startswith(start):
            return name if path == start else f"{name}中的一页"
    return ELSEWHERE


def here(request: HttpRequest) -> str:
    """Address whose menus a page belongs to: its own, or the list's that it keeps a view of."""
    place: str = getattr(request, "place", request.path)
    return place


def home_of(standing: Standing) -> str:
    """Where an officer lands after signing in: the desk, else the first page open to them."""
    open_items = items_for(standing, MAIN) or items_for(standing, MANAGEMENT)
    return open_items[0].path if open_items else ACCOUNT.path
