"""Hand-overs as screens need them: which are in sight, what waits for whom, items by kind."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from guatu.loop.enums import OPEN_STATES, HandoverState, ItemKind, ItemState
from guatu.loop.letter_people import CLERKS
from guatu.loop.models import Duty, Handover, HandoverItem
from guatu.loop.models.handovers import OVER
from guatu.loop.queries.sight import working_posts
from guatu.register.enums import ADMINISTRATORS, Role
from guatu.register.models import Organisation, Post
from guatu.register.policies import Standing, unit_keys
from guatu.register.seats import held_on
from guatu.register.stand_ins import covered_posts, uncovered_posts
from guatu.register.versions import rows_as_of

HandoverRow: TypeAlias = Handover
"""A hand-over or a state of one: the same columns, so to the type checker they are one."""
HEADS = frozenset({Role.LEADER, Role.OFFICE, Role.UNIT, Role.ATTRACTION})
ORPHANS_SHOWN = 20
"""Most duties of posts without anybody on one desk; the list of duties has them all."""
NAMED = ("post__organisation", "outgoing", "incoming", "handed_by", "accepted_by")


def handover_key(row: HandoverRow) -> int:
    """Key of the living hand-over that ``row`` is, or is a past state of."""
    return int(getattr(row, "row_id", row.pk))


def heads_of(standing: Standing) -> set[int]:
    """Units the officer may speak for as a head: by a post that speaks for its unit."""
    return {post.organisation_id for post in standing.posts if post.role in HEADS}


def handovers_in_sight(standing: Standing, as_of: dt.date | None = None) -> QuerySet[HandoverRow]:
    """Hand-overs (or their states of a past day) the officer may see; today's permissions apply.

    Who hands over and who accepts keep theirs for good. Others see those of posts in their
    subtrees; administrators, statisticians and firms see none of others.
    """
    rows: QuerySet[HandoverRow] = rows_as_of(Handover, as_of)
    mine = Q(outgoing=standing.officer) | Q(incoming=standing.officer)
    mine |= Q(post_id__in=working_posts(standing))
    if standing.has(Role.OFFICE, Role.LEADER):
        return rows
    if standing.has(Role.UNIT, Role.ATTRACTION) and not standing.roles & ADMINISTRATORS:
        mine |= Q(post__organisation_id__in=unit_keys(standing))
    return rows.filter(mine)


def sees_handover(standing: Standing, handover: HandoverRow) -> bool:
    """Tell whether one hand-over is in sight."""
    return handovers_in_sight(standing).filter(pk=handover_key(handover)).exists()


def find_handover(
    standing: Standing, public_id: uuid.UUID, as_of: dt.date | None = None
) -> HandoverRow | None:
    """Return the hand-over, or its state of a past day, when the officer may see it; else None."""
    rows = handovers_in_sight(standing, as_of).filter(public_id=public_id)
    return rows.select_related(*NAMED).first()


@dataclass(frozen=True)
class ItemGroup:
    """Items of one kind with how many are left."""

    kind: ItemKind
    items: Sequence[HandoverItem]

    @property
    def name(self) -> str:
        """Word of the kind."""
        return str(self.kind.label)

    @property
    def left(self) -> int:
        """How many are neither accepted nor done."""
        return sum(not item.settled and item.state != ItemState.ACCEPTED for item in self.items)


def groups_of(handover: HandoverRow, as_of: dt.date | None = None) -> list[ItemGroup]:
    """Items by kind in the order of the kinds; one query."""
    rows = rows_as_of(HandoverItem, as_of).filter(handover_id=handover_key(handover))
    joined = rows.select_related("subject", "duty", "blocker", "letter", "activity")
    found: dict[str, list[HandoverItem]] = {}
    for item in joined.order_by("pk" if as_of is None else "row_id"):
        found.setdefault(item.kind, []).append(item)
    return [ItemGroup(kind, found[kind]) for kind in ItemKind if kind in found]


@dataclass(frozen=True)
class HandoverTask:
    """A hand-over that waits for the officer: what to do, until when, in which part."""

    handover: HandoverRow
    verb: str
    due: dt.date | None
    counts: Sequence[tuple[str, int]]
    late: bool

    @property
    def total(self) -> int:
        """How many items are left."""
        return sum(number for _, number in self.counts)


def tasks_of(standing: Standing, as_of: dt.date | None = None) -> list[HandoverTask]:
    """Hand-overs whose next step is this officer's, and some of the units they head.

    Of those the late ones, and those nobody is there to hand over. Two queries, or one.
    """
    today = as_of or standing.today
    own = {post.pk for post in standing.own_posts}
    heads = heads_of(standing)
    wanted = Q(outgoing=standing.officer) | Q(post_id__in=own)
    late = Q(hand_due__lt=today) | Q(accept_due__lt=today)
    nobody = Q(outgoing=None) | Q(outgoing__is_active=False)
    if standing.has(Role.OFFICE):
        wanted |= late | nobody
    elif heads:
        wanted |= (late | nobody) & Q(post__organisation_id__in=heads)
    rows = rows_as_of(Handover, as_of).filter(wanted).exclude(state__in=OVER)
    found = [
        (row, _turn(row, standing, own, today))
        for row in rows.select_related(*NAMED).order_by("pk")
    ]
    waiting = [(row, turn) for row, turn in found if turn is not None]
    if not waiting:
        return []
    counts = _counts([handover_key(row) for row, _ in waiting], as_of)
    return [
        HandoverTask(
            row, verb, due, counts.get(handover_key(row), ()), due < today if due else False
        )
        for row, (verb, due) in waiting
    ]


def _turn(
    row: HandoverRow, standing: Standing, own: set[int], today: dt.date
) -> tuple[str, dt.date | None] | None:
    """What the officer is to do about a hand-over and by when; None for nothing."""
    giving = row.state != HandoverState.HANDED
    due = row.hand_due if row.state == HandoverState.DRAWN else row.accept_due
    if row.outgoing_id == standing.officer.pk:
        return (
            ("答复疑问" if row.state == HandoverState.QUERIED else "移交", due) if giving else None
        )
    if row.post_id in own:
        return ("等待移交" if row.state == HandoverState.DRAWN else "接收", due)
    nobody = row.outgoing is None or not row.outgoing.is_active
    if nobody and giving:
        return "代为移交", due
    if due is not None and due < today:
        return ("代为移交" if giving else "催促接收"), due
    return None


def _counts(keys: Sequence[int], as_of: dt.date | None) -> dict[int, list[tuple[str, int]]]:
    rows = rows_as_of(HandoverItem, as_of).filter(handover_id__in=keys, settled=False)
    rows = rows.exclude(state=ItemState.ACCEPTED)
    numbers = Counter(rows.order_by().values_list("handover_id", "kind"))
    return {
        key: [
            (str(kind.label), numbers[key, kind.value])
            for kind in ItemKind
            if numbers[key, kind.value]
        ]
        for key in keys
    }


def without_anybody(standing: Standing) -> list[Duty]:
    """Running duties of vacant or closed posts, or of units as a whole, with nobody there.

    For the office, with ``stood_in``: it may report meanwhile. The earliest first; one query.
    """
    if not standing.has(Role.OFFICE):
        return []
    held = held_on(standing.today).values("post_id")
    manned = Post.objects.filter(role__in=CLERKS, pk__in=held).values("organisation_id")
    empty = Organisation.objects.exclude(pk__in=manned)
    nobodys = Q(owner_post__in=uncovered_posts(standing))
    nobodys |= Q(owner_post=None, owner_unit__in=empty)
    stood_in = Exists(covered_posts(standing).filter(pk=OuterRef("owner_post")))
    rows = Duty.objects.filter(nobodys, state__in=OPEN_STATES).annotate(stood_in=stood_in)
    rows = rows.select_related("owner_post__organisation", "owner_unit", "subject")
    return list(rows.order_by(F("due").asc(nulls_last=True), "pk")[:ORPHANS_SHOWN])


def owed_by(standing: Standing) -> list[HandoverTask]:
    """Hand-overs of the officer's own posts: what each post is owed and owes, for the inbox."""
    own = {post.pk for post in standing.own_posts}
    return [task for task in tasks_of(standing) if task.handover.post_id in own]
