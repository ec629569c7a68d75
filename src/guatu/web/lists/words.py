"""What the address of a list asks for, in words: what a view keeps, told before it is kept."""

from collections.abc import Iterator, Mapping

from django.db.models import QuerySet
from django.http import QueryDict

from guatu.web.components import Told
from guatu.web.lists import layout
from guatu.web.lists.chosen import as_asked
from guatu.web.lists.filters import Filter
from guatu.web.lists.listing import narrowed
from guatu.web.lists.page import ListPage
from guatu.web.lists.state import ListState, read_state
from guatu.web.requests import OfficerRequest

ALL = "全部记录，列、分组和排序按列表原样"
AS_DECLARED = "列表原样"


def in_words(request: OfficerRequest, page: type[ListPage], query: str) -> list[Told]:
    """Words of a query string; one query for each filter chosen from."""
    lines = _words(request, page, query)
    return [Told(*line) for line in lines.items()] or [Told("内容", ALL)]


def compared(request: OfficerRequest, page: type[ListPage], before: str, now: str) -> list[Told]:
    """Words of what would be, each with what it was where that differs."""
    old, new = _words(request, page, before), _words(request, page, now)
    labels = dict.fromkeys([*new, *old])
    none = dict.fromkeys(labels, "不限") | dict.fromkeys(("列", "分组", "排序"), AS_DECLARED)
    lines = [(name, new.get(name, none[name]), old.get(name, none[name])) for name in labels]
    found = [Told(name, now, was if was != now else "") for name, now, was in lines]
    return found or [Told("内容", ALL)]


def _words(request: OfficerRequest, page: type[ListPage], query: str) -> Mapping[str, str]:
    """Search, filters, columns, grouping and order, only those that say something."""
    listed = as_asked(request, page, QueryDict(query))
    offered, filters = listed.page_columns(), listed.page_filters()
    sortable = {column.id: column for column in offered if column.sort}
    ways = {one.id: one for one in listed.page_groupings()}
    state = read_state(QueryDict(query), [one.id for one in filters], sortable, ways)
    rows = listed.rows(request.standing, None)
    words = {"查找": f"「{state.search}」"} if state.search else {}
    found = listed.search(rows, state.search)
    words |= dict(_chosen(found, filters, state))
    for name, label in page.asks.items():
        values = QueryDict(query).getlist(name)
        words |= {label: "、".join(values)} if values else {}
    shown = layout.shown(offered, state)
    if shown != layout.at_first(offered):
        words["列"] = "、".join(column.header for column in shown)
    if state.group:
        words["分组"] = f"按{ways[state.group].label}"
    if state.sort:
        way = "从后往前" if state.descending else "从前往后"
        words["排序"] = f"按「{sortable[state.sort].header}」{way}"
    return words


def _chosen(
    found: QuerySet, filters: tuple[Filter, ...], state: ListState
) -> Iterator[tuple[str, str]]:
    """Filters chosen from, each with the names of what is chosen; what no row has is counted."""
    for one in filters:
        values = state.chosen[one.id]
        if not values:
            continue
        chips = one.chips(narrowed(found, filters, state, one.id), values)
        names = [chip.label for chip in chips if chip.chosen]
        rest = len(values) - len(names)
        if rest:
            names.append(f"另 {rest} 项现在没有记录")
        yield one.label, "、".join(names)
