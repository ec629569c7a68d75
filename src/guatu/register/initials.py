"""Pinyin initials, so that 示例道路 is found by sldl."""

from functools import lru_cache

LONGEST = 300


def initials_of(text: str) -> str:
    """Initials of ``text`` in lower case, without spaces and marks; other letters stay.

    >>> initials_of("示例路（A段）")
    'sllad'
    """
    from pypinyin.contrib.mmseg import seg  # noqa: PLC0415 -- heavy, only when names are written

    return "".join(map(_of_word, seg.cut(text))).lower()[:LONGEST]


@lru_cache(maxsize=20_000)
def _of_word(word: str) -> str:
    """Initials of one word or sign of the dictionary: they recur from name to name."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 -- heavy, only when names are written

    letters = "".join(lazy_pinyin(word, style=Style.FIRST_LETTER))
    return "".join(letter for letter in letters if letter.isalnum())
