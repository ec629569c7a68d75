"""Blockers as screens need them: which are in sight, whose turn it is, what is usual."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    Q,
    QuerySet,
    Value,
    When,
)

from guatu.loop.blocker_causes import BlockerCause
from guatu.loop.blocker_days import BlockerRow, days_of, with_days
from guatu.loop.enums import OPEN_BLOCKERS, BlockerState
from guatu.loop.escalation.causes import UNANSWERED
from guatu.loop.letter_people import CLERKS
from guatu.loop.models import Blocker, EscalationStep
from guatu.loop.office_days import office_days
from guatu.loop.queries.sight import (
    duty_keys,
    identity,
    subject_keys,
    working_posts,
)
from guatu.loop.queries.superiors import anybody_above
from guatu.loop.queries.urged import blockers_urged
from guatu.loop.removers import Spot
from guatu.register.enums import PartyRole, Role
from guatu.register.models import Party, Post
from guatu.register.policies import WHOLE_DISTRICT, Standing, unit_keys
from guatu.register.seats import held_on
from guatu.register.versions import end_of, rows_as_of

NAMED = (
    "subject",
    "duty",
    "activity",
    "remover_unit",
    "remover_post__organisation",
    "raised_unit",
    "raised_post__organisation",
    "upper_unit",
    "upper_post__organisation",
)
VERBS = {
    BlockerState.RAISED: "审核",
    BlockerState.WORKING: "解决",
    BlockerState.UPPER: "协调",
    BlockerState.ANSWERED: "确认",
    BlockerState.RETURNED: "补充",
}
TURNS_SHOWN = 60
"""Most blockers on one desk; the list has them all."""


def blockers_in_sight(standing: Standing, as_of: dt.date | None = None) -> QuerySet[BlockerRow]:
    """Blockers, or their states of a past day, the officer may see; today's permissions apply.

    Leaders, the office and the statisticians see the district; others what their units or posts
    raised, are to remove or coordinate, and what hangs on a duty or subject in their sight. The
    campaign itself is no way in.
    """
    rows: QuerySet[BlockerRow] = rows_as_of(Blocker, as_of)
    if standing.roles & WHOLE_DISTRICT:
        return rows
    posts = working_posts(standing)
    if not posts or standing.is_outside:
        return rows.none()
    units = unit_keys(standing)
    return rows.filter(
        Q(raised_unit_id__in=units)
        | Q(remover_unit_id__in=units)
        | Q(upper_unit_id__in=units)
        | Q(raised_post_id__in=posts)
        | Q(remover_post_id__in=posts)
        | Q(upper_post_id__in=posts)
        | Q(duty_id__in=duty_keys(standing))
        | Q(subject_id__in=subject_keys(standing))
    )


def sees_blocker(standing: Standing, blocker: BlockerRow) -> bool:
    """Tell whether one blocker is in sight."""
    if standing.roles & WHOLE_DISTRICT:
        return True
    key = int(getattr(blocker, "row_id", blocker.pk))
    return blockers_in_sight(standing).filter(pk=key).exists()


def named(rows: QuerySet[Any], as_of: dt.date | None = None) -> QuerySet[Any]:
    """Join what a row of a blocker names, and who raised it."""
    joined: QuerySet[Any] = rows.select_related(*NAMED, "raised_by", "answered_by")
    return joined.select_related("row") if as_of is not None else joined


def counted(
    rows: QuerySet[BlockerRow], standing: Standing, as_of: dt.date | None = None
) -> QuerySet[Any]:
    """Annotate the days each has cost by the day read; three queries."""
    return with_days(rows, as_of or standing.today, office_days(as_of))


def find_blocker(
    standing: Standing, public_id: uuid.UUID, as_of: dt.date | None = None
) -> BlockerRow | None:
    """Return the blocker, or its state of a past day, when the officer may see it; else None."""
    found = blockers_in_sight(standing, as_of).filter(public_id=public_id)
    row: BlockerRow | None = found.select_related(
        *NAMED, "raised_by", "answered_by", "duty__leader_post", "subject__unit"
    ).first()
    return row


def open_on(rows: QuerySet[BlockerRow], spot: Spot) -> QuerySet[BlockerRow]:
    """Open blockers of a spot: of the duty or activity where it names one, else of the subject."""
    found = rows.filter(state__in=OPEN_BLOCKERS, subject_id=spot.subject.pk)
    if spot.duty is not None:
        return found.filter(duty_id=identity(spot.duty))
    if spot.activity is not None:
        return found.filter(activity_id=spot.activity.pk)
    return found


@dataclass(frozen=True)
class Turn:
    """A blocker that waits for the officer, the working days it has cost so far.

    ``part`` is the officer's: remover, leader, upper or raiser; climbed where nobody answered and
    the ladder told the officer. ``may_steer``: the officer may pass it on. ``may_go_up``: there is
    somebody above who has it. ``may_urge``: see `urge_rights.turns_to_urge`.
    """

    blocker: BlockerRow
    part: str
    days: int
    may_steer: bool = False
    may_go_up: bool = False
    may_urge: bool = False

    @property
    def verb(self) -> str:
        """What the officer is to do."""
        if self.part == "climbed":
            return "过问"
        return VERBS[BlockerState(self.blocker.state)]


def turns_of(standing: Standing, as_of: dt.date | None = None) -> list[Turn]:
    """Blockers whose next step is this officer's, the oldest first.

    待审核 waits for who can remove it and for the 包保领导; the office takes those that no leader
    vouches for. 处理中 waits for the remover, 上级协调 for who it was sent to, 待确认 and 退回 for
    who raised it; 待确认 for the office where the unit that raised it answered itself. Where nobody
    holds the post that has it, it waits for the clerks of the unit and for the office; where the
    unit as a whole has it and no clerk is left there, for the office. What nobody answered also
    waits for whom the ladder told.
    """
    posts = working_posts(standing)
    if not posts:
        return []
    clerks = [p.organisation_id for p in standing.posts if p.role in {Role.UNIT, Role.ATTRACTION}]
    named_on = Party.objects.filter(role=PartyRole.LEADER, ended=False)
    held = held_on(as_of or standing.today).values("post_id")
    mine = _theirs("remover", posts, clerks, held, office=standing.has(Role.OFFICE))
    above = _theirs("upper", posts, clerks, held, office=standing.has(Role.OFFICE))
    own = Q(raised_post_id__in=posts) | Q(raised_unit_id__in=clerks)
    confirms = own & ~Q(answered_by=standing.officer)
    if standing.has(Role.OFFICE):
        confirms |= Q(remover_unit=F("raised_unit"))
    led = Q(duty__leader_post_id__in=posts) | Q(
        duty=None, subject_id__in=named_on.filter(post_id__in=posts).values("subject_id")
    )
    if standing.has(Role.OFFICE):
        vouched = named_on.exclude(post=None).values("subject_id")
        led |= Q(duty=None) & ~Q(subject_id__in=vouched)
        led |= Q(duty__isnull=False, duty__leader_post=None)
    parts = {
        "remover": mine & Q(state__in=(BlockerState.RAISED, BlockerState.WORKING)),
        "upper": above & Q(state=BlockerState.UPPER),
        "leader": led & Q(state=BlockerState.RAISED),
        "raiser": own & Q(state=BlockerState.RETURNED) | confirms & Q(state=BlockerState.ANSWERED),
        "climbed": Q(state__in=UNANSWERED, halted=False)
        & Q(**{f"{'pk' if as_of is None else 'row_id'}__in": _told_of(standing, as_of)}),
    }
    wanted = Q(pk__in=[])
    for condition in parts.values():
        wanted |= condition
    rows = blockers_in_sight(standing, as_of).filter(wanted)
    part = Case(
        *(When(condition, then=Value(name)) for name, condition in parts.items()),
        output_field=CharField(),
    )
    ranked = named(rows).annotate(part=part, rising=anybody_above(held)).order_by("raised_on", "pk")
    found = list(blockers_urged(ranked, as_of)[:TURNS_SHOWN])
    if not found:
        return []
    days, day = office_days(as_of), as_of or standing.today
    steers = standing.has(Role.LEADER, Role.OFFICE)
    return [Turn(row, row.part, days_of(row, day, days) or 0, steers, row.rising) for row in found]


def _theirs(
    who: str, posts: Sequence[int], clerks: Sequence[int], held: QuerySet[Any], *, office: bool
) -> Q:
    """Blockers that are with the officer: by post, as a clerk, or for want of anybody else."""
    named = Q(**{f"{who}_post_id__in": posts})
    vacant = Q(**{f"{who}_post__isnull": False}) & ~Q(**{f"{who}_post_id__in": held})
    free = Q(**{f"{who}_post": None}) | vacant
    theirs = named | (free & Q(**{f"{who}_unit_id__in": clerks}))
    if not office:
        return theirs
    manned = Post.objects.filter(role__in=CLERKS, pk__in=held).values("organisation_id")
    empty = Q(**{f"{who}_post": None}) & ~Q(**{f"{who}_unit_id__in": manned})
    return theirs | vacant | empty


def _told_of(standing: Standing, as_of: dt.date | None) -> QuerySet[Any]:
    """Keys of blockers of which the ladder told the officer."""
    told = EscalationStep.objects.filter(
        Q(post_id__in=working_posts(standing)) | Q(post=None, unit_id__in=standing.spoken_for_ids),
        blocker__isnull=False,
    )
    if as_of is not None:
        told = told.filter(at__lt=end_of(as_of))
    return told.values("blocker_id")


def usual_first(
    causes: Iterable[BlockerCause], spot: Spot, standing: Standing
) -> list[BlockerCause]:
    """Causes in the order they are offered: met here before most often, then usual by kind.

    What was met counts over blockers in sight on subjects of the same kind; one query.
    """
    met = (
        blockers_in_sight(standing)
        .filter(subject__kind=spot.subject.kind)
        .exclude(state=BlockerState.WITHDRAWN)
        .order_by()
        .values_list("cause")
        .annotate(n=Count("pk"))
    )
    counts = dict(met)
    node = spot.activity.cause if spot.activity is not None else ""
    return sorted(
        causes,
        key=lambda cause: (
            not (node and node in cause.nodes),
            -counts.get(cause.code, 0),
            spot.subject.kind not in cause.kinds,
        ),
    )
