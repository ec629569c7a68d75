"""Tags of duties: ``{% load duty_faces %}``."""

from typing import Any

from django import template
from django.template import Context

from guatu.loop.queries.duties import DutyLamp
from guatu.loop.queries.sight import DutyRow
from guatu.web import asof
from guatu.web.duties.faces import face_of

register = template.Library()


@register.inclusion_tag("components/lamp.html", takes_context=True)
def duty_lamp(context: Context, duty: DutyRow, lamp: DutyLamp) -> dict[str, Any]:
    """The light of a duty; it opens the reason on the duty's page."""
    face = face_of(duty, lamp)
    return {"face": face, "href": asof.keep(face.href, context.get("as_of"))}
