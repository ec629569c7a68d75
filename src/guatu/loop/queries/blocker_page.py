"""Everything one blocker's page shows, today or as known on a past day."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from guatu.loop.blocker_causes import RULE as CAUSES
from guatu.loop.blocker_causes import BlockerCause, causes_in
from guatu.loop.blocker_days import BlockerRow, days_of
from guatu.loop.enums import BlockerState
from guatu.loop.escalation.ladders import BLOCKER
from guatu.loop.models import BlockerEvidence, Letter, Urge
from guatu.loop.office_days import office_days
from guatu.loop.queries.blocker_stays import Stay, stays_of
from guatu.loop.queries.ladder import DutyLadder, ladder_of_blocker
from guatu.loop.queries.letters import letters_about_blocker
from guatu.loop.queries.sight import sees_duty
from guatu.loop.queries.urged import urges_on
from guatu.loop.removers import Remover, Staff, spot_of
from guatu.loop.urge_rights import RULE as URGE_RIGHTS
from guatu.register.models import Event, Evidence, Post
from guatu.register.policies import Standing, sees
from guatu.register.rules import Holding, rules_on
from guatu.register.versions import end_of

HISTORY_SHOWN = 100


@dataclass(frozen=True)
class Leaving:
    """Who has a blocker and has left, in words; ``instead`` is proposed."""

    words: str
    instead: Remover | None


@dataclass(frozen=True)
class BlockerPage:
    """One blocker with all that hangs on it.

    ``days`` None = withdrawn. ``stays`` tell with whom they passed. ``leaving`` is told of an open
    one whose remover or coordinator is no longer there. ``above`` are those it can be sent up to,
    the nearest first.
    """

    blocker: BlockerRow
    cause: BlockerCause | None
    days: int | None
    stays: Sequence[Stay]
    urges: Sequence[Urge]
    evidence: Sequence[Evidence]
    events: Sequence[Event]
    leaving: Leaving | None
    above: Sequence[Post]
    sees_subject: bool
    sees_duty: bool
    ladder: DutyLadder
    letters: Sequence[Letter]
    urge_rights: Holding


def blocker_page(
    standing: Standing, blocker: BlockerRow, as_of: dt.date | None = None
) -> BlockerPage:
    """Gather the page; a constant number of queries."""
    day, key = as_of or standing.today, int(getattr(blocker, "row_id", blocker.pk))
    days, staff = office_days(as_of), Staff(standing.today)
    causes, ladder, rights = rules_on((CAUSES, BLOCKER, URGE_RIGHTS), day)
    events = _events(key, as_of)
    whole = events if len(events) < HISTORY_SHOWN else None
    lost = days_of(blocker, day, days)
    above = staff.superiors(blocker) if as_of is None else ()
    return BlockerPage(
        blocker=blocker,
        cause=causes_in(causes).get(blocker.cause),
        days=lost,
        stays=stays_of(key, day, days, as_of) if lost else (),
        urges=urges_on(as_of, blocker_id=key),
        evidence=_evidence(key, as_of),
        events=events,
        leaving=_leaving(staff, blocker) if as_of is None and blocker.is_open else None,
        above=above,
        sees_subject=sees(standing, blocker.subject),
        sees_duty=blocker.duty is not None and sees_duty(standing, blocker.duty),
        ladder=ladder_of_blocker(blocker, ladder, day, whole, days, above=above, as_of=as_of),
        letters=letters_about_blocker(standing, key, as_of),
        urge_rights=rights,
    )


def _leaving(staff: Staff, blocker: BlockerRow) -> Leaving | None:
    """Who should act now and cannot."""
    has = Remover(blocker.remover_unit, blocker.remover_post)
    if blocker.state == BlockerState.UPPER and blocker.upper_unit is not None:
        has = Remover(blocker.upper_unit, blocker.upper_post)
    gone = staff.gone(has)
    return Leaving(gone, staff.instead(has, spot_of(blocker))) if gone else None


def _evidence(key: int, as_of: dt.date | None) -> list[Evidence]:
    rows = BlockerEvidence.objects.filter(blocker_id=key).select_related("evidence__file")
    if as_of is not None:
        rows = rows.filter(evidence__added_at__lt=end_of(as_of))
    return [row.evidence for row in rows.order_by("pk")]


def _events(key: int, as_of: dt.date | None) -> list[Event]:
    rows = Event.objects.filter(model="loop.Blocker", row=key).select_related("officer")
    if as_of is not None:
        rows = rows.filter(at__lt=end_of(as_of))
    return list(rows.order_by("-at", "-id")[:HISTORY_SHOWN])
