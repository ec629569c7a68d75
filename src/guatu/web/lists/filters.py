"""Filters of a list: chips with counts, held in the URL, several at once."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

Labels = Mapping[str, str] | Callable[[], Mapping[str, str]]


@dataclass(frozen=True)
class Chip:
    """One choice of a filter as shown."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Filter(ABC):
    """A named choice of several values; values the filter does not know are ignored."""

    id: str
    label: str

    @abstractmethod
    def condition(self, values: Sequence[str]) -> Q:
        """Condition that keeps rows with any of ``values``."""

    @abstractmethod
    def chips(self, rows: QuerySet, values: Sequence[str]) -> list[Chip]:
        """Choices with the number of ``rows`` each would keep; one query."""


@dataclass(frozen=True)
class ChoiceFilter(Filter):
    """Values of one column, in the order of ``labels`` (a mapping or a function giving one).

    Choices that no row has are left out unless chosen. ``field`` has one value a row.
    """

    field: str
    labels: Labels

    def _labels(self) -> Mapping[str, str]:
        return self.labels() if callable(self.labels) else self.labels

    def condition(self, values: Sequence[str]) -> Q:
        """Any of the known values."""
        known = [value for value in values if value in self._labels()]
        return Q(**{f"{self.field}__in": known}) if known else Q()

    def chips(self, rows: QuerySet, values: Sequence[str]) -> list[Chip]:
        """Count by value."""
        counted = rows.order_by().values_list(self.field).annotate(n=Count("pk"))
        return self.counted(counted, values)

    def counted(self, numbers: Iterable[tuple[object, int]], values: Sequence[str]) -> list[Chip]:
        """Choices with numbers known already; those of equal values are added up."""
        counts: Counter[str] = Counter()
        for value, number in numbers:
            counts[str(value)] += number
        return [
            Chip(value, label, counts.get(value, 0), value in values)
            for value, label in self._labels().items()
            if counts.get(value) or value in values
        ]


@dataclass(frozen=True)
class ConditionFilter(Filter):
    """Choices that are conditions, such as 本周到期; ``(value, label, condition)`` each."""

    choices: tuple[tuple[str, str, Q], ...]

    def condition(self, values: Sequence[str]) -> Q:
        """Any of the chosen conditions."""
        kept = Q()
        for value, _, condition in self.choices:
            if value in values:
                kept |= condition
        return kept

    def chips(self, rows: QuerySet, values: Sequence[str]) -> list[Chip]:
        """Count all conditions in one query."""
        counts = rows.order_by().aggregate(
            **{
                f"choice_{place}": Count("pk", filter=condition)
                for place, (_, _, condition) in enumerate(self.choices)
            }
        )
        return [
            Chip(value, label, counts[f"choice_{place}"], value in values)
            for place, (value, label, _) in enumerate(self.choices)
        ]
