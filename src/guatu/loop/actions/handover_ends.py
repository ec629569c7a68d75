"""Who takes an open hand-over and by when, and hand-overs that end by themselves."""

import datetime as dt

from guatu.loop.enums import HandoverState
from guatu.loop.models import Handover
from guatu.loop.models.handovers import OVER
from guatu.loop.office_days import office_day_after
from guatu.register.models import Holding, Officer, Post
from guatu.register.posts import holders
from guatu.register.recording import Act, change
from guatu.register.rules import rule_on

RULE = "handover.terms"
RETURNED = "移交人已回到岗位，不再交接。"
CLOSED = "岗位已停用且没有未结事项，不再交接。"


def open_handover(post: Post) -> Handover | None:
    """The hand-over of the post that is not over; there is one at most."""
    rows = Handover.objects.exclude(state__in=OVER).select_related("post__organisation")
    return rows.filter(post=post).first()


def next_holder(post: Post, left_on: dt.date, outgoing: Officer | None) -> Officer | None:
    """Who holds the post after ``left_on``, if anybody is known to."""
    found = holders(post, left_on + dt.timedelta(days=1)).filter(officer__is_active=True)
    following = found.exclude(officer=outgoing).first() if outgoing else found.first()
    return following.officer if following is not None else None


def accept_due(
    act: Act, post: Post, incoming: Officer | None, handed_on: dt.date | None
) -> dt.date | None:
    """Day by which it is to be accepted; None before it is handed over or the post is taken.

    The days run from when the post was taken where that is later than the handing over.
    """
    if handed_on is None or incoming is None:
        return None
    held = holders(post, act.business_date).filter(officer=incoming).first()
    taken = held.since if held is not None else handed_on
    days = rule_on(RULE, act.business_date).value["accept_days"]
    return office_day_after(max(handed_on, taken), days)


def name_incoming(act: Act, handover: Handover, officer: Officer | None) -> Handover:
    """Name who takes the post, or that nobody does yet; the days to accept follow."""
    due = accept_due(act, handover.post, officer, handover.handed_on)
    return change(act, "handover.name", handover, incoming=officer, accept_due=due)


def follow_taking(act: Act, handover: Handover, holding: Holding) -> Handover:
    """Name who takes the post on the open list; it ends where that is who left it, alone again."""
    if handover.outgoing_id == holding.officer_id:
        others = holders(holding.post, act.business_date).exclude(officer=holding.officer)
        if not others.filter(officer__is_active=True).exists():
            return _end(act, handover, RETURNED)
    elif handover.incoming_id is None:
        return name_incoming(act, handover, holding.officer)
    return handover


def end_on_returning(act: Act, holding: Holding) -> None:
    """Who left by a closed account is back: as when they take the post again."""
    waiting = open_handover(holding.post)
    if waiting is not None:
        follow_taking(act, waiting, holding)


def end_of_returned(act: Act) -> list[Handover]:
    """End what was left open when its leaver came back to the post; the timer runs it."""
    day = act.business_date
    found = []
    rows = Handover.objects.exclude(state__in=OVER).exclude(outgoing=None)
    for row in rows.select_related("post__organisation", "outgoing").order_by("pk"):
        now = holders(row.post, day).filter(since__lte=day, officer__is_active=True)
        back = now.filter(officer=row.outgoing).first() if row.left_on < day else None
        if back is not None and not follow_taking(act, row, back).is_open:
            found.append(row)
    return found


def end_on_closing(act: Act, post: Post) -> None:
    """A post that goes out of use owes nothing any more, and nobody can take its list."""
    waiting = open_handover(post)
    if waiting is not None:
        _end(act, waiting, CLOSED)


def _end(act: Act, handover: Handover, why: str) -> Handover:
    told = {"state": HandoverState.ENDED, "done_on": act.business_date, "ended_why": why}
    return change(act.because(why), "handover.end", handover, **told)
