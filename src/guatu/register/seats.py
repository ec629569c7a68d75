"""Posts as pages show them: held, away with who acts, or 空缺 with who stands in."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable

from guatu.register.campaign import stored_day
from guatu.register.deputies import deputy_of
from guatu.register.enums import APART, Role
from guatu.register.models import Absence, Holding, Post
from guatu.register.versions import rows_as_of

HEADS = (Role.LEADER, Role.OFFICE, Role.UNIT, Role.ATTRACTION)
"""Roles whose posts may head a unit; the first by rank that somebody holds does."""


@dataclass(frozen=True)
class SeatFace:
    """``vacant``: nobody holds it. ``until``: it is away to that day. ``instead`` stands in.

    ``deputised``: who stands in is the deputy of the absence. ``closed``: it is out of use.
    """

    vacant: bool = False
    until: dt.date | None = None
    instead: Post | None = None
    deputised: bool = False
    closed: bool = False

    @property
    def acting(self) -> str:
        """Who does its business instead."""
        if self.deputised:
            return f"由{self.instead}代理"
        if self.instead is not None:
            return f"由{self.instead}代管"
        return "无人代管" if self.vacant else "无人代理"

    @property
    def words(self) -> str:
        """What stands after the post's name; empty for one that is held and there."""
        if self.closed:
            return f"{self.absence}，无人承办"
        return f"{self.absence}，{self.acting}" if self.absence else ""

    @property
    def absence(self) -> str:
        """Why it is not there; empty for one that is."""
        if self.closed:
            return "岗位已停用"
        if self.vacant:
            return "空缺"
        return f"请假至 {self.until}" if self.until is not None else ""


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
        self.past = as_of is not None
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
            | Q(pk__in=_absences(day, as_of).exclude(deputy_post=None).values("deputy_post"))
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
        if not self.past and not post.active:
            return SeatFace(vacant=True, closed=True)
        away = self.away.get(post.pk)
        held = post.pk in self.held
        if held and away is None:
            return SeatFace()
        deputy = deputy_of(post.pk, self.away) if away is not None else None
        if deputy is not None and deputy.pk not in self.held:
            deputy = None
        return SeatFace(
            vacant=not held,
            until=away.until if away is not None else None,
            instead=deputy or self._head(post),
            deputised=deputy is not None,
        )

    def _head(self, post: Post) -> Post | None:
        """First head of its unit that somebody holds and who is there, else of the office.

        A post apart has its like or nobody. As :mod:`guatu.register.stand_ins` asks the database.
        """
        if post.role in APART:
            return None
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
