"""Who may do what with hand-overs.

Who leaves hands over; where they are gone or late, the head of the unit or the campaign office
does it for them. Only who holds the post accepts: neither a deputy nor who hands over.
"""

import datetime as dt

from guatu.loop.models import Handover
from guatu.loop.queries.handovers import heads_of, sees_handover
from guatu.register.enums import ADMINISTRATORS, Role
from guatu.register.policies import Standing, policy


def is_gone(handover: Handover, today: dt.date) -> bool:
    """Tell whether who leaves cannot be waited for: nobody, a closed account, or too late."""
    outgoing = handover.outgoing
    return outgoing is None or not outgoing.is_active or handover.hand_due < today


@policy("handover.draw")
def _draw(standing: Standing, _thing: object) -> bool:
    """Whoever changes holders or accounts; the list itself shows them nothing."""
    return standing.has(Role.SECURITY_ADMIN, Role.SYSTEM_ADMIN)


@policy("handover.list")
def _list(standing: Standing, _thing: object) -> bool:
    """Everyone who does business, and who has left every post: their own lists are left to them."""
    return bool(standing.roles - ADMINISTRATORS) or not standing.roles


@policy("handover.see")
def _see(standing: Standing, handover: Handover) -> bool:
    return sees_handover(standing, handover)


@policy("handover.give")
def _give(standing: Standing, handover: Handover) -> bool:
    officer = standing.officer.pk
    if not handover.is_open:
        return False
    if officer == handover.outgoing_id:
        return True
    if officer == handover.incoming_id or not is_gone(handover, standing.today):
        return officer == handover.handed_by_id
    own = standing.only(standing.own_posts)
    return own.has(Role.OFFICE) or handover.post.organisation_id in heads_of(own)


@policy("handover.accept")
def _accept(standing: Standing, handover: Handover) -> bool:
    holds = any(post.pk == handover.post_id for post in standing.own_posts)
    return holds and standing.officer.pk != handover.outgoing_id
