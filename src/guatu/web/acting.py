"""Doing what a form asks for: the action runs, or the form says why not."""

from collections.abc import Callable
from typing import Any

from guatu.register.campaign import act_now
from guatu.register.errors import RegisterError
from guatu.web.duties.forms import ActForm
from guatu.web.refusals import tell
from guatu.web.requests import OfficerRequest


def done(
    request: OfficerRequest,
    run: Callable[..., object],
    row: Any,  # noqa: ANN401 -- a row with a revision
    form: ActForm,
    reason: str = "",
) -> bool:
    """Run the action on the row; a refusal goes onto the form, with the person's words kept.

    False comes back where it was refused; the row then is as it is stored. Forbidden is raised on.
    """
    try:
        run(
            act_now(request.standing, reason),
            row,
            expected_revision=form.cleaned_data["revision"],
            **form.values(),
        )
    except RegisterError as refusal:
        tell(form, refusal, revision=row)
        return False
    return True
