"""The kinds of ledger that can be brought in."""

from collections.abc import Callable, Mapping
from typing import Any

from guatu.campaign.reading.books import Book, BookWords
from guatu.campaign.reading.duty_book import DutyBook
from guatu.campaign.reading.enterprise_book import EnterpriseBook
from guatu.campaign.reading.figure_book import FigureBook
from guatu.campaign.reading.lead_book import LeadBook
from guatu.campaign.reading.project_book import ProjectBook
from guatu.campaign.reading.reform_book import ReformBook
from guatu.campaign.reading.reserve_book import ReserveBook
from guatu.engines.intake.sheet import Table
from guatu.register.recording import Act

AnyBook = Book[Any, Any]

_OPENED: Mapping[str, Callable[[Act], AnyBook]] = {
    "project": ProjectBook,
    "reserve": ReserveBook,
    "enterprise": EnterpriseBook,
    "lead": LeadBook,
    "supervision": DutyBook,
    "reform": ReformBook,
    "indicator": FigureBook,
}
WORDS: Mapping[str, BookWords] = {
    words.kind: words
    for words in (
        ProjectBook.words,
        ReserveBook.words,
        EnterpriseBook.words,
        LeadBook.words,
        DutyBook.words,
        ReformBook.words,
        FigureBook.words,
    )
}
"""Kind of the sheet reader → how it is named, in the order in which they are offered."""


def words_of(table: Table, asked: str | None = None) -> BookWords | None:
    """Return the kind of a table: one told by its title before one told by its columns alone."""
    kinds = sorted(WORDS.values(), key=lambda words: not words.titled)
    return next((words for words in kinds if words.means(table, asked)), None)


def open_book(kind: str, act: Act) -> AnyBook:
    """Open the book of a kind; KeyError when it cannot be brought in."""
    return _OPENED[kind](act)
