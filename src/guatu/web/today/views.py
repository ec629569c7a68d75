"""Which activities to push today: the most days saved first, each one click from its duty."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guatu.loop.queries.plan import ActToday, act_today, forecast_record
from guatu.register.policies import may
from guatu.web.requests import OfficerRequest

MOST = 50


@dataclass(frozen=True)
class Push:
    """One activity as shown."""

    act: ActToday
    number: int

    @property
    def owner(self) -> str:
        """Who answers for it: its own post or unit, else the project's unit."""
        activity = self.act.activity
        return str(activity.owner_post or activity.owner_unit or self.act.subject.unit or "待定")

    @property
    def spare(self) -> str:
        """How the deadline stands, as things are."""
        days = self.act.spare
        return f"差 {-days} 天" if days < 0 else f"余 {days} 天" if days else "没有余量"

    @property
    def is_late(self) -> bool:
        """Whether the deadline is missed as things stand."""
        return self.act.spare < 0


@require_safe
def today(request: OfficerRequest) -> HttpResponse:
    """List what to push, as of today or a past day, among the projects in sight."""
    if not may(request.standing, "project.list"):
        raise Http404
    found = act_today(request.standing, request.as_of, MOST)
    pushes = [Push(act, number) for number, act in enumerate(found, start=1)]
    context = {
        "pushes": pushes,
        "day": request.as_of or request.standing.today,
        "projects": len({push.act.subject.pk for push in pushes}),
        "record": forecast_record(),
        "full": len(pushes) == MOST,
    }
    return render(request, "today/today.html", context)
