"""Filters by a unit, a post or a subject that rows name."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Q, QuerySet

from guatu.register.models import Organisation, Post, Subject
from guatu.web.lists.filters import Chip, Filter, Groups, Key, KeyedFilter, Look


@dataclass(frozen=True)
class UnitFilter(KeyedFilter):
    """Units: those with most rows, in protocol order; the address may ask for any.

    ``field`` is the reference to the unit.
    """

    field: str
    most: int = 12

    def condition(self, values: Sequence[str]) -> Q:
        """Any of the units by code."""
        return Q(**{f"{self.field}__code__in": list(values)})

    def keys(self) -> Sequence[Key]:
        """The unit."""
        return (F(f"{self.field}_id"),)

    def counted(self, groups: Groups, values: Sequence[str]) -> list[Chip]:
        """Count by unit; one query for their names."""
        counts: Counter[object] = Counter()
        for (unit,), number in groups:
            counts[unit] += number
        units = Organisation.objects.filter(pk__in=[key for key in counts if key is not None])
        ranked = sorted(units, key=lambda unit: (unit.code not in values, -counts[unit.pk]))
        return [
            Chip(unit.code, unit.short_name or unit.name, counts[unit.pk], unit.code in values)
            for unit in sorted(ranked[: self.most], key=lambda unit: (unit.order_path, unit.code))
        ]


@dataclass(frozen=True)
class PostFilter(KeyedFilter):
    """Posts: those with most rows, in protocol order; the address may ask for any.

    ``field`` is the reference to the post.
    """

    field: str
    most: int = 12

    def condition(self, values: Sequence[str]) -> Q:
        """Any of the posts by public id; what is none asks for nothing there is."""
        return Q(**{f"{self.field}__public_id__in": [one for one in values if _is_key(one)]})

    def keys(self) -> Sequence[Key]:
        """The post."""
        return (F(f"{self.field}_id"),)

    def counted(self, groups: Groups, values: Sequence[str]) -> list[Chip]:
        """Count by post; one query for their names."""
        counts: Counter[object] = Counter()
        for (post,), number in groups:
            counts[post] += number
        found = Post.objects.filter(pk__in=[key for key in counts if key is not None])
        posts = found.select_related("organisation")
        ranked = sorted(posts, key=lambda one: (str(one.public_id) not in values, -counts[one.pk]))
        shown = sorted(ranked[: self.most], key=_protocol)
        return [
            Chip(str(one.public_id), str(one), counts[one.pk], str(one.public_id) in values)
            for one in shown
        ]


def _protocol(post: Post) -> tuple[str, int, int]:
    return post.organisation.order_path, post.rank, post.pk


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


@dataclass(frozen=True)
class SubjectFilter(Filter):
    """What rows hang on, by code; shown only where the address asks for it."""

    @property
    def look(self) -> Look:
        """What was asked for stands on the line."""
        return Look.LINE

    def condition(self, values: Sequence[str]) -> Q:
        """Any of the subjects."""
        return Q(subject__code__in=list(values))

    def chips(self, rows: QuerySet, values: Sequence[str]) -> list[Chip]:
        """The chosen ones that have rows; no query where none is chosen."""
        if not values:
            return []
        found = rows.order_by().filter(subject__code__in=list(values))
        counts = Counter(found.values_list("subject_id", flat=True))
        subjects = Subject.objects.filter(pk__in=counts).order_by("code")
        return [Chip(one.code, one.title, counts[one.pk], True) for one in subjects]
