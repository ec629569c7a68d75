"""Duties of one post: where a post owes what others are to take over."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from guatu.register.models import Post
from guatu.web.lists.filters import Chip, Filter


@dataclass(frozen=True)
class OwnerPostFilter(Filter):
    """The post that owes, by its public key; shown only where the address asks for it."""

    def condition(self, values: Sequence[str]) -> Q:
        """Any of the posts."""
        return Q(owner_post__public_id__in=_keys(values))

    def chips(self, rows: QuerySet, values: Sequence[str]) -> list[Chip]:
        """The chosen ones; no query where none is chosen."""
        keys = _keys(values)
        if not keys:
            return []
        posts = Post.objects.filter(public_id__in=keys).select_related("organisation")
        return [
            Chip(str(one.public_id), str(one), rows.filter(owner_post=one).count(), chosen=True)
            for one in posts
        ]


def _keys(values: Sequence[str]) -> list[uuid.UUID]:
    """Keys among the words of an address; what is none finds nothing."""
    found = []
    for value in values:
        try:
            found.append(uuid.UUID(value))
        except ValueError:
            continue
    return found
