"""Letters on a desk: what waits for the officer, and what the officer waits for."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    When,
    Window,
)
from django.db.models.functions import RowNumber

from guatu.loop.enums import OWED_STATES, LetterState
from guatu.loop.models import Receipt
from guatu.loop.queries.duties import DutyLamp
from guatu.loop.queries.letter_sight import LetterRow, clerk_units, copied, letters_in_sight
from guatu.loop.queries.letters import LAMP, letter_lamp, with_lamp, with_names
from guatu.loop.queries.sight import working_posts
from guatu.loop.queries.urged import letters_urged
from guatu.loop.urge_rights import RULE as URGE_RIGHTS
from guatu.loop.urge_rights import may_urge
from guatu.register.enums import Role
from guatu.register.policies import Standing
from guatu.register.rules import Holding, rules_on

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


@dataclass(frozen=True)
class LetterDesk:
    """Letters that wait for the officer, and the first of those the officer waits for.

    ``in_all`` is how many of the latter there are, listed or not.
    """

    tasks: Sequence[LetterTask] = ()
    awaited: Sequence[LetterTask] = ()
    in_all: int = 0


def letter_desk(
    standing: Standing,
    as_of: dt.date | None = None,
    lamp: Holding | None = None,
    rights: Holding | None = None,
) -> LetterDesk:
    """Collect both, late replies first, up to :data:`DESK_SHOWN` and :data:`AWAITED_SHOWN`.

    One query where the rules are given: each half bears its own places and its own sum.
    """
    if not working_posts(standing):
        return LetterDesk()
    today = as_of or standing.today
    if lamp is None or rights is None:
        lamp, rights = rules_on((LAMP, URGE_RIGHTS), today)
    found = _placed(standing, as_of, today, lamp)
    mine = [row for row in found if row.mine]
    others = [row for row in found if not row.mine]
    return LetterDesk(
        [LetterTask(row, _verb(standing, row), letter_lamp(row, lamp, today)) for row in mine],
        [
            LetterTask(
                row,
                "待签收" if row.state == LetterState.SENT else "待回复",
                letter_lamp(row, lamp, today),
                may_urge=may_urge(standing, row, rights) is not None,
            )
            for row in others
        ],
        others[0].in_all if others else 0,
    )


def _placed(standing: Standing, as_of: dt.date | None, today: dt.date, lamp: Holding) -> list[Any]:
    """Rows of both halves as far as they are listed, each with how many its half has."""
    posts = working_posts(standing)
    wanted, awaited = _wanted(standing, as_of, posts), _awaited(standing, today, posts)
    rows = with_lamp(with_names(letters_in_sight(standing, as_of)), lamp, today)
    halves: QuerySet[Any] = rows.filter(wanted | awaited).annotate(
        mine=Case(When(wanted, then=True), default=False, output_field=BooleanField())
    )
    order = ("lamp_rank", "reply_due", "pk")
    placed = halves.annotate(
        place=Window(RowNumber(), partition_by="mine", order_by=order),
        in_all=Window(Count("pk"), partition_by="mine"),
    )
    shown = Q(mine=True, place__lte=DESK_SHOWN) | Q(mine=False, place__lte=AWAITED_SHOWN)
    return list(letters_urged(placed, as_of).filter(shown).order_by(*order))


def _wanted(standing: Standing, as_of: dt.date | None, posts: list[int]) -> Q:
    """Letters to sign, deliver, answer or judge, and copies to read."""
    signing = Q(state=LetterState.SIGNING, signer_post_id__in=posts)
    owed = Q(state__in=OWED_STATES) & _addressed(standing, posts)
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
    return signing | owed | judged | Q(unread)


def _awaited(standing: Standing, today: dt.date, posts: list[int]) -> Q:
    """Letters without the answer their day has come for, or unread since the day before.

    For who signed them, and of all letters for the office; not those that wait for the officer.
    """
    waits = Q(reply_due__lte=today) | Q(state=LetterState.SENT, sent_on__lt=today)
    others = waits & Q(state__in=OWED_STATES) & ~_addressed(standing, posts)
    return others if standing.has(Role.OFFICE) else others & Q(signer_post_id__in=posts)


def _addressed(standing: Standing, posts: list[int]) -> Q:
    """Letters to the officer's posts, or to units they answer for as a clerk."""
    return Q(addressee_post_id__in=posts) | Q(addressee_unit_id__in=clerk_units(standing))


def _verb(standing: Standing, letter: LetterRow) -> str:
    posts = working_posts(standing)
    mine = letter.addressee_post_id in posts or letter.addressee_unit_id in clerk_units(standing)
    if letter.state == LetterState.SIGNING and letter.signer_post_id in posts:
        return "签发"
    if letter.state == LetterState.SIGNED:
        return "送达"
    if letter.is_owed and mine:
        return "重新回复" if letter.reply_returned else "回复"
    judges = letter.signer_post_id in posts or standing.has(Role.OFFICE)
    return "核回复" if letter.state == LetterState.ANSWERED and judges else "阅知抄送"
