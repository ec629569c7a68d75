"""What a bulk step would do to each of many rows, worked out before anything is written.

A plan asks the database a constant number of questions, however many rows it has; what stands in
the way of a row is told in words and leaves the others free. Each room says by a :data:`Judge` what
would be written of one row; may it be done at all, for whom, and how many go in one step stands
here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from guatu.register.errors import Invalid
from guatu.register.models import Organisation, Post
from guatu.register.policies import Behalf, behalf_for, may
from guatu.register.recording import Act

MOST = 20_000
"""Most rows of one bulk step."""
PART = 500
NOT_YOURS = "您的岗位无权办理这一项"
Row = Any
Judge = Callable[[Row], Mapping[str, Any]]
"""Tell what would be written of a row; Invalid where it cannot be."""


@dataclass(frozen=True)
class Verdict:
    """One row of a plan: why it cannot be (empty where it can), what would be written.

    ``behalf`` is the absent post for which alone the officer may.
    """

    row: Row
    refusal: str = ""
    told: Mapping[str, Any] = field(default_factory=dict)
    behalf: Post | None = None


@dataclass(frozen=True)
class UnitShare:
    """What of a plan falls to one unit; ``unit`` None: no unit yet."""

    unit: Organisation | None
    moving: int
    refused: int


@dataclass(frozen=True)
class Plan:
    """Verdicts in the order of the rows given; ``act`` with its reason.

    ``unit_of`` tells whose a row is now.
    """

    act: Act
    verdicts: Sequence[Verdict]
    unit_of: Callable[[Row], Organisation | None]

    @property
    def moving(self) -> list[Verdict]:
        """Rows that would be dealt with."""
        return [one for one in self.verdicts if not one.refusal]

    @property
    def refused(self) -> list[Verdict]:
        """Rows that stay as they are, each with why."""
        return [one for one in self.verdicts if one.refusal]

    @property
    def by_unit(self) -> list[UnitShare]:
        """How many move and stay, by the unit that has them now, in protocol order."""
        units: dict[int | None, Organisation | None] = {}
        counts: dict[int | None, list[int]] = {}
        for one in self.verdicts:
            unit = self.unit_of(one.row)
            key = unit.pk if unit else None
            units[key] = unit
            counts.setdefault(key, [0, 0])[bool(one.refusal)] += 1
        ordered = sorted(units.items(), key=lambda pair: pair[1].order_path if pair[1] else "~")
        return [UnitShare(unit, *counts[key]) for key, unit in ordered]

    def parts(self) -> Iterator[tuple[Act, list[Verdict]]]:
        """What moves, apart for each post on whose behalf it is done, with the act that says so.

        Raises Invalid where nothing moves.
        """
        moving = self.moving
        if not moving:
            raise Invalid("所选各项都不能办理，没有改动。")
        posts = {one.behalf.pk if one.behalf else None: one.behalf for one in moving}
        for key, post in posts.items():
            standing = self.act.standing
            if standing is not None:
                standing = replace(standing, behalf=Behalf(post))
            part = [one for one in moving if (one.behalf.pk if one.behalf else None) == key]
            yield replace(self.act, standing=standing), part


def planned(
    act: Act,
    rows: Sequence[Row],
    policy: str,
    judge: Judge,
    *,
    unit_of: Callable[[Row], Organisation | None],
    thing_of: Callable[[Row], object] = lambda row: row,
) -> Plan:
    """Ask policy and ``judge`` of every row; ``thing_of`` is what the policy is asked about.

    Raises Invalid for more rows than one step takes.
    """
    if len(rows) > MOST:
        raise Invalid(f"一次最多办理 {MOST} 项，现有 {len(rows)} 项，请先缩小范围。")

    def verdict(row: Row) -> Verdict:
        thing = thing_of(row)
        if not may(act.standing, policy, thing):
            return Verdict(row, NOT_YOURS)
        try:
            told = judge(row)
        except Invalid as refusal:
            return Verdict(row, str(refusal).rstrip("。"))
        behalf = behalf_for(act.standing, policy, thing) if act.standing else None
        return Verdict(row, told=told, behalf=behalf)

    return Plan(act, [verdict(row) for row in rows], unit_of)


def among(
    keys: Sequence[int], ask: Callable[[Sequence[int]], Iterable[tuple[Any, Any]]]
) -> dict[Any, Any]:
    """Answer by key, asked in parts that a statement can hold."""
    found: dict[Any, Any] = {}
    for start in range(0, len(keys), PART):
        found.update(ask(keys[start : start + PART]))
    return found
