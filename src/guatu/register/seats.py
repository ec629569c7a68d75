"""Posts as pages show them: held, away with who acts, or 空缺 with who stands in."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable

from guatu.register.campaign import stored_day
from guatu.register.deputies import deputy_of
from guatu.register.enums import Role
from guatu.register.models import Absence, Holding, Post
from guatu.register.versions import rows_as_of

HEADS = (Role.LEADER, Role.OFFICE, Role.UNIT, Role.ATTRACTION)
"""Roles whose posts may head a unit; the first by rank that somebody holds does."""


@dataclass(frozen=True)
class SeatFace:
    """``vacant``: nobody holds it. ``until``: it is away to that day. ``instead`` stands in."""

    vacant: bool = False
    until: dt.date | None = None
    instead: Post | None = None

    @property
    def words(self) -> str:
        """What stands after the post's name; empty for one that is held and there."""
        who = f"由{self.instead}" if self.instead is not None else "无人"
        if self.vacant:
            return f"空缺，{who}代管"
        if self.until is not None:
            return f"请假至 {self.until}，{who}代理"
        return ""


class Seats:
    """Faces of some posts on a day, as they are or as they were known.

    One query, two where one of the posts is away.
    """

    def __init__(
        self,
        posts: Iterable[Post | None],
        day: dt.date,
        as_of: dt.date | None = None,
    ) -> None:
        wanted = {post.pk: post for post in posts if post is not None}
        self.away: Mapping[int, Absence] = {}
        self.absent: set[int] = set()
        self.held: set[int] = set()
        self.heads: list[Post] = []
        if not wanted:
            return
        living = "pk" if as_of is None else "row_id"
        holdings = rows_as_of(Holding, as_of).filter(
            Q(until=None) | Q(until__gte=day),
            post=OuterRef("pk"),
            since__lte=day,
            officer__is_active=True,
        )
        units = {post.organisation_id for post in wanted.values()}
        found = Post.objects.filter(
            Q(pk__in=wanted)
            | Q(organisation_id__in=units, role__in=HEADS, active=True)
            | Q(role=Role.OFFICE, active=True)
        )
        absences = _absences(day, as_of).filter(post=OuterRef("pk"))
        found = found.annotate(
            is_held=Exists(holdings.order_by().values(living)),
            is_away=Exists(absences.order_by().values(living)),
        )
        joined = found.select_related("organisation")
        for post in joined.order_by("organisation__order_path", "rank", "pk"):
            if post.is_held:
                self.held.add(post.pk)
            if post.is_away:
                self.absent.add(post.pk)
            if post.active and post.role in HEADS:
                self.heads.append(post)
        if self.absent & wanted.keys():
            rows = _absences(day, as_of).select_related(
                "post__organisation", "deputy_post__organisation"
            )
            self.away = {row.post_id: row for row in rows}

    def face(self, post: Post) -> SeatFace:
        """How ``post`` stands; it is one of those asked for."""
        away = self.away.get(post.pk)
        if post.pk in self.held and away is None:
            return SeatFace()
        deputy = deputy_of(post.pk, self.away) if away is not None else None
        return SeatFace(
            vacant=post.pk not in self.held,
            until=away.until if away is not None else None,
            instead=deputy or self._head(post),
        )

    def _head(self, post: Post) -> Post | None:
        """First head of its unit that somebody holds and who is there, else of the office."""
        there = [
            one
            for one in self.heads
            if one.pk in self.held and one.pk not in self.absent and one.pk != post.pk
        ]
        near = [one for one in there if one.organisation_id == post.organisation_id]
        office = [one for one in there if one.role == Role.OFFICE]
        return next(iter((*near, *office)), None)


def _absences(day: dt.date, as_of: dt.date | None) -> QuerySet[Any]:
    return rows_as_of(Absence, as_of).filter(cancelled=False, since__lte=day, until__gte=day)


def with_holders(posts: QuerySet[Post]) -> QuerySet[Any]:
    """Annotate ``is_held``: whether somebody holds each post on the campaign's day."""
    found: QuerySet[Any] = posts.annotate(
        is_held=Exists(held_on(stored_day()).filter(post=OuterRef("pk")))
    )
    return found


def held_on(day: dt.date | Combinable) -> QuerySet[Holding]:
    """Posts in use that somebody with an open account holds on ``day``."""
    return Holding.objects.filter(
        Q(until=None) | Q(until__gte=day),
        since__lte=day,
        officer__is_active=True,
        post__active=True,
    )
