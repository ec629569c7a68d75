"""The URL table as names, whatever is included where."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver


def routes() -> list[str]:
    """Full names of all routes in the order of the table; a route without one fails here."""
    return list(_walk(get_resolver(), ""))


def _walk(resolver: URLResolver, space: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _walk(entry, ":".join(filter(None, (space, entry.namespace))))
        elif isinstance(entry, URLPattern):
            assert entry.name, f"a route has no name: {entry.pattern}"
            yield ":".join(filter(None, (space, entry.name)))
