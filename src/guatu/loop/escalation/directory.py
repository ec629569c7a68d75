"""Whom a step of escalation turns to on a day: posts that are held, else who stands in for them."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from guatu.loop.enums import StepTo
from guatu.loop.escalation.causes import Cause
from guatu.loop.superiors import Ranks, Seat, ranks_of, superiors
from guatu.register.enums import Role
from guatu.register.models import Organisation, Post
from guatu.register.recording import Json
from guatu.register.seats import held_on

SPEAKING = frozenset({Role.LEADER, Role.OFFICE, Role.UNIT, Role.ATTRACTION, Role.STATISTICIAN})
"""Roles whose posts may speak for their unit; the first of them by rank leads it."""


@dataclass(frozen=True)
class Instead:
    """Whom a step was meant for and why they were not told, a key of `words.WHY`."""

    to: str
    name: str
    why: str

    def as_json(self) -> dict[str, Json]:
        """As a reason keeps it."""
        return {"to": self.to, "name": self.name, "why": self.why}


@dataclass(frozen=True)
class Addressee:
    """A post, or a unit as a whole; both None when there is nobody at all."""

    post: int | None = None
    unit: int | None = None
    instead: Instead | None = None


class _Seat(NamedTuple):
    """A post as the directory knows it."""

    key: int
    unit: int
    role: str
    active: bool
    name: str
    rank: int

    @property
    def seat(self) -> Seat:
        """As the rule of who stands above whom knows it."""
        return Seat(self.key, self.unit, self.role, self.rank)


@dataclass(frozen=True)
class Directory:
    """Posts in protocol order, those held on the day, units with the one above each."""

    seats: Mapping[int, _Seat]
    leading: Mapping[int, Sequence[int]]
    held: frozenset[int]
    units: Mapping[int, tuple[str, int | None]]
    office: int | None
    ranks: Ranks

    def whom(self, to: str, cause: Cause) -> Addressee:
        """Return who is told.

        A post that nobody holds leaves it to the head of its unit, else to the campaign office, and
        says so. Above a leader stands another leader; one who has the matter is never the one who
        is told of it as a leader.
        """
        unit = cause.owner_unit
        if unit is None and cause.owner_post is not None:
            unit = self.seats[cause.owner_post].unit
        if to == StepTo.OWNER:
            return self.there(cause.owner_post, unit)
        if to == StepTo.LEADER:
            return self._leader(cause, to)
        if to == StepTo.UNIT_HEAD:
            return self._head(unit, to)
        if to == StepTo.PARENT:
            return self._parent(unit, to) if self._led(cause) is None else self._above(cause, to)
        return self._office(None)

    def asked(self, cause: Cause) -> Instead | None:
        """Who was asked to remove a blocker; ``why`` tells that nobody is there, else it is empty.

        None for other causes.
        """
        if cause.blocker is None or cause.owner_unit is None:
            return None
        if cause.owner_post is not None:
            seat = self.seats[cause.owner_post]
            why = "" if seat.key in self.held else "vacant" if seat.active else "closed"
            return Instead(StepTo.OWNER, seat.name, why)
        why = "nobody" if self._first_held(cause.owner_unit) is None else ""
        return Instead(StepTo.OWNER, self.units[cause.owner_unit][0], why)

    def there(self, post: int | None, unit: int | None) -> Addressee:
        """Turn to a post, or without one to a unit as a whole; where nobody is there see `whom`."""
        if post is not None or unit is None:
            return self._post(post, StepTo.OWNER)
        if self._first_held(unit) is None:
            return self._office(Instead(StepTo.OWNER, self.units[unit][0], "nobody"))
        return Addressee(unit=unit)

    def _post(self, post: int | None, to: str) -> Addressee:
        if post is None:
            return self._office(Instead(to, "", "unset"))
        if post in self.held:
            return Addressee(post=post)
        seat = self.seats[post]
        instead = Instead(to, seat.name, "vacant" if seat.active else "closed")
        head = self._first_held(seat.unit)
        return self._office(instead) if head is None else Addressee(head, instead=instead)

    def _led(self, cause: Cause) -> _Seat | None:
        """Seat of the leader who has the matter; None where no leader's post has it."""
        seat = None if cause.owner_post is None else self.seats[cause.owner_post]
        return seat if seat is not None and seat.role == Role.LEADER else None

    def _leader(self, cause: Cause, to: str) -> Addressee:
        """Turn to the leader who vouches, else, where it is they who have it, to one above them."""
        found = self._post(cause.leader_post, to)
        has = self._led(cause)
        if has is None or found.post != has.key:
            return found
        return self._above(cause, to, found.instead or Instead(to, has.name, "self"))

    def _above(self, cause: Cause, to: str, instead: Instead | None = None) -> Addressee:
        """Turn to the nearest who stands above a leader's post, or the office."""
        has = self._led(cause)
        assert has is not None  # noqa: S101 -- asked of leaders alone
        found = superiors(self.ranks, has.unit, has.seat, (cause.leader_post, *cause.named))
        if found:
            return Addressee(found[0].key, instead=instead)
        return self._office(instead or Instead(to, has.name, "highest"))

    def _units_above(self, unit: int) -> Iterator[int]:
        above = self.units[unit][1]
        while above is not None:
            yield above
            above = self.units[above][1]

    def _head(self, unit: int | None, to: str) -> Addressee:
        """Turn to the first leading post of the unit that somebody holds."""
        if unit is None:
            return self._office(Instead(to, "", "unset"))
        head = self._first_held(unit)
        if head is None:
            return self._office(Instead(to, self.units[unit][0], "nobody"))
        first = self.leading[unit][0]
        vacant = Instead(to, self.seats[first].name, "vacant") if first != head else None
        return Addressee(head, instead=vacant)

    def _parent(self, unit: int | None, to: str) -> Addressee:
        """Turn to the head of the nearest unit above that has one, else to the office.

        A unit above that has posts and nobody in them is named; the district itself has none.
        """
        passed: Instead | None = None
        for above in () if unit is None else self._units_above(unit):
            if self._first_held(above) is not None:
                found = self._head(above, to)
                return replace(found, instead=passed or found.instead)
            if passed is None and above in self.leading:
                passed = Instead(to, self.units[above][0], "nobody")
        top = Instead(to, "" if unit is None else self.units[unit][0], "top")
        return self._office(passed or top)

    def _office(self, instead: Instead | None) -> Addressee:
        """Turn to the campaign office; that nobody sits there is said."""
        if instead is None and (self.office is None or self._first_held(self.office) is None):
            instead = Instead(StepTo.OFFICE, "", "nobody")
        return Addressee(unit=self.office, instead=instead)

    def _first_held(self, unit: int) -> int | None:
        return next((key for key in self.leading.get(unit, ()) if key in self.held), None)


def directory_on(day: dt.date) -> Directory:
    """Read posts, holders and units as of a campaign day; three queries."""
    rows = Post.objects.order_by("organisation__order_path", "rank", "pk")
    columns = ("pk", "organisation_id", "role", "active", "title", "rank")
    units = {
        key: (short or name, parent)
        for key, name, short, parent in Organisation.objects.values_list(
            "pk", "name", "short_name", "parent_id"
        )
    }
    seats = {
        key: _Seat(key, unit, role, active, f"{units[unit][0]}{title}", rank)
        for key, unit, role, active, title, rank in rows.values_list(*columns)
    }
    leading: dict[int, list[int]] = {}
    for seat in seats.values():
        if seat.active and seat.role in SPEAKING:
            leading.setdefault(seat.unit, []).append(seat.key)
    held = frozenset(held_on(day).values_list("post_id", flat=True))
    offices = [seat.unit for seat in seats.values() if seat.active and seat.role == Role.OFFICE]
    return Directory(
        seats=seats,
        leading=leading,
        held=held,
        units=units,
        office=next(iter(offices), None),
        ranks=ranks_of(
            (seat.seat for key, seat in seats.items() if key in held),
            {key: above for key, (_, above) in units.items()},
        ),
    )
