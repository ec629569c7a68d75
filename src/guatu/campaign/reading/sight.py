"""Who may read a paper: whoever sees the district, or something that quotes the paper."""

from django.db.models import Exists, OuterRef, Q

from guatu.loop.queries.sight import duties_in_sight
from guatu.register.models import Document, Sourced
from guatu.register.policies import WHOLE_DISTRICT, Standing, in_sight, policy


def documents_in_sight(standing: Standing) -> Q:
    """Condition that keeps the papers of which :func:`may_see_document` says yes.

    A paper of the government is no firm's to read, even one that speaks of it.
    """
    if standing.roles & WHOLE_DISTRICT:
        return Q()
    if standing.is_outside:
        return Q(pk__in=[])
    duties = duties_in_sight(standing).filter(document=OuterRef("pk"))
    facts = Sourced.objects.filter(in_sight(standing, "subject__"), quote__document=OuterRef("pk"))
    return Q(Exists(duties)) | Q(Exists(facts))


@policy("intake.see_document")
def may_see_document(standing: Standing, document: Document) -> bool:
    """Tell whether the officer sees the district, a duty from the paper or a fact out of it."""
    if standing.roles & WHOLE_DISTRICT:
        return True
    if standing.is_outside:
        return False
    if duties_in_sight(standing).filter(document=document).exists():
        return True
    mine = Sourced.objects.filter(in_sight(standing, "subject__"), quote__document=document)
    return mine.exists()
