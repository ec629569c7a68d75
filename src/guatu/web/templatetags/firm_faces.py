"""Filters of the pages of firms."""

from django import template

from guatu.growth import periods

register = template.Library()


@register.filter
def period_words(period: str) -> str:
    """A month or quarter as people write it."""
    return periods.words(period)
