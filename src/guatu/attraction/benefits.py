"""Which benefits a promise speaks of, and what each may rest on (公平竞争审查条例 第十条).

The words are data of the dated rule ``lead.promises``. A class of benefits is meant where one word
of each of its sets stands in the same sentence, in any order and with anything between them.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_ENDS = re.compile(r"[。;!?]|\n(?=\s*[(]?[0-9一二三四五六七八九十]{1,3}[).、．])")
_NAUGHTS = re.compile(r"(?<=[0-9])\.0+(?![0-9])")
_NUMERALS = frozenset("0123456789.零一二三四五六七八九十百千万壹点")

WordSets = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Benefits:
    """A class of benefits: ``patterns`` tell it, ``bases`` are codes of what may carry it.

    A base in ``affirmed`` carries it where somebody says that he has checked the policy.
    ``cites``: first day → article that then says so.
    """

    name: str
    patterns: tuple[WordSets, ...]
    bases: frozenset[str]
    affirmed: frozenset[str]
    cites: tuple[tuple[dt.date, str], ...]

    def cited(self, day: dt.date) -> str:
        """Articles in force on ``day``."""
        return "、".join(article for since, article in self.cites if since <= day)


@dataclass(frozen=True)
class Meant:
    """A class a text speaks of, and the words by which it does."""

    benefits: Benefits
    words: tuple[str, ...]

    def quoted(self) -> str:
        """The words as a sentence quotes them.

        >>> Meant(Benefits("示例", (), frozenset(), frozenset(), ()), ("税", "返")).quoted()
        '「税」「返」'
        """
        return "".join(f"「{word}」" for word in dict.fromkeys(self.words))


def classes_of(rows: Sequence[Mapping[str, Any]]) -> tuple[Benefits, ...]:
    """Understand the classes of the rule."""
    return tuple(
        Benefits(
            row["name"],
            tuple(tuple(tuple(words) for words in sets) for sets in row["patterns"]),
            frozenset(row["bases"]),
            frozenset(row["affirmed"]),
            tuple((dt.date.fromisoformat(since), article) for since, article in row["cites"]),
        )
        for row in rows
    )


def meant_by(text: str, classes: Sequence[Benefits], harmless: Sequence[str] = ()) -> list[Meant]:
    """Find the classes a text speaks of, each once, in the order of the rule.

    ``harmless`` are words that hold a telling one and mean something else (返乡, 办税). Linear in
    the length of the text.

    >>> tax = Benefits("税收返还", ((("税",), ("返还",)),), frozenset(), frozenset(), ())
    >>> [one.words for one in meant_by("全额返还，前三年的税 款", [tax])]
    [('税', '返还')]
    >>> meant_by("办税辅导；返还保证金", [tax])
    []
    """
    sentences = [_without(one, harmless) for one in _sentences(text)]
    found = []
    for one in classes:
        words = next(filter(None, (_told(one, sentence) for sentence in sentences)), None)
        if words:
            found.append(Meant(one, words))
    return found


def _sentences(text: str) -> Iterator[str]:
    """Sentences without white space and marks; a line that is no numbered item goes on."""
    for part in _ENDS.split(_NAUGHTS.sub("", unicodedata.normalize("NFKC", text))):
        kept = (
            sign
            for at, sign in enumerate(part)
            if unicodedata.category(sign)[0] in "LN" or _is_point(part, at)
        )
        yield "".join(kept)


def _is_point(part: str, at: int) -> bool:
    return part[at] == "." and part[at - 1 : at].isdigit() and part[at + 1 : at + 2].isdigit()


def _without(sentence: str, harmless: Sequence[str]) -> str:
    for word in harmless:
        sentence = sentence.replace(word, " ")
    return sentence


def _told(benefits: Benefits, sentence: str) -> tuple[str, ...] | None:
    for sets in benefits.patterns:
        words = tuple(
            next((word for word in one if _stands_in(word, sentence)), "") for one in sets
        )
        if all(words):
            return words
    return None


def _stands_in(word: str, sentence: str) -> bool:
    """Tell whether a word stands there; a number must be whole: 1元 is not in 21元."""
    at = sentence.find(word)
    while at >= 0:
        if word[0] not in _NUMERALS or sentence[at - 1 : at] not in _NUMERALS:
            return True
        at = sentence.find(word, at + 1)
    return False
