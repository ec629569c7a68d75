"""JSON as programs get and give it."""

import json
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser
from ninja.renderers import BaseRenderer
from ninja.responses import NinjaJSONEncoder


def rendered(data: object) -> bytes:
    """Write ``data`` as UTF-8 JSON without escapes, and without spaces between."""
    text = json.dumps(data, cls=NinjaJSONEncoder, ensure_ascii=False, separators=(",", ":"))
    return text.encode()


class PlainJson(BaseRenderer):
    """Answers as JSON that a person can read in a terminal."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:  # noqa: ANN401, ARG002 -- Ninja's signature; bytes are taken as they are
        """Render one answer."""
        return rendered(data)


class StrictParser(Parser):
    """Reads a request's JSON: an object in UTF-8, without NaN and Infinity."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """Return the object; whatever goes wrong here is told as 400.

        A text nested too deeply ends the reading with RecursionError, which is caught there too.
        """
        told = json.loads(request.body.decode("utf-8"), parse_constant=_refuse)
        if not isinstance(told, dict):
            message = "not an object"
            raise TypeError(message)
        return told


def _refuse(name: str) -> float:
    message = f"{name} is no JSON"
    raise ValueError(message)
