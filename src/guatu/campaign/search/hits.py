"""What was asked, what was found, and how well the one fits the other."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property, lru_cache
from typing import Any
from uuid import UUID

from django.db.models import TextChoices

from guatu.register.initials import initials_of, written_narrow
from guatu.register.policies import Standing
from guatu.register.search import code_of, letters_of, words_of
from guatu.register.unit_words import Units, units_named

MOST = 200
"""More of a kind are not counted: nobody reads on, and the list counts them all."""


class Kind(TextChoices):
    """Kinds of things that are found, in the order they are shown."""

    PROJECT = "project", "项目"
    ENTERPRISE = "enterprise", "企业"
    PLAN = "plan", "一企一策"
    LEAD = "lead", "招商线索"
    RESERVE = "reserve", "储备项目"
    DUTY = "duty", "责任事项"
    BLOCKER = "blocker", "堵点"
    LETTER = "letter", "两函一单"
    TARGET = "target", "目标"
    REFORM = "reform", "改革任务"
    MEETING = "meeting", "调度会"
    VISIT = "visit", "督帮"
    MATTER = "matter", "其他事项"
    UNIT = "unit", "单位"
    POST = "post", "岗位与人员"
    HANDOVER = "handover", "岗位交接"
    PAPER = "paper", "会议材料"
    LEDGER = "ledger", "导入的台账"
    RESOURCE = "resource", "共用资源"


class Rank(IntEnum):
    """How well something fits, best first."""

    CODE = 0
    NAME = 1
    START = 2
    SPELT = 3
    INSIDE = 4


@dataclass(frozen=True)
class Hit:
    """One thing found; ``note`` tells it from others of its name."""

    kind: Kind
    key: UUID
    title: str
    code: str = ""
    note: str = ""


@dataclass(frozen=True)
class Matches:
    """What fits, best first: keys with ranks, and how the few that are shown are read.

    One more than ``MOST`` stands for all that lies beyond it.
    """

    ranked: Sequence[tuple[Any, Rank]]
    show: Callable[[Sequence[Any]], Mapping[Any, Hit]]

    @property
    def count(self) -> int:
        """How many, at most ``MOST``."""
        return min(len(self.ranked), MOST)

    @property
    def more(self) -> bool:
        """Tell whether there are more than ``count``."""
        return len(self.ranked) > MOST

    def best(self, most: int) -> list[tuple[Rank, Hit]]:
        """The best ones with their ranks."""
        few = self.ranked[:most]
        hits = self.show([key for key, _ in few]) if few else {}
        return [(rank, hits[key]) for key, rank in few if key in hits]


NOTHING = Matches((), lambda _: {})


def told(ranked: Iterable[tuple[Rank | None, Hit]]) -> Matches:
    """Matches among things already read, in their order within a rank."""
    fitting = [(rank, hit) for rank, hit in ranked if rank is not None]
    fitting.sort(key=lambda pair: pair[0])
    hits = dict(enumerate(hit for _, hit in fitting))
    return Matches([(place, rank) for place, (rank, _) in enumerate(fitting)], lambda _: hits)


@dataclass(frozen=True)
class Asked:
    """Who asks for what, of today or of a past day."""

    standing: Standing
    as_of: dt.date | None
    text: str

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Words, each of which must stand somewhere in what is found."""
        return words_of(self.text)

    @cached_property
    def units(self) -> Units:
        """Units that words name, where there are several words."""
        return units_named(self.words)

    @cached_property
    def whole(self) -> str:
        """The words as one."""
        return " ".join(self.words)

    @property
    def letters(self) -> str:
        """All that may be meant as initials, as one; empty where a word may not."""
        letters = [letters_of(word) for word in self.words]
        return "".join(letters) if all(letters) else ""

    @property
    def typed(self) -> set[str]:
        """The words as one, as small and capital letters: what a whole name may be stored as."""
        return {self.whole, self.whole.upper()}

    @property
    def codes(self) -> set[str]:
        """Codes the words as one may mean: as typed, and with the dash and zeros left out."""
        return {self.whole.upper(), code_of(self.whole)} - {""}

    @property
    def day(self) -> dt.date:
        """The day whose holders of posts count."""
        return self.as_of or self.standing.today

    @property
    def key(self) -> str:
        """Column with the key of the living row, in rows of today or of the past."""
        return "pk" if self.as_of is None else "row_id"

    def rank_of(self, *names: str, code: str = "", unit: int | None = None) -> Rank | None:
        """Rank of something that bears ``names``; None unless each word stands in one of them.

        Beside a word that does, others may name its unit, of which ``unit`` is the key.
        """
        standing = [_stands(word, names, code) for word in self.words]
        for word, stands in zip(self.words, standing, strict=True):
            if not stands and unit not in self.units.get(word, ()):
                return None
        return self.fit(names, (code,), map(_letters, names)) if any(standing) else None

    def fit(self, names: Iterable[str], codes: Iterable[str], spelt: Iterable[str]) -> Rank:
        """How well something fits that is known to; ``spelt`` are the initials of its names."""
        plain = [_plain(name) for name in names]
        if self.codes.intersection(code.upper() for code in codes):
            return Rank.CODE
        if self.whole in plain:
            return Rank.NAME
        if any(name.startswith(self.whole) for name in plain):
            return Rank.START
        letters = self.letters
        if letters and any(initials.startswith(letters) for initials in spelt):
            return Rank.SPELT
        return Rank.INSIDE


def _stands(word: str, names: Iterable[str], code: str) -> bool:
    letters = letters_of(word)
    return (
        word in code.lower()
        or (code != "" and code == code_of(word))
        or any(word in _plain(name) for name in names)
        or (letters != "" and any(letters in _letters(name) for name in names))
    )


@lru_cache(maxsize=20_000)
def _plain(name: str) -> str:
    return written_narrow(name).lower()


_letters = lru_cache(maxsize=20_000)(initials_of)
