"""Filters of projects that the plain ones do not cover."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from guatu.register.enums import PartyRole
from guatu.register.models import Party, Post
from guatu.web.lists import Chip, Filter

UNKNOWN = "unknown"
POST_KEY = re.compile("[0-9]{1,18}")


@dataclass(frozen=True)
class KnownFilter(Filter):
    """Values of a column that may be unknown: 未知 is a choice of its own."""

    field: str
    labels: Callable[[], Mapping[str, str]]
    unknown: str = "未知"

    def _choices(self) -> Mapping[str, str]:
        return {**self.labels(), UNKNOWN: self.unknown}

    def condition(self, values: Sequence[str]) -> Q:
        """Any of the known values, and 未知."""
        choices = self._choices()
        known = [value for value in values if value in choices and value != UNKNOWN]
        kept = Q(**{f"{self.field}__in": known}) if known else Q()
        if UNKNOWN in values:
            kept |= Q(**{f"{self.field}__isnull": True})
        return kept

    def chips(self, rows: QuerySet, values: Sequence[str]) -> list[Chip]:
        """Count by value; choices no row has are left out unless chosen."""
        counted = rows.order_by().values_list(self.field).annotate(n=Count("pk"))
        counts = {UNKNOWN if value is None else str(value): n for value, n in counted}
        return [
            Chip(value, label, counts.get(value, 0), value in values)
            for value, label in self._choices().items()
            if counts.get(value) or value in values
        ]


@dataclass(frozen=True)
class LeaderFilter(Filter):
    """包保领导 by post, in protocol order; a ``quiet`` one shows only what is chosen."""

    quiet: bool = False

    def condition(self, values: Sequence[str]) -> Q:
        """Projects on which any of the posts is named; what is no post's key is ignored."""
        keys = [int(value) for value in values if POST_KEY.fullmatch(value)]
        if not keys:
            return Q()
        named = Party.objects.filter(role=PartyRole.LEADER, ended=False, post_id__in=keys)
        return Q(subject_id__in=named.values("subject_id"))

    def chips(self, rows: QuerySet, values: Sequence[str]) -> list[Chip]:
        """Count by post; two queries, whatever their number."""
        if self.quiet and not values:
            return []
        named = Party.objects.filter(
            role=PartyRole.LEADER,
            ended=False,
            post__isnull=False,
            subject_id__in=rows.order_by().values("subject_id"),
        )
        counts = dict(named.order_by().values_list("post_id").annotate(n=Count("subject")))
        posts = Post.objects.filter(pk__in=counts).select_related("organisation")
        return [
            Chip(str(post.pk), str(post), counts[post.pk], str(post.pk) in values)
            for post in posts.order_by("organisation__order_path", "rank", "pk")
        ]
