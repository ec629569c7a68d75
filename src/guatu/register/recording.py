"""The only way to write a versioned row: the row, its version and its event together.

A row of a model without versions may be written here too: its event then holds every column, and
`guatu audit verify` compares them with the row.

Every function runs inside the caller's transaction or opens one, so an event exists exactly when
its change does.
"""

import datetime as dt
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypeVar

from django.db import models, router, transaction

from guatu.register.bulk import adapted, insert_adapted, reserve_keys, update_rows
from guatu.register.enums import Effect
from guatu.register.errors import Invalid, Stale
from guatu.register.keys import uuid7, uuid7s
from guatu.register.models.events import Event, SampleRow
from guatu.register.policies import Standing
from guatu.register.versions import VERSIONS, Versioned, tracked

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
Row = TypeVar("Row", bound=models.Model)
BATCH = 500
EXACT_DIGITS = 15


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
        _derive(row)
        if isinstance(row, Versioned):
            row.known_from = act.at
            row.revision = 1
    for column in tracked(model):
        _settle(column, rows)
    with transaction.atomic():
        _give_keys(model, rows)
        columns = _columns(model, rows)
        written = adapted(model, columns)
        insert_adapted(model, written)
        for row in rows:
            # Public under this name in Django's reference of model instances.
            row._state.adding, row._state.db = False, router.db_for_write(model)  # noqa: SLF001 -- see above
        _open_versions(model, written)
        news = list(zip(rows, _news(model, columns), strict=True))
        write_events(act, verb, news, Effect.CREATED)
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
    officer = act.standing.officer if act.standing else None
    rows = [row for row, _ in touched]
    told: dict[str, Sequence[object]] = {
        "public_id": uuid7s(len(rows), int(act.at.timestamp() * 1000)),
        "model": [row._meta.label for row in rows],
        "row": [row.pk for row in rows],
        "thing": [getattr(row, "public_id", None) for row in rows],
        "subject_id": [subject_id_of(row) for row in rows],
        "changes": [changes for _, changes in touched],
    }
    same = {
        "at": act.at,
        "business_date": act.business_date,
        "officer_id": officer.pk if officer else None,
        "actor": officer.username if officer else "system",
        "verb": verb,
        "effect": effect.value,
        "batch": act.batch,
        "reason": act.reason,
        "is_sample": act.sample,
        "withdrawn_by_id": None,
    }
    columns = told | {name: [value] * len(rows) for name, value in same.items()}
    insert_adapted(Event, adapted(Event, columns))


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


_AS_JSON = frozenset({str, int, bool, float, list, dict})


def plain(value: Any) -> Json:  # noqa: ANN401 -- any column value
    """Value of a column as JSON that replays to the same value: dates ISO, decimals as text."""
    if value is None or type(value) in _AS_JSON:
        return value  # type: ignore[no-any-return]
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, uuid.UUID):
        return str(value)
    return value  # type: ignore[no-any-return]


def stored(column: "models.Field[Any, Any]", value: Any) -> Any:  # noqa: ANN401 -- any column
    """Value as the database will give it back: typed, rounded to the column's places.

    Raises Invalid for a figure of more than 15 digits, which SQLite would not keep exactly.
    """
    if value is None:
        return None
    if isinstance(column, models.ForeignKey):
        return column.target_field.to_python(value)
    if isinstance(column, models.JSONField):
        return json.loads(json.dumps(value, ensure_ascii=False))
    value = column.to_python(value)
    if isinstance(column, models.DecimalField):
        return _rounded(value, column.decimal_places)
    return str(value) if isinstance(value, str) else value


def _rounded(value: Decimal, places: int) -> Decimal:
    """Round half up, as every sum in a report is; minus zero is zero."""
    if value.adjusted() + 1 + places > EXACT_DIGITS and value.adjusted() >= EXACT_DIGITS:
        raise Invalid(f"数值 {value} 过大，无法准确保存，请核对单位。")
    exact = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) + 0
    if len(exact.normalize().as_tuple().digits) > EXACT_DIGITS:
        raise Invalid(f"数值 {value} 位数过多，无法准确保存，请核对单位。")
    return exact


def vacant(column: "models.Field[Any, Any]") -> Json:
    """Value that a creating event leaves out: null where allowed, else the empty text."""
    return None if column.null else ""


def _settle(column: "models.Field[Any, Any]", rows: Sequence[models.Model]) -> None:
    """Make the values of a column what the database gives back."""
    name, kept = column.attname, _exact(column)
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


_EXACT = (
    ((models.CharField, models.TextField), str),
    (models.BooleanField, bool),
    (models.IntegerField, int),
    (models.UUIDField, uuid.UUID),
    (models.DateTimeField, dt.datetime),
    (models.DateField, dt.date),
)


def _exact(column: "models.Field[Any, Any]") -> type | None:
    """Type whose values the database gives back as they are; None where each must be looked at."""
    target = column.target_field if isinstance(column, models.ForeignKey) else column
    return next((kept for kind, kept in _EXACT if isinstance(target, kind)), None)


def _give_keys(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    keyless = [row for row in rows if row.pk is None]
    if keyless:
        for row, key in zip(keyless, reserve_keys(model, len(keyless)), strict=True):
            row.pk = key


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


def _derive(row: models.Model) -> None:
    if isinstance(row, Versioned):
        for name, value in row.derived().items():
            setattr(row, name, value)


def _delta(model: type[Row], row: Row, values: Mapping[str, Any]) -> dict[str, Json]:
    """Set the values on ``row`` and tell which columns differ, as old → new."""
    columns = {column.attname: column for column in tracked(model)}
    # A name may be that of a reference or of its key.
    named = {name: name if name in columns else f"{name}_id" for name in values}
    touched = {*named.values(), *(row.derived() if isinstance(row, Versioned) else ())}
    before = {name: plain(getattr(row, name)) for name in columns if name in touched}
    for name, attname in named.items():
        setattr(row, name, values[name])
        setattr(row, attname, stored(columns[attname], getattr(row, attname)))
    _derive(row)
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
        message = "这条记录刚被别人改过，请刷新后再提交，您填写的内容不会丢失。"
        raise Stale(message)


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
