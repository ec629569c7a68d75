"""Who can remove a blocker: the usual one of a cause, whoever stands in, and who stands above."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from guatu.loop.blocker_causes import BlockerCause
from guatu.loop.enums import RemoverKind
from guatu.loop.models import Activity, Blocker, Duty
from guatu.loop.superiors import HEADS, Seat, heads_above, ranks_of, superiors
from guatu.register.enums import OrganisationKind, PartyRole, Role
from guatu.register.models import Organisation, Party, Post, Subject
from guatu.register.seats import held_on

ACTING = (*HEADS, Role.SPECIALIST)
"""Roles that act on blockers."""
NEVER = (OrganisationKind.DISTRICT, OrganisationKind.AREA)


@dataclass(frozen=True)
class Spot:
    """Where a blocker hangs: a subject, and within it a duty or an activity."""

    subject: Subject
    duty: Duty | None = None
    activity: Activity | None = None

    @property
    def unit(self) -> Organisation | None:
        """Unit that answers for what is blocked."""
        for owner in (self.activity, self.duty):
            if owner is not None and owner.owner_unit is not None:
                return owner.owner_unit
        return self.subject.unit


class Remover(NamedTuple):
    """A unit, and the post in it where one is named."""

    unit: Organisation
    post: Post | None = None

    def __str__(self) -> str:
        return str(self.post or self.unit)


class Proposal(NamedTuple):
    """Who is proposed, and why it is not the usual one where it is not."""

    remover: Remover
    note: str = ""


def spot_of(blocker: Blocker) -> Spot:
    """Where a blocker hangs."""
    return Spot(blocker.subject, blocker.duty, blocker.activity)


class Staff:
    """Who is there on a day: units in use, posts in use, and which of them somebody holds.

    Two queries; ``leaders`` of a spot take one more.
    """

    def __init__(self, day: dt.date) -> None:
        every = list(Organisation.objects.order_by("order_path"))
        self.units = {unit.pk: unit for unit in every if unit.active}
        posts = Post.objects.filter(
            active=True,
            role__in=ACTING,
            organisation__active=True,
            pk__in=held_on(day).values("post_id"),
        )
        self.posts = {
            post.pk: post
            for post in posts.select_related("organisation").order_by(
                "organisation__order_path", "rank", "pk"
            )
        }
        self.ranks = ranks_of(
            map(_seat, self.posts.values()), {unit.pk: unit.parent_id for unit in every}
        )

    def gone(self, remover: Remover) -> str:
        """Say why nobody there would act; empty when somebody would."""
        unit, post = remover
        if unit.pk not in self.units:
            return f"「{unit}」已停用"
        if post is not None and post.pk not in self.posts:
            return f"「{post}」已停用" if not post.active else f"「{post}」现无人任职"
        if post is None and self.head(unit) is None:
            return f"「{unit}」没有在岗人员"
        return ""

    def head(self, unit: Organisation) -> Post | None:
        """First post by rank of a unit that somebody holds and that speaks for the unit."""
        head = self.ranks.heads.get(unit.pk)
        return None if head is None else self.posts[head.key]

    def above(self, unit: Organisation) -> Iterator[Post]:
        """Heads of the units above, the nearest first."""
        return (self.posts[head.key] for head in heads_above(self.ranks, unit.pk))

    def leaders(self) -> list[Post]:
        """Posts of leaders in protocol order."""
        return [post for post in self.posts.values() if post.role == Role.LEADER]

    def vouching(self, spot: Spot) -> list[Post]:
        """包保领导 of the duty, then those named on the subject, as far as they are there."""
        named = Party.objects.filter(subject=spot.subject, role=PartyRole.LEADER, ended=False)
        keys: list[int | None] = [*named.order_by("pk").values_list("post_id", flat=True)]
        if spot.duty is not None:
            keys.insert(0, spot.duty.leader_post_id)
        return [
            self.posts[key] for key in dict.fromkeys(keys) if key is not None and key in self.posts
        ]

    def instead(self, remover: Remover, spot: Spot) -> Remover | None:
        """Who stands in for one that is gone: head of the unit, of those above, a 包保领导."""
        unit = self.units.get(remover.unit.pk)
        nearest = [self.head(unit)] if unit is not None else []
        others = [*self.above(remover.unit), *self.vouching(spot), *self.leaders()]
        found = next((post for post in (*nearest, *others) if post is not None), None)
        return None if found is None else Remover(found.organisation, found)

    def superiors(self, blocker: Blocker) -> list[Post]:
        """Who a blocker can be sent up to, the nearest first; see `superiors.superiors`."""
        unit = blocker.upper_unit or blocker.remover_unit
        has = blocker.upper_post or blocker.remover_post
        vouching = (post.pk for post in self.vouching(spot_of(blocker)))
        found = superiors(self.ranks, unit.pk, None if has is None else _seat(has), vouching)
        return [self.posts[seat.key] for seat in found]


def _seat(post: Post) -> Seat:
    return Seat(post.pk, post.organisation_id, post.role, post.rank)


class Proposer:
    """Proposes removers of one spot; ``unit`` is that of who raises, who cannot remove it."""

    def __init__(self, staff: Staff, spot: Spot, unit: Organisation | None) -> None:
        self.staff = staff
        self.spot = spot
        self.unit = unit
        self.vouching = staff.vouching(spot)

    def propose(self, cause: BlockerCause) -> Proposal | None:
        """Who removes ``cause`` here; None when there is nobody at all."""
        usual = self._usual(cause)
        if usual is None:
            above = self._leader() or self._office()
            return None if above is None else Proposal(above)
        gone = self.staff.gone(usual)
        if not gone:
            return Proposal(usual)
        instead = self.staff.instead(usual, self.spot)
        return None if instead is None else Proposal(instead, f"{gone}，相关成因改报{instead}。")

    def _usual(self, cause: BlockerCause) -> Remover | None:
        unit: Organisation | None = None
        if cause.remover is RemoverKind.UNIT:
            unit = self._department(cause.words)
        elif cause.remover is RemoverKind.OWNER:
            unit = self.spot.unit
        if unit is None or (self.unit is not None and unit.pk == self.unit.pk):
            return None
        return Remover(unit)

    def _department(self, words: tuple[str, ...]) -> Organisation | None:
        """First department in whose names one of the words stands; the words in their order."""
        return next(
            (
                unit
                for word in words
                for unit in self.staff.units.values()
                if unit.kind not in NEVER and (word in unit.name or word in unit.short_name)
            ),
            None,
        )

    def _leader(self) -> Remover | None:
        post = next(iter(self.vouching), None)
        return None if post is None else Remover(post.organisation, post)

    def _office(self) -> Remover | None:
        """The campaign office, else the first leader."""
        office = [post for post in self.staff.posts.values() if post.role == Role.OFFICE]
        post = next(iter((*office, *self.staff.leaders())), None)
        return None if post is None else Remover(post.organisation, post)
