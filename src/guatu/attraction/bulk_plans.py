"""Giving many leads to another unit or leader (`register.giving`)."""

from collections.abc import Mapping, Sequence
from typing import Any

from guatu.attraction.models import Lead
from guatu.attraction.values import STEERING, check_people
from guatu.register.bulk_plans import Plan
from guatu.register.errors import Invalid
from guatu.register.giving import give, plan_giving
from guatu.register.models import Organisation, Post
from guatu.register.policies import require
from guatu.register.recording import Act


def plan_leads(
    act: Act,
    leads: Sequence[Lead],
    *,
    unit: Organisation | None = None,
    leader_post: Post | None = None,
) -> Plan:
    """Give leads to ``unit``, to ``leader_post`` or both; not to where the name is taken.

    A post that is not of the new unit no longer owns its lead. Raises Invalid as `plan_giving`
    does, Forbidden where the officer may not give to ``unit``.
    """
    if unit is not None:
        require(act.standing, "lead.add", unit)
    known = Lead.objects.filter(subject__unit=unit) if unit else Lead.objects.none()
    taken = set(known.values_list("name", flat=True))

    def judge(lead: Lead) -> Mapping[str, Any]:
        subject = lead.subject
        moves = unit is not None and subject.unit_id != unit.pk
        if moves and lead.name in taken:
            raise Invalid(f"「{lead.name}」在该单位名下已有线索")
        owner = lead.owner_post if unit is None or _stays(lead, unit) else None
        check_people(unit or subject.unit, owner, leader_post or lead.leader_post)
        if moves:
            taken.add(lead.name)
        return {"owner_post": owner}

    return plan_giving(act, leads, "lead.edit", judge, unit=unit, leader_post=leader_post)


def _stays(lead: Lead, unit: Organisation) -> bool:
    post = lead.owner_post
    if post is None or post.role in STEERING:
        return True
    return post.organisation.path.startswith(unit.path)


def give_leads(plan: Plan) -> int:
    """Give each lead; returns how many."""
    return give(plan, "lead.edit")
