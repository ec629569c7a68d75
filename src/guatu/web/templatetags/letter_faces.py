"""Tags of letters: ``{% load letter_faces %}``."""

from typing import Any

from django import template
from django.template import Context

from guatu.loop.queries.duties import DutyLamp
from guatu.loop.queries.letter_sight import LetterRow
from guatu.web import asof
from guatu.web.letters.faces import letter_face

register = template.Library()


@register.inclusion_tag("components/lamp.html", takes_context=True)
def letter_lamp(context: Context, letter: LetterRow, lamp: DutyLamp) -> dict[str, Any]:
    """The light of a letter's reply; it opens the reason on the letter's page."""
    face = letter_face(letter, lamp.colour, lamp.days)
    return {"face": face, "href": asof.keep(face.href, context.get("as_of"))}
