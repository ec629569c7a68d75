"""Tags of meetings: ``{% load meeting_faces %}``."""

from typing import Any

from django import template
from django.template import Context

from guatu.loop.enums import DutySource
from guatu.loop.models import Outcome
from guatu.loop.queries.dispatches import dispatch_of_duty
from guatu.loop.queries.sight import DutyRow, identity
from guatu.loop.queries.visits import visits_in_sight

register = template.Library()


@register.inclusion_tag("meetings/origin.html", takes_context=True)
def duty_origin(context: Context, duty: DutyRow) -> dict[str, Any]:
    """The meeting that decided a duty, or the visit it came from, where one is in sight."""
    standing, told = context["standing"], {"as_of": context.get("as_of")}
    if duty.source == DutySource.MEETING:
        return told | {"meeting": dispatch_of_duty(standing, duty)}
    if duty.source == DutySource.VISIT:
        came = Outcome.objects.filter(duty_id=identity(duty)).values("finding__visit_id")
        visits = visits_in_sight(standing).filter(pk__in=came)
        return told | {"visit": visits.select_related("leader_post__organisation").first()}
    return told
