"""Letters on a desk: what waits for the officer, and what the officer waits for."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from guatu.loop.enums import OWED_STATES, LetterState
from guatu.loop.models import Receipt
from guatu.loop.queries.duties import DutyLamp
from guatu.loop.queries.letter_sight import LetterRow, clerk_units, copied, letters_in_sight
from guatu.loop.queries.letters import LAMP, letter_lamp, with_lamp, with_names
from guatu.loop.queries.sight import working_posts
from guatu.loop.queries.urged import letters_urged
from guatu.loop.urge_rights import may_urge, rights_on
from guatu.register.enums import Role
from guatu.register.policies import Standing
from guatu.register.rules import Holding, rule_on

DESK_SHOWN = 40
AWAITED_SHOWN = 10
"""Most letters a desk lists that its officer waits for; the heading counts all."""


@dataclass(frozen=True)
class LetterTask:
    """One letter on a desk: what to do about it, or what it waits for, and its light."""

    letter: LetterRow
    verb: str
    lamp: DutyLamp
    may_urge: bool = False


def letters_on_desk(
    standing: Standing, as_of: dt.date | None = None, rule: Holding | None = None
) -> list[LetterTask]:
    """Collect letters that wait for the officer: to sign, deliver, answer, judge, read a copy.

    Late replies first; at most :data:`DESK_SHOWN`. Two queries.
    """
    posts = working_posts(standing)
    if not posts:
        return []
    today = as_of or standing.today
    signing = Q(state=LetterState.SIGNING, signer_post_id__in=posts)
    owed = Q(state__in=OWED_STATES) & (
        Q(addressee_post_id__in=posts) | Q(addressee_unit_id__in=clerk_units(standing))
    )
    judged = Q(state=LetterState.ANSWERED, signer_post_id__in=posts)
    if standing.has(Role.OFFICE):
        judged = Q(state__in=(LetterState.ANSWERED, LetterState.SIGNED))
    key = "pk" if as_of is None else "row_id"
    read = Receipt.objects.filter(letter_id=OuterRef(key), officer=standing.officer)
    unread = (
        Q(**{f"{key}__in": copied(standing).values("letter_id")})
        & Q(sent_on__isnull=False)
        & ~Q(state=LetterState.VOID)
        & ~Exists(read)
    )
    rule = rule or rule_on(LAMP, today)
    rows = letters_in_sight(standing, as_of).filter(signing | owed | judged | unread)
    ranked = letters_urged(with_lamp(with_names(rows), rule, today), as_of)
    ranked = ranked.order_by("lamp_rank", "reply_due", "pk")
    return [
        LetterTask(row, _verb(standing, row, posts), letter_lamp(row, rule, today))
        for row in ranked[:DESK_SHOWN]
    ]


@dataclass(frozen=True)
class Awaited:
    """Letters the officer waits for, late or unread: the first of them, and how many in all."""

    tasks: Sequence[LetterTask] = ()
    in_all: int = 0


def letters_awaited(
    standing: Standing,
    as_of: dt.date | None = None,
    rule: Holding | None = None,
    rights: Holding | None = None,
) -> Awaited:
    """Collect letters without the answer their day has come for, or unread since the day before.

    For who signed them, and of all letters for the office; not those that wait for the officer.
    One query, one more where there are more than are listed.
    """
    posts = working_posts(standing)
    if not posts:
        return Awaited()
    today = as_of or standing.today
    rule, rights = rule or rule_on(LAMP, today), rights or rights_on(today)
    waits = Q(reply_due__lte=today) | Q(state=LetterState.SENT, sent_on__lt=today)
    rows = letters_in_sight(standing, as_of).filter(waits, state__in=OWED_STATES)
    if not standing.has(Role.OFFICE):
        rows = rows.filter(signer_post_id__in=posts)
    own = Q(addressee_unit_id__in=clerk_units(standing))
    rows = rows.exclude(own).exclude(addressee_post_id__isnull=False, addressee_post_id__in=posts)
    ranked = letters_urged(with_lamp(with_names(rows), rule, today), as_of)
    found = list(ranked.order_by("reply_due", "sent_on", "pk")[:AWAITED_SHOWN])
    tasks = [
        LetterTask(
            row,
            "待签收" if row.state == LetterState.SENT else "待回复",
            letter_lamp(row, rule, today),
            may_urge=may_urge(standing, row, rights) is not None,
        )
        for row in found
    ]
    return Awaited(tasks, len(tasks) if len(tasks) < AWAITED_SHOWN else rows.count())


def _verb(standing: Standing, letter: LetterRow, posts: list[int]) -> str:
    mine = letter.addressee_post_id in posts or letter.addressee_unit_id in clerk_units(standing)
    if letter.state == LetterState.SIGNING and letter.signer_post_id in posts:
        return "签发"
    if letter.state == LetterState.SIGNED:
        return "送达"
    if letter.is_owed and mine:
        return "重新回复" if letter.reply_returned else "回复"
    judges = letter.signer_post_id in posts or standing.has(Role.OFFICE)
    return "核回复" if letter.state == LetterState.ANSWERED and judges else "阅知抄送"
