"""What a read paper is: its text, its items, and where headings and text disagree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Kind = Literal[
    "project",
    "enterprise",
    "place",
    "institution",
    "industry",
    "quantity",
    "target",
    "commitment",
    "policy",
    "date",
]
Value: TypeAlias = str | int | float | bool | Sequence[str] | None
"""What an attribute may hold; JSON takes each as it is."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing the paper says: ``text`` stands at ``start:end`` (code points, end exclusive).

    ``attrs`` hold only what the paper itself states; what it leaves out is ``None``.
    """

    kind: Kind
    text: str
    start: int
    end: int
    attrs: Mapping[str, Value] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """Give the item as ``guatu read --json`` prints it."""
        return {
            "kind": self.kind,
            "text": self.text,
            "start": self.start,
            "end": self.end,
            "attrs": dict(self.attrs),
        }


@dataclass(frozen=True, slots=True)
class Clash:
    """A heading whose domain the text below it contradicts; ``evidence`` are words found there.

    ``start``/``end`` place the heading; both domains are keys of ``tables/domains.json``.
    """

    heading: str
    start: int
    end: int
    heading_domain: str
    content_domain: str
    evidence: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Give the clash as ``guatu read --json`` prints it."""
        return {
            "heading": self.heading,
            "start": self.start,
            "end": self.end,
            "heading_domain": self.heading_domain,
            "content_domain": self.content_domain,
            "evidence": list(self.evidence),
        }


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper after reading.  Items are sorted by start, then longer first, then kind.

    ``length`` counts code points of ``text``, the decoded file without byte-order mark;
    ``plan_year`` is the year its deadlines fall in, ``None`` when neither caller nor text say.
    """

    sha256: str
    encoding: str
    text: str
    items: tuple[Item, ...]
    clashes: tuple[Clash, ...]
    plan_year: int | None

    @property
    def length(self) -> int:
        """Length of the text in code points."""
        return len(self.text)

    def as_json(self) -> dict[str, object]:
        """Give the document ``guatu read --json`` prints."""
        return {
            "sha256": self.sha256,
            "encoding": self.encoding,
            "length": self.length,
            "plan_year": self.plan_year,
            "items": [item.as_json() for item in self.items],
            "clashes": [clash.as_json() for clash in self.clashes],
        }
