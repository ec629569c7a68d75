"""A form as a browser sends it back: what the page shows, and what the person then types."""

from typing import Any

from django.test import Client


def shown(answer: Any) -> dict[str, Any]:  # noqa: ANN401 -- a response with its context
    """Fields of the answer's form with the values the page shows."""
    found: dict[str, Any] = {}
    for bound in answer.context["form"]:
        value = bound.field.widget.format_value(bound.value())
        if isinstance(value, list):
            value = value[0] if value else ""
        found[bound.html_name] = "" if value is None else value
    return found


def opened(client: Client, address: str) -> dict[str, Any]:
    """The form of a page as it stands before anything is typed."""
    return shown(client.get(address))


def said_at(answer: Any, field: str) -> str:  # noqa: ANN401 -- as above
    """What the form says at one of its fields."""
    return "".join(answer.context["form"].errors.get(field, []))
