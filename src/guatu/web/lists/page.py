"""The list page: a declaration of columns and filters becomes a view.

    class ProjectList(ListPage):
        title = "项目"
        action = "project.list"
        columns = (
            Column("name", "项目名称", "title", name=True, sort=("title",)),
            Column("money", "总投资", "amount_wan", Kind.NUMBER, unit="万元", total="amount_wan"),
        )
        filters = (ChoiceFilter("stage", "阶段", "stage", dict(Stage.choices)),)
        search_fields = ("title", "code")

        def rows(self, standing, as_of):
            return rows_as_of(Project, as_of).filter(in_sight(standing, "subject__"))

        def row_url(self, row):
            return f"/projects/{row.public_id}/"

Everything the reader chooses is in the URL. The same address answers the whole page, the part that
changes (to htmx) and the workbook (``?export=xlsx``).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views import View

from guatu.register.bulk_plans import MOST
from guatu.register.policies import Standing, may
from guatu.web import asof
from guatu.web.lists import layout
from guatu.web.lists.columns import Column, Kind, Row
from guatu.web.lists.filters import Filter
from guatu.web.lists.groups import Block, Grouping
from guatu.web.lists.listing import Listing, list_rows, narrowed, ordered, searched
from guatu.web.lists.outgoing import workbook
from guatu.web.lists.saved import ViewFace, cleaned, default_of, faces, opened_as
from guatu.web.lists.state import ListState, read_state
from guatu.web.requests import OfficerRequest

PART = "list-part"
MOST_COLUMNS = 8


@dataclass(frozen=True)
class BulkAction:
    """A step for the chosen rows; ``path`` is its 核对 page and gets their keys as ``row``."""

    name: str
    path: str
    action: str = ""


@dataclass(frozen=True)
class MenuItem:
    """One entry of a row's menu; it leads to a page, which asks before it does anything."""

    name: str
    href: str


@dataclass(frozen=True)
class Cell:
    """A drawn cell."""

    column: Column
    content: str

    @property
    def classes(self) -> str:
        """Style names of the cell."""
        names = {
            "frozen cell-name": self.column.name,
            "numeric": self.column.kind is Kind.NUMBER,
            "cell-day": self.column.kind is Kind.DATE,
            "cell-lamp": self.column.kind is Kind.LAMP,
            "is-bare": self.column.bare,
        }
        return " ".join(name for name, holds in names.items() if holds)


@dataclass(frozen=True)
class Line:
    """A drawn row."""

    key: str
    label: str
    href: str
    cells: list[Cell]
    menu: Sequence[MenuItem]


@dataclass(frozen=True)
class DrawnBlock:
    """The drawn rows of a group; ``sums`` are the cells of its own row, None without grouping."""

    block: Block
    lines: list[Line]
    sums: list[tuple[Column, str, str]]


@dataclass(frozen=True)
class Head:
    """A drawn header; ``sort`` is the value that orders by it, empty where it cannot."""

    column: Column
    sort: str
    direction: str


class ListPage(View):
    """A list of rows. Subclasses declare; see the module's docstring.

    ``default_sort`` puts the worst on top. ``action`` is the policy asked for the page; without
    permission it does not exist. ``indexed`` says that each filtered column has an index of its
    own and rows are too many to pass over. ``empty_help`` is one line for an empty list. ``saved``
    names a list of which views are kept. ``groupings`` are what the reader may group it by.
    ``bulk`` steps take ticked rows or all that the filter keeps (`lists.bulk`). ``part_head`` is a
    template above the filters that changes with them. ``asks`` are parameters of the address
    besides filters that say what is shown, with what people call them; views keep them.
    ``search_unit`` is the column with the key of whose a row is: where several words are looked
    for, some may name that unit. ``export_only`` are columns that the workbook always has: by them
    its rows are known again when it comes back as a ledger.
    """

    title: ClassVar[str]
    note: ClassVar[str] = ""
    action: ClassVar[str] = ""
    columns: ClassVar[tuple[Column, ...]]
    export_only: ClassVar[tuple[Column, ...]] = ()
    filters: ClassVar[tuple[Filter, ...]] = ()
    groupings: ClassVar[tuple[Grouping, ...]] = ()
    search_fields: ClassVar[tuple[str, ...]] = ()
    search_unit: ClassVar[str] = ""
    search_hint: ClassVar[str] = "名称、编号、拼音首字母"
    default_sort: ClassVar[tuple[str, ...]] = ()
    page_size: ClassVar[int] = 50
    indexed: ClassVar[bool] = False
    bulk: ClassVar[tuple[BulkAction, ...]] = ()
    empty_help: ClassVar[str] = ""
    template_name: ClassVar[str] = "lists/list.html"
    part_head: ClassVar[str] = ""
    asks: ClassVar[Mapping[str, str]] = {}
    saved: ClassVar[str] = ""
    listing: Listing
    narrowed: bool
    offered: Sequence[Column]
    shown: Sequence[Column]
    views: Sequence[ViewFace]

    def __init_subclass__(cls, **options: object) -> None:
        """Refuse a list that would not fit a 1366-pixel screen without scrolling sideways."""
        super().__init_subclass__(**options)
        columns = layout.at_first(cls.__dict__.get("columns", ()))
        width = layout.width(columns)
        if len(columns) > MOST_COLUMNS or width > layout.MOST_WIDTH:
            message = f"{cls.__name__}: {len(columns)} columns of {width} px do not fit"
            raise ValueError(message)

    def rows(self, standing: Standing, as_of: dt.date | None) -> QuerySet:
        """Rows the officer may see, today or as of a past day, with what the cells read joined."""
        raise NotImplementedError

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        """Rows that ``text`` finds; override where more than columns is searched."""
        return searched(rows, self.search_fields, text, self.search_unit)

    def row_url(self, row: Row) -> str:
        """Address of the row's own page; empty where it has none."""
        raise NotImplementedError

    def row_key(self, row: Row) -> str:
        """Key that stands for the row in bulk steps."""
        return str(row.public_id)

    def row_menu(self, row: Row) -> Sequence[MenuItem]:  # noqa: ARG002 -- for subclasses
        """Entries of the row's menu; none by default."""
        return ()

    @classmethod
    def filter_ids(cls) -> tuple[str, ...]:
        """Names of the filters in the address; override where they depend on the request."""
        return tuple(one.id for one in cls.filters)

    @classmethod
    def view_ids(cls) -> tuple[str, ...]:
        """Names of all in the address that a view keeps of this list."""
        return (*cls.filter_ids(), *cls.asks)

    def page_columns(self) -> tuple[Column, ...]:
        """Columns of this request; override where they depend on the officer."""
        return self.columns

    def export_columns(self) -> tuple[Column, ...]:
        """Columns of the workbook beside those shown; override where they depend on the officer."""
        return self.export_only

    def page_filters(self) -> tuple[Filter, ...]:
        """Filters of this request; override where they depend on the day or the officer."""
        return self.filters

    def page_groupings(self) -> Sequence[Grouping]:
        """Groupings of this request; override where they depend on the day."""
        return self.groupings

    def empty_words(self) -> str:
        """One line for an empty list; override where it depends on the officer."""
        return self.empty_help

    def export_title(self) -> str:
        """Title of the workbook; override where the address says more of what is shown."""
        return self.title

    def context(self) -> dict[str, Any]:
        """More context for the page template: buttons at the top, for one."""
        return {}

    def get(self, request: OfficerRequest, **_: object) -> HttpResponse:
        """Answer with the page, its changing part, or the workbook."""
        if self.action and not may(request.standing, self.action):
            raise Http404
        self.views = faces(request.standing, {self.saved: request.path}) if self.saved else []
        if request.GET.get("view") == "default":
            chosen = default_of(self.views)
            return redirect(asof.keep(chosen.href if chosen else request.path, request.as_of))
        filters = self.page_filters()
        self.offered = self.page_columns()
        sortable = {column.id for column in self.offered if column.sort}
        ways = {one.id: one for one in self.page_groupings()}
        state = read_state(request.GET, [one.id for one in filters], sortable, ways)
        self.shown = layout.shown(self.offered, state)
        settled = layout.settled(request.GET, self.offered)
        if settled is not None:
            return redirect(f"{request.path}?{settled}")
        found = self.search(self.rows(request.standing, request.as_of), state.search)
        if request.GET.get("export") == "xlsx":
            kept = narrowed(found, filters, state)
            rows = ordered(kept, self.offered, state, self.default_sort)
            day = request.as_of or request.standing.today
            way = ways.get(state.group)
            told = self._exported()
            return workbook(self.export_title(), day, told, kept=kept, rows=rows, grouping=way)
        listing = list_rows(
            found,
            columns=self.shown,
            filters=filters,
            state=state,
            default_sort=self.default_sort,
            page_size=self.page_size,
            indexed=self.indexed,
            grouping=ways.get(state.group),
        )
        response = render(request, self._template(request), self._context(request, listing, state))
        patch_vary_headers(response, ["HX-Request", "HX-Target"])
        if request.htmx:
            response.headers["HX-Push-Url"] = _address(request)
        return response

    def _exported(self) -> list[Column]:
        """Columns of the workbook: those shown, and what only a workbook has."""
        there = {column.id for column in self.shown}
        return [*self.shown, *(c for c in self.export_columns() if c.id not in there)]

    def _template(self, request: OfficerRequest) -> str:
        details = request.htmx
        partial = details and details.target == PART and not details.history_restore_request
        return "lists/part.html" if partial else self.template_name

    def _context(
        self, request: OfficerRequest, listing: Listing, state: ListState
    ) -> dict[str, Any]:
        past = request.as_of is not None
        kept = cleaned(request.GET, self.view_ids())
        opened = opened_as(self.views, request.GET.get("view", ""), kept)
        may_save = bool(self.saved) and not past and may(request.standing, "view.save")
        changed = opened is not None and opened.own and not opened.shows(kept)
        self.listing, self.narrowed = listing, bool(state.search or any(state.chosen.values()))
        bulk = [] if past else self._bulk(request.standing)
        blocks = [self._block(block, request.as_of) for block in listing.blocks]
        return {
            "page": self,
            "listing": listing,
            "state": state,
            "heads": [self._head(column, state) for column in self.shown],
            "blocks": blocks,
            "lines": [line for block in blocks for line in block.lines],
            "ways": [(way, way.id == state.group) for way in self.page_groupings()],
            "sums": self._sums(listing),
            "bulk": bulk,
            "most": MOST,
            "kept_query": _kept_query(request),
            "has_menu": any(line.menu for block in blocks for line in block.lines),
            "narrowed": self.narrowed,
            "views": self.views,
            "opened": opened,
            "changed": opened if may_save and changed else None,
            "state_query": kept,
            "may_save": may_save,
            "choices": layout.choices(self.offered, self.shown),
            "is_wide": layout.width(self.shown) > layout.MOST_WIDTH,
            "asked": _asked(request),
            **self.context(),
        }

    def _bulk(self, standing: Standing) -> list[BulkAction]:
        """Steps whose policies this officer has; each is asked once."""
        allowed = {name: may(standing, name) for name in {b.action for b in self.bulk if b.action}}
        return [one for one in self.bulk if allowed.get(one.action, True)]

    def _head(self, column: Column, state: ListState) -> Head:
        if not column.sort:
            return Head(column, "", "")
        if state.sort != column.id:
            return Head(column, column.id, "")
        if state.descending:
            return Head(column, column.id, "descending")
        return Head(column, f"-{column.id}", "ascending")

    def _line(self, row: Row, as_of: dt.date | None) -> Line:
        cells = [Cell(column, column.cell(row, as_of)) for column in self.shown]
        named = next((c for c in self.columns if c.name), self.columns[0])
        menu = () if as_of else self.row_menu(row)
        href = self.row_url(row)
        label = str(named.read(row))
        return Line(self.row_key(row), label, asof.keep(href, as_of) if href else "", cells, menu)

    def _block(self, block: Block, as_of: dt.date | None) -> DrawnBlock:
        lines = [self._line(row, as_of) for row in block.rows]
        group = block.group
        if group is None:
            return DrawnBlock(block, lines, [])
        sums = [(c, group.sums.get(c.id, ""), group.notes.get(c.id, "")) for c in self.shown]
        return DrawnBlock(block, lines, sums)

    def _sums(self, listing: Listing) -> list[tuple[Column, str, str]]:
        """Cells of the 合计 row: column, sum, note; empty when no column is summed."""
        if not listing.sums:
            return []
        return [
            (column, listing.sums.get(column.id, ""), listing.notes.get(column.id, ""))
            for column in self.shown
        ]


def _kept_query(request: OfficerRequest) -> str:
    """All that the address says of which rows are kept; the rest does no harm to it."""
    query = request.GET.copy()
    for name in ("page", "sort", "group", "hide", "cols", "view", "screen"):
        query.pop(name, None)
    return query.urlencode()


def _asked(request: OfficerRequest) -> list[tuple[str, str]]:
    """What the address says besides columns and page, for the menu that sets the columns."""
    dropped = {*layout.SENT, "page"}
    return [
        (name, value)
        for name, values in request.GET.lists()
        if name not in dropped
        for value in values
        if value
    ]


def _address(request: OfficerRequest) -> str:
    """Address of the list without the parameters that say nothing."""
    query = request.GET.copy()
    for name, values in list(query.lists()):
        query.setlist(name, [value for value in values if value])
    told = query.urlencode()
    return f"{request.path}?{told}" if told else request.path
