"""Urging those who were sent several letters: a 核对 page tells which can be urged and why not."""

import hashlib
import uuid
from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from guatu.loop.actions.bulk import urge_letters
from guatu.loop.bulk_plans import LetterVerdict, plan_letter_urge
from guatu.loop.models import Letter
from guatu.loop.queries.letter_sight import letters_in_sight
from guatu.loop.queries.letters import with_names
from guatu.register.campaign import act_now
from guatu.register.errors import RegisterError
from guatu.register.policies import require
from guatu.web.duties.forms import UrgeForm
from guatu.web.lists.returning import back_to, came_with
from guatu.web.refusals import forbidden_is_missing, tell
from guatu.web.requests import OfficerRequest

MOST = 500
CHANGED = "核对期间有函件发生了变化，下面是最新情况，请重新核对。"


@require_POST
@forbidden_is_missing
def many(request: OfficerRequest) -> HttpResponse:
    """Show whom an urge would go to; urge when that was checked."""
    require(request.standing, "letter.draft")
    if request.as_of is not None:
        raise Http404
    letters = _chosen(request)
    back = redirect(back_to(request, "letters:letters"))
    if not letters:
        messages.warning(request, "请先在列表中选中要催办的函件。")
        return back
    checked = request.POST.get("checked") == "1"
    form = UrgeForm(request.POST if checked else None)
    words = form.cleaned_data["words"] if checked and form.is_valid() else ""
    act = act_now(request.standing)
    verdicts = plan_letter_urge(act, letters, words=words)
    if checked and form.is_valid():
        if request.POST.get("seal", "") != _seal(verdicts):
            form.add_error(None, CHANGED)
        else:
            try:
                count = urge_letters(act, verdicts)
            except RegisterError as refusal:
                tell(form, refusal)
            else:
                messages.success(request, _said(count, len(verdicts) - count))
                return back
    return _page(request, verdicts, form)


def _said(count: int, rest: int) -> str:
    return f"催办：已办理 {count} 件，{rest} 件未办理。" if rest else f"催办：已办理 {count} 件。"


def _chosen(request: OfficerRequest) -> list[Letter]:
    """Letters in sight among those ticked."""
    keys = []
    for text in request.POST.getlist("row")[:MOST]:
        try:
            keys.append(uuid.UUID(text))
        except ValueError:
            continue
    rows = with_names(letters_in_sight(request.standing).filter(public_id__in=keys))
    return list(rows.order_by("reply_due", "pk"))


def _seal(verdicts: Sequence[LetterVerdict]) -> str:
    """Digest of which letters, as they stand, would be urged."""
    moving = (one.letter for one in verdicts if not one.refusal)
    told = ",".join(f"{letter.pk}:{letter.revision}" for letter in moving)
    return hashlib.sha256(told.encode()).hexdigest()


def _page(
    request: OfficerRequest, verdicts: Sequence[LetterVerdict], form: UrgeForm
) -> HttpResponse:
    moving = [one for one in verdicts if not one.refusal]
    context = {
        "heading": f"催办 {len(moving)} 件",
        "consequence": "向各主送单位催办；只能对下催办，同一件函一个工作日一次。",
        "affected": [
            f"{one.letter}（{one.told['to_post'] or one.told['to_unit']}）" for one in moving
        ],
        "refused": [(one.letter, one.refusal) for one in verdicts if one.refusal],
        "keys": [str(one.letter.public_id) for one in verdicts],
        "seal": _seal(verdicts),
        "idle": not moving,
        "form": form if moving or form.errors else None,
        "action": reverse("letters:urge_many"),
        "back": back_to(request, "letters:letters"),
        "came": came_with(request),
        "submit": "确认催办",
    }
    return render(request, "letters/urge.html", context, status=422 if form.errors else 200)
