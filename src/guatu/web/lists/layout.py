"""Which columns a reader sees, and in what order: as declared, or as the address says.

``cols=due&cols=owner`` names them in their order; ``hide=due`` of older addresses leaves columns
out of those shown at first. The menu 列 is a form of boxes (``cols``) and of places (``at-due=3``),
with the ``order`` they stood in; it is answered with the address that says the same by ``cols``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict

from guatu.web.lists.columns import WIDTHS, Column
from guatu.web.lists.state import ListState

COLUMNS, HIDDEN, ORDER, PLACE = "cols", "hide", "order", "at-"
SENT = frozenset({COLUMNS, HIDDEN, ORDER})
"""What of the address the menu says anew."""
MOST_WIDTH = 1366 - 88 - 2 * 24 - 16 - 44 - 52  # less menu, page edges, scroll bar, boxes, row menu
NUMBER = re.compile("-?[0-9]{1,3}")


@dataclass(frozen=True)
class Choice:
    """A column as the menu offers it: whether it is shown, and its place from 1."""

    column: Column
    shown: bool
    place: int


def at_first(offered: Sequence[Column]) -> list[Column]:
    """Columns of a list that nobody has chosen from."""
    return [column for column in offered if not column.optional]


def shown(offered: Sequence[Column], state: ListState) -> list[Column]:
    """Columns as the address says, those it does not know left out; the name never is."""
    known = {column.id: column for column in offered}
    named = [known[name] for name in state.columns if name in known]
    if named:
        missing = [column for column in offered if column.name and column not in named]
        return [*missing, *named]
    return [c for c in at_first(offered) if c.name or c.id not in state.hidden]


def choices(offered: Sequence[Column], now: Sequence[Column]) -> list[Choice]:
    """All columns for the menu: those shown in their order, then the others as declared."""
    others = [column for column in offered if column not in now]
    return [Choice(column, column in now, place) for place, column in enumerate([*now, *others], 1)]


def width(columns: Sequence[Column]) -> int:
    """Pixels the columns need on a desktop."""
    return sum(WIDTHS[column.style] for column in columns)


def settled(query: QueryDict, offered: Sequence[Column]) -> str | None:
    """The query string that says what the sent menu means; None where no menu was sent.

    A place that was changed goes before the column that has it where it became smaller, behind it
    where it became larger.
    """
    if ORDER not in query:
        return None
    known = [column.id for column in offered]
    before = [name for name in str(query[ORDER]).split(",") if name in known]
    before = list(dict.fromkeys([*before, *known]))
    told = {name: _told(query, name, place) for place, name in enumerate(before, 1)}
    turned = {name: told[name] - place for place, name in enumerate(before, 1)}
    order = sorted(before, key=lambda name: (told[name], (turned[name] > 0) - (turned[name] < 0)))
    ticked = {*query.getlist(COLUMNS), *(column.id for column in offered if column.name)}
    chosen = [name for name in order if name in ticked]
    kept = query.copy()
    for name in [name for name in kept if name in SENT or name.startswith(PLACE)]:
        del kept[name]
    if chosen != [column.id for column in at_first(offered)]:
        kept.setlist(COLUMNS, chosen)
    return kept.urlencode()


def _told(query: QueryDict, name: str, place: int) -> int:
    """The place that was sent, else the one it had."""
    text = query.get(f"{PLACE}{name}", "").strip()
    return int(text) if NUMBER.fullmatch(text) else place
