"""What the URL of a list says: search, chosen values, order, grouping, columns, page."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.http import QueryDict

PAGE = re.compile("[1-9][0-9]{0,6}")


@dataclass(frozen=True)
class ListState:
    """The reader's choices. What the list does not know is dropped, never an error."""

    search: str
    chosen: Mapping[str, tuple[str, ...]]
    sort: str
    descending: bool
    page: int
    hidden: frozenset[str] = frozenset()
    group: str = ""
    columns: tuple[str, ...] = ()


def read_state(
    query: QueryDict,
    filters: Collection[str],
    sortable: Collection[str],
    groupings: Collection[str] = (),
) -> ListState:
    """Read the state from the query string; ``sort=-due`` means by due, largest first."""
    wanted = query.get("sort", "")
    sort = wanted.removeprefix("-")
    page, group = query.get("page", "1"), query.get("group", "")
    return ListState(
        search=query.get("q", "").replace("\0", "").strip()[:100],
        chosen={name: tuple(filter(None, dict.fromkeys(query.getlist(name)))) for name in filters},
        sort=sort if sort in sortable else "",
        descending=wanted.startswith("-"),
        page=int(page) if PAGE.fullmatch(page) else 1,
        hidden=frozenset(query.getlist("hide")),
        group=group if group in groupings else "",
        columns=tuple(dict.fromkeys(query.getlist("cols"))),
    )
