"""Papers and ledgers into drafts, and drafts into the books through the chapters' actions.

What was read is a proposal until a person confirms it; each confirmed fact points to its quote or
its cell.
"""

from guatu.campaign.reading.confirming import confirm_batch
from guatu.campaign.reading.decisions import (
    accept_draft,
    accept_drafts,
    add_by_hand,
    drop_batch,
    edit_draft,
    pending_drafts,
    reject_draft,
    reopen_draft,
)
from guatu.campaign.reading.ledgers import read_ledger_into_drafts
from guatu.campaign.reading.loading import Loaded, load_file
from guatu.campaign.reading.papers import read_paper_into_drafts

__all__ = [
    "Loaded",
    "accept_draft",
    "accept_drafts",
    "add_by_hand",
    "confirm_batch",
    "drop_batch",
    "edit_draft",
    "load_file",
    "pending_drafts",
    "read_ledger_into_drafts",
    "read_paper_into_drafts",
    "reject_draft",
    "reopen_draft",
]
