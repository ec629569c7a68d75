"""Events as lines of history; names of what they refer to are looked up together."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from guatu.register.enums import Effect
from guatu.register.models import Event
from guatu.register.versions import end_of
from guatu.web import format as written
from guatu.web.components import Change
from guatu.web.history.codes import ROWS, WORDS
from guatu.web.history.names import column_name, model_name
from guatu.web.history.verbs import verb_name

EMPTY = "无"
WITHDRAWN = "内容已依规撤回"
NAMES_READ = 90
UNREMARKABLE = frozenset({"示例", "事项", "在用", "排序"})
LONGEST = 200
"""Characters of a value that are shown; the log keeps all of it."""

# What the name of a row reads, so that a page of history costs one query a table.
JOINED = {
    "register.Post": ("organisation",),
    "register.Holding": ("officer", "post__organisation"),
    "register.SourceCell": ("workbook",),
}


def events_of(
    *,
    subject_ids: Collection[int] = (),
    rows: Collection[tuple[str, int]] = (),
    as_of: dt.date | None = None,
    limit: int = 50,
) -> QuerySet[Event]:
    """Newest events that hang on the subjects or on single rows (``("register.Post", 7)``)."""
    chosen = Q(subject_id__in=subject_ids) if subject_ids else Q(pk__in=[])
    keys: dict[str, list[int]] = defaultdict(list)
    for label, key in rows:
        keys[label].append(key)
    for label, found in keys.items():
        chosen |= Q(model=label, row__in=found)
    events = (
        Event.objects.filter(chosen)
        .select_related("officer", "behalf__organisation")
        .order_by("-at", "-pk")
    )
    return (events if as_of is None else events.filter(at__lt=end_of(as_of)))[:limit]


def history_of(
    events: Iterable[Event],
    known: Iterable[models.Model | None] = (),
    about: Mapping[tuple[str, int], str] | None = None,
) -> list[Change]:
    """Write events as lines, in their order; one query for each table that is referred to.

    Rows that the page has read already are ``known`` and not read again. ``about`` tells rows of
    one table apart (``("loop.Finding", 7)``): its words stand before what became different.
    """
    told = [(event, _columns(event)) for event in events]
    names = _names([columns for _, columns in told], known)
    words = about or {}
    return [
        replace(line, what=f"{said}：{line.what}") if said else line
        for event, columns in told
        for said in (words.get((event.model, event.row or 0), ""),)
        for line in _lines(event, columns, names)
    ]


def changed_columns(events: Iterable[Event]) -> dict[str, tuple[Any, Change]]:
    """What one row's events, newest first, changed by the end: column → value before, and its line.

    What came back to what it was is no change; who and when are those of the last hand.
    """
    net: dict[str, _Net] = {}
    for event in events:
        for name, field, old, new in _columns(event) if event.withdrawn_by_id is None else ():
            if field is not None:
                last = net.get(field.attname)
                first = _Net(event, name, field, old, new)
                net[field.attname] = first if last is None else replace(last, old=old)
    moved = {column: one for column, one in net.items() if one.old != one.new}
    names = _names([[(one.name, one.field, one.old, one.new) for one in moved.values()]], ())
    return {column: (one.old, one.line(names)) for column, one in moved.items()}


Told = list[tuple[str, "models.Field[Any, Any] | None", Any, Any]]
Names = dict[type[models.Model] | tuple[str, str], Mapping[Any, str]]
"""Words for keys of a table, and for the codes of a column."""


@dataclass(frozen=True)
class _Net:
    """A column over several events: the last of them, and the values before and after them all."""

    event: Event
    name: str
    field: "models.Field[Any, Any]"
    old: Any
    new: Any

    def line(self, names: Names) -> Change:
        before, after = (_word(self.field, value, names) for value in (self.old, self.new))
        event = self.event
        who, on = actor_words(event), day_apart(event)
        return Change(event.at, who, self.name, before, after, event.reason, on)


def _columns(event: Event) -> Told:
    """Columns of the event that are told: name, field, old, new."""
    try:
        fields = {field.attname: field for field in apps.get_model(event.model)._meta.local_fields}
    except LookupError:
        fields = {}
    found: Told = []
    # A database may keep the keys of JSON in an order of its own; readers get the table's.
    places = {column: place for place, column in enumerate(fields)}
    ordered = sorted(event.changes.items(), key=lambda one: places.get(one[0], len(places)))
    for column, pair in ordered:
        name = column_name(event.model, column)
        if name and isinstance(pair, list) and len(pair) == 2:  # noqa: PLR2004 -- old and new
            found.append((name, fields.get(column), pair[0], pair[1]))
    return found


def _names(told: Iterable[Told], known: Iterable[models.Model | None]) -> Names:
    read: dict[type[models.Model], dict[Any, str]] = defaultdict(dict)
    for row in known:
        if row is not None:
            read[type(row)][row.pk] = str(row)
    wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
    for columns in told:
        for _, field, old, new in columns:
            if isinstance(field, models.ForeignKey):
                wanted[field.remote_field.model] |= {old, new} - {None}
    coded = {_place(field) for columns in told for _, field, _, _ in columns if field is not None}
    names: Names = {place: WORDS[place]() for place in coded & WORDS.keys()}
    for model, keys in wanted.items():
        have, unread = read[model], keys - read[model].keys()
        if unread:
            rows = model._default_manager.filter(pk__in=unread)
            joined = rows.select_related(*JOINED.get(model._meta.label, ()))
            have |= {row.pk: str(row) for row in joined}
        names[model] = have
    return names


def _place(field: "models.Field[Any, Any]") -> tuple[str, str]:
    """Table and column, as the tables of names have them."""
    return field.model._meta.label, field.attname


def _lines(event: Event, columns: Told, names: Names) -> Iterator[Change]:
    line = partial(Change, event.at, actor_words(event), on=day_apart(event))
    if event.withdrawn_by_id is not None:
        yield line(verb_name(event.verb), None, WITHDRAWN)
    elif event.effect == Effect.CREATED:
        what = f"新增{model_name(event.model)}"
        yield line(what, EMPTY, _summary(columns, names), event.reason)
    else:
        for name, field, old, new in columns:
            before, after = _word(field, old, names), _word(field, new, names)
            yield line(name, before, after, event.reason)
        if event.effect == Effect.NOTED and not columns:
            yield line("办理", EMPTY, verb_name(event.verb), event.reason)


def day_apart(event: Event) -> dt.date | None:
    """Campaign's day of an event where it is not the day on which it was recorded."""
    same = timezone.localdate(event.at) == event.business_date
    return None if same else event.business_date


def actor_words(event: Event) -> str:
    """Who acted and, where they deputised, for which post."""
    who = event.officer.name if event.officer else "系统"
    return f"{who}（代{event.behalf}）" if event.behalf_id is not None else who


def _summary(columns: Told, names: Names) -> str:
    """First told columns of a new row in a few words."""
    parts = [
        f"{name} {_word(field, new, names)}"
        for name, field, _, new in columns
        if new not in (None, "", False, [], {}) and name not in UNREMARKABLE
    ]
    if not parts:
        return "已登记"
    whole = [parts[0]]
    for part in parts[1:]:
        if len("，".join([*whole, part])) > NAMES_READ:
            return _clipped("，".join(whole), NAMES_READ - 3) + f"，等 {len(parts)} 项"
        whole.append(part)
    return _clipped(whole[0], NAMES_READ) if len(whole) == 1 else "，".join(whole)


def _word(field: "models.Field[Any, Any] | None", value: Any, names: Names) -> str:  # noqa: ANN401 -- a value of any column
    """A value as people read it."""
    if value is None or value == "":
        return EMPTY
    if isinstance(field, models.ForeignKey):
        return names.get(field.remote_field.model, {}).get(value, "（已不在）")
    if field is not None and (told := _told(field, value, names)):
        return told
    if isinstance(field, models.DecimalField):
        return _figure(value)
    return _moment(field, value) or _plain(value)


def _moment(field: "models.Field[Any, Any] | None", value: Any) -> str:  # noqa: ANN401 -- as above
    """A moment or a time of day to the minute; empty for anything else."""
    if isinstance(field, models.DateTimeField):
        return f"{timezone.localtime(dt.datetime.fromisoformat(value)):%Y-%m-%d %H:%M}"
    if isinstance(field, models.TimeField):
        return written.clock(dt.time.fromisoformat(value))
    return ""


def _told(field: "models.Field[Any, Any]", value: Any, names: Names) -> str:  # noqa: ANN401 -- as above
    """Write what a column's own words say of a value; empty where it has none."""
    if write := ROWS.get(_place(field)):
        return _clipped(write(value) or EMPTY, LONGEST)
    words = names.get(_place(field)) or dict(field.flatchoices)
    return str(words.get(value, value)) if words else ""


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return _clipped("、".join(str(part) for part in value) or EMPTY, LONGEST)
    if isinstance(value, dict):
        return "有" if value else EMPTY
    return _clipped(str(value), LONGEST)


def _figure(value: object) -> str:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    places = max(0, -int(number.normalize().as_tuple().exponent))
    return written.number(number, places)


def _clipped(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
