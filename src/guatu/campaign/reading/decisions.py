"""What a person decides about drafts: accept, edit, reject, reopen; one by one or all at once."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from guatu.campaign.reading.accepting import accept_as
from guatu.campaign.reading.missed import drafted_by_hand, missed_in
from guatu.campaign.reading.proposals import checked_edits
from guatu.loop.actions.deciding import meeting_of, release_minutes
from guatu.loop.dispatch_moves import LIFE
from guatu.register.enums import BatchState, DraftKind, DraftState
from guatu.register.errors import Invalid
from guatu.register.intake import PAPER
from guatu.register.models import Batch, Draft
from guatu.register.policies import require
from guatu.register.recording import Act, Json, note

IN_TURN = (
    DraftKind.ENTERPRISE,
    DraftKind.PROJECT,
    DraftKind.QUANTITY,
    DraftKind.TARGET,
    DraftKind.COMMITMENT,
)
"""Order of accepting many: what others name comes first."""


def accept_draft(act: Act, draft: Draft, edits: Mapping[str, Json] | None = None) -> Draft:
    """Make what the draft proposes, after ``edits``; the fact points to its quote.

    A draft accepted before stays as it is: accepting twice makes nothing twice. Raises Invalid
    with the field to correct, and when the draft was rejected.
    """
    require(act.standing, "intake.confirm", draft.batch)
    with transaction.atomic():
        held = _held(draft)
        if held.state == DraftState.ACCEPTED:
            return held
        if held.state == DraftState.REJECTED:
            raise Invalid("这一条已选择不采纳，请先恢复。")
        if edits:
            _edit(act, held, edits)
        accept_as(act, held)
        _close_when_decided(act, held.batch)
    return held


def edit_draft(act: Act, draft: Draft, edits: Mapping[str, Json]) -> Draft:
    """Keep a person's changes without accepting yet; they also teach the reader."""
    require(act.standing, "intake.confirm", draft.batch)
    with transaction.atomic():
        held = _held(draft)
        if held.state != DraftState.PENDING:
            raise Invalid("这一条已经办理，不能再改。")
        _edit(act, held, edits)
    return held


def reject_draft(act: Act, draft: Draft) -> Draft:
    """Set a draft aside; nothing is made of it. An accepted draft cannot be rejected."""
    return _move(act, draft, DraftState.PENDING, DraftState.REJECTED, "draft.reject")


def reopen_draft(act: Act, draft: Draft) -> Draft:
    """Take a rejected draft up again."""
    return _move(act, draft, DraftState.REJECTED, DraftState.PENDING, "draft.reopen")


def add_by_hand(act: Act, batch: Batch, start: int, end: int) -> Draft:
    """Draft a promise that a person reads in a passage out of which the reader read none.

    It waits among the others, with its quote, for its owner and its acceptance. Raises Invalid
    where the passage is no longer open.
    """
    require(act.standing, "intake.confirm", batch)
    with transaction.atomic():
        held = Batch.objects.select_for_update(of=("self",)).select_related("document")
        batch = held.get(pk=batch.pk)
        if batch.state == BatchState.DROPPED:
            raise Invalid("这份材料的识读已经放弃，请重新上传后再补记。")
        entry = next((e for e in missed_in(batch) if (e.start, e.end) == (start, end)), None)
        if entry is None:
            raise Invalid("这一条已有读出或补记的承诺。")
        draft = drafted_by_hand(batch, entry)
        note(act, "draft.add", draft, {"text": [None, draft.payload["text"]]})
        _close_when_decided(act, batch)
    return draft


def pending_drafts(batch: Batch) -> list[Draft]:
    """Drafts of a paper still to be decided, in the order in which they can be accepted."""
    pending = batch.drafts.filter(state=DraftState.PENDING).select_related("quote", "subject")
    turn = {kind: number for number, kind in enumerate(IN_TURN)}
    return sorted(pending, key=lambda draft: (turn[DraftKind(draft.kind)], draft.order))


def accept_drafts(act: Act, batch: Batch, drafts: Sequence[Draft]) -> int:
    """Accept many drafts of one paper in one transaction; returns how many were accepted now.

    The first that cannot be accepted undoes all; Invalid names it.
    """
    require(act.standing, "intake.confirm", batch)
    accepted = 0
    with transaction.atomic():
        for draft in drafts:
            held = _held(draft)
            if held.state != DraftState.PENDING:
                continue
            try:
                accept_as(act, held)
            except Invalid as refusal:
                raise Invalid(f"「{held.payload['text']}」：{refusal}") from refusal
            accepted += 1
        _close_when_decided(act, batch)
    return accepted


def drop_batch(act: Act, batch: Batch) -> Batch:
    """Give up a reading or an import that was not confirmed; what was accepted stays.

    A meeting whose minutes the paper was has none any more, so that the right ones can be read in.
    """
    require(act.standing, "intake.confirm", batch)
    with transaction.atomic():
        held = Batch.objects.select_for_update().get(pk=batch.pk)
        if held.state == BatchState.CONFIRMED:
            raise Invalid("已经确认入账，不能放弃。")
        held.state = BatchState.DROPPED
        held.decided_at = act.at
        held.save(update_fields=["state", "decided_at"])
        note(act, "intake.drop", held)
        meeting = meeting_of(held.document)
        if meeting is not None and not LIFE.closed_to(meeting, "unminute"):
            release_minutes(act, meeting, reason="识读已放弃")
    return held


def _close_when_decided(act: Act, batch: Batch) -> None:
    """A paper's reading is confirmed while nothing of it is pending."""
    pending = batch.drafts.filter(state=DraftState.PENDING).exists()
    wanted = BatchState.PREVIEW if pending else BatchState.CONFIRMED
    if batch.kind != PAPER or batch.state in {wanted, BatchState.DROPPED}:
        return
    batch.state = wanted
    batch.decided_at = None if pending else act.at
    batch.save(update_fields=["state", "decided_at"])
    note(act, "intake.confirm" if wanted == BatchState.CONFIRMED else "intake.reopen", batch)


def _held(draft: Draft) -> Draft:
    locked = Draft.objects.select_for_update(of=("self",)).select_related("batch", "quote")
    return locked.get(pk=draft.pk)


def _edit(act: Act, draft: Draft, edits: Mapping[str, Json]) -> None:
    before = draft.edits
    draft.edits = checked_edits(draft, edits)
    if draft.edits != before:
        draft.save(update_fields=["edits"])
        note(act, "draft.edit", draft, {"edits": [before, draft.edits]})


def _move(act: Act, draft: Draft, start: str, end: str, verb: str) -> Draft:
    require(act.standing, "intake.confirm", draft.batch)
    with transaction.atomic():
        held = _held(draft)
        if held.state == end:
            return held
        if held.state != start:
            raise Invalid("这一条已经办理，不能再改。")
        held.state = end
        held.officer = act.standing.officer if act.standing else None
        held.decided_at = act.at
        held.save(update_fields=["state", "officer", "decided_at"])
        note(act, verb, held, {"state": [start, end]})
        _close_when_decided(act, held.batch)
    return held
