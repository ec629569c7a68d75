"""Whether a project came through the reserve, for its page."""

from django import template
from django.template import Context

from guatu.investment.queries.reserve import admission_of
from guatu.register.models import Subject

register = template.Library()


@register.simple_tag(takes_context=True)
def came_through_reserve(context: Context, subject: Subject) -> bool:
    """Tell whether the subject has an admission on the day that is read; one query."""
    key = getattr(subject, "row_id", subject.pk)
    return admission_of(key, context.get("as_of")) is not None
