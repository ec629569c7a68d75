"""The way back to a list after a bulk step: as it was filtered, searched and ordered."""

from django.http import HttpRequest, QueryDict
from django.urls import reverse

LONGEST = 4_000


def came_with(request: HttpRequest) -> str:
    """Query of the list the step was started from, as its form sent it along."""
    return QueryDict(request.POST.get("came", "")[:LONGEST]).urlencode()


def back_to(request: HttpRequest, name: str) -> str:
    """Address of the list ``name`` as the reader left it."""
    query = came_with(request)
    return f"{reverse(name)}?{query}" if query else reverse(name)
