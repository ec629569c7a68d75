"""Giving many projects to another unit, in the reserve or begun (`register.giving`)."""

from collections.abc import Mapping, Sequence
from typing import Any

from guatu.investment.enums import AdmissionState
from guatu.investment.models import Admission, Project
from guatu.investment.reserve_moves import LIFE
from guatu.register.bulk_plans import Plan, among
from guatu.register.errors import Invalid
from guatu.register.giving import give, plan_giving
from guatu.register.models import Organisation
from guatu.register.policies import require
from guatu.register.recording import Act


def plan_projects(act: Act, projects: Sequence[Project], *, unit: Organisation) -> Plan:
    """Give projects to ``unit``; not those that are being judged, nor to where the name is taken.

    Raises Invalid without a reason, Forbidden where the officer may not give to ``unit``.
    """
    require(act.standing, "project.add", unit)
    judged = among(
        [project.subject_id for project in projects],
        lambda keys: (
            (row.subject_id, row)
            for row in Admission.objects.filter(subject_id__in=keys).exclude(
                state=AdmissionState.UNDERWAY
            )
        ),
    )
    taken = set(Project.objects.filter(subject__unit=unit).values_list("name", flat=True))

    def judge(project: Project) -> Mapping[str, Any]:
        admission = judged.get(project.subject_id)
        if admission is not None and (why := LIFE.closed_to(admission, "edit")):
            raise Invalid(why)
        if project.name in taken:
            raise Invalid(f"「{project.name}」在该单位名下已有")
        taken.add(project.name)
        return {"district_code": unit.district_code}

    return plan_giving(act, projects, "project.edit", judge, unit=unit)


def give_projects(plan: Plan) -> int:
    """Give each project; returns how many."""
    return give(plan, "project.edit")
