"""Tags of visits: ``{% load visit_faces %}``."""

from typing import Any

from django import template
from django.template import Context

from guatu.loop.queries.visits import verdicts_on, visits_of
from guatu.register.models import Subject
from guatu.register.policies import may
from guatu.web.visits.faces import finding_faces

register = template.Library()


@register.inclusion_tag("visits/of_subject.html", takes_context=True)
def subject_visits(context: Context, subject: Subject) -> dict[str, Any]:
    """The latest visits at a project or firm, and the way to record one."""
    standing, as_of = context["standing"], context.get("as_of")
    found = visits_of(standing, subject, as_of)
    verdicts = verdicts_on(as_of or standing.today) if found else {}
    return {
        "findings": finding_faces(found, verdicts),
        "subject": subject,
        "as_of": as_of,
        "may_record": as_of is None and may(standing, "visit.record"),
    }
