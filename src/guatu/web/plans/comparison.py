"""Several copies of a plan beside the one that stands, before any is taken."""

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guatu.loop.enums import ScenarioState
from guatu.loop.models import Scenario
from guatu.web.plans.answers import answer
from guatu.web.plans.comparing import compare as compared
from guatu.web.plans.outlooks import Outlooked
from guatu.web.plans.reading import read
from guatu.web.plans.trials import project_to_edit, told, trials
from guatu.web.refusals import forbidden_is_missing
from guatu.web.requests import OfficerRequest

MOST_COLUMNS = 4


@require_safe
@forbidden_is_missing
def compare(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Show the plan and its open copies side by side."""
    project = project_to_edit(request, key)
    rows = Scenario.objects.filter(subject=project.subject, state=ScenarioState.OPEN)
    shown = list(rows.select_related("subject__unit", "officer").order_by("pk")[:MOST_COLUMNS])
    found = trials(project, shown, request)
    standing = found[0].before if found else read(request, key).plan
    columns = [
        {
            "scenario": one.scenario,
            "answer": answer(one.after),
            "outlook": Outlooked(one.after),
            "compared": compared(one.before, one.after),
            "changes": told(one),
            "refusals": one.refusals,
        }
        for one in found
    ]
    context = {
        "project": project,
        "subject": project.subject,
        "standing": standing,
        "deadlines": compared(standing, standing).deadlines if standing else [],
        "answer": answer(standing) if standing else None,
        "outlook": Outlooked(standing) if standing else None,
        "columns": columns,
        "hidden": rows.count() - len(shown),
    }
    return render(request, "plans/compare.html", context)
