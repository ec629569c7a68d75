"""Giving many firms to another unit or street, or to a specialist (`register.bulk_plans`)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from guatu.growth.enums import SERVING
from guatu.growth.models import Service
from guatu.growth.values import line
from guatu.register.bulk_plans import Plan, among, planned
from guatu.register.enums import OrganisationKind, PartyRole
from guatu.register.errors import Invalid
from guatu.register.giving import give, plan_giving, unit_of
from guatu.register.models import Enterprise, Organisation, Party, Post, Subject
from guatu.register.policies import require
from guatu.register.recording import Act, change_many, create_many


def plan_enterprises(
    act: Act,
    firms: Sequence[Enterprise],
    *,
    unit: Organisation | None = None,
    street: Organisation | None = None,
) -> Plan:
    """Give firms to ``unit``, to ``street`` or both. Rows have ``subject__unit`` joined.

    Raises Invalid as `plan_giving` does and for a street that is none, Forbidden where the officer
    may not give to ``unit``.
    """
    if unit is not None:
        require(act.standing, "enterprise.add", unit)
    if street is not None and street.kind != OrganisationKind.STREET:
        raise Invalid("所在街道须为街道、乡镇。", "street")
    follows = {} if unit is None else {"district_code": unit.district_code}
    return plan_giving(
        act,
        firms,
        "enterprise.edit",
        lambda _firm: follows,
        thing_of=_subject,
        unit=unit,
        street=street,
    )


def give_enterprises(plan: Plan) -> int:
    """Give each firm; returns how many."""
    return give(plan, "enterprise.edit")


def plan_specialist(act: Act, firms: Sequence[Enterprise], *, post: Post) -> Plan:
    """Let ``post`` serve firms from today; whoever did so before ends with it.

    Rows have ``subject__unit`` joined. Raises Invalid without a reason and for a post that cannot
    serve.
    """
    if post.role not in SERVING or not post.active:
        raise Invalid("服务专员须为在用的专员、单位经办或招商干部岗位。", "post")
    line(act.reason, "理由", "reason", 300)
    now = among(
        [firm.subject_id for firm in firms],
        lambda keys: (
            (row.subject_id, row) for row in Service.objects.filter(subject_id__in=keys, until=None)
        ),
    )

    def judge(firm: Enterprise) -> Mapping[str, Any]:
        current = now.get(firm.subject_id)
        if current is not None and current.post_id == post.pk:
            raise Invalid("已经由这一岗位服务")
        if current is not None and current.since > act.business_date:
            raise Invalid(f"现任专员自 {current.since} 起，晚于今天")
        return {"post": post, "ends": current}

    return planned(act, firms, "firm.keep", judge, unit_of=unit_of, thing_of=_subject)


def appoint_specialists(plan: Plan) -> int:
    """Appoint for each firm; returns how many. Raises Stale where a service changed meanwhile."""
    with transaction.atomic():
        for act, verdicts in plan.parts():
            _appoint(act, {one.row.subject: one.told for one in verdicts})
    return len(plan.moving)


def _appoint(act: Act, told: Mapping[Subject, Mapping[str, Any]]) -> None:
    """End what was and begin what is to be; one post for all of them."""
    post = next(iter(told.values()))["post"]
    ended = [one["ends"] for one in told.values() if one["ends"] is not None]
    last = {"until": act.business_date, "reason": act.reason}
    change_many(act, "service.end", [(service, last) for service in ended])
    left = {(service.subject_id, service.post_id) for service in ended}
    named = Party.objects.filter(role=PartyRole.SPECIALIST, ended=False)
    parties = among(
        [subject.pk for subject in told],
        lambda keys: (
            ((party.subject_id, party.post_id), party)
            for party in named.filter(subject_id__in=keys).exclude(post=None)
        ),
    )
    change_many(
        act,
        "party.end",
        [(party, {"ended": True}) for key, party in parties.items() if key in left],
    )
    first = act.business_date
    create_many(
        act,
        "service.begin",
        [Service(subject=subject, post=post, since=first) for subject in told],
    )
    new = [subject for subject in told if (subject.pk, post.pk) not in parties]
    create_many(
        act,
        "party.name",
        [Party(subject=subject, role=PartyRole.SPECIALIST, post=post) for subject in new],
    )


def _subject(firm: Enterprise) -> Subject:
    return firm.subject
