"""What a page does when an act is refused: 404, or a sentence with the person's words kept."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from guatu.register.errors import Forbidden, Invalid, RegisterError, Stale
from guatu.register.marks import collected
from guatu.register.refusals import record_words
from guatu.register.versions import Versioned
from guatu.web.overtaken import overtaken
from guatu.web.requests import OfficerRequest

P = ParamSpec("P")
View = Callable[Concatenate[OfficerRequest, P], HttpResponse]


class OnlySubmitted:
    """Middleware: an address that only takes forms tells so on a page instead of a blank one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Draw the page for an empty 405; the status and the allowed methods stay."""
        answer = self.get_response(request)
        if answer.status_code != HTTPStatus.METHOD_NOT_ALLOWED or answer.content:
            return answer
        sentence = "这个地址只接收提交的表单，请从页面上的按钮进入。"
        told = render(request, "refused.html", {"sentence": sentence, "back": "/"}, status=405)
        told.headers["Allow"] = answer.headers["Allow"]
        return told


class MarksRecorded:
    """Middleware: words refused for a 密级 mark are recorded once their act is undone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then record what was refused meanwhile."""
        with collected() as found:
            answer = self.get_response(request)
        for act, words in found:
            record_words(act, words)
        return answer


def refused(request: OfficerRequest, sentence: str, back: str) -> HttpResponse:
    """Say why there is nothing to fill in, before any word is written."""
    told = {"sentence": sentence, "back": back}
    return render(request, "refused.html", told, status=HTTPStatus.FORBIDDEN)


def forbidden_is_missing(view: View[P]) -> View[P]:
    """Answer 404 where the officer may not: nobody learns what exists."""

    @wraps(view)
    def answered(request: OfficerRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Forbidden as refusal:
            raise Http404(str(refusal)) from refusal

    return answered


def tell(form: Form, refusal: RegisterError, **shown: Versioned) -> None:
    """Put the refusal at the field it names, else on top of the form. Forbidden is raised on.

    ``shown``: the rows the form is about, each under the hidden field that carries its revision;
    they are read anew. Where somebody was quicker, the form says what they changed, and whoever
    read it may submit again.
    """
    if isinstance(refusal, Forbidden):
        raise refusal
    if isinstance(refusal, Stale):
        overtaken(form, refusal, shown)
        return
    for row in shown.values():
        row.refresh_from_db()
    name = refusal.field if isinstance(refusal, Invalid) else None
    form.add_error(name if name in form.fields else None, str(refusal))
