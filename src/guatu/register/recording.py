"""The only way to write a versioned row: the row, its version and its event together.

Every function runs inside the caller's transaction or opens one, so an event exists exactly when
its change does.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, TypeVar

from django.db import models, transaction

from guatu.register.errors import Stale
from guatu.register.keys import uuid7
from guatu.register.models.events import Event, SampleRow
from guatu.register.policies import Standing
from guatu.register.versions import VERSIONS, Version, Versioned, tracked

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
Row = TypeVar("Row", bound=Versioned)
BATCH = 500


@dataclass(frozen=True)
class Act:
    """Who acts, when, on which campaign day, and why.

    ``standing`` is None when the system itself acts (timer, set-up). All events of one act share
    ``batch``. ``sample`` marks every row written as part of the removable sample.
    """

    standing: Standing | None
    at: dt.datetime
    business_date: dt.date
    reason: str = ""
    sample: bool = False
    batch: uuid.UUID = field(default_factory=uuid7)

    def because(self, reason: str) -> "Act":
        """Return the same act with a reason; events stay in the same batch."""
        return replace(self, reason=reason)


def create(act: Act, verb: str, row: Row) -> Row:
    """Insert ``row`` with its first version and event."""
    create_many(act, verb, [row])
    return row


def create_many(act: Act, verb: str, rows: Sequence[Row]) -> Sequence[Row]:
    """Insert rows of one model; one event each, a constant number of statements per 500."""
    if not rows:
        return rows
    model = type(rows[0])
    fields = tracked(model)
    with transaction.atomic():
        for row in rows:
            row.known_from = act.at
            row.revision = 1
        model._default_manager.bulk_create(rows, batch_size=BATCH)
        _open_versions(rows, act.at)
        news: list[dict[str, Json]] = []
        for row in rows:
            values = {f.attname: plain(getattr(row, f.attname)) for f in fields}
            news.append({name: [None, v] for name, v in values.items() if v not in (None, "")})
        write_events(act, verb, list(zip(rows, news, strict=True)))
        if act.sample:
            mark_sample(rows)
    return rows


def change(act: Act, verb: str, row: Row, **values: Any) -> Row:  # noqa: ANN401 -- any column
    """Set columns of ``row``; nothing is written when nothing differs.

    Raises Stale when the row's ``revision`` is no longer the stored one.
    """
    change_many(act, verb, [(row, values)])
    return row


def change_many(act: Act, verb: str, changes: Sequence[tuple[Row, Mapping[str, Any]]]) -> int:
    """Apply ``(row, values)`` pairs of one model; returns how many rows really changed."""
    if not changes:
        return 0
    model = type(changes[0][0])
    touched: list[tuple[Row, dict[str, Json]]] = []
    names: set[str] = set()
    for row, values in changes:
        delta = _delta(model, row, values)
        if delta:
            touched.append((row, delta))
            names |= set(values)
    if not touched:
        return 0
    with transaction.atomic():
        _lock(model, [row for row, _ in touched])
        for row, _ in touched:
            row.revision += 1
            row.known_from = act.at
        rows = [row for row, _ in touched]
        model._default_manager.bulk_update(
            rows, [*names, "revision", "known_from"], batch_size=BATCH
        )
        _close_versions(model, rows, act.at)
        _open_versions(rows, act.at)
        write_events(act, verb, touched)
    return len(touched)


def note(act: Act, verb: str, row: models.Model, changes: Mapping[str, Json] | None = None) -> None:
    """Record something that happened to ``row`` without changing a versioned column."""
    with transaction.atomic():
        write_events(act, verb, [(row, dict(changes or {}))])


def write_events(
    act: Act, verb: str, touched: Sequence[tuple[models.Model, Mapping[str, Json]]]
) -> None:
    """Append one event per touched row, in order."""
    officer = act.standing.officer if act.standing else None
    milliseconds = int(act.at.timestamp() * 1000)
    Event._default_manager.bulk_create(
        [
            Event(
                public_id=uuid7(milliseconds),
                at=act.at,
                business_date=act.business_date,
                officer=officer,
                actor=officer.username if officer else "system",
                verb=verb,
                model=row._meta.label,
                row=row.pk,
                thing=getattr(row, "public_id", None),
                subject_id=subject_id_of(row),
                batch=act.batch,
                changes=changes,
                reason=act.reason,
                is_sample=act.sample,
            )
            for row, changes in touched
        ],
        batch_size=BATCH,
    )


def mark_sample(rows: Iterable[models.Model]) -> None:
    """Remember rows as part of the removable sample."""
    SampleRow._default_manager.bulk_create(
        [SampleRow(model=row._meta.label, row=row.pk) for row in rows], batch_size=BATCH
    )


def subject_id_of(row: models.Model) -> int | None:
    """Subject a row hangs on: itself, its ``subject``, or that of what it belongs to."""
    if row._meta.label == "register.Subject":
        return int(row.pk)
    found = getattr(row, "subject_id", None)
    return None if found is None else int(found)


def plain(value: Any) -> Json:  # noqa: ANN401 -- any column value
    """Value of a column as JSON that replays to the same value: dates ISO, decimals as text."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, uuid.UUID):
        return str(value)
    return value  # type: ignore[no-any-return]


def _delta(model: type[Row], row: Row, values: Mapping[str, Any]) -> dict[str, Json]:
    """Set the values on ``row`` and tell which columns differ, as old → new."""
    delta: dict[str, Json] = {}
    for name, value in values.items():
        column = model._meta.get_field(name)
        old = plain(getattr(row, column.attname))
        setattr(row, name, value)
        new = plain(getattr(row, column.attname))
        if old != new:
            delta[column.attname] = [old, new]
    return delta


def _lock(model: type[Row], rows: Sequence[Row]) -> None:
    """Hold the rows and check that nobody moved them on since they were read."""
    wanted = {row.pk: row.revision for row in rows}
    keys = list(wanted)
    stored: dict[int, int] = {}
    for start in range(0, len(keys), BATCH):
        part = model._default_manager.select_for_update().filter(pk__in=keys[start : start + BATCH])
        stored.update(part.values_list("pk", "revision"))
    if any(stored.get(key) != revision for key, revision in wanted.items()):
        message = "这条记录刚被别人改过，请刷新后再提交，您填写的内容不会丢失。"
        raise Stale(message)


def _open_versions(rows: Sequence[Versioned], at: dt.datetime) -> None:
    sibling: type[Version] = VERSIONS[type(rows[0])]
    columns = [f.attname for f in type(rows[0])._meta.local_fields if not f.primary_key]
    sibling._default_manager.bulk_create(
        [
            sibling(
                row_id=row.pk, known_to=None, **{name: getattr(row, name) for name in columns}
            )
            for row in rows
        ],
        batch_size=BATCH,
    )


def _close_versions(model: type[Row], rows: Sequence[Row], at: dt.datetime) -> None:
    sibling = VERSIONS[model]
    keys = [row.pk for row in rows]
    for start in range(0, len(keys), BATCH):
        part = keys[start : start + BATCH]
        sibling._default_manager.filter(row_id__in=part, known_to=None).update(known_to=at)
