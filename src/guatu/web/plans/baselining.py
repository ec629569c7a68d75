"""Agreeing on a plan anew: the next baseline, with its reason; the earlier ones stay readable."""

import uuid
from typing import Any

from django import forms
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from guatu.loop.actions.baselines import rebaseline as take
from guatu.loop.queries.plan import baselines_of
from guatu.register.campaign import act_now
from guatu.web.plans.reading import plan_url
from guatu.web.plans.trials import project_to_edit
from guatu.web.questions import ask
from guatu.web.refusals import forbidden_is_missing
from guatu.web.requests import OfficerRequest


class BaselineForm(forms.Form):
    """Why the plan is agreed upon anew."""

    number = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label="重定理由", max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def rebaseline(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Show what the next baseline replaces, and take it for a reason."""
    project = project_to_edit(request, key)
    known = baselines_of(project.subject_id)
    number = known[-1].number if known else 0
    posted = request.POST if request.method == "POST" else None

    def act(values: dict[str, Any]) -> str:
        made = take(
            act_now(request.standing),
            project.subject,
            reason=values["reason"],
            expected_number=values["number"],
        )
        return f"已定第 {made.number} 版基线"

    return ask(
        request,
        BaselineForm(posted, initial={"number": number}),
        act,
        heading=f"重定基线：{project.name}",
        back=plan_url(project),
        check={
            "consequence": "以现在的计划作为今后比较的依据；原来的基线保留可查，偏差从新基线算起。",
            "affected": [
                f"第 {row.number} 版，{row.made_on}，{row.reason or '首次'}" for row in known
            ],
            "submit": "重定基线",
        },
    )
