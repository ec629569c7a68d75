"""Words that bear a 密级 mark are refused, typed or sent by a program, and that is recorded.

A file with a mark is refused when it is read (:mod:`guatu.register.refusals`); here is what is said
without a file. Everything is written by :mod:`guatu.register.recording`, which asks here, so that
no form and no address can be forgotten. The system's own acts are not asked about.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from guatu.register.errors import Invalid

if TYPE_CHECKING:
    from guatu.register.recording import Act

SENTENCE = "所填内容有密级标志。本系统为非涉密系统，禁止录入涉密及工作秘密；本次拒收已记入日志。"


@dataclass(frozen=True)
class Refused:
    """What may be told of refused words: how many bytes, and the line of the mark."""

    size: int
    row: int


Refusals = list[tuple["Act", Refused]]
_refused: ContextVar[Refusals | None] = ContextVar("refused", default=None)


@contextmanager
def collected() -> Iterator[Refusals]:
    """Gather refusals with their acts: they are recorded once the refused acts are undone."""
    found: Refusals = []
    token = _refused.set(found)
    try:
        yield found
    finally:
        _refused.reset(token)


def refuse_marked(act: "Act", field: str | None, texts: Iterable[object]) -> None:
    """Raise Invalid at ``field`` when one of ``texts`` bears a mark on a line of its own or in one.

    Ordinary words such as 商业秘密 are no mark.
    """
    for text in texts:
        if isinstance(text, str) and "密" in text:
            row = _marked_line(text)
            if row:
                found = _refused.get()
                if found is not None:
                    found.append((act, Refused(len(text.encode("utf-8", "replace")), row)))
                raise Invalid(SENTENCE, field)


def _marked_line(text: str) -> int:
    from guatu.engines.intake.sheet.secrecy import is_mark  # noqa: PLC0415 -- for few words

    lines = enumerate(text.splitlines(), 1)
    return next((number for number, line in lines if "密" in line and is_mark(line)), 0)
