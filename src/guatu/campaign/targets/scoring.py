"""Points of units from the target account, explained; in protocol order, not by points."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from guatu.campaign.targets.account import Account, Line, account
from guatu.engines.score import Item, Score, score
from guatu.loop.target_kinds import UnitClass
from guatu.register.models import Campaign, Organisation
from guatu.register.policies import Standing


@dataclass(frozen=True)
class Scored:
    """One unit with its class and score; ``lines`` are its lines of the account by kind."""

    unit: Organisation
    unit_class: UnitClass
    score: Score
    lines: dict[str, Line]


@dataclass(frozen=True)
class Board:
    """Scores of the units in sight by class, in protocol order unless a rule permits ranking."""

    account: Account
    classes: tuple[tuple[UnitClass, tuple[Scored, ...]], ...]
    ranked: bool

    def of(self, unit: Organisation) -> Scored | None:
        """Return the score of a unit."""
        return next((o for _, told in self.classes for o in told if o.unit.pk == unit.pk), None)


def board(
    standing: Standing, as_of: dt.date | None = None, campaign: Campaign | None = None
) -> Board | None:
    """Score every unit in sight that is given anything; as many queries as the account."""
    told = account(standing, as_of, campaign)
    if told is None:
        return None
    units: dict[int, Organisation] = {}
    lines: dict[int, dict[str, Line]] = {}
    for position in told.standings:
        for line in position.lines:
            if line.unit is not None:
                units[line.unit.pk] = line.unit
                lines.setdefault(line.unit.pk, {})[position.kind.code] = line
    scored: dict[str, list[Scored]] = {one.code: [] for one in told.rules.classes}
    for unit in sorted(units.values(), key=lambda one: (one.order_path, one.pk)):
        unit_class = told.rules.class_of(unit.kind)
        if unit_class is not None:
            own = lines[unit.pk]
            scored[unit_class.code].append(
                Scored(unit, unit_class, score(_items(own), unit_class.formula), own)
            )
    ranked = told.rules.ranking
    if ranked:
        for rows in scored.values():
            rows.sort(key=lambda row: -(row.score.value or Decimal(0)))
    classes = tuple(
        (one, tuple(scored[one.code])) for one in told.rules.classes if scored[one.code]
    )
    return Board(told, classes, ranked)


def _items(lines: dict[str, Line]) -> list[Item]:
    return [
        Item(
            code,
            line.share.year,
            line.share.stretch,
            line.reached.year.value,
            line.reached.year.unknown,
        )
        for code, line in lines.items()
    ]
