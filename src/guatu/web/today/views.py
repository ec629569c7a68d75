"""Which activities to push today: the most days saved first, each one click from its duty."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guatu.loop.queries.plan import forecast_record
from guatu.register.policies import may
from guatu.web.requests import OfficerRequest
from guatu.web.today.pushes import pushes_for

MOST = 50


@require_safe
def today(request: OfficerRequest) -> HttpResponse:
    """List what to push, as of today or a past day, among the projects in sight."""
    if not may(request.standing, "project.list"):
        raise Http404
    pushes = pushes_for(request.standing, request.as_of, MOST)
    context = {
        "pushes": pushes,
        "day": request.as_of or request.standing.today,
        "projects": len({push.act.subject.pk for push in pushes}),
        "record": forecast_record(),
        "full": len(pushes) == MOST,
    }
    return render(request, "today/today.html", context)
