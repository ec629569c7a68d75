"""Learning the scorer's weights from labelled papers; run by hand, its result is committed.

``python -m guatu.engines.intake.paper.training OUT LABELS [LABELS …]`` prints a cross-validation by
document and writes the weights of all.  Features are abstract (see ``features``): no name of a
labelled paper can enter the weights.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from guatu.engines.intake.paper.candidates import candidates
from guatu.engines.intake.paper.clause import view
from guatu.engines.intake.paper.features import features
from guatu.engines.intake.paper.labels import Labelled, core, read_labelled
from guatu.engines.intake.paper.outline import outline
from guatu.engines.intake.paper.quality import Score, pooled, score_names
from guatu.engines.intake.paper.scorer import THRESHOLD, Weights, names

FOLDS = 9
ROUNDS = 200
STEP = 0.1
RIDGE = 2e-3
SMALLEST = 0.02
_KIND_NUMBER = {"project": 1, "enterprise": 2}


@dataclass(frozen=True, slots=True)
class Example:
    """A candidate's features and what it is: 0 no name, 1 project, 2 enterprise."""

    features: tuple[str, ...]
    kind: int


def examples(paper: Labelled) -> list[Example]:
    """Every candidate of a paper with its label; what touches an optional label is left out."""
    shape = outline(paper.text)
    named = {(kind, core(label.text)) for kind in _KIND_NUMBER for label in paper.of([kind])}
    kinds = {name: _KIND_NUMBER[kind] for kind, name in sorted(named)}
    optional = [(label.start, label.end) for label in paper.of(["optional"])]
    made = []
    for clause in shape.clauses:
        seen = view(paper.text, clause, shape.atomic)
        for spot in candidates(seen):
            kind = kinds.get(core(paper.text[spot.start : spot.end]), 0)
            if not kind and any(spot.start < e and s < spot.end for s, e in optional):
                continue
            made.append(Example(tuple(features(seen, spot)), kind))
    return made


def learn(groups: Sequence[Sequence[Example]]) -> Weights:
    """Fit a three-way logistic model with a ridge by full-batch Adam; deterministic."""
    rows = [example for group in groups for example in group]
    index = {name: i for i, name in enumerate(sorted({f for r in rows for f in r.features}))}
    width = max(len(row.features) for row in rows)
    hot = np.full((len(rows), width), len(index), dtype=np.int64)
    for i, row in enumerate(rows):
        hot[i, : len(row.features)] = [index[f] for f in row.features]
    kinds = np.array([row.kind for row in rows])
    weights = _descend(hot, kinds, len(index))
    table = weights[:-1, 1:] - weights[:-1, :1]
    return {
        name: [round(float(v), 3) for v in table[i]]
        for name, i in index.items()
        if np.abs(table[i]).max() >= SMALLEST
    }


def _descend(hot: NDArray[np.int64], kinds: NDArray[np.int64], count: int) -> NDArray[np.float64]:
    weights = np.zeros((count + 1, 3))
    first = np.zeros_like(weights)
    second = np.zeros_like(weights)
    truth: NDArray[np.float64] = np.eye(3)[kinds]
    flat = hot.ravel()
    for step in range(1, ROUNDS + 1):
        logits: NDArray[np.float64] = weights[hot].sum(axis=1)
        logits -= logits.max(axis=1, keepdims=True)
        chance = np.exp(logits)
        chance /= chance.sum(axis=1, keepdims=True)
        error = np.repeat((chance - truth) / len(kinds), hot.shape[1], axis=0)
        slope: NDArray[np.float64] = np.stack(
            [np.bincount(flat, error[:, k], minlength=count + 1) for k in range(3)], axis=1
        )
        slope = slope + RIDGE * weights
        slope[-1] = 0
        first = 0.9 * first + 0.1 * slope
        second = 0.999 * second + 0.001 * slope**2
        ahead = first / (1 - 0.9**step)
        weights -= STEP * ahead / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return weights


def found(paper: Labelled, weights: Weights, threshold: float = THRESHOLD) -> list[tuple[str, str]]:
    """The names the scorer reads in a paper, as (kind, text)."""
    shape = outline(paper.text)
    return [
        (name.kind, paper.text[name.start : name.end])
        for clause in shape.clauses
        for name in names(view(paper.text, clause, shape.atomic), weights, threshold)
    ]


def cross_validate(papers: Sequence[Labelled], folds: int = FOLDS) -> list[Score]:
    """Score each paper with weights learnt from the other folds' papers."""
    grouped = [examples(paper) for paper in papers]
    sources = sorted({_source(paper) for paper in papers})
    fold_of = [sources.index(_source(paper)) % folds for paper in papers]
    scores: dict[int, Score] = {}
    for fold in range(folds):
        inside = [i for i in range(len(papers)) if fold_of[i] == fold]
        if inside:
            weights = learn([grouped[i] for i in range(len(papers)) if fold_of[i] != fold])
            for i in inside:
                scores[i] = score_names(papers[i], [text for _, text in found(papers[i], weights)])
    return [scores[i] for i in range(len(papers))]


def _source(paper: Labelled) -> str:
    """The document a passage is from: passages a, b, c of one report share its name."""
    return paper.name.rstrip("abcdefgh")


def main(arguments: Sequence[str]) -> int:
    """Cross-validate, then learn from everything and write the weights."""
    out, *folders = arguments
    papers = [paper for folder in folders for paper in read_labelled(Path(folder))]
    scores = cross_validate(papers)
    for paper, score in zip(papers, scores, strict=True):
        sys.stdout.write(f"{paper.name:24s} {score.line()}\n")
    sys.stdout.write(f"{'all':24s} {pooled(scores).line()}\n")
    weights = learn([examples(paper) for paper in papers])
    text = json.dumps({"weights": weights}, ensure_ascii=False, indent=0, sort_keys=True)
    Path(out).write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
