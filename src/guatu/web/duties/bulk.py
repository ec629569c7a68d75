"""Steps for several duties at once: a 核对 page shows them, then all are done or none."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from guatu.loop import actions
from guatu.loop.models import Duty
from guatu.register.campaign import act_now
from guatu.register.errors import RegisterError
from guatu.register.policies import require
from guatu.register.recording import Act
from guatu.web.duties.many import MANY, chosen, many
from guatu.web.duties.standing_in import standing_in
from guatu.web.lists.returning import back_to, came_with
from guatu.web.refusals import forbidden_is_missing, tell
from guatu.web.requests import OfficerRequest

MOST = 500


@dataclass(frozen=True)
class Step:
    """One bulk step; ``run`` gets the act, the duties and the form's values."""

    name: str
    consequence: str
    run: Callable[[Act, Sequence[Duty], forms.Form], None]
    form: type[forms.Form] = forms.Form


def _issue(act: Act, duties: Sequence[Duty], _form: forms.Form) -> None:
    for duty in duties:
        actions.issue(act, duty)


def _affirm(act: Act, duties: Sequence[Duty], _form: forms.Form) -> None:
    actions.report_no_change(act, duties)


STEPS = {
    "issue": Step("下达", "下达后分别出现在责任岗位的工作台上。", _issue),
    "no-change": Step("无变化", "确认下列各项的情况与上次报告相比没有变化。", _affirm),
}


@require_POST
@forbidden_is_missing
def bulk(request: OfficerRequest, step: str) -> HttpResponse:
    """Show what will happen to which duties; do it when it was checked."""
    require(request.standing, "duty.list")
    one = STEPS.get(step)
    if request.as_of is not None or (one is None and step not in MANY):
        raise Http404
    if one is None:
        return many(request, step)
    duties = list(chosen(request)[:MOST])
    checked = request.POST.get("checked") == "1"
    form = one.form(request.POST if checked else None)
    if not duties:
        messages.warning(request, "请先选中要办理的事项。")
        return redirect(back_to(request, "duties:duties"))
    if checked and form.is_valid() and _done(request, one, duties, form):
        messages.success(request, f"{one.name}：已办理 {len(duties)} 项。")
        return redirect(back_to(request, "duties:duties"))
    context = {
        "heading": f"{one.name} {len(duties)} 项",
        "consequence": one.consequence + (standing_in(request, duties) if step == "issue" else ""),
        "lines": [(duty, actions.affirmed_words(duty)) for duty in duties],
        "shows_words": step == "no-change",
        "keys": [str(duty.public_id) for duty in duties],
        "form": form,
        "action": reverse("duties:bulk", args=[step]),
        "back": back_to(request, "duties:duties"),
        "came": came_with(request),
        "submit": f"确认{one.name}",
    }
    return render(request, "duties/bulk.html", context, status=422 if form.errors else 200)


def _done(request: OfficerRequest, step: Step, duties: Sequence[Duty], form: forms.Form) -> bool:
    try:
        with transaction.atomic():
            step.run(act_now(request.standing), duties, form)
    except RegisterError as refusal:
        tell(form, refusal)
        return False
    return True
