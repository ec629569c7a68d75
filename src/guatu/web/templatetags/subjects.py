"""Addresses of subjects in templates, whatever kind they are of."""

from django import template
from django.template import Context

from guatu.register.models import Subject
from guatu.web import asof
from guatu.web.blockers.spots import subject_page

register = template.Library()


@register.simple_tag(takes_context=True)
def subject_url(context: Context, subject: Subject) -> str:
    """Address of a subject's page, of the day that is read; empty where its kind has none."""
    address = subject_page(subject)
    return asof.keep(address, context.get("as_of")) if address else ""
