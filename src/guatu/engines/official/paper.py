"""The elements of an official paper (公文要素), in the order of GB/T 9704-2012, part 7."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

_QUOTED = re.compile(r"(「[^」]*」|“[^”]*”)")
_ISO = re.compile(r"(?<![\d-]) ?(\d{4}-\d{2}-\d{2})(?![\d-]) ?")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_NONCHARACTER_TAIL = 0xFFFE
_NONCHARACTERS = range(0xFDD0, 0xFDF0)


class Layout(StrEnum):
    """Which format of the standard: 信函格式 (10.1), or the general one (part 7)."""

    LETTER = "letter"
    GENERAL = "general"


def unprintable(text: str) -> tuple[int, ...]:
    r"""Offsets of characters that no paper can show: controls, directions, halves of characters.

    >>> unprintable("示例\u202e函")
    (2,)
    """
    return tuple(at for at, one in enumerate(text) if _is_hidden(one))


def _is_hidden(one: str) -> bool:
    point = ord(one)
    nothing = point & _NONCHARACTER_TAIL == _NONCHARACTER_TAIL or point in _NONCHARACTERS
    return nothing or unicodedata.category(one) in _HIDDEN


def chinese_day(day: dt.date) -> str:
    """Write a day as a paper dates itself: Arabic digits, no leading zeros (7.3.5.4).

    >>> chinese_day(dt.date(2026, 3, 8))
    '2026年3月8日'
    """
    return f"{day.year}年{day.month}月{day.day}日"


def day_beside(day: dt.date, year: int) -> str:
    """Write a day inside a paper of ``year``: the year only where it is another.

    >>> day_beside(dt.date(2025, 3, 8), 2025), day_beside(dt.date(2024, 12, 31), 2025)
    ('3月8日', '2024年12月31日')
    """
    return f"{day.month}月{day.day}日" if day.year == year else chinese_day(day)


def days_told(text: str, year: int) -> str:
    """Write the days of a sentence of ours as papers do; what is quoted stays as it was said.

    >>> days_told("2025-03-11 到期，由 2024-12-31 延期，报告：「2025-03-01 已报」", 2025)
    '3月11日到期，由2024年12月31日延期，报告：「2025-03-01 已报」'
    """
    parts = _QUOTED.split(text)
    return "".join(
        part if at % 2 else _ISO.sub(lambda found: _told(found, year), part)
        for at, part in enumerate(parts)
    )


def _told(found: re.Match[str], year: int) -> str:
    try:
        return day_beside(dt.date.fromisoformat(found[1]), year)
    except ValueError:
        return found[0]


@dataclass(frozen=True)
class OfficialPaper:
    """One paper as it is printed; its words are kept exactly as given.

    ``reference`` is the 文号, empty while nobody has signed; ``mark`` then says so on every page.
    ``day`` is the 成文日期, ``printed_on`` the 印发日期 of the general layout. ``copies`` are
    the 抄送机关. Raises ValueError for a paper without a number that carries no mark, an empty
    title or addressee, and for characters that cannot be printed.
    """

    layout: Layout
    issuer: str
    title: str
    addressee: str
    paragraphs: tuple[str, ...]
    closing: str = ""
    reference: str = ""
    mark: str = ""
    attachments: tuple[str, ...] = ()
    day: dt.date | None = None
    copies: tuple[str, ...] = ()
    printed_on: dt.date | None = None

    def __post_init__(self) -> None:
        if not self.reference and not self.mark:
            raise ValueError("没有文号的稿件须标明「草稿，未签发」。")
        if not self.title.strip() or not self.addressee.strip() or not self.issuer.strip():
            raise ValueError("发文机关、标题和主送机关不能为空。")
        for name, text in self._texts():
            if unprintable(text):
                raise ValueError(f"{name}中有不能印出的字符。")

    def _texts(self) -> Iterator[tuple[str, str]]:
        yield "发文机关", self.issuer
        yield "文号", self.reference
        yield "标注", self.mark
        yield "标题", self.title
        yield "主送机关", self.addressee
        yield "结束语", self.closing
        for paragraph in self.paragraphs:
            yield "正文", paragraph
        for attachment in self.attachments:
            yield "附件", attachment
        for copy in self.copies:
            yield "抄送", copy

    @property
    def dated(self) -> str:
        """成文日期 in words; empty while nobody has signed."""
        return "" if self.day is None else chinese_day(self.day)

    @property
    def printed(self) -> str:
        """印发日期 in words; empty where there is none."""
        return "" if self.printed_on is None else f"{chinese_day(self.printed_on)}印发"

    @property
    def copied(self) -> str:
        """抄送机关 in one line, closed by a full stop (7.4.2)."""
        return f"{'，'.join(self.copies)}。" if self.copies else ""

    @property
    def is_letter(self) -> bool:
        """Tell whether the 信函格式 applies."""
        return self.layout is Layout.LETTER

    @property
    def listed(self) -> tuple[str, ...]:
        """附件说明 line by line; several are numbered (7.3.4)."""
        if len(self.attachments) < 2:  # noqa: PLR2004 -- one needs no number
            return self.attachments
        return tuple(f"{number}. {name}" for number, name in enumerate(self.attachments, 1))
