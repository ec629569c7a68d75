"""The only way to write a versioned row: the row, its version and its event together.

A row of a model without versions may be written here too: its event then holds every column, and
`guatu audit verify` compares them with the row.

Every function runs inside the caller's transaction or opens one, so an event exists exactly when
its change does. What an officer says with a 密级 mark is refused here, whatever the act.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from django.db import models, router, transaction

from guatu.register.bulk import adapted, insert_adapted, insert_rows, reserve_keys, update_rows
from guatu.register.enums import Effect
from guatu.register.errors import Stale
from guatu.register.keys import uuid7, uuid7s
from guatu.register.marks import refuse_marked
from guatu.register.models.events import Event, SampleRow
from guatu.register.policies import Standing
from guatu.register.values import Json, exact, plain, stored, vacant
from guatu.register.versions import VERSIONS, Derived, Versioned, tracked

__all__ = [
    "BATCH",
    "Act",
    "Json",
    "change",
    "change_many",
    "create",
    "create_columns",
    "create_many",
    "mark_sample",
    "note",
    "plain",
    "stored",
    "subject_id_of",
    "write_events",
]

Row = TypeVar("Row", bound=models.Model)
BATCH = 500


@dataclass(frozen=True)
class Act:
    """Who acts, when, on which campaign day, and why.

    ``standing`` is None when the system itself acts (timer, set-up). All events of one act share
    ``batch``. ``sample`` marks every row written as part of the removable sample. ``through`` names
    the token by which a program acts in the officer's name; every event tells it.
    """

    standing: Standing | None
    at: dt.datetime
    business_date: dt.date
    reason: str = ""
    sample: bool = False
    batch: uuid.UUID = field(default_factory=uuid7)
    through: str = ""

    @property
    def told(self) -> str:
        """Reason as the events tell it, with the token that was used."""
        means = f"经接口令牌 {self.through}" if self.through else ""
        return f"{self.reason}（{means}）" if self.reason and means else self.reason or means

    def because(self, reason: str) -> "Act":
        """Return the same act with a reason; events stay in the same batch."""
        return replace(self, reason=reason)

    def afresh(self) -> "Act":
        """Return the same act, of which it is open on whose behalf it is done."""
        return self if self.standing is None else replace(self, standing=self.standing.afresh())

    def not_before(self, moment: dt.datetime) -> "Act":
        """Return the same act at ``moment`` or, when it is later anyway, as it is."""
        return self if self.at >= moment else replace(self, at=moment)


def create(act: Act, verb: str, row: Row) -> Row:
    """Insert ``row`` with its event and, where its model is versioned, its first version."""
    create_many(act, verb, [row])
    return row


def create_many(act: Act, verb: str, rows: Sequence[Row]) -> Sequence[Row]:
    """Insert rows of one model; one event each, a constant number of statements.

    The values on ``rows`` become what the database gives back, so that replaying the event gives
    the stored row. Rows of models without versions are recorded alike.
    """
    if not rows:
        return rows
    model = type(rows[0])
    for row in rows:
        if isinstance(row, Versioned):
            _derive(row, row.derived)
            row.known_from = act.at
            row.revision = 1
    for column in tracked(model):
        _settle(column, rows)
    with transaction.atomic():
        _give_keys(model, rows)
        _insert(act, verb, model, _columns(model, rows), [subject_id_of(row) for row in rows])
        for row in rows:
            # Public under this name in Django's reference of model instances.
            row._state.adding, row._state.db = False, router.db_for_write(model)  # noqa: SLF001 -- see above
    return rows


def create_columns(
    act: Act, verb: str, model: type[models.Model], columns: Mapping[str, Sequence[object]]
) -> None:
    """Insert rows nobody needs back as :func:`create_many` does, given column by column.

    ``columns``: attribute name → values, aligned, ``subject_id`` among them; what is not named
    takes its default. Not for models with columns derived from others.
    """
    count = len(columns["subject_id"])
    if not count:
        return
    with transaction.atomic():
        told: dict[str, Sequence[object]] = {model._meta.pk.attname: reserve_keys(model, count)}
        if issubclass(model, Versioned):
            told |= {"revision": [1] * count, "known_from": [act.at] * count}
        for column in tracked(model):
            given = columns.get(column.attname)
            values = [column.get_default() for _ in range(count)] if given is None else given
            kept = exact(column)
            told[column.attname] = [
                value if value is None or type(value) is kept else stored(column, value)
                for value in values
            ]
        _insert(act, verb, model, told, told["subject_id"])


def change(act: Act, verb: str, row: Row, **values: Any) -> Row:  # noqa: ANN401 -- any column
    """Set columns of ``row``; nothing is written when nothing differs.

    Raises Stale when the row's ``revision`` is no longer the stored one.
    """
    change_many(act, verb, [(row, values)])
    return row


def change_many(act: Act, verb: str, changes: Sequence[tuple[Row, Mapping[str, Any]]]) -> int:
    """Apply ``(row, values)`` pairs of one model; returns how many rows really changed.

    A row stands at most once in ``changes``. When the clock has gone back since a row was last
    changed, the change counts from that earlier change: knowledge never ends before it began.
    """
    if not changes:
        return 0
    model = type(changes[0][0])
    if len({row.pk for row, _ in changes}) != len(changes):
        raise ValueError("a row is changed once in one call")
    touched: list[tuple[Row, dict[str, Json]]] = []
    names: set[str] = set()
    for row, values in changes:
        delta = _delta(model, row, values)
        if delta:
            if act.standing is not None:
                for name in delta:
                    refuse_marked(act, name, [getattr(row, name)])
            touched.append((row, delta))
            names |= set(delta)
    if not touched:
        return 0
    rows = [row for row, _ in touched]
    with transaction.atomic():
        if issubclass(model, Versioned):
            act = act.not_before(max(row.known_from for row in rows))  # type: ignore[attr-defined]
            _lock(model, rows)
            for row in rows:
                row.revision += 1  # type: ignore[attr-defined]
                row.known_from = act.at  # type: ignore[attr-defined]
            names |= {"revision", "known_from"}
        columns = sorted(names)
        told = ((row.pk, [getattr(row, name) for name in columns]) for row in rows)
        update_rows(model, columns, told)
        _close_versions(model, rows, act.at)
        _open_versions(model, adapted(model, _columns(model, rows)))
        write_events(act, verb, touched, Effect.CHANGED)
    return len(touched)


def note(act: Act, verb: str, row: models.Model, changes: Mapping[str, Json] | None = None) -> None:
    """Record something that happened to ``row`` without changing a versioned column."""
    with transaction.atomic():
        write_events(act, verb, [(row, dict(changes or {}))], Effect.NOTED)


def write_events(
    act: Act,
    verb: str,
    touched: Sequence[tuple[models.Model, Mapping[str, Json]]],
    effect: Effect,
) -> None:
    """Append one event per touched row, in order."""
    rows = [row for row, _ in touched]
    told = {
        "model": [row._meta.label for row in rows],
        "row": [row.pk for row in rows],
        "thing": [getattr(row, "public_id", None) for row in rows],
        "subject_id": [subject_id_of(row) for row in rows],
        "changes": [changes for _, changes in touched],
    }
    _append(act, verb, effect, told)


def _append(act: Act, verb: str, effect: Effect, told: Mapping[str, Sequence[object]]) -> None:
    """Append events: ``told`` holds the columns in which they differ."""
    if act.standing is not None:
        refuse_marked(act, "reason", [act.reason])
    officer = act.standing.officer if act.standing else None
    behalf = act.standing.behalf.post if act.standing else None
    count = len(told["changes"])
    same = {
        "at": act.at,
        "business_date": act.business_date,
        "officer_id": officer.pk if officer else None,
        "actor": officer.username if officer else "system",
        "behalf_id": behalf.pk if behalf else None,
        "verb": verb,
        "effect": effect.value,
        "batch": act.batch,
        "reason": act.told,
        "is_sample": act.sample,
        "withdrawn_by_id": None,
    }
    columns: dict[str, Sequence[object]] = {
        "public_id": uuid7s(count, int(act.at.timestamp() * 1000)),
        **told,
        **{name: [value] * count for name, value in same.items()},
    }
    insert_adapted(Event, adapted(Event, columns))


def mark_sample(rows: Iterable[models.Model]) -> None:
    """Remember rows as part of the removable sample."""
    insert_rows(SampleRow, ["model", "row"], ((row._meta.label, row.pk) for row in rows))


def subject_id_of(row: models.Model) -> int | None:
    """Subject a row hangs on: itself, its ``subject``, or that of what it belongs to."""
    if row._meta.label == "register.Subject":
        return int(row.pk)
    found = getattr(row, "subject_id", None)
    return None if found is None else int(found)


def _settle(column: "models.Field[Any, Any]", rows: Sequence[models.Model]) -> None:
    """Make the values of a column what the database gives back."""
    name, kept = column.attname, exact(column)
    if isinstance(column, models.ForeignKey):
        _refer(column, rows)
    for row in rows:
        value = vars(row)[name]
        if value is not None and type(value) is not kept:
            setattr(row, name, stored(column, value))


def _refer(column: "models.ForeignKey[Any, Any]", rows: Sequence[models.Model]) -> None:
    """Take over the keys of rows that had none yet when they were referred to."""
    for row in rows:
        if vars(row)[column.attname] is None and column.is_cached(row):
            other = getattr(row, column.name)
            if other is not None and other.pk is None:
                message = f"{column} refers to a row that is not saved"
                raise ValueError(message)
            setattr(row, column.name, other)


def _give_keys(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    keyless = [row for row in rows if row.pk is None]
    if keyless:
        for row, key in zip(keyless, reserve_keys(model, len(keyless)), strict=True):
            row.pk = key


def _insert(
    act: Act,
    verb: str,
    model: type[models.Model],
    columns: Mapping[str, Sequence[object]],
    subjects: Sequence[object],
) -> None:
    """Write rows with their versions, their events and, of the sample, the note that they are."""
    keys, label = columns[model._meta.pk.attname], model._meta.label
    if act.standing is not None:
        for column in tracked(model):
            if isinstance(column, models.CharField | models.TextField):
                refuse_marked(act, column.name, columns[column.attname])
    written = adapted(model, columns)
    insert_adapted(model, written)
    _open_versions(model, written)
    told = {
        "model": [label] * len(keys),
        "row": keys,
        "thing": columns.get("public_id", [None] * len(keys)),
        "subject_id": subjects,
        "changes": _news(model, columns),
    }
    _append(act, verb, Effect.CREATED, told)
    if act.sample:
        insert_rows(SampleRow, ["model", "row"], ((label, key) for key in keys))


def _columns(model: type[models.Model], rows: Sequence[models.Model]) -> dict[str, list[object]]:
    """Values of the rows column by column."""
    names = [column.attname for column in model._meta.local_concrete_fields]
    return {name: [getattr(row, name) for row in rows] for name in names}


def _news(
    model: type[models.Model], columns: Mapping[str, Sequence[object]]
) -> list[dict[str, Json]]:
    """What the event of each new row tells: every column that is not vacant."""
    keys = columns[model._meta.pk.attname]
    news: list[dict[str, Json]] = [{} for _ in keys]
    for column in tracked(model):
        name, empty = column.attname, vacant(column)
        for new, told in zip(news, map(plain, columns[name]), strict=True):
            if told != empty:
                new[name] = [None, told]
    return news


def _derive(row: models.Model, derived: Mapping[str, Derived]) -> None:
    for name, one in derived.items():
        setattr(row, name, one.follow(getattr(row, one.source)))


def _delta(model: type[Row], row: Row, values: Mapping[str, Any]) -> dict[str, Json]:
    """Set the values on ``row`` and tell which columns differ, as old → new."""
    columns = {column.attname: column for column in tracked(model)}
    # A name may be that of a reference or of its key.
    named = {name: name if name in columns else f"{name}_id" for name in values}
    derived = row.derived if isinstance(row, Versioned) else {}
    derived = {name: one for name, one in derived.items() if one.source in values}
    touched = {*named.values(), *derived}
    before = {name: plain(getattr(row, name)) for name in columns if name in touched}
    for name, attname in named.items():
        setattr(row, name, values[name])
        setattr(row, attname, stored(columns[attname], getattr(row, attname)))
    _derive(row, derived)
    after = {name: plain(getattr(row, name)) for name in before}
    return {name: [old, after[name]] for name, old in before.items() if old != after[name]}


def _lock(model: type[Row], rows: Sequence[Row]) -> None:
    """Hold the rows and check that nobody moved them on since they were read."""
    wanted = {row.pk: row.revision for row in rows}  # type: ignore[attr-defined]
    keys = list(wanted)
    stored: dict[int, int] = {}
    for start in range(0, len(keys), BATCH):
        part = model._default_manager.select_for_update().filter(pk__in=keys[start : start + BATCH])
        stored.update(part.values_list("pk", "revision"))
    if any(stored.get(key) != revision for key, revision in wanted.items()):
        raise Stale("这条记录刚被别人改过。")


def _open_versions(model: type[models.Model], written: Mapping[str, Sequence[Any]]) -> None:
    """Begin a version of each row; ``written`` holds its columns as the database takes them."""
    sibling = VERSIONS.get(model)
    if sibling is None:
        return
    columns = dict(written)
    keys = columns.pop(model._meta.pk.attname)
    insert_adapted(sibling, {"row_id": keys, "known_to": [None] * len(keys), **columns})


def _close_versions(model: type[Row], rows: Sequence[Row], at: dt.datetime) -> None:
    sibling = VERSIONS.get(model)
    if sibling is None:
        return
    keys = [row.pk for row in rows]
    for start in range(0, len(keys), BATCH):
        part = keys[start : start + BATCH]
        spans: models.QuerySet[Any] = sibling._default_manager.filter(known_to=None)
        spans.filter(row_id__in=part).update(known_to=at)
