"""Doing what a form asks for: the action runs, or the form says why not."""

from collections.abc import Callable
from typing import Any

from guatu.register.campaign import act_now
from guatu.register.errors import RegisterError, Stale
from guatu.web.duties.forms import ActForm
from guatu.web.refusals import tell
from guatu.web.requests import OfficerRequest

KEPT_ONLY = "您填写的内容未保存，请复制后返回查看。"


def done(
    request: OfficerRequest,
    run: Callable[..., object],
    row: Any,  # noqa: ANN401 -- a row with a revision
    form: ActForm,
    *,
    reason: str = "",
    closed: Callable[[Any], str] = lambda _row: "",
) -> bool:
    """Run the action on the row; a refusal goes onto the form, with the person's words kept.

    False comes back where it was refused; the row then is as it is stored. ``closed`` tells why the
    act is no longer open as the row stands: whoever was overtaken then need not try again.
    Forbidden is raised on.
    """
    try:
        run(
            act_now(request.standing, reason),
            row,
            expected_revision=form.cleaned_data["revision"],
            **form.values(),
        )
    except Stale as refusal:
        row.refresh_from_db()
        if why := closed(row):
            form.add_error(None, f"{refusal}{why}。{KEPT_ONLY}")
        else:
            tell(form, refusal, revision=row)
        return False
    except RegisterError as refusal:
        tell(form, refusal, revision=row)
        return False
    return True
