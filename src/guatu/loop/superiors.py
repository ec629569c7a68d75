"""Who stands above whoever has a matter: the rule of 上级协调, of the ladder and of the desk."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from guatu.register.enums import Role

HEADS = (Role.LEADER, Role.OFFICE, Role.UNIT, Role.ATTRACTION)
"""Roles whose holders speak for their unit; the first by rank is its head here."""


class Seat(NamedTuple):
    """A post as the rule knows it."""

    key: int
    unit: int
    role: str
    rank: int

    @property
    def leads(self) -> bool:
        """Tell whether it is a leader's."""
        return self.role == Role.LEADER


@dataclass(frozen=True)
class Ranks:
    """Posts that somebody holds, by key in protocol order, and the unit above each unit."""

    seats: Mapping[int, Seat]
    heads: Mapping[int, Seat]
    above: Mapping[int, int | None]


def ranks_of(held: Iterable[Seat], above: Mapping[int, int | None]) -> Ranks:
    """Sort held posts, given in protocol order: the first of a unit that may head it does."""
    seats = {seat.key: seat for seat in held}
    heads: dict[int, Seat] = {}
    for seat in seats.values():
        if seat.role in HEADS:
            heads.setdefault(seat.unit, seat)
    return Ranks(seats, heads, above)


def heads_above(ranks: Ranks, unit: int) -> Iterator[Seat]:
    """Heads of the units above ``unit``, the nearest first; a unit without one is passed over."""
    above = ranks.above.get(unit)
    while above is not None:
        if above in ranks.heads:
            yield ranks.heads[above]
        above = ranks.above.get(above)


def superiors(
    ranks: Ranks, unit: int, has: Seat | None, vouching: Iterable[int | None]
) -> list[Seat]:
    """Who stands above ``unit``, or above the post in it that has the matter; the nearest first.

    Heads of the units above, then who vouches (keys of posts), then the leaders by protocol. Never
    who has it. Above a leader stand leaders alone, and of those none who comes after by protocol.
    `loop.queries.superiors` tells in SQL whether there is anybody.
    """
    named = (ranks.seats[key] for key in vouching if key is not None and key in ranks.seats)
    leaders = (seat for seat in ranks.seats.values() if seat.leads)
    chain = dict.fromkeys((*heads_above(ranks, unit), *named, *leaders))
    return [seat for seat in chain if has is None or _is_above(seat, has)]


def _is_above(seat: Seat, has: Seat) -> bool:
    if seat.key == has.key:
        return False
    return not has.leads or (seat.leads and seat.rank <= has.rank)
