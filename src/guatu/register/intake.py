"""Who may bring papers and ledgers in, confirm what was read, and see a ledger's cells."""

from django.db.models import Q

from guatu.register.enums import ADMINISTRATORS, Role
from guatu.register.models import Batch, Sourced, Workbook
from guatu.register.policies import WHOLE_DISTRICT, Standing, in_sight, policy

CLERKS = (Role.UNIT, Role.ATTRACTION)
PAPER = "paper"
LEDGER = "ledger"


@policy("intake.upload")
def may_upload(standing: Standing, what: str | None) -> bool:
    """Papers: the office. Ledgers: the office, and clerks for their own unit."""
    if standing.has(*ADMINISTRATORS):
        return False
    if standing.has(Role.OFFICE):
        return True
    return what in {LEDGER, None} and standing.has(*CLERKS)


@policy("intake.confirm")
def may_confirm(standing: Standing, batch: Batch) -> bool:
    """The office confirms everything; a clerk the ledgers brought in by himself."""
    if standing.has(Role.OFFICE):
        return True
    own = batch.document_id is None and batch.officer_id == standing.officer.pk
    return own and standing.has(*CLERKS)


@policy("intake.see_workbook")
def may_see_workbook(standing: Standing, workbook: Workbook) -> bool:
    """Its uploader, whoever sees the whole district, and whoever sees a fact out of it.

    Of the last only the cells of subjects in sight are shown, never the file itself.
    """
    if owns_workbook(standing, workbook):
        return True
    mine = Sourced.objects.filter(in_sight(standing, "subject__"), cell__workbook=workbook)
    return mine.exists()


@policy("intake.download_workbook")
def owns_workbook(standing: Standing, workbook: Workbook) -> bool:
    """The file as a whole: its uploader and whoever sees the whole district."""
    if standing.has(*ADMINISTRATORS):
        return False
    return bool(standing.roles & WHOLE_DISTRICT) or workbook.officer_id == standing.officer.pk


def batches_in_sight(standing: Standing) -> Q:
    """Condition that keeps the batches an officer may open."""
    if standing.has(Role.OFFICE):
        return Q()
    if standing.has(*CLERKS):
        return Q(document=None, officer=standing.officer)
    return Q(pk__in=[])
