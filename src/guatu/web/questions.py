"""A page that asks: a form, one act, and where to go afterwards."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from guatu.register.errors import RegisterError
from guatu.register.versions import Versioned
from guatu.web.components import Told
from guatu.web.refusals import tell
from guatu.web.requests import OfficerRequest


def ask(
    request: OfficerRequest,
    form: Form,
    act: Callable[[dict[str, Any]], str],
    *,
    heading: str,
    back: str,
    check: dict[str, Any] | None = None,
    shown: Mapping[str, Versioned] | None = None,
    told: Sequence[Told] = (),
) -> HttpResponse:
    """Show ``form``, or do ``act`` with its values and go ``back`` with the sentence it returns.

    ``told`` are lines of what it is about, above the form. With ``check`` the page is a 核对 page:
    the context says what follows and names the rows.
    ``shown`` are the rows the form is about, as :func:`guatu.web.refusals.tell` takes them. The
    past cannot be acted upon: its addresses do not exist.
    """
    if request.as_of is not None:
        raise Http404
    if request.method == "POST" and form.is_valid():
        try:
            sentence = act(dict(form.cleaned_data))
        except RegisterError as refusal:
            tell(form, refusal, **(shown or {}))
        else:
            messages.success(request, sentence)
            return redirect(back)
    status = 422 if form.errors else 200
    if check is not None:
        context = {"form": form, "heading": heading, "back": back, "danger": True, **check}
        context["told"] = told
        return render(request, "check.html", context, status=status)
    context = {"form": form, "heading": heading, "cancel_url": back, "told": told}
    return render(request, "form.html", context, status=status)
