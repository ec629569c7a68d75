"""Where requests of programs come in: no cookie gets past, every answer is JSON.

A browser sends its session cookie along with whatever a foreign page makes it ask. So requests of
programs lose their cookies before anybody reads them: only the token in the header counts, and
there is nothing a forged request could use.
"""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.middleware.http import ConditionalGetMiddleware

from guatu.api.problems import problem

PREFIX = "/api/v1/"
MOST_BYTES = 256 * 1024
WRITING = frozenset({"POST", "PUT", "PATCH"})
UNSEEN = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


class Door:
    """Middleware: look at what comes in for the interface, and put what goes out into form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        # Gives every reading its ETag and answers 304 where the program has it already.
        self.conditional = ConditionalGetMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass other requests on untouched."""
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        request.program = None  # type: ignore[attr-defined]  # set once a token is recognised
        refusal = _refusal(request)
        if refusal is not None:
            return refusal
        if request.method == "HEAD":
            return self._without_content(request)
        return self._answered(request)

    def _answered(self, request: HttpRequest) -> HttpResponse:
        return _in_form(cast("HttpResponse", self.conditional(request)))

    def _without_content(self, request: HttpRequest) -> HttpResponse:
        """Answer HEAD as GET, with the length of the content instead of the content."""
        request.method = "GET"
        try:
            answer = self._answered(request)
        finally:
            request.method = "HEAD"
        answer.headers["Content-Length"] = str(len(answer.content))
        answer.content = b""
        return answer


def _refusal(request: HttpRequest) -> HttpResponse | None:
    if request.method in WRITING:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not (length.isascii() and length.isdigit()) or int(length[:12]) > MOST_BYTES:
            return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    told = [request.path_info, *request.GET, *(v for vs in request.GET.lists() for v in vs[1])]
    if any(UNSEEN.search(text) for text in told):
        return problem(HTTPStatus.BAD_REQUEST)
    return None


def _in_form(answer: HttpResponse) -> HttpResponse:
    """Tell an error that some page would be shown for as programs are told errors."""
    status = HTTPStatus(answer.status_code)
    if status < HTTPStatus.BAD_REQUEST or answer["Content-Type"].startswith("application/json"):
        return answer
    kept = {name: answer[name] for name in ("Allow", "Retry-After") if answer.has_header(name)}
    try:
        return problem(status, headers=kept)
    except KeyError:
        return problem(HTTPStatus.BAD_REQUEST, headers=kept)
