"""Pinyin initials, so that 示例道路 is found by sldl."""

import unicodedata
from functools import lru_cache

LONGEST = 300


def initials_of(text: str) -> str:
    """Initials of ``text`` in lower case, without spaces and marks; other letters stay.

    >>> initials_of("示例路（Ａ段）")
    'sllad'
    """
    from pypinyin.contrib.mmseg import seg  # noqa: PLC0415 -- heavy, only when names are written

    return "".join(map(_of_word, seg.cut(written_narrow(text)))).lower()[:LONGEST]


def written_narrow(text: str) -> str:
    """Full-width letters and digits, ligatures and the like as they are plainly written (NFKC).

    >>> written_narrow("Ａ座３号（①期）")
    'A座3号(1期)'
    """
    return unicodedata.normalize("NFKC", text)


@lru_cache(maxsize=20_000)
def _of_word(word: str) -> str:
    """Initials of one word or sign of the dictionary: they recur from name to name."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 -- heavy, only when names are written

    letters = "".join(lazy_pinyin(word, style=Style.FIRST_LETTER))
    return "".join(letter for letter in letters if letter.isalnum())
