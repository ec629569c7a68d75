"""What a page does when an act is refused: 404, or a sentence with the person's words kept."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.forms import Form
from django.http import Http404, HttpResponse, QueryDict

from guatu.register.errors import Forbidden, Invalid, RegisterError
from guatu.web.requests import OfficerRequest

P = ParamSpec("P")
View = Callable[Concatenate[OfficerRequest, P], HttpResponse]


def forbidden_is_missing(view: View[P]) -> View[P]:
    """Answer 404 where the officer may not: nobody learns what exists."""

    @wraps(view)
    def answered(request: OfficerRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Forbidden as refusal:
            raise Http404(str(refusal)) from refusal

    return answered


def tell(form: Form, refusal: RegisterError, revision: int | None = None) -> None:
    """Put the refusal at the field it names, else on top of the form. Forbidden is raised on.

    ``revision`` is what the page now shows: whoever read it may submit the same words again.
    """
    if isinstance(refusal, Forbidden):
        raise refusal
    name = refusal.field if isinstance(refusal, Invalid) else None
    if revision is not None and isinstance(form.data, QueryDict):
        form.data = form.data.copy()
        form.data["revision"] = str(revision)
    form.add_error(name if name in form.fields else None, str(refusal))
