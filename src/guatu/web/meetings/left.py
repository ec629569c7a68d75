"""The exceptions that found no place on an agenda, by cause: what its figures open."""

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guatu.register.policies import WHOLE_DISTRICT
from guatu.web.meetings.faces import left_groups
from guatu.web.meetings.views import seen
from guatu.web.requests import OfficerRequest


@require_safe
def left(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Show them as they were when the agenda was built; ``?cause=`` shows one cause alone."""
    meeting = seen(request, key)
    if not request.standing.roles & WHOLE_DISTRICT:
        raise Http404
    groups = left_groups(meeting)
    asked = request.GET.get("cause", "")
    cause = asked if asked in {one.code for one in groups} else ""
    context = {
        "meeting": meeting,
        "groups": groups,
        "shown": [one for one in groups if cause in {"", one.code}],
        "cause": cause,
        "in_all": sum(len(one.items) for one in groups),
    }
    return render(request, "meetings/left_page.html", context)
