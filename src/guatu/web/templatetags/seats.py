"""``{% load seats %}``: a post with what stands beside its name when nobody sits there."""

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guatu.register.models import Post
from guatu.register.seats import SeatFace, Seats

register = template.Library()


@register.simple_tag(takes_context=True)
def seat(context: Context, post: Post | None, missing: str = "未定") -> SafeString:
    """Write a post and, where the page gives ``seats``, that it is 空缺 or away."""
    if post is None:
        return format_html("{}", missing)
    seats = context.get("seats")
    words = seats.face(post).words if isinstance(seats, Seats) else ""
    if not words:
        return format_html("{}", post)
    return format_html('{} <span class="tag seat-note">{}</span>', post, words)


@register.simple_tag(takes_context=True)
def stand_in(context: Context, post: Post) -> SafeString:
    """Write who stands in for a post that is vacant or away, where the page gives ``stand_ins``."""
    seats = context.get("stand_ins")
    face = seats.face(post) if isinstance(seats, Seats) else SeatFace()
    if not face.words:
        return SafeString("")
    kind = "seat-vacant" if face.vacant else "quiet"
    return format_html('<span class="{} seat-note">{}</span>', kind, face.words)
