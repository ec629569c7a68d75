"""The inbox of an officer: what their posts and units are told, and what of it is unread."""

import datetime as dt

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value, When

from guatu.loop.enums import BlockerState, DutyState, LetterState, NoticeKind
from guatu.loop.models import Notice, NoticeReading
from guatu.loop.queries.blockers import blockers_in_sight
from guatu.loop.queries.letter_sight import letters_in_sight
from guatu.loop.queries.sight import duty_keys, working_posts
from guatu.register.policies import WHOLE_DISTRICT, Standing
from guatu.register.versions import end_of

SET_BACK = dt.timedelta(days=31)
"""How far the campaign's date may be set back before what was told of later days counts no more."""
STEPS = Q(words__steps__isnull=False)
"""Told by a ladder."""
LADDER = STEPS & Q(kind__in=(NoticeKind.REMIND, NoticeKind.COPY))
"""Told by a ladder for knowledge: a letter that is suggested asks for something of its own."""
ALIKE = (Q(duty_id=OuterRef("duty_id")) | Q(blocker_id=OuterRef("blocker_id"))) & (
    Q(post_id=OuterRef("post_id")) | Q(unit_id=OuterRef("unit_id"))
)
"""Of the same duty or blocker, to the same addressee; a notice has one of each."""
ASKING = (NoticeKind.REMIND, NoticeKind.LETTER, NoticeKind.URGE)
OVER = Q(kind__in=ASKING) & (
    Q(duty__state=DutyState.CLOSED)
    | Q(blocker__state__in=(BlockerState.CLOSED, BlockerState.WITHDRAWN))
    | Q(letter__state__in=(LetterState.CLOSED, LetterState.WITHDRAWN, LetterState.VOID))
)
"""Asks for something that is done: nobody need read it any more."""
COUNTED = 100
"""Unread notices are counted so far and no further: the bar then says 99+."""


def inbox_of(standing: Standing, as_of: dt.date | None = None) -> QuerySet[Notice]:
    """Notices of the officer's posts and units, with ``seen``: whether they have read each.

    What asks for something that is done since counts as seen.
    ``superseded``: an unread reminder after which the ladder told the same addressee more of the
    same duty or blocker. Only the latest is shown; what is read is read with all before it.
    As of a past day those told by then, read by then. What a notice is about must be in sight
    today: a post that lost a duty, a blocker or a letter no longer hears of it. What an absent
    post is told reaches its deputy, and its holder too unless the absence says otherwise. After the
    date was set back by more than ``SET_BACK`` what was told on later days waits for them.
    """
    readings = NoticeReading.objects.filter(notice=OuterRef("pk"), officer=standing.officer)
    rows, told = Notice.objects.filter(_addressed(standing)), Notice.objects.filter(STEPS)
    if as_of is None:
        rows, told = (some.filter(on__lte=standing.today + SET_BACK) for some in (rows, told))
    else:
        rows, told = (some.filter(at__lt=end_of(as_of)) for some in (rows, told))
        readings = readings.filter(read_at__lt=end_of(as_of))
    if not standing.roles & WHOLE_DISTRICT:
        rows = rows.filter(
            Q(duty=None) | Q(duty_id__in=duty_keys(standing)),
            Q(blocker=None) | Q(blocker_id__in=blockers_in_sight(standing).values("pk")),
            Q(letter=None) | Q(letter_id__in=letters_in_sight(standing).values("pk")),
        )
    is_later = ~Exists(readings) & LADDER & Exists(told.filter(ALIKE, pk__gt=OuterRef("pk")))
    seen = Exists(readings) | (OVER if as_of is None else Q(pk__in=[]))
    return rows.annotate(
        seen=Case(When(seen, then=True), default=False),
        superseded=Case(When(is_later, then=True), default=False),
    )


def with_earlier(
    rows: QuerySet[Notice], standing: Standing, as_of: dt.date | None = None
) -> QuerySet[Notice]:
    """Add ``earlier``: how many unread reminders before it a ladder's notice stands for."""
    readings = NoticeReading.objects.filter(notice=OuterRef("pk"), officer=standing.officer)
    if as_of is not None:
        readings = readings.filter(read_at__lt=end_of(as_of))
    before = Notice.objects.filter(ALIKE, LADDER, ~Exists(readings), pk__lt=OuterRef("pk"))
    number = before.order_by().annotate(one=Value(1)).values("one").annotate(n=Count("pk"))
    return rows.annotate(earlier=Case(When(STEPS, then=Subquery(number.values("n")))))


def _addressed(standing: Standing) -> Q:
    whole = Q(post=None, unit_id__in=standing.spoken_for_ids)
    posts = [key for key in working_posts(standing) if key not in standing.silent_ids]
    return Q(post_id__in=posts) | whole


def unread_of(standing: Standing, as_of: dt.date | None = None) -> QuerySet[Notice]:
    """Notices the officer has not read, newest first, without those that were superseded."""
    rows = inbox_of(standing, as_of).filter(seen=False, superseded=False)  # type: ignore[misc]  # annotated there
    return rows.order_by("-pk")


def unread_at_all(standing: Standing) -> QuerySet[Notice]:
    """Notices the officer has not read, those with later ones as well: they are read together."""
    return inbox_of(standing).filter(seen=False).order_by("-pk")  # type: ignore[misc]  # as above


def with_cause(rows: QuerySet[Notice]) -> QuerySet[Notice]:
    """Join what a row of a notice names."""
    return rows.select_related("duty", "blocker", "letter", "subject", "post__organisation", "unit")


def unread_count(standing: Standing, as_of: dt.date | None = None) -> int:
    """Count them, up to ``COUNTED``; one query."""
    return unread_of(standing, as_of)[:COUNTED].count()
