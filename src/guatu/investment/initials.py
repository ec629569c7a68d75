"""Pinyin initials, so that 示例道路 is found by sldl."""

from functools import lru_cache

LONGEST = 300


@lru_cache(maxsize=20_000)
def initials_of(name: str) -> str:
    """Initials of a name in lower case.

    >>> initials_of("示例路A段")
    'sllad'
    """
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 -- heavy, only when names are written

    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()[:LONGEST]
