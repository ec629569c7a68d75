"""Word lists of official prose, kept as data, and one linear scan that finds them all.

The lists in ``words/`` hold ordinary words only: verbs, adverbs, endings, class nouns.  No name
of a project or a firm may stand there, or quality on unseen papers would be an illusion.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from guatu.engines.intake.paper.tables import terms


class Word:
    """What a word may do, one bit each; one word may do several things.

    Plain integers, not an ``IntFlag``: these bits are tested a million times per paper.
    """

    LEAD: Final = 1 << 0
    ACT: Final = 1 << 1
    BACK: Final = 1 << 2
    VISIT: Final = 1 << 3
    PLAIN: Final = 1 << 4
    PROJECT_END: Final = 1 << 5
    SITE_END: Final = 1 << 6
    FIRM_END: Final = 1 << 7
    ABSTRACT_END: Final = 1 << 8
    DONE: Final = 1 << 9
    MOVES: Final = 1 << 10
    PROJECT_CLASS: Final = 1 << 11
    FIRM_CLASS: Final = 1 << 12
    OTHER_CLASS: Final = 1 << 13
    SURNAME: Final = 1 << 14
    OFFICE: Final = 1 << 15
    REGION: Final = 1 << 16
    GENERIC: Final = 1 << 17


ROLES: Final[dict[str, int]] = {
    name.lower(): bit for name, bit in vars(Word).items() if isinstance(bit, int)
}
"""Word list (file in ``words/``) → its bit."""
VERB: Final = Word.ACT | Word.BACK | Word.VISIT | Word.PLAIN
OPENING: Final = VERB | Word.LEAD
CLASS_NOUN: Final = Word.PROJECT_CLASS | Word.FIRM_CLASS | Word.OTHER_CLASS
COMMON: Final = ~(Word.REGION | Word.SURNAME)


@dataclass(frozen=True, slots=True)
class Hit:
    """A listed word found at ``start:end``."""

    start: int
    end: int
    word: int


@cache
def words() -> dict[str, int]:
    """Every listed word with what it may do."""
    found: dict[str, int] = {}
    folder = files(__package__) / "words"
    for name, role in ROLES.items():
        text = (folder / f"{name}.txt").read_text(encoding="utf-8")
        for line in text.splitlines():
            if not line.startswith("#"):
                for word in line.split():
                    found[word] = found.get(word, 0) | role
    for kind in ("policy", "industry", "institution"):
        for word in terms(kind):
            found[word] = found.get(word, 0) | Word.GENERIC
    return found


@cache
def _lengths() -> dict[str, tuple[int, ...]]:
    """Word lengths by first character, longest first: most positions are settled by one look."""
    by_first: dict[str, set[int]] = {}
    for word in words():
        by_first.setdefault(word[0], set()).add(len(word))
    return {first: tuple(sorted(sizes, reverse=True)) for first, sizes in by_first.items()}


def scan(text: str, start: int, end: int) -> Iterator[Hit]:
    """Find every listed word in ``text[start:end]``, overlapping ones too, by start, long first."""
    known, lengths = words(), _lengths()
    for at in range(start, end):
        for size in lengths.get(text[at], ()):
            stop = at + size
            if stop <= end:
                word = known.get(text[at:stop])
                if word is not None:
                    yield Hit(at, stop, word)
