"""移交项目库: a signed lead becomes a project after one look at what will be taken over."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from guatu.attraction.actions.moving import check_signed
from guatu.attraction.models import Lead
from guatu.attraction.rules import lead_rules
from guatu.campaign.handover import hand_over as handed
from guatu.register.campaign import act_now
from guatu.register.errors import Invalid, RegisterError
from guatu.register.policies import require
from guatu.web.format import number
from guatu.web.leads.faces import lead_url
from guatu.web.leads.forms import HandOverForm
from guatu.web.leads.views import seen
from guatu.web.projects.faces import project_url
from guatu.web.refusals import forbidden_is_missing, tell
from guatu.web.requests import OfficerRequest


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def hand_over(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Show what the project takes over, then make it; a lead not signed goes back with a word."""
    if request.as_of is not None:
        raise Http404
    rules = lead_rules(request.standing.today)
    row = seen(request, key, rules)
    require(request.standing, "lead.hand_over", row)
    try:
        check_signed(rules, row)
    except Invalid as refusal:
        messages.warning(request, str(refusal))
        return redirect(lead_url(row))
    posted = request.POST if request.method == "POST" else None
    initial = {"revision": row.revision, "name": row.name}
    form = HandOverForm(request.standing, posted, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            project = handed(
                act_now(request.standing),
                row,
                name=given["name"],
                category=given["category"],
                project=given["project"],
                into_reserve=given["into"] == "reserve",
                expected_revision=given["revision"],
            )
        except RegisterError as refusal:
            tell(form, refusal, revision=row)
        else:
            messages.success(request, f"已移交项目库：{project.subject.code} {project.name}")
            # What went into the reserve is shown there.
            return redirect(project_url(project))
    context = {
        "heading": f"移交项目库：{row.name}",
        "consequence": "线索转为「已转项目」，与项目互相联系；跟进、承诺和变动记录都保留。",
        "affected": _taken_over(row),
        "form": form,
        "action": request.path,
        "back": lead_url(row),
        "submit": "确认移交",
    }
    return render(request, "leads/hand_over.html", context, status=422 if form.errors else 200)


def _taken_over(row: Lead) -> list[str]:
    """What the project will know from the lead, in words; unknown is 未报."""
    told = {
        "投资主体": row.investor,
        "总投资": None if row.intended_wan is None else f"{number(row.intended_wan, 2)} 万元",
        "建设内容": row.content,
        "建设地点": row.site,
        "责任单位": row.subject.unit,
        "包保领导": row.leader_post,
    }
    return [f"{name}：{value or '未报'}" for name, value in told.items()]
