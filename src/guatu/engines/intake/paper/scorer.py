"""Choosing names among candidates: a linear score per kind, then the best set without overlap.

The weights are data (``weights.json``), learnt by ``training`` from labelled papers.  For a span
the score of a kind is the log-odds of that kind against being no name.
"""

import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from guatu.engines.intake.paper.candidates import Candidate, candidates
from guatu.engines.intake.paper.clause import View
from guatu.engines.intake.paper.features import features

NameKind = Literal["project", "enterprise"]
THRESHOLD = -0.75
"""Log-odds a name must pass.  Below zero, because the chance that a name stands at a place is
spread over spans that differ by a character or two; set by cross-validation (``training``)."""
Weights = Mapping[str, Sequence[float]]


@dataclass(frozen=True, slots=True)
class Name:
    """A chosen name; ``score`` is its log-odds above the threshold."""

    start: int
    end: int
    kind: NameKind
    score: float


@cache
def learnt() -> Weights:
    """The committed weights: feature → (project, enterprise)."""
    text = (files(__package__) / "weights.json").read_text(encoding="utf-8")
    loaded: dict[str, list[float]] = json.loads(text)["weights"]
    return loaded


def names(view: View, weights: Weights | None = None, threshold: float = THRESHOLD) -> list[Name]:
    """Choose the names of a clause, in order, none overlapping another."""
    table = learnt() if weights is None else weights
    scored = []
    for spot in candidates(view):
        name = judge(view, spot, table, threshold)
        if name is not None:
            scored.append(name)
    return best_set(scored)


def judge(view: View, spot: Candidate, table: Weights, threshold: float) -> Name | None:
    """Score one candidate; ``None`` when being no name is likelier."""
    project = enterprise = 0.0
    for feature in features(view, spot):
        pair = table.get(feature)
        if pair:
            project += pair[0]
            enterprise += pair[1]
    kind: NameKind = "project" if project >= enterprise else "enterprise"
    score = max(project, enterprise) - threshold
    return Name(spot.start, spot.end, kind, score) if score > 0 else None


def best_set(scored: list[Name]) -> list[Name]:
    """The set of non-overlapping names with the greatest sum of scores (interval scheduling)."""
    ordered = sorted(scored, key=lambda name: (name.end, name.start))
    ends = [name.end for name in ordered]
    totals = [0.0]
    took: list[int] = []
    for index, name in enumerate(ordered):
        before = bisect_right(ends, name.start, 0, index)
        gain = totals[before] + name.score
        took.append(before if gain > totals[-1] else -1)
        totals.append(max(gain, totals[-1]))
    chosen = []
    index = len(ordered)
    while index:
        before = took[index - 1]
        if before < 0:
            index -= 1
        else:
            chosen.append(ordered[index - 1])
            index = before
    return chosen[::-1]
