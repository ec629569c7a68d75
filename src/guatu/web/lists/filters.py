"""Filters of a list: chips with counts, held in the URL, several at once."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from django.db.models import BooleanField, Count, ExpressionWrapper, F, Q, QuerySet

Labels = Mapping[str, str] | Callable[[], Mapping[str, str]]
Key: TypeAlias = F | ExpressionWrapper
Groups: TypeAlias = Iterable[tuple[Sequence[object], int]]
"""What a filter's keys are in some rows, and how many rows those are."""


@dataclass(frozen=True)
class Chip:
    """One choice of a filter as shown."""

    value: str
    label: str
    count: int
    chosen: bool


class Look(StrEnum):
    """How a filter stands on the line above a list."""

    LINE = "line"
    """All its chips beside each other."""
    MENU = "menu"
    """A button that opens them: there may be more than stand on a line."""
    TYPED = "typed"
    """A box to type in, which offers them: there may be thousands."""


MOST_ON_LINE = 6


@dataclass(frozen=True)
class Filter(ABC):
    """A named choice of several values; values the filter does not know are ignored.

    A ``folded`` one is used so rarely that its chips, however few, stand in a menu.
    """

    id: str
    label: str
    folded: bool = field(default=False, kw_only=True)

    @property
    def look(self) -> Look:
        """How it is shown; it follows from the declaration alone, so that the line keeps still."""
        return Look.MENU

    @abstractmethod
    def condition(self, values: Sequence[str]) -> Q:
        """Condition that keeps rows with any of ``values``."""

    @abstractmethod
    def chips(self, rows: QuerySet, values: Sequence[str]) -> list[Chip]:
        """Choices with the number of ``rows`` each would keep; one query."""


@dataclass(frozen=True)
class KeyedFilter(Filter):
    """A filter whose choices follow from a few keys of a row.

    Filters of this kind are counted together: one pass over the rows serves all of them.
    """

    @abstractmethod
    def keys(self) -> Sequence[Key]:
        """Expressions with one value a row."""

    @abstractmethod
    def counted(self, groups: Groups, values: Sequence[str]) -> list[Chip]:
        """Choices of rows grouped by the keys; groups of equal keys are added up."""

    def chips(self, rows: QuerySet, values: Sequence[str]) -> list[Chip]:
        """Count for this filter alone."""
        return self.counted(grouped(rows, self.keys()), values)


def grouped(rows: QuerySet, keys: Sequence[Key]) -> list[tuple[tuple[object, ...], int]]:
    """Number of ``rows`` by the values of ``keys``; one query."""
    names = [f"key_{place}" for place in range(len(keys))]
    keyed = rows.order_by().annotate(**dict(zip(names, keys, strict=True)))
    found = keyed.values_list(*names).annotate(rows_of_group=Count("*"))
    return [(row[:-1], row[-1]) for row in found]


@dataclass(frozen=True)
class ChoiceFilter(KeyedFilter):
    """Values of one column, in the order of ``labels`` (a mapping or a function giving one).

    Choices that no row has are left out unless chosen. ``field`` has one value a row.
    """

    field: str
    labels: Labels

    @property
    def look(self) -> Look:
        """Few known choices stand on the line."""
        few = not callable(self.labels) and len(self.labels) <= MOST_ON_LINE
        return Look.LINE if few and not self.folded else Look.MENU

    def _labels(self) -> Mapping[str, str]:
        return self.labels() if callable(self.labels) else self.labels

    def condition(self, values: Sequence[str]) -> Q:
        """Any of the known values."""
        known = [value for value in values if value in self._labels()]
        return Q(**{f"{self.field}__in": known}) if known else Q()

    def keys(self) -> Sequence[Key]:
        """The column."""
        return (F(self.field),)

    def counted(self, groups: Groups, values: Sequence[str]) -> list[Chip]:
        """Count by value."""
        counts: Counter[str] = Counter()
        for (value,), number in groups:
            counts[str(value)] += number
        return [
            Chip(value, label, counts.get(value, 0), value in values)
            for value, label in self._labels().items()
            if counts.get(value) or value in values
        ]


@dataclass(frozen=True)
class ConditionFilter(KeyedFilter):
    """Choices that are conditions, such as 本周到期; ``(value, label, condition)`` each."""

    choices: tuple[tuple[str, str, Q], ...]

    @property
    def look(self) -> Look:
        """Few conditions stand on the line."""
        few = len(self.choices) <= MOST_ON_LINE
        return Look.LINE if few and not self.folded else Look.MENU

    def condition(self, values: Sequence[str]) -> Q:
        """Any of the chosen conditions."""
        kept = Q()
        for value, _, condition in self.choices:
            if value in values:
                kept |= condition
        return kept

    def keys(self) -> Sequence[Key]:
        """Whether each condition holds."""
        return [
            ExpressionWrapper(condition, BooleanField(null=True))
            for _, _, condition in self.choices
        ]

    def counted(self, groups: Groups, values: Sequence[str]) -> list[Chip]:
        """Count by condition; a row may keep several."""
        counts = [0] * len(self.choices)
        for held, number in groups:
            for place, holds in enumerate(held):
                counts[place] += number if holds else 0
        return [
            Chip(value, label, count, value in values)
            for (value, label, _), count in zip(self.choices, counts, strict=True)
        ]

    def chips(self, rows: QuerySet, values: Sequence[str]) -> list[Chip]:
        """Count for this filter alone; an index may find the few rows that count at all."""
        return super().chips(rows.filter(self.condition([c[0] for c in self.choices])), values)


@dataclass(frozen=True)
class TypedFilter(KeyedFilter):
    """One of very many choices: what is typed, in whole or in part, keeps the rows it finds.

    The ``most`` frequent choices are offered while typing, as chips that are not chosen; what was
    typed stands as a chip of its own, also where it finds nothing. ``hint`` says what to type.
    """

    hint: str
    most: int = 200

    @property
    def look(self) -> Look:
        """A box to type in."""
        return Look.TYPED
