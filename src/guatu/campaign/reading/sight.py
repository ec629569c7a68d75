"""Who may read a paper: whoever sees the district, or something that quotes the paper."""

from guatu.loop.queries.sight import duties_in_sight
from guatu.register.models import Document, Sourced
from guatu.register.policies import WHOLE_DISTRICT, Standing, in_sight, policy


@policy("intake.see_document")
def may_see_document(standing: Standing, document: Document) -> bool:
    """Tell whether the officer sees the district, a duty from the paper or a fact out of it."""
    if standing.roles & WHOLE_DISTRICT:
        return True
    if duties_in_sight(standing).filter(document=document).exists():
        return True
    mine = Sourced.objects.filter(in_sight(standing, "subject__"), quote__document=document)
    return mine.exists()
