"""Events of a project as lines of history: field, old → new, who, when and why."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby, pairwise

from guatu.investment.fields import FIELDS
from guatu.investment.models import Category, Stage
from guatu.register.enums import Basis, PartyRole
from guatu.register.models import Event, Indicator, Organisation, Post
from guatu.web.components import Change
from guatu.web.format import UNDATED
from guatu.web.history.lines import actor_words, day_apart

COLUMNS: Mapping[str, Mapping[str, str]] = {
    "investment.Project": {
        {"category": "category_id", "stage": "stage_id"}.get(name, name): one.label
        for name, one in FIELDS.items()
        if name != "unit"
    },
    "register.Subject": {"unit_id": "责任单位"},
    "loop.Activity": {
        "due": "期限",
        "forecast": "预计完成",
        "finished": "实际完成",
        "note": "说明",
    },
    "loop.Lamp": {"colour": "灯"},
    "investment.MonthlyImage": {"words": "形象进度目标"},
    "register.Evidence": {"title": "佐证材料"},
}
NAMED = {"category_id": Category, "stage_id": Stage, "unit_id": Organisation, "post_id": Post}
PLAN = "node.plan"
PLACE = "register.Place"
DAYS = frozenset({"due", "forecast", "finished"})
LAMPS = {"red": "红", "amber": "黄", "green": "绿", "unrated": "未评"}


@dataclass
class Names:
    """What keys in events stand for, and what rows created in them are called.

    ``positions``: what a position took the place of, by the key of its event.
    """

    rows: dict[tuple[str, int], str] = field(default_factory=dict)
    nodes: Mapping[int, str] = field(default_factory=dict)
    images: Mapping[int, str] = field(default_factory=dict)
    indicators: dict[int, str] = field(default_factory=dict)
    positions: Mapping[int, str] = field(default_factory=dict)


def history_of(
    events: Sequence[Event],
    nodes: Mapping[int, str],
    images: Mapping[int, str],
    known: Mapping[tuple[str, int], str],
) -> list[Change]:
    """Write events, newest first; one query for each kind of key that occurs and is not ``known``.

    ``nodes`` and ``images`` name the rows of the timetable and of the monthly targets; ``known``
    others by column and key.
    """
    names = Names(_names(events, known), nodes, images, positions=_positions(events))
    if any(event.model == "register.Observation" for event in events):
        names.indicators = dict(Indicator.objects.values_list("pk", "name"))
    shown: list[Change] = []
    for (_, planned), group in groupby(events, lambda event: (event.batch, event.verb == PLAN)):
        some = list(group)
        if planned:
            shown.append(_plan(some))
        else:
            shown += [line for event in some for line in _lines(event, names)]
    return shown


def _plan(events: Sequence[Event]) -> Change:
    """Write a timetable laid in one act as one line."""
    first = events[0]
    who = actor_words(first)
    dated = sum("due" in event.changes for event in events)
    words = f"{len(events)} 个节点，其中 {dated} 个已定日期"
    return Change(first.at, who, "排节点", UNDATED, words, first.reason, day_apart(first))


def _names(
    events: Iterable[Event], known: Mapping[tuple[str, int], str]
) -> dict[tuple[str, int], str]:
    wanted: dict[str, set[int]] = {column: set() for column in NAMED}
    for event in events:
        for column, keys in wanted.items():
            keys |= {key for key in event.changes.get(column, ()) if isinstance(key, int)}
    found = dict(known)
    for column, keys in wanted.items():
        unread = {key for key in keys if (column, key) not in known}
        if unread:
            rows = NAMED[column]._default_manager.filter(pk__in=unread)
            rows = rows.select_related("organisation") if column == "post_id" else rows
            found |= {(column, row.pk): str(row) for row in rows}
    return found


def _lines(event: Event, names: Names) -> Iterator[Change]:
    who = actor_words(event)
    if event.model == "register.Observation":
        yield from _figure(event, who, names)
        return
    if event.model == "register.Party":
        yield from _party(event, who, names)
        return
    if event.model == PLACE:
        words = _position(event)
        was = names.positions.get(event.pk, "")
        yield Change(event.at, who, "位置", was, words, event.reason, day_apart(event))
        return
    for column, label in COLUMNS.get(event.model, {}).items():
        if column not in event.changes:
            continue
        old, new = (_word(column, value, names) for value in event.changes[column])
        if old == new:
            continue  # an empty list or a mark not set says nothing
        if column in DAYS:
            old, new = old or UNDATED, new or UNDATED
        yield Change(
            event.at, who, _prefixed(event, label, names), old, new, event.reason, day_apart(event)
        )


def _prefixed(event: Event, label: str, names: Names) -> str:
    if event.row is None:
        return label
    if event.model == "loop.Activity":
        return f"{names.nodes.get(event.row, '节点')} {label}"
    if event.model == "investment.MonthlyImage":
        return f"{names.images.get(event.row, '')} {label}".strip()
    return label


def _figure(event: Event, who: str, names: Names) -> Iterator[Change]:
    if event.effect != "created":
        return  # the superseding figure tells it
    new = {column: pair[1] for column, pair in event.changes.items()}
    key = new.get("indicator_id")
    name = names.indicators.get(key, "") if isinstance(key, int) else ""
    basis = "累计" if new.get("basis") == Basis.CUMULATIVE else ""
    value = new.get("value")
    words = None if value is None else f"{value} 万元"
    yield Change(
        event.at,
        who,
        f"{new.get('period', '')} {name}{basis}",
        "",
        words,
        event.reason,
        day_apart(event),
    )


def _positions(events: Iterable[Event]) -> dict[int, str]:
    """What each position took the place of, by the key of its event; ``events`` newest first."""
    told = [event for event in events if event.model == PLACE]
    return {event.pk: _position(before) for event, before in pairwise(told)}


def _position(event: Event) -> str:
    """A place as the map tells it, else by its address."""
    new = {column: pair[1] for column, pair in event.changes.items()}
    if new.get("longitude") is None:
        return f"{new.get('name', '')} {new.get('address', '')}".strip()
    east, north = Decimal(str(new["longitude"])), Decimal(str(new["latitude"]))
    return f"东经 {east:.6f}°、北纬 {north:.6f}°"


def _party(event: Event, who: str, names: Names) -> Iterator[Change]:
    if event.effect != "created":
        yield Change(event.at, who, "参与方", "在列", "取消", event.reason, day_apart(event))
        return
    new = {column: pair[1] for column, pair in event.changes.items()}
    named = [
        _word(column, new[column], names) for column in ("post_id", "unit_id") if column in new
    ]
    name = named[0] if named else str(new.get("outside_name", ""))
    role = PartyRole(str(new["role"])).label
    yield Change(event.at, who, str(role), "无", name, event.reason, day_apart(event))


def _word(column: str, value: object, names: Names) -> str | None:
    if value is None or not str(value) or value == []:
        return None
    if column in NAMED and isinstance(value, int):
        return names.rows.get((column, value))
    if column == "colour":
        return LAMPS.get(str(value), str(value))
    if isinstance(value, list):
        return "、".join(map(str, value))
    if isinstance(value, bool):
        return "有" if value else None
    return str(value)
