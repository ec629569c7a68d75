"""The data of shared components; each has one partial of the same name in ``components/``."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from guatu.web import format as written

LAMP_WORDS = {"red": "红", "amber": "黄", "green": "绿"}
UNRATED = "未评"


@dataclass(frozen=True)
class LampFace:
    """A light as shown: colour, word and days; it always opens its reason at ``href``.

    ``colour`` is red, amber or green; all else is shown as 未评. ``note`` stands in the place of
    the days where something else says more.
    """

    colour: str
    href: str
    days: int | None = None
    note: str = ""

    @property
    def tone(self) -> str:
        """Name of the style block."""
        return self.colour if self.colour in LAMP_WORDS else "unrated"

    @property
    def text(self) -> str:
        """Colour word and days, as in 「红 · 逾期 3 天」."""
        word = LAMP_WORDS.get(self.colour, UNRATED)
        detail = self.note or ("" if self.days is None else written.days_left(self.days))
        return f"{word} · {detail}" if detail else word


class StepState(StrEnum):
    """Where a stage stands on its rail."""

    DONE = "done"
    CURRENT = "current"
    NEXT = "next"
    LATE = "late"
    STOPPED = "stopped"
    UNKNOWN = "unknown"


STEP_WORDS = {
    StepState.DONE: "已完成",
    StepState.CURRENT: "进行中",
    StepState.NEXT: "未开始",
    StepState.LATE: "已逾期",
    StepState.STOPPED: "停在此",
    StepState.UNKNOWN: written.UNREPORTED,
}


SKIPPED = "未经此步"
"""Note of a step that something went past on its way to its end."""


@dataclass(frozen=True)
class RailStep:
    """One stage of a rail; ``note`` is a date or a few words beneath the name.

    ``today`` marks the stage whose planned span holds the business date: the today line.
    """

    name: str
    state: StepState
    note: str = ""
    today: bool = False

    @property
    def word(self) -> str:
        """The state in words, so that colour never stands alone."""
        return STEP_WORDS[self.state]


@dataclass(frozen=True)
class RowAct:
    """What can be done from a desk row: at once by one tap, or after a form has opened beneath."""

    name: str
    href: str
    main: bool = False
    at_once: bool = False


@dataclass(frozen=True)
class Change:
    """One line of history: a field, old → new, who, when and why.

    ``on`` is the campaign's day where it is not that of ``at``.
    """

    at: dt.datetime
    who: str
    what: str
    old: str | None
    new: str | None
    reason: str = ""
    on: dt.date | None = None


@dataclass(frozen=True)
class PreviewCell:
    """One cell of an import: what would be stored, and why it cannot be where it cannot.

    ``old`` is set where a stored value would change; ``address`` is the cell in the workbook.
    """

    text: str
    verdict: str = "unchanged"
    old: str = ""
    message: str = ""
    address: str = ""


@dataclass(frozen=True)
class PreviewRow:
    """One row of an import with its verdict (new, changed, unchanged, error)."""

    number: int
    verdict: str
    cells: tuple[PreviewCell, ...]

    @property
    def word(self) -> str:
        """The verdict in words."""
        return VERDICT_WORDS[self.verdict]


VERDICT_WORDS = {"new": "新增", "changed": "变更", "unchanged": "未变", "error": "错误"}


@dataclass(frozen=True)
class Told:
    """A line above a form: what it is about, what it is, and what it was where that differs."""

    label: str
    now: str
    before: str = ""
