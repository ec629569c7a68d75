"""Which posts the names and titles of a ledger mean; whom nobody knows stays words."""

import re
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q

from guatu.register.enums import Role
from guatu.register.models import Holding, Post
from guatu.register.recording import Act

_BETWEEN = re.compile(r"[、,，;；/\n]+")
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True)
class PostNames:
    """Posts of some roles by title and by the name of who holds them today."""

    by_name: dict[str, tuple[Post, ...]]

    def named(self, text: str) -> Post | None:
        """The one post of this title, with or without its unit, or of this holder."""
        found = self.by_name.get(_BLANKS.sub("", text), ())
        return found[0] if len(found) == 1 else None

    def first(self, text: str) -> Post | None:
        """The first of the names written in one cell that is a post's."""
        return next((post for name in each_name(text) if (post := self.named(name))), None)


def post_names(act: Act, *roles: Role) -> PostNames:
    """Read titles and holders on the act's campaign day; two queries."""
    table: dict[str, dict[int, Post]] = defaultdict(dict)
    posts = Post.objects.filter(active=True, role__in=roles).select_related("organisation")
    for post in posts:
        unit = post.organisation
        for name in {post.title, f"{unit.name}{post.title}", f"{unit.short_name}{post.title}"}:
            table[_BLANKS.sub("", name)][post.pk] = post
    held = Holding.objects.filter(
        Q(until=None) | Q(until__gte=act.business_date),
        since__lte=act.business_date,
        post__in=posts,
    ).select_related("post__organisation", "officer")
    for holding in held:
        table[_BLANKS.sub("", holding.officer.name)][holding.post_id] = holding.post
    return PostNames({name: tuple(rows.values()) for name, rows in table.items()})


def each_name(text: str) -> list[str]:
    """Names written in one cell, each once, in order.

    >>> each_name("某甲、某乙；某甲")
    ['某甲', '某乙']
    """
    return list(dict.fromkeys(part.strip() for part in _BETWEEN.split(text) if part.strip()))
