"""Whether a letter nobody has got yet tells the figures of an earlier day, and how it reads now.

Paragraphs that were drawn up from what is recorded are known by how they begin; whatever else a
letter says is somebody's own words.
"""

import datetime as dt
import re
from dataclasses import dataclass

from guatu.engines.official import chinese_day
from guatu.loop.enums import UNDELIVERED_STATES, DutyState, LetterState
from guatu.loop.letter_kinds import LetterKind
from guatu.loop.letter_text import body_for
from guatu.loop.models import Letter

AS_OF = re.compile(r"截至(\d{4})年(\d{1,2})月(\d{1,2})日，")
DRAWN = (
    AS_OF,
    re.compile(r"“.+”由你单位负责办理"),
    re.compile(r"“.+”自\d{4}年\d{1,2}月\d{1,2}日上报，请你单位解决"),
)
"""How paragraphs begin that tell of the cause as it stood on a day."""
LEFT = "本函已签发，文字不能再改：可以照此送达，也可以作废后按今天的情况另行起草，原文号不再使用。"


@dataclass(frozen=True)
class Change:
    """A paragraph as it stands, and as it would be drawn up today."""

    before: str
    after: str


@dataclass(frozen=True)
class Staleness:
    """A letter tells ``then`` of the day ``told_on``; on ``day`` it is ``now``.

    ``body`` is the letter with ``changes`` in place of the paragraphs drawn up before; one that is
    ``signed`` stays as it is.
    """

    told_on: dt.date
    day: dt.date
    then: str
    now: str
    body: str
    changes: tuple[Change, ...]
    signed: bool = False

    @property
    def words(self) -> str:
        """Say both figures in a sentence each, and of a signed letter what is left to do."""
        past, present = chinese_day(self.told_on), chinese_day(self.day)
        where = "函" if self.signed else "稿"
        told = (
            f"{where}中的情况截至{past}：{self.then}。今天是{present}，现在的情况是：{self.now}。"
        )
        return f"{told}{LEFT}" if self.signed else told


def staleness_of(letter: Letter, kind: LetterKind, day: dt.date) -> Staleness | None:
    """Compare a letter not yet delivered with its cause on ``day``.

    None where it tells no figures of another day, or where its cause is over; three queries. A
    later day was told before the campaign's date was set back.
    """
    lines = [line for line in letter.body.split("\n") if line.strip()]
    told = [(one, line) for line in lines if (one := _day_of(line)) is not None and one != day]
    if not told or not _waits(letter):
        return None
    fresh = _drawn(body_for(kind, letter.duty, letter.blocker, day).split("\n"))
    changes, body = [], []
    for line in lines:
        after = fresh.get(_part_of(line), line)
        body.append(after)
        if after != line:
            changes.append(Change(line, after))
    told_on, then = min(told)
    now = _first_sentence(fresh.get(AS_OF, ""))
    return Staleness(
        told_on,
        day,
        _first_sentence(then),
        now,
        "\n".join(body),
        tuple(changes),
        signed=letter.state == LetterState.SIGNED,
    )


def _waits(letter: Letter) -> bool:
    """Whether nobody outside has it yet, and the cause it tells of is still open."""
    if letter.state not in UNDELIVERED_STATES:
        return False
    if letter.blocker is not None:
        return letter.blocker.is_open
    return letter.duty is not None and letter.duty.state not in {DutyState.DRAFT, DutyState.CLOSED}


def _drawn(lines: list[str]) -> dict[re.Pattern[str] | None, str]:
    return {part: line for line in lines if (part := _part_of(line)) is not None}


def _part_of(line: str) -> re.Pattern[str] | None:
    return next((part for part in DRAWN if part.match(line)), None)


def _day_of(line: str) -> dt.date | None:
    """The day a paragraph tells of; None for somebody's own words, and for no day there is."""
    found = AS_OF.match(line)
    if found is None:
        return None
    try:
        return dt.date(*(int(part) for part in found.groups()))
    except ValueError:
        return None


def _first_sentence(line: str) -> str:
    """What a paragraph says of its day, without the day.

    >>> _first_sentence("截至2025年4月16日，该事项已逾期8天。你单位尚未报告过进展。")
    '该事项已逾期8天'
    """
    return AS_OF.sub("", line, count=1).split("。")[0]
