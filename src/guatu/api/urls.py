"""Addresses of the interface and of its description."""

from collections.abc import Iterator

from django.urls import URLPattern, include, path

from guatu.api import reference
from guatu.api.service import service

app_name = "api"


def _operations() -> Iterator[URLPattern]:
    """Ninja's addresses but its own root; a token stands in for signing in."""
    for entry in service.urls[0]:
        if isinstance(entry, URLPattern) and entry.name != "api-root":
            # What Django's login_not_required sets; programs bring tokens instead.
            entry.callback.login_required = False  # type: ignore[attr-defined]
            yield entry


urlpatterns = [
    path("", reference.reference, name="reference"),
    path("openapi.json", reference.openapi, name="openapi"),
    path("v1/", include(list(_operations()))),
]
