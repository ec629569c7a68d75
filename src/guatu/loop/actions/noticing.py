"""Reading notices: one tap marks a notice read, with all that were told of the same duty."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q

from guatu.loop.enums import NoticeKind
from guatu.loop.models import Notice, NoticeReading
from guatu.loop.queries.inbox import unread_at_all
from guatu.register.policies import require
from guatu.register.recording import Act, create_many

MOST = 2_000
"""Most notices marked at once; whoever has more taps again."""
APART = 10
"""Most things one addressee is told of one by one at once; more are told together."""


def read_notices(act: Act, notices: Sequence[Notice]) -> int:
    """Mark notices read by the acting officer, and older ones on the same duties with them.

    An urge is read by itself: it has words of its own. Returns how many were unread. Raises
    Forbidden for one that is addressed to somebody else.
    """
    for notice in notices:
        require(act.standing, "notice.read", notice)
    newest: dict[int | None, int] = {}
    for notice in notices:
        newest[notice.duty_id] = max(notice.pk, newest.get(notice.duty_id, 0))
    if act.standing is None or not newest:
        return 0
    with transaction.atomic():
        # What hangs on no duty is read by itself.
        alone = [one.pk for one in notices if one.duty_id is None or one.kind == NoticeKind.URGE]
        about = Q(duty_id__in=[key for key in newest if key]) & ~Q(kind=NoticeKind.URGE)
        found = unread_at_all(act.standing).filter(about | Q(pk__in=alone))
        rows = [row for row in found if row.duty_id is None or row.pk <= newest[row.duty_id]]
        return mark_read(act, rows)


def read_all(act: Act) -> int:
    """Mark every notice of the acting officer read, up to 2,000; returns how many were unread."""
    require(act.standing, "notice.list")
    if act.standing is None:
        return 0
    with transaction.atomic():
        return mark_read(act, list(unread_at_all(act.standing)[:MOST]))


def mark_read(act: Act, rows: Sequence[Notice]) -> int:
    """Write that the acting officer has read each of ``rows``, which they have not yet."""
    officer = act.standing.officer if act.standing else None
    readings = [NoticeReading(notice=row, officer=officer, read_at=act.at) for row in rows]
    create_many(act, "notice.read", readings)
    return len(rows)
