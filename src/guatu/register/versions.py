"""Versioned rows: what was known from when to when, beside the rows that hold today.

Each versioned model ``X`` has a sibling ``XVersion`` with the same columns, made by
:func:`version_of`. ``recording`` writes both; nothing else may. A day D stands for all that was
recorded before 00:00 of D+1 in Asia/Shanghai.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q, QuerySet

from guatu.register.initials import initials_of

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Derived:
    """What a column follows from: the name of another of the row, and how."""

    source: str
    follow: Callable[[Any], Any]


SPELT: Mapping[str, Derived] = {"initials": Derived("title", initials_of)}
"""Of what is found by the pinyin initials of its title."""


class Versioned(models.Model):
    """A row whose every state is kept. ``revision`` is its optimistic lock.

    ``derived`` are columns that follow from others; ``recording`` sets them whenever it writes
    what they follow from.
    """

    derived: ClassVar[Mapping[str, Derived]] = {}
    revision = models.PositiveIntegerField(default=1)
    known_from = models.DateTimeField()

    class Meta:
        abstract = True


class Version(models.Model):
    """One past or present state of a versioned row."""

    known_to = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def identity(self) -> int:
        """Primary key of the row this is a state of."""
        return self.row_id  # type: ignore[attr-defined, no-any-return]


VERSIONS: dict[type[models.Model], type[Version]] = {}

Row = TypeVar("Row", bound=Versioned)


def version_of(model: type[Versioned], *mixins: type) -> type[Version]:
    """Build and register the version model of ``model``; assign it beside the model.

    ``mixins`` are plain classes with properties that both kinds of row share.
    """
    name = f"{model.__name__}Version"
    meta = type(
        "Meta",
        (),
        {
            "app_label": model._meta.app_label,
            "indexes": [
                models.Index(fields=["row", "known_from"], name=_index_name(model, "row")),
                models.Index(fields=["known_from", "known_to"], name=_index_name(model, "span")),
            ],
        },
    )
    attributes: dict[str, Any] = {
        "__module__": model.__module__,
        "__qualname__": name,
        "__doc__": f"One state of a {model.__name__}.",
        "Meta": meta,
        "row": models.ForeignKey(model, on_delete=models.CASCADE, related_name="versions"),
    }
    for field in model._meta.local_fields:
        if not field.primary_key:
            attributes[field.name] = _copy(field)
    made: type[Version] = type(name, (*mixins, Version), attributes)
    VERSIONS[model] = made
    return made


def _index_name(model: type[models.Model], tail: str) -> str:
    return f"{model._meta.app_label[:6]}_{model.__name__.lower()[:14]}_{tail}"


def _copy(field: "models.Field[Any, Any]") -> "models.Field[Any, Any]":
    """Same column without uniqueness; references stay readable but bind nothing.

    Of the indexes only the way to the subject stays: past lists and pages come by it.
    """
    if isinstance(field, models.ForeignKey):
        return models.ForeignKey(
            field.remote_field.model,
            on_delete=models.DO_NOTHING,
            db_constraint=False,
            related_name="+",
            null=field.null,
            db_index=field.name == "subject",
        )
    copied = field.clone()
    # Django offers no public way to drop it.
    copied._unique = False  # type: ignore[attr-defined]  # noqa: SLF001 -- see above
    return copied


def tracked(model: type[models.Model]) -> "list[models.Field[Any, Any]]":
    """Columns whose changes are events: all but the key, the lock and the version time."""
    skipped = {"revision", "known_from"} if issubclass(model, Versioned) else set()
    return [f for f in model._meta.local_fields if not f.primary_key and f.name not in skipped]


def end_of(day: dt.date) -> dt.datetime:
    """First moment no longer part of ``day``.

    >>> end_of(dt.date(2025, 3, 1)).isoformat()
    '2025-03-02T00:00:00+08:00'
    """
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), SHANGHAI)


def rows_as_of(model: type[Row], day: dt.date | None) -> QuerySet[Any]:
    """Rows of ``model`` as they are (``None``) or as they were known on ``day``.

    Both answers have the same columns, so one filter serves both. Rows of the past have the key of
    the living row in ``identity``/``row_id``; link them by ``public_id``.
    """
    if day is None:
        return model._default_manager.all()
    moment = end_of(day)
    states: QuerySet[Any] = VERSIONS[model]._default_manager.all()
    return states.filter(Q(known_to__gte=moment) | Q(known_to=None), known_from__lt=moment)
