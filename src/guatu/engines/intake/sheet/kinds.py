"""Which kind of ledger a table is, from its headers, title and sheet name."""

from guatu.engines.intake.sheet.headers import meaning
from guatu.engines.intake.sheet.layout import Layout
from guatu.engines.intake.sheet.vocabulary import vocabulary

_LEAST_SCORE = 2.0
_TITLE_WEIGHT = 1.5
_SHOWN_ALTERNATIVES = 3
_NAMELESS_FACTOR = 0.5


def recognise(layout: Layout, sheet: str) -> tuple[str, float, tuple[tuple[str, float], ...]]:
    """Give the kind, its confidence (0–1) and the next best kinds; ``unknown`` with 0 if none."""
    scores = {kind: _score(kind, layout, sheet) for kind in vocabulary()}
    whole = sum(score**2 for score in scores.values()) + 1
    ranked = sorted(scores, key=lambda kind: -scores[kind])
    shares = {kind: round(scores[kind] ** 2 / whole, 2) for kind in ranked}
    best = ranked[0]
    if scores[best] < _LEAST_SCORE:
        others = ranked[:_SHOWN_ALTERNATIVES]
        return "unknown", 0.0, tuple((k, shares[k]) for k in others if shares[k])
    others = ranked[1 : _SHOWN_ALTERNATIVES + 1]
    return best, shares[best], tuple((k, shares[k]) for k in others if shares[k])


def _score(kind: str, layout: Layout, sheet: str) -> float:
    said = (
        meaning(heading.path, kind, layout.year, fuzzy=False)
        for heading in layout.headings
        if heading.path
    )
    fields = {one.field for one in said if not one.general}
    known = vocabulary()[kind]
    score = sum(known.weights.get(field or "", 0.0) for field in fields)
    if score and any(word in f"{layout.title} {sheet}" for word in known.title):
        score += _TITLE_WEIGHT
    nameless = kind == "project" and "name" not in fields
    return score * _NAMELESS_FACTOR if nameless else score
