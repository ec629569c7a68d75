"""One hand-over: who gives, who takes, every item, its history."""

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guatu.loop.actions.handing_over import ACCEPT, GIVE
from guatu.loop.models import Handover
from guatu.loop.queries.handovers import find_handover, groups_of, handover_key
from guatu.register.policies import may
from guatu.web.handovers.history import handover_history
from guatu.web.requests import OfficerRequest
from guatu.web.seats import seats_of


def seen(request: OfficerRequest, key: uuid.UUID) -> Handover:
    """Find a hand-over in sight; 404 for any other."""
    row = find_handover(request.standing, key, request.as_of)
    if row is None:
        raise Http404
    return row


@require_safe
def handover(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Show one hand-over."""
    row = seen(request, key)
    groups = groups_of(row, request.as_of)
    items = [item for group in groups for item in group.items]
    keys = [int(getattr(item, "row_id", item.pk)) for item in items]
    day = request.as_of or request.standing.today
    now = request.as_of is None
    context = {
        "handover": row,
        "groups": groups,
        "left": sum(group.left for group in groups),
        "in_all": len(items),
        "gives": now and row.state in GIVE.sources and may(request.standing, GIVE.policy, row),
        "accepts": now
        and row.state in ACCEPT.sources
        and may(request.standing, ACCEPT.policy, row),
        "seats": seats_of(request, row.post),
        "changes": handover_history(handover_key(row), keys, request.as_of),
        "today": day,
    }
    return render(request, "handovers/handover.html", context)
