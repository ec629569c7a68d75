"""A paper's text cut into passages, each knowing which spans cover it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Span:
    """A stretch ``start:end`` of the text; ``key`` names its draft, empty for a mere highlight."""

    start: int
    end: int
    kind: str
    key: str = ""


@dataclass(frozen=True)
class Passage:
    """A piece of one line under the same spans, shortest span first; ``at`` is its offset."""

    at: int
    text: str
    spans: tuple[Span, ...]
    quoted: bool = False


@dataclass(frozen=True)
class Line:
    """One line of the paper."""

    at: int
    passages: tuple[Passage, ...]


def cut(
    text: str, spans: Sequence[Span], window: tuple[int, int], quoted: tuple[int, int] | None = None
) -> list[Line]:
    """Cut ``text[window]`` into lines of passages, marking what lies in ``quoted``.

    Joined again the passages are the text, character for character, without the line ends.

    >>> [p.text for line in cut("甲乙丙丁", [Span(1, 3, "project")], (0, 4)) for p in line.passages]
    ['甲', '乙丙', '丁']
    """
    begins: dict[int, list[Span]] = {}
    edges = {edge for span in spans for edge in (span.start, span.end)} | set(quoted or ())
    for span in spans:
        begins.setdefault(span.start, []).append(span)
    lines: list[Line] = []
    open_spans = [span for span in spans if span.start < window[0] < span.end]
    at = window[0]
    for piece in text[window[0] : window[1]].splitlines(keepends=True):
        body = len(piece.rstrip("\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"))
        stops = sorted({at, at + body, *_between(edges, at, at + body)})
        passages = []
        for start, end in pairwise(stops):
            open_spans = [s for s in open_spans if s.end > start] + begins.pop(start, [])
            covering = sorted(open_spans, key=lambda s: (s.end - s.start, s.start))
            inside = quoted is not None and quoted[0] <= start and end <= quoted[1]
            passages.append(Passage(start, text[start:end], tuple(covering), inside))
        lines.append(Line(at, tuple(passages)))
        for start in range(at + body, at + len(piece)):
            open_spans += begins.pop(start, [])
        at += len(piece)
    return lines


def _between(edges: set[int], start: int, end: int) -> list[int]:
    """Edges strictly inside; a line is short beside the paper, so its offsets are walked."""
    return [offset for offset in range(start + 1, end) if offset in edges]
