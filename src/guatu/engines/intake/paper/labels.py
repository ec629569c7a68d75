"""Labelled papers: the file format of every ``gold_*.json`` and what counts as the same name.

A label file is ``{"file", "items": [{"kind", "text", "start", "end"}…]}``; ``file`` is relative to
it, offsets are code points of the decoded file.  Items of kind ``optional`` neither help nor hurt.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from guatu.engines.intake import BadInput
from guatu.engines.intake.decode import decode

_DECORATION = re.compile(r"[“”\"\s]")
_TRAILING = re.compile(r"(?:等?项目|工程|建设|改造|提升)+$")


@dataclass(frozen=True, slots=True)
class Label:
    """One labelled span."""

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Labelled:
    """A paper with its labels."""

    name: str
    path: Path
    text: str
    labels: tuple[Label, ...]

    def of(self, kinds: Iterable[str]) -> list[Label]:
        """The labels of the given kinds."""
        wanted = frozenset(kinds)
        return [label for label in self.labels if label.kind in wanted]


def core(name: str) -> str:
    """A name without quotes, spaces and a trailing 项目/工程/建设/改造/提升: what must be equal."""
    bare = _DECORATION.sub("", name)
    return _TRAILING.sub("", bare) or bare


def read_labelled(folder: Path) -> Sequence[Labelled]:
    """Load every label file of a folder with its paper, by name; offsets must reproduce texts."""
    return [_load(path) for path in sorted(folder.glob("*.json"))]


def _load(path: Path) -> Labelled:
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        paper = path.parent / raw["file"]
        text = decode(paper.read_bytes(), paper.name).text
        labels = tuple(
            Label(item["kind"], item["text"], item["start"], item["end"]) for item in raw["items"]
        )
    except (ValueError, KeyError, TypeError, OSError):
        message = "标注文件格式不对，或找不到它所标的文稿"
        raise BadInput(message, file=path.name, kind="content") from None
    if any(text[label.start : label.end] != label.text for label in labels):
        raise BadInput("标注的位置与文稿不符", file=path.name, kind="content")
    return Labelled(path.stem, paper, text, labels)
