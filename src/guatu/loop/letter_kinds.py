"""Kinds of letters as the dated rule ``letter.kinds`` declares them, and how they are numbered."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from guatu.engines.official import Layout
from guatu.loop.models import Duty
from guatu.register.campaign import current
from guatu.register.enums import ADMINISTRATORS, Role
from guatu.register.models import Post
from guatu.register.rules import rule_on

BY_ANSWER, BY_READING = "answer_accepted", "read"
BY_BLOCKER, BY_DUTY = "blocker_closed", "duty_closed"
CLOSED_BY = {
    BY_ANSWER: "认可回复",
    BY_READING: "阅后办结",
    BY_BLOCKER: "所涉堵点完结",
    BY_DUTY: "所涉事项办结",
}
"""What may close a letter, by the words of ``closes_by``: each alone suffices."""
SHORTENED = 40
"""Characters of a duty's name that a title takes over."""


@dataclass(frozen=True)
class SignerRule:
    """Which posts may sign: by role, and by title and unit code where the rule names them.

    ``prefer`` ``duty_leader``: the leader who vouches for the duty before any other.
    """

    role: Role
    title: str = ""
    unit: str = ""
    prefer: str = ""

    def allows(self, post: Post) -> bool:
        """Tell whether ``post`` is one of them."""
        return (
            post.active
            and post.role == self.role
            and self.title in {"", post.title}
            and self.unit in {"", post.organisation.code}
        )

    def posts(self) -> QuerySet[Post]:
        """All of them, in protocol order."""
        found = Post.objects.filter(active=True, role=self.role)
        if self.title:
            found = found.filter(title=self.title)
        if self.unit:
            found = found.filter(organisation__code=self.unit)
        return found.select_related("organisation")

    def first_for(self, duty: Duty | None) -> Post | None:
        """Who signs when nobody else is named."""
        return self.preferred(duty) or self.posts().first()

    def preferred(self, duty: Duty | None) -> Post | None:
        """Who signs before any other, by the duty itself; None where it names nobody."""
        leader = duty.leader_post if duty is not None else None
        if self.prefer == "duty_leader" and leader is not None and self.allows(leader):
            return leader
        return None


@dataclass(frozen=True)
class LetterKind:
    """One kind. ``mark`` is the 机关代字, ``reply_days`` working days, None asks for no reply.

    ``needs`` are the conditions of leaving, ``closes_by`` what closes it (see :data:`CLOSED_BY`);
    ``title`` holds
    ``{what}``, ``reply`` holds ``{days}``; ``{区}``, ``{区名}`` and ``{专班}`` in ``mark`` and
    ``issuer`` stand for the district's first character, its name and the office's. Raises
    ValueError for a signer who would be an administrator.
    """

    code: str
    name: str
    genre: str
    layout: Layout
    mark: str
    issuer: str
    title: str
    ask: str
    reply: str
    reply_days: int | None
    closing: str
    signer: SignerRule
    needs: tuple[str, ...]
    closes_by: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.signer.role in ADMINISTRATORS:
            raise ValueError(f"{self.name}的签发人不能是管理员。")

    def title_of(self, what: str) -> str:
        """Title of a letter about ``what``, shortened to what a title carries."""
        short = what if len(what) <= SHORTENED else f"{what[: SHORTENED - 2]}……"
        return self.title.replace("{what}", short)

    def reply_words(self, days: int | None) -> str:
        """Sentence that asks for a reply; empty where none is asked for."""
        return "" if days is None else self.reply.replace("{days}", str(days))


def kinds_on(day: dt.date) -> dict[str, LetterKind]:
    """Kinds of letters by code as the rule of ``day`` declares them, in its order.

    The order is data: a database may keep the keys of an object in one of its own.
    """
    told = rule_on("letter.kinds", day).value
    placed = sorted(told.items(), key=lambda pair: int(pair[1]["place"]))
    return {code: _kind(code, kind) for code, kind in placed}


def _kind(code: str, told: Mapping[str, Any]) -> LetterKind:
    plain = {name: told[name] for name in ("name", "genre", "mark", "issuer", "title", "ask")}
    return LetterKind(
        code=code,
        **plain,
        layout=Layout(told["layout"]),
        reply=told["reply"],
        reply_days=told["reply_days"],
        closing=told["closing"],
        signer=SignerRule(**{**told["signer"], "role": Role(told["signer"]["role"])}),
        needs=tuple(told["needs"]),
        closes_by=tuple(told["closes_by"]),
    )


def reference(kind: LetterKind, year: int, number: int, day: dt.date) -> str:
    """文号 of a signed letter: 机关代字〔年〕序号号."""
    pattern: str = rule_on("letter.numbering", day).value["pattern"]
    said = {"{mark}": in_district(kind.mark), "{year}": str(year), "{number}": str(number)}
    for place, words in said.items():
        pattern = pattern.replace(place, words)
    return pattern


def in_district(words: str) -> str:
    """Put the district's and the office's names into the words of a rule."""
    campaign = current()
    district = campaign.district if campaign else None
    office = Post.objects.filter(active=True, role=Role.OFFICE).select_related("organisation")
    unit = office.first()
    long = district.name if district else ""
    task_force = unit.organisation.name.removeprefix(long) if unit else ""
    short = str(district) if district else ""
    names = {"{区名}": long, "{专班}": task_force, "{区}": short[:1]}
    for place, name in names.items():
        words = words.replace(place, name)
    return words


@dataclass(frozen=True)
class DraftingRule:
    """Which kind the ladder drafts, and how many a day at most in the name of one issuer."""

    kind: str
    per_day: int


def drafting_on(day: dt.date) -> DraftingRule:
    """The rule ``letter.drafting`` of a day; one query."""
    told = rule_on("letter.drafting", day).value
    return DraftingRule(str(told["kind"]), int(told["per_day"]))
