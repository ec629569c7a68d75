"""Filters of the target account: ``{% load target_faces %}``."""

from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guatu.engines.apportion import Sum
from guatu.web import format as written
from guatu.web.targets.faces import signed, trimmed

register = template.Library()
HATCHED = SafeString('<span class="unreported">未报</span>')


@register.filter
def amount(value: Decimal | None) -> str:
    """A figure with at most two decimals; unknown is hatched."""
    return HATCHED if value is None else trimmed(value)


@register.filter
def gap(value: Decimal | None) -> str:
    """A difference with its sign; empty where it is not known."""
    return "" if value is None else signed(value)


@register.filter
def told(value: Sum) -> str:
    """A sum with how many of its parts are unknown."""
    shown = amount(value.value)
    if not value.unknown:
        return shown
    note = f"含 {written.number(value.unknown)} 项未报"
    return format_html('{} <small class="target-unknown">{}</small>', shown, note)
