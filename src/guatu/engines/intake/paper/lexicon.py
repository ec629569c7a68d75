"""Word lists of official prose, kept as data, and one linear scan that finds them all.

The lists in ``words/`` hold ordinary words only: verbs, adverbs, endings, class nouns.  No name
of a project or a firm may stand there, or quality on unseen papers would be an illusion.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntFlag, auto
from functools import cache
from importlib.resources import files


class Word(IntFlag):
    """What a word may do; one word may do several things."""

    LEAD = auto()
    ACT = auto()
    BACK = auto()
    VISIT = auto()
    PLAIN = auto()
    PROJECT_END = auto()
    SITE_END = auto()
    FIRM_END = auto()
    ABSTRACT_END = auto()
    DONE = auto()
    MOVES = auto()
    PROJECT_CLASS = auto()
    FIRM_CLASS = auto()
    OTHER_CLASS = auto()
    SURNAME = auto()
    OFFICE = auto()
    REGION = auto()
    GENERIC = auto()


VERB = Word.ACT | Word.BACK | Word.VISIT | Word.PLAIN
OPENING = VERB | Word.LEAD
CLASS_NOUN = Word.PROJECT_CLASS | Word.FIRM_CLASS | Word.OTHER_CLASS
COMMON = ~(Word.REGION | Word.SURNAME)


@dataclass(frozen=True, slots=True)
class Hit:
    """A listed word found at ``start:end``."""

    start: int
    end: int
    word: Word


@cache
def words() -> dict[str, Word]:
    """Every listed word with what it may do."""
    found: dict[str, Word] = {}
    folder = files(__package__) / "words"
    for role in Word:
        text = (folder / f"{(role.name or '').lower()}.txt").read_text(encoding="utf-8")
        for line in text.splitlines():
            if not line.startswith("#"):
                for word in line.split():
                    found[word] = found.get(word, Word(0)) | role
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
