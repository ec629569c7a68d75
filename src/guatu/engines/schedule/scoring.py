"""Scoring stored forecasts once the day has come: how good the probabilities were.

Brier score (Brier 1950), calibration table (DeGroot & Fienberg 1983), and the pinball loss of the
quantiles (Koenker & Bassett 1978; Gneiting 2011), all proper: a forecaster gains nothing by
saying other than he thinks.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

BINS = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """A forecast as stored beside what came; ``finished`` None while it is not done.

    ``as_of`` is the day it is judged: unfinished after its deadline is late, before it is open
    and counts nowhere.
    """

    on_time: float | None
    deadline: date | None
    p50: date | None
    p80: date | None
    p90: date | None
    finished: date | None
    as_of: date

    @property
    def kept(self) -> bool | None:
        """Whether the deadline was kept; None while that is open or where there is none."""
        if self.deadline is None:
            return None
        if self.finished is not None:
            return self.finished <= self.deadline
        return False if self.as_of > self.deadline else None


@dataclass(frozen=True, slots=True)
class Bin:
    """Forecasts whose probability lay in [low, high): what was said and what came."""

    low: float
    high: float
    count: int
    said: float
    came: float


@dataclass(frozen=True, slots=True)
class QuantileScore:
    """One quantile: mean pinball loss in days, and the share that did finish by it."""

    share: float
    count: int
    pinball: float
    covered: float


@dataclass(frozen=True)
class Record:
    """How the forecasts have done.

    ``brier`` 0 is perfect; ``reference`` is the score of always saying the share that was kept;
    ``skill`` = 1 − brier/reference, None where all or none were kept.
    """

    count: int
    open: int
    brier: float | None
    reference: float | None
    skill: float | None
    bins: tuple[Bin, ...]
    quantiles: tuple[QuantileScore, ...]


def score(outcomes: Iterable[Outcome]) -> Record:
    """Score forecasts against what came of them."""
    known = list(outcomes)
    judged = [
        (said.on_time, said.kept)
        for said in known
        if said.on_time is not None and said.kept is not None
    ]
    brier = _mean([(probability - kept) ** 2 for probability, kept in judged])
    share = _mean([float(kept) for _probability, kept in judged])
    reference = None if share is None else share * (1 - share)
    return Record(
        count=len(judged),
        open=len(known) - len(judged),
        brier=brier,
        reference=reference,
        skill=1 - brier / reference if brier is not None and reference else None,
        bins=tuple(_bins(judged)),
        quantiles=tuple(_quantiles(known)),
    )


def pinball(share: float, said: date, came: date) -> float:
    """Return the pinball loss in days of a quantile: late costs ``share``, early the rest.

    >>> pinball(0.8, date(2026, 10, 1), date(2026, 10, 11))
    8.0
    """
    days = (came - said).days
    return share * days if days >= 0 else (share - 1) * days


def _bins(judged: Sequence[tuple[float, bool]]) -> Iterable[Bin]:
    sorted_in: Mapping[int, list[tuple[float, bool]]] = {place: [] for place in range(BINS)}
    for probability, kept in judged:
        sorted_in[min(int(probability * BINS), BINS - 1)].append((probability, kept))
    for place, inside in sorted_in.items():
        if inside:
            count = len(inside)
            said = sum(probability for probability, _kept in inside) / count
            came = sum(kept for _probability, kept in inside) / count
            yield Bin(place / BINS, (place + 1) / BINS, count, said, came)


def _quantiles(outcomes: Sequence[Outcome]) -> Iterable[QuantileScore]:
    for share, name in ((0.5, "p50"), (0.8, "p80"), (0.9, "p90")):
        pairs: list[tuple[date, date]] = [
            (getattr(outcome, name), outcome.finished)
            for outcome in outcomes
            if outcome.finished is not None and getattr(outcome, name) is not None
        ]
        if pairs:
            loss = sum(pinball(share, said, came) for said, came in pairs) / len(pairs)
            covered = sum(came <= said for said, came in pairs) / len(pairs)
            yield QuantileScore(share, len(pairs), loss, covered)


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
