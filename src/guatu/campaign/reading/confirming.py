"""Confirming a whole batch, of a paper or of a ledger, in one transaction."""

from guatu.campaign.reading.decisions import accept_drafts, pending_drafts
from guatu.campaign.reading.importing import confirm_ledger
from guatu.register.models import Batch
from guatu.register.recording import Act


def confirm_batch(act: Act, batch: Batch) -> Batch:
    """Accept every pending draft of a paper, or import a ledger; all or nothing.

    Raises Invalid naming what stops it, Stale when the ledger changed since its preview.
    """
    if batch.document_id is None:
        return confirm_ledger(act, batch)
    accept_drafts(act, batch, pending_drafts(batch))
    batch.refresh_from_db()
    return batch
