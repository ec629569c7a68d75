"""Minutes of a meeting, read as every paper is; what a person confirms is a decision of it."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from guatu.campaign.reading.missed import Missed, missed_in
from guatu.campaign.reading.papers import read_paper_into_drafts
from guatu.campaign.reading.units import unit_names
from guatu.engines.intake.paper.crossing import read_paper_confined
from guatu.loop.actions.deciding import keep_minutes, other_minutes
from guatu.loop.actions.dispatches import check_come
from guatu.loop.dispatch_moves import begin
from guatu.loop.models import DispatchMeeting
from guatu.loop.queries.dispatches import dispatches_in_sight
from guatu.register.campaign import current
from guatu.register.enums import DraftKind, DraftState
from guatu.register.models import Batch, Document, Draft
from guatu.register.recording import Act
from guatu.register.refusals import secrets_recorded


@dataclass(frozen=True)
class UnknownUnit:
    """A unit the minutes name that the tree does not have, and the likeliest ones."""

    name: str
    alike: tuple[str, ...]


@dataclass(frozen=True)
class MinutesRead:
    """How far the minutes are confirmed: promises by state, and units nobody knows."""

    pending: int
    accepted: int
    rejected: int
    unknown: tuple[UnknownUnit, ...]
    missed: tuple[Missed, ...]
    """Numbered entries out of which nothing was read."""

    @property
    def total(self) -> int:
        """Promises read."""
        return self.pending + self.accepted + self.rejected


def find_meeting(act: Act, key: str) -> DispatchMeeting | None:
    """The meeting of a code or a public key among those in the officer's sight."""
    rows = DispatchMeeting.objects.all()
    if act.standing is not None:
        rows = rows.filter(pk__in=dispatches_in_sight(act.standing).values("pk"))
    try:
        named = Q(public_id=UUID(key))
    except ValueError:
        named = Q(code=key.strip())
    return rows.filter(named).select_related("subject", "minutes__file").first()


def read_minutes(
    act: Act,
    meeting: DispatchMeeting,
    data: bytes,
    filename: str,
    *,
    plan_year: int | None = None,
    expected_revision: int | None = None,
) -> Batch:
    """Read minutes into drafts and tie the paper to the meeting.

    Who may, whether the meeting is final and its day has come is asked first. A day without a year
    is of ``plan_year``, else of the campaign's. Raises BadInput for what no paper may be (a 密级
    mark among it), Invalid, Stale.
    """
    begin(act, meeting, "minute", expected_revision)
    check_come(act, meeting)
    kept = meeting.minutes
    if kept is not None and kept.file.sha256 != hashlib.sha256(data).hexdigest():
        # Read all the same: what may not be here at all is told, and recorded, before anything.
        with secrets_recorded(act, data):
            read_paper_confined(data, filename, plan_year)
        raise other_minutes(meeting)
    campaign = current()
    if plan_year is None and campaign is not None:
        plan_year = campaign.year
    batch = read_paper_into_drafts(act, data, filename, plan_year)
    assert batch.document is not None  # noqa: S101 -- a paper's batch has one
    keep_minutes(act, meeting, batch.document)
    return batch


def minutes_read(document: Document) -> MinutesRead:
    """Sum up what was read; three queries, another where a unit is unknown."""
    rows = Draft.objects.filter(batch__document=document, kind=DraftKind.COMMITMENT)
    drafts = list(rows.order_by("order"))
    states = [draft.state for draft in drafts]
    missing = [
        str(draft.payload["owner"])
        for draft in drafts
        if draft.payload.get("owner")
        and not draft.payload.get("owner_unit")
        and draft.state == DraftState.PENDING
        and not draft.edits.get("owner_unit")
    ]
    names = unit_names() if missing else None
    batch = Batch.objects.filter(document=document).select_related("document").first()
    return MinutesRead(
        pending=states.count(DraftState.PENDING),
        accepted=states.count(DraftState.ACCEPTED),
        rejected=states.count(DraftState.REJECTED),
        unknown=tuple(
            UnknownUnit(name, names.closest(name) if names else ())
            for name in dict.fromkeys(missing)
        ),
        missed=tuple(missed_in(batch)) if batch else (),
    )
