"""The quality report: each labelled paper read, compared, timed in characters per second."""

import time
from pathlib import Path

from guatu.engines.intake import BadInput
from guatu.engines.intake.paper.labels import Labelled, read_labelled
from guatu.engines.intake.paper.quality import Score, pooled, score_names, score_spans
from guatu.engines.intake.paper.reader import read_paper


def report(labels_dir: str) -> dict[str, object]:
    """Quality by paper against the label files of a folder, and reading speed.

    Answers ``{"papers": [{"paper", "names": {…}, "commitments": {…}|null}…], "pooled": {…},
    "characters", "seconds", "characters_per_second"}``; :class:`BadInput` without label files.
    """
    papers = read_labelled(Path(labels_dir))
    if not papers:
        raise BadInput("文件夹里没有标注文件", file=labels_dir, kind="empty")
    rows: list[dict[str, object]] = []
    scores: list[Score] = []
    began = time.process_time()
    spent = 0.0
    for paper in papers:
        began = time.process_time()
        answer = read_paper(paper.path.read_bytes(), paper.path.name)
        spent += time.process_time() - began
        score = score_names(
            paper, [i.text for i in answer.items if i.kind in {"project", "enterprise"}]
        )
        scores.append(score)
        spans = [(i.start, i.end) for i in answer.items if i.kind == "commitment"]
        rows.append(
            {"paper": paper.name, "names": _shown(score), "commitments": _commitments(paper, spans)}
        )
    characters = sum(len(paper.text) for paper in papers)
    return {
        "papers": rows,
        "pooled": _shown(pooled(scores)),
        "characters": characters,
        "seconds": round(spent, 3),
        "characters_per_second": round(characters / max(spent, 1e-9)),
    }


def _commitments(paper: Labelled, spans: list[tuple[int, int]]) -> dict[str, object] | None:
    truth = [(label.start, label.end) for label in paper.of(["commitment"])]
    if not truth:
        return None
    recall, precision = score_spans(truth, spans)
    return {
        "recall": round(recall, 3),
        "precision": round(precision, 3),
        "truth": len(truth),
        "answered": len(spans),
    }


def _shown(score: Score) -> dict[str, object]:
    return {
        "precision": round(score.precision, 3),
        "recall": round(score.recall, 3),
        "f1": round(score.f1, 3),
        "truth": score.truth,
        "answered": score.answer,
        "missed": list(score.missed),
        "extra": list(score.extra),
    }
