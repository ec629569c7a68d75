"""What a meeting has to deal with, ranked: decided first, then pressed, then known.

One thing stands once, under the gravest of its causes, with the reasons of all of them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

MOST_DAYS = 30
"""Days late that still raise a score; what is later than that is simply late."""


@dataclass(frozen=True)
class AgendaCause:
    """Why something comes before a meeting: ``tier`` 1 to be decided … 3 to be known.

    ``weight`` orders within a tier, ``ask`` is what the meeting is asked for. Raises ValueError for
    a tier there is none of.
    """

    code: str
    name: str
    tier: int
    weight: int
    ask: str

    def __post_init__(self) -> None:
        if self.tier not in {1, 2, 3}:
            raise ValueError(f"{self.name}的层次须为 1、2、3。")


@dataclass(frozen=True)
class Exceptional:
    """One exception: ``thing`` names what it is about, ``unit`` is its place in protocol order.

    ``days`` are those it is late or has waited; what is still to come has 0.
    """

    thing: str
    cause: str
    unit: str
    days: int
    reason: str


@dataclass(frozen=True)
class Ranked:
    """A thing on the agenda with its gravest cause, its score and every reason, gravest first."""

    thing: str
    cause: AgendaCause
    unit: str
    score: int
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Agenda:
    """``items`` in the order they are called, and what is ``left`` out, gravest first."""

    items: tuple[Ranked, ...]
    left: tuple[Ranked, ...]


def rank(found: Iterable[Exceptional], causes: Mapping[str, AgendaCause]) -> list[Ranked]:
    """Return every thing once, the gravest first: by tier, then score.

    A cause that ``causes`` does not have is left out: a district may strike one.

    >>> red = AgendaCause("red", "红灯", 1, 80, "")
    >>> rank([Exceptional("a", "red", "1", 3, "逾期"), Exceptional("b", "x", "1", 3, "")],
    ...      {"red": red})[0].score
    83
    """
    by_thing: dict[str, list[Exceptional]] = {}
    for one in found:
        if one.cause in causes:
            by_thing.setdefault(one.thing, []).append(one)
    ranked = [_together(ones, causes) for ones in by_thing.values()]
    return sorted(ranked, key=lambda one: (one.cause.tier, -one.score, one.unit, one.thing))


def cut(ranked: Sequence[Ranked], most: int, each: int = 1) -> Agenda:
    """Keep ``most`` things: of every cause its gravest ``each``, then the gravest of all.

    One cause with many things pushes no other out, unless there are more causes than places; then
    the graver causes come first. Items are called by tier, then unit in protocol order, then score.
    """
    turns: Counter[str] = Counter()
    waiting = []
    for place, one in enumerate(ranked):
        waiting.append((min(turns[one.cause.code], each), place))
        turns[one.cause.code] += 1
    kept = {place for _, place in sorted(waiting)[:most]}
    return Agenda(
        tuple(sorted((ranked[place] for place in kept), key=_called)),
        tuple(one for place, one in enumerate(ranked) if place not in kept),
    )


def _called(one: Ranked) -> tuple[int, str, int, str]:
    return (one.cause.tier, one.unit, -one.score, one.thing)


def _together(ones: list[Exceptional], causes: Mapping[str, AgendaCause]) -> Ranked:
    ordered = sorted(ones, key=lambda one: (causes[one.cause].tier, -_score(one, causes)))
    first = ordered[0]
    return Ranked(
        thing=first.thing,
        cause=causes[first.cause],
        unit=first.unit,
        score=_score(first, causes),
        reasons=tuple(dict.fromkeys(one.reason for one in ordered)),
    )


def _score(one: Exceptional, causes: Mapping[str, AgendaCause]) -> int:
    return causes[one.cause].weight + max(0, min(one.days, MOST_DAYS))
