"""A bulk step as a person takes it: look at the 核对 page, then confirm what it showed."""

from typing import Any

from django.test import Client

Answer = Any


def look(client: Client, path: str, sent: dict[str, Any]) -> Answer:
    """The 核对 page."""
    return client.post(path, {**sent, "stage": "check"})


def confirm(client: Client, path: str, sent: dict[str, Any], **options: Any) -> Answer:  # noqa: ANN401 -- the client's own
    """Look, then confirm."""
    seal = look(client, path, sent).context["seal"]
    return client.post(path, {**sent, "checked": "1", "seal": seal}, **options)


def told(page: Answer) -> tuple[list[str], list[tuple[str, str]]]:
    """What a 核对 page would do, and what it leaves out with why."""
    context = page.context
    return (
        [f"{one['name']}（{one['now']}）" for one in context["moving"]],
        [(f"{one['name']}（{one['now']}）", one["why"]) for one in context["refused"]],
    )
