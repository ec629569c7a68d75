"""Looking through every kind of thing for one officer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from guatu.campaign import policies  # noqa: F401 -- declares the right to search
from guatu.campaign.search import business, gatherings, government, reserve, targets
from guatu.campaign.search.absent import absent
from guatu.campaign.search.hits import Asked, Hit, Kind, Matches
from guatu.register.policies import require

SOURCES: Mapping[Kind, Callable[[Asked], Matches]] = {
    Kind.PROJECT: business.projects,
    Kind.ENTERPRISE: business.enterprises,
    Kind.LEAD: business.leads,
    Kind.RESERVE: reserve.reserves,
    Kind.DUTY: business.duties,
    Kind.TARGET: targets.targets,
    Kind.UNIT: government.units,
    Kind.POST: government.posts,
    Kind.PAPER: government.papers,
    Kind.LEDGER: government.ledgers,
}
TOGETHER: Mapping[frozenset[Kind], Callable[[Asked], Mapping[Kind, Matches]]] = {
    frozenset({Kind.REFORM, Kind.MATTER}): business.matters,
    gatherings.KINDS: gatherings.gatherings,
}
"""Kinds of which there are few, read several in one query."""


@dataclass(frozen=True)
class Group:
    """The best of one kind and how many there are; ``more`` says at least as many."""

    kind: Kind
    hits: Sequence[Hit]
    count: int
    more: bool


def search(asked: Asked, most: int, kinds: Sequence[Kind] = ()) -> list[Group]:
    """What fits, by kind, each with its best ``most``; only ``kinds`` where any are named."""
    require(asked.standing, "search.use")
    if not asked.words:
        return []
    found = _found(asked, frozenset(kinds or Kind))
    return [
        Group(kind, [hit for _, hit in one.best(most)], one.count, one.more)
        for kind, one in found.items()
        if one.ranked
    ]


def _found(asked: Asked, wanted: frozenset[Kind]) -> dict[Kind, Matches]:
    """Matches of the wanted kinds, in the order of kinds."""
    wanted -= absent(asked)
    found = {kind: source(asked) for kind, source in SOURCES.items() if kind in wanted}
    for kinds, source in TOGETHER.items():
        if kinds & wanted:
            found |= source(asked)
    return {kind: found[kind] for kind in Kind if kind in wanted and kind in found}


def suggest(asked: Asked, most: int) -> list[Hit]:
    """The best of all kinds together, by rank; one kind fills more than half only if others do not.

    Within a rank they stand in the order of kinds.
    """
    require(asked.standing, "search.use")
    if not asked.words:
        return []
    best = [
        (place >= most // 2, rank, hit)
        for found in _found(asked, frozenset(Kind)).values()
        for place, (rank, hit) in enumerate(found.best(most))
    ]
    return [hit for _, _, hit in sorted(best, key=lambda found: found[:2])[:most]]
