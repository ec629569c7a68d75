"""A target given out to units and months: sums, and what does not add up.

A target of a year is given to units, each unit's share to months. Nothing is adjusted here: where
parts and whole disagree the difference is the answer. Unknown is not zero: a sum says how many of
its parts are unknown, and a difference from an incomplete sum is not known.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

MONTHS = range(1, 13)


@dataclass(frozen=True)
class Sum:
    """A sum of what is known; ``value`` None when nothing is; ``unknown`` parts are left out."""

    value: Decimal | None
    unknown: int = 0

    @property
    def complete(self) -> bool:
        """Whether every part is known, and there is at least one."""
        return self.value is not None and not self.unknown


def total(parts: Iterable[Decimal | None]) -> Sum:
    """Add what is known.

    >>> total([Decimal(3), None, Decimal(4)])
    Sum(value=Decimal('7'), unknown=1)
    >>> total([])
    Sum(value=None, unknown=0)
    """
    told = list(parts)
    known = [part for part in told if part is not None]
    return Sum(sum(known, Decimal(0)) if known else None, len(told) - len(known))


def joined(sums: Iterable[Sum]) -> Sum:
    """Add sums; their unknown parts add up as well."""
    told = list(sums)
    known = [one.value for one in told if one.value is not None]
    return Sum(sum(known, Decimal(0)) if known else None, sum(one.unknown for one in told))


def difference(whole: Decimal | None, parts: Sum) -> Decimal | None:
    """Return parts less whole; None while either is not fully known.

    >>> difference(Decimal(40), Sum(Decimal(38)))
    Decimal('-2')
    >>> difference(Decimal(40), Sum(Decimal(38), unknown=1)) is None
    True
    """
    if whole is None or parts.value is None or not parts.complete:
        return None
    return parts.value - whole


@dataclass(frozen=True)
class Share:
    """What one unit is given: its year, its stretch (力争超额), and its twelve months."""

    year: Decimal | None = None
    stretch: Decimal | None = None
    months: tuple[Decimal | None, ...] = (None,) * 12

    @property
    def by_month(self) -> Sum:
        """Sum of the months."""
        return total(self.months)

    @property
    def month_difference(self) -> Decimal | None:
        """Months less the year; None while not all are known."""
        return difference(self.year, self.by_month)

    @property
    def implied(self) -> tuple[int, ...]:
        """Months not told that can only be 0: those told come to the year, and none is negative.

        >>> Share(Decimal(3), None, (Decimal(1), Decimal(2), *(None,) * 10)).implied
        (3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
        >>> Share(Decimal(4), None, (Decimal(1), Decimal(2), *(None,) * 10)).implied
        ()
        """
        if self.year is None or self.year != (self.by_month.value or 0):
            return ()
        return tuple(month for month in MONTHS if self.months[month - 1] is None)

    @property
    def filled(self) -> "Share":
        """The same with 0 in the implied months; whatever else is not told stays unknown."""
        implied = self.implied
        told = (
            Decimal(0) if month in implied else value
            for month, value in zip(MONTHS, self.months, strict=True)
        )
        return replace(self, months=tuple(told))

    @property
    def open(self) -> bool:
        """Whether months are not told and cannot be known from those that are."""
        return bool(self.by_month.unknown) and not self.empty and not self.implied

    @property
    def empty(self) -> bool:
        """Nothing is given."""
        return all(value is None for value in (self.year, self.stretch, *self.months))


class Fault(StrEnum):
    """What makes a share unfit to be kept."""

    NEGATIVE = "negative"
    TOO_LARGE = "too_large"
    STRETCH_BELOW = "stretch_below"
    FRACTION = "fraction"


@dataclass(frozen=True)
class Found:
    """A fault of one figure: ``place`` is ``year``, ``stretch`` or a month's number."""

    fault: Fault
    place: str


def places_of(share: Share) -> dict[str, Decimal | None]:
    """Figures of a share by place."""
    months = {str(month): share.months[month - 1] for month in MONTHS}
    return {"year": share.year, "stretch": share.stretch, **months}


def faults_of(share: Share, most: Decimal, *, whole: bool = False) -> list[Found]:
    """Figures that cannot be: negative, beyond ``most``, broken where things are counted.

    ``whole``: the unit is one of counting (个), so that halves do not exist.
    """
    found: list[Found] = []
    for place, value in places_of(share).items():
        if value is None:
            continue
        if value < 0:
            found.append(Found(Fault.NEGATIVE, place))
        elif value > most:
            found.append(Found(Fault.TOO_LARGE, place))
        elif whole and value != value.to_integral_value():
            found.append(Found(Fault.FRACTION, place))
    if share.year is not None and share.stretch is not None and share.stretch < share.year:
        found.append(Found(Fault.STRETCH_BELOW, "stretch"))
    return found


@dataclass(frozen=True)
class Balance:
    """How the shares of all units stand against the target.

    ``months`` are the sums over the units; ``off_units`` those whose months miss their year,
    ``implied_units`` those whose untold months can only be 0, ``open_units`` those where they
    cannot be known.
    """

    year: Sum
    stretch: Sum
    months: tuple[Sum, ...]
    base_difference: Decimal | None
    stretch_difference: Decimal | None
    off_units: tuple[str, ...]
    implied_units: tuple[str, ...] = ()
    open_units: tuple[str, ...] = ()

    @property
    def by_month(self) -> Sum:
        """Sum of all months of all units."""
        return joined(self.months)

    @property
    def month_difference(self) -> Decimal | None:
        """Months less what the units are given for the year; None while not all is known."""
        return None if not self.year.complete else difference(self.year.value, self.by_month)

    @property
    def agrees(self) -> bool:
        """Whether all is known and nothing is left over or short."""
        return self.base_difference == 0 and not self.off_units


def balance(shares: Mapping[str, Share], base: Decimal | None, stretch: Decimal | None) -> Balance:
    """Compare the shares by unit with the target's base and stretch."""
    rows: Sequence[Share] = list(shares.values())
    year = total(row.year for row in rows)
    more = total(row.stretch for row in rows)
    return Balance(
        year=year,
        stretch=more,
        months=tuple(total(row.months[month - 1] for row in rows) for month in MONTHS),
        base_difference=difference(base, year),
        stretch_difference=difference(stretch, more),
        off_units=tuple(key for key, row in shares.items() if row.month_difference),
        implied_units=tuple(key for key, row in shares.items() if row.implied),
        open_units=tuple(key for key, row in shares.items() if row.open),
    )
