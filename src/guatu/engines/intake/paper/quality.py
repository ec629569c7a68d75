"""How well names and commitments are read, counted against labels.

Strict: the unique names of the answer equal those of the truth after ``labels.core``.  An answer
that meets an optional label is not counted.  Commitments: a span counts when it overlaps a
labelled one by at least half (intersection over union).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from guatu.engines.intake.paper.labels import Label, Labelled, core

HALF = 0.5
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of truth and answer, and of those that agree."""

    truth: int
    answer: int
    right: int
    missed: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()

    @property
    def precision(self) -> float:
        """Share of the answer that is right; 0 when nothing was answered."""
        return self.right / self.answer if self.answer else 0.0

    @property
    def recall(self) -> float:
        """Share of the truth that was answered."""
        return self.right / self.truth if self.truth else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.truth + self.answer
        return 2 * self.right / both if both else 0.0

    def line(self) -> str:
        """One line for a report."""
        return (
            f"P {self.precision:.2f} R {self.recall:.2f} F {self.f1:.3f} "
            f"({self.right} of {self.truth}, {self.answer} answered)"
        )


def pooled(scores: Iterable[Score]) -> Score:
    """Add the counts of several papers."""
    kept = list(scores)
    return Score(
        sum(s.truth for s in kept), sum(s.answer for s in kept), sum(s.right for s in kept)
    )


def score_names(paper: Labelled, answer: Sequence[str]) -> Score:
    """Compare the unique names read in a paper with its labelled projects and enterprises."""
    truth = _unique(label.text for label in paper.of(["project", "enterprise"]))
    optional = paper.of(["optional"])
    given = {
        key: text
        for key, text in _unique(answer).items()
        if any(_same_place(paper.text, text, name) for name in truth.values())
        or not _meets(paper.text, text, optional)
    }
    missed = tuple(truth[key] for key in truth.keys() - given.keys())
    extra = tuple(given[key] for key in given.keys() - truth.keys())
    right = len(truth.keys() & given.keys())
    return Score(len(truth), len(given), right, tuple(sorted(missed)), tuple(sorted(extra)))


def score_spans(truth: Sequence[Span], answer: Sequence[Span]) -> tuple[float, float]:
    """Recall and precision of commitment spans."""
    hit = sum(any(overlap(t, a) >= HALF for a in answer) for t in truth)
    right = sum(any(overlap(t, a) >= HALF for t in truth) for a in answer)
    return hit / max(1, len(truth)), right / max(1, len(answer))


def overlap(one: Span, other: Span) -> float:
    """Intersection over union of two spans."""
    shared = max(0, min(one[1], other[1]) - max(one[0], other[0]))
    return shared / ((one[1] - one[0]) + (other[1] - other[0]) - shared)


def _unique(names: Iterable[str]) -> dict[str, str]:
    kept: dict[str, str] = {}
    for name in names:
        kept.setdefault(core(name), name)
    return kept


def _meets(text: str, name: str, labels: Sequence[Label]) -> bool:
    return any(_same_place(text, name, label.text) for label in labels)


def _same_place(text: str, one: str, other: str) -> bool:
    return any(overlap(a, b) >= HALF for a in _mentions(text, one) for b in _mentions(text, other))


def _mentions(text: str, name: str) -> list[Span]:
    return [match.span() for match in re.finditer(re.escape(name), text)]
