"""How the intake pages find things and refuse them."""

from typing import NoReturn
from uuid import UUID

from django.http import Http404

from guatu.campaign.reading.sight import may_see_document
from guatu.register.intake import batches_in_sight
from guatu.register.models import Batch, Document, Draft
from guatu.register.policies import may
from guatu.register.versions import end_of
from guatu.web.requests import OfficerRequest


def missing() -> NoReturn:
    """Answer as if the thing did not exist: someone else's is the same as none."""
    raise Http404


def batch_or_404(request: OfficerRequest, key: UUID) -> Batch:
    """A batch the officer may open."""
    rows = Batch.objects.filter(batches_in_sight(request.standing))
    found = rows.select_related("document__file", "workbook__file", "officer").filter(public_id=key)
    if request.as_of is not None:
        found = found.filter(made_at__lt=end_of(request.as_of))
    return found.first() or missing()


def draft_or_404(request: OfficerRequest, key: UUID) -> Draft:
    """A draft whose batch the officer may confirm."""
    rows = Draft.objects.select_related("batch__document", "quote", "subject", "officer")
    draft = rows.filter(public_id=key).first()
    if draft is None or not may(request.standing, "intake.confirm", draft.batch):
        missing()
    return draft


def document_or_404(request: OfficerRequest, key: UUID) -> Document:
    """A paper the officer may read."""
    document = Document.objects.select_related("file", "officer").filter(public_id=key).first()
    later = request.as_of is not None and document and document.added_at >= end_of(request.as_of)
    if document is None or later or not may_see_document(request.standing, document):
        missing()
    return document


def writing_only_now(request: OfficerRequest) -> None:
    """Nothing is brought in or decided on a page of the past."""
    if request.as_of is not None:
        missing()
