"""Whom a step of escalation turns to on a day: posts that are held, else who stands in for them."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q

from guatu.engines.escalation import BEYOND
from guatu.loop.enums import StepTo
from guatu.loop.escalation.causes import Cause
from guatu.loop.superiors import Ranks, Seat, ranks_of, superiors
from guatu.register.enums import Role
from guatu.register.models import Organisation, Post
from guatu.register.recording import Json
from guatu.register.seats import held_on

SPEAKING = frozenset({Role.LEADER, Role.OFFICE, Role.UNIT, Role.ATTRACTION, Role.STATISTICIAN})
"""Roles whose posts may speak for their unit; the first of them by rank leads it."""
Told = tuple[int | None, int | None]
"""Whom a step turned to before: the post, or the unit as a whole."""
Units = Mapping[int, tuple[str, int | None]]
"""Name and unit above, by unit."""
PROTOCOL = ("organisation__order_path", "rank", "pk")


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
    units: Units
    office: int | None
    ranks: Ranks

    def whom(
        self,
        to: str,
        cause: Cause,
        *,
        beyond: Iterable[str] = BEYOND,
        told: Collection[Told] = (),
    ) -> Addressee:
        """Return who is told.

        A post that nobody holds leaves it to the head of its unit, else to the campaign office, and
        says so. A head who has the matter leaves it to the first of ``beyond`` that there is. Above
        a leader every step climbs: to one above them who is not among ``told``, those the ladder
        turned to before in this cycle, then to the office once, then to nobody.
        """
        unit = cause.owner_unit
        if unit is None and cause.owner_post is not None:
            unit = self.seats[cause.owner_post].unit
        if to == StepTo.OWNER:
            return self.there(cause.owner_post, unit)
        if to == StepTo.OFFICE:
            return self._office(None)
        has = self._led(cause)
        if unit is not None and (has or (cause.blocker and unit == self.office)):
            return self._above(to, cause, unit, has, told)
        if to == StepTo.LEADER:
            return self._post(cause.leader_post, to)
        return self._head(unit, to, cause, beyond) if to == StepTo.UNIT_HEAD else self._up(unit, to)

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

    def name(self, addressee: Addressee) -> str:
        """Name of a post or a unit; empty for nobody."""
        if addressee.post is not None:
            return self.seats[addressee.post].name
        return "" if addressee.unit is None else self.units[addressee.unit][0]

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

    def _above(
        self, to: str, cause: Cause, unit: int, has: _Seat | None, told: Collection[Told]
    ) -> Addressee:
        """Turn to the nearest above who was not told yet, else to the office, else to nobody."""
        found = superiors(self.ranks, unit, has and has.seat, (cause.leader_post, *cause.named))
        name = has.name if has else self.units[unit][0]
        fresh = [seat.key for seat in found if (seat.key, None) not in told]
        if fresh:
            meant = cause.leader_post if to == StepTo.LEADER else found[0].key
            if meant in fresh:
                return Addressee(meant)
            return Addressee(fresh[0], instead=self._passed_over(to, meant, has, told))
        if (has is None and unit == self.office) or (None, self.office) in told:
            return Addressee(instead=Instead(to, name, "ended"))
        return self._office(Instead(to, name, "further" if found else "highest"))

    def _passed_over(
        self, to: str, meant: int | None, has: _Seat | None, told: Collection[Told]
    ) -> Instead:
        """Why a step goes past the post it is meant for."""
        if meant is None:
            return Instead(to, "", "unset")
        seat = self.seats[meant]
        if has is not None and meant == has.key:
            return Instead(to, seat.name, "self")
        if meant not in self.held:
            return Instead(to, seat.name, "vacant" if seat.active else "closed")
        return Instead(to, seat.name, "told" if (meant, None) in told else "below")

    def _units_above(self, unit: int) -> Iterator[int]:
        above = self.units[unit][1]
        while above is not None:
            yield above
            above = self.units[above][1]

    def _head(self, unit: int | None, to: str, cause: Cause, beyond: Iterable[str]) -> Addressee:
        """Turn to the first leading post of the unit that somebody holds.

        Where that is who has it, turn to the first of ``beyond`` that there is, else to the office.
        """
        if unit is None:
            return self._office(Instead(to, "", "unset"))
        held = [key for key in self.leading.get(unit, ()) if key in self.held]
        if not held:
            return self._office(Instead(to, self.units[unit][0], "nobody"))
        head, alone = held[0], len(held) == 1
        vacant = self._vacant_first(unit, to)
        if cause.owner_post != head and (cause.owner_post is not None or not alone):
            return Addressee(head, instead=vacant)
        instead = vacant or Instead(to, self.seats[head].name, "only" if alone else "first")
        for other in beyond:
            if other == StepTo.PARENT:
                found = next(filter(None, map(self._first_held, self._units_above(unit))), None)
            else:
                found = self._post(cause.leader_post, to).post if other == StepTo.LEADER else None
            if found is not None or other == StepTo.OFFICE:
                return Addressee(found, instead=instead) if found else self._office(instead)
        return self._office(instead)

    def _vacant_first(self, unit: int, to: str) -> Instead | None:
        """That nobody holds the post which leads a unit; None where somebody does."""
        first = self.seats[self.leading[unit][0]]
        return None if first.key in self.held else Instead(to, first.name, "vacant")

    def _up(self, unit: int | None, to: str) -> Addressee:
        """Turn to the head of the nearest unit above that has one, else to the office.

        A unit above that has posts and nobody in them is named; the district itself has none.
        """
        passed: Instead | None = None
        for above in () if unit is None else self._units_above(unit):
            head = self._first_held(above)
            if head is not None:
                return Addressee(head, instead=passed or self._vacant_first(above, to))
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
    rows = Post.objects.order_by(*PROTOCOL)
    units = {
        key: (short or name, parent)
        for key, name, short, parent in Organisation.objects.values_list(
            "pk", "name", "short_name", "parent_id"
        )
    }
    columns = ("pk", "organisation_id", "role", "active", "title", "rank")
    held = frozenset(held_on(day).values_list("post_id", flat=True))
    return _drawn((_seat(units, row) for row in rows.values_list(*columns)), held, units)


def directory_about(day: dt.date, unit: Organisation, *posts: Post | None) -> Directory:
    """Read no more of it than bears on one unit and on ``posts``; one query.

    The unit, those above it that have posts, the leaders and the campaign office.
    """
    paths = [*accumulate(part + "." for part in unit.path.split(".") if part)]
    homes = {post.organisation_id for post in posts if post is not None}
    found = Post.objects.filter(
        Q(organisation__path__in=paths)
        | Q(organisation__in=homes)
        | Q(role__in=(Role.LEADER, Role.OFFICE))
    ).annotate(is_held=Exists(held_on(day).filter(post=OuterRef("pk"))))
    rows = list(found.select_related("organisation").order_by(*PROTOCOL))
    by_path = {row.organisation.path: row.organisation for row in rows} | {unit.path: unit}
    units: dict[int, tuple[str, int | None]] = {}
    for path, one in by_path.items():
        above = [other for key, other in by_path.items() if key != path and path.startswith(key)]
        nearest = max(above, key=lambda other: len(other.path), default=None)
        units[one.pk] = (one.short_name or one.name, nearest.pk if nearest else None)
    seats = (
        _seat(units, (row.pk, row.organisation_id, row.role, row.active, row.title, row.rank))
        for row in rows
    )
    return _drawn(seats, frozenset(row.pk for row in rows if row.is_held), units)


def _seat(units: Units, row: tuple[int, int, str, bool, str, int]) -> _Seat:
    key, unit, role, active, title, rank = row
    return _Seat(key, unit, role, active, f"{units[unit][0]}{title}", rank)


def _drawn(found: Iterable[_Seat], held: frozenset[int], units: Units) -> Directory:
    """Draw up the directory from seats in protocol order."""
    seats = {seat.key: seat for seat in found}
    leading: dict[int, list[int]] = {}
    for seat in seats.values():
        if seat.active and seat.role in SPEAKING:
            leading.setdefault(seat.unit, []).append(seat.key)
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
