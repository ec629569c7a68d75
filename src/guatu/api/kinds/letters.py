"""Letters one may see: number, addressee, reply due with its light; single ones with the text."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from ninja import Schema
from pydantic import Field

from guatu.api.kind import Filter, Kind, Reading, Told
from guatu.api.kinds.urges import UrgedShape, told_urges
from guatu.api.shapes import Code, Key, Light, Named, coded, post_named, subject_named, unit_named
from guatu.loop.enums import LetterState
from guatu.loop.letter_kinds import kinds_on
from guatu.loop.queries.letter_sight import letter_key, letters_in_sight
from guatu.loop.queries.letters import copies_of, letter_lamp, recipient, with_names
from guatu.register.policies import Standing
from guatu.register.rules import rule_on


class LetterShape(Schema):
    """函件（两函一单）。"""

    id: uuid.UUID
    code: str
    version: int
    kind: str = Field(description=coded("种类代码", "letter_kinds"))
    kind_name: str
    reference: str | None = Field(description="文号；未签发为 null")
    title: str = Field(examples=["关于示例事项的督办函"])
    state: LetterState
    state_name: str
    subject: Named
    duty: uuid.UUID | None = Field(description="据以发函的责任事项")
    blocker: uuid.UUID | None = Field(description="据以发函的堵点")
    addressee_unit: Named
    addressee_post: Named | None
    signed_on: dt.date | None
    sent_on: dt.date | None
    reply_due: dt.date | None
    lamp: Light
    closed_on: dt.date | None
    changed_at: dt.datetime


class LetterWhole(LetterShape):
    """单个函件的全部情况。"""

    issuer: str
    paragraphs: list[str] = Field(description="正文")
    copies: list[str] = Field(description="抄送")
    reply: str | None
    replied_on: dt.date | None
    opinion: str | None
    urges: list[UrgedShape] = Field(description="催办记录")


def listed_letters(standing: Standing, as_of: dt.date | None) -> QuerySet[Any]:
    """Letters in sight with what they name."""
    return with_names(letters_in_sight(standing, as_of))


def told_letters(rows: Sequence[Any], reading: Reading) -> list[Told]:
    """Tell letters; two queries for their rules."""
    rule, kinds = rule_on("lamp.letter", reading.day), kinds_on(reading.day)
    return [
        _told(row, letter_lamp(row, rule, reading.day), getattr(kinds.get(row.kind), "name", ""))
        for row in rows
    ]


def _told(row: Any, lamp: Any, kind_name: str) -> Told:  # noqa: ANN401 -- a letter or a past state, and its light
    return {
        "id": row.public_id,
        "code": row.code,
        "version": row.revision,
        "kind": row.kind,
        "kind_name": kind_name or row.kind,
        "reference": row.reference or None,
        "title": row.title,
        "state": row.state,
        "state_name": LetterState(row.state).label,
        "subject": subject_named(row.subject),
        "duty": row.duty.public_id if row.duty else None,
        "blocker": row.blocker.public_id if row.blocker else None,
        "addressee_unit": unit_named(row.addressee_unit),
        "addressee_post": post_named(row.addressee_post),
        "signed_on": row.signed_on,
        "sent_on": row.sent_on,
        "reply_due": row.reply_due,
        "lamp": {"colour": lamp.colour, "word": lamp.word, "reason": lamp.words},
        "closed_on": row.closed_on,
        "changed_at": row.known_from,
    }


def _whole(row: Any, reading: Reading) -> Told:  # noqa: ANN401 -- a letter or a past state
    copies = copies_of(row, reading.as_of)
    return {
        "issuer": row.issuer,
        "paragraphs": list(row.paragraphs),
        "copies": [recipient(copy.unit, copy.post) for copy in copies],
        "reply": row.reply or None,
        "replied_on": row.replied_on,
        "opinion": row.opinion or None,
        "urges": told_urges(reading.as_of, letter_id=letter_key(row)),
    }


LETTERS = Kind(
    path="letters",
    name="函件",
    policy="letter.list",
    rows=listed_letters,
    shape=LetterShape,
    tell=told_letters,
    whole=LetterWhole,
    tell_whole=_whole,
    filters=(
        Filter("state", LetterState, "状态", "state"),
        Filter("kind", Code, coded("种类代码", "letter_kinds"), "kind"),
        Filter("addressee_unit", Key, "主送单位编号", "addressee_unit__public_id"),
        Filter("subject", Key, "对象编号", "subject__public_id"),
    ),
)
