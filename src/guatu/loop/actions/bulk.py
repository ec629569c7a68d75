"""Bulk steps: a plan that was looked at is done in one transaction, one event a duty."""

from collections.abc import Iterator
from dataclasses import replace

from django.db import transaction

from guatu.loop.actions.giving import tell_given, with_given_day
from guatu.loop.actions.helping import keep_all_parties_in_step
from guatu.loop.actions.urging import tell_urges
from guatu.loop.bulk_plans import Plan, Verdict
from guatu.loop.enums import DutyState
from guatu.loop.models import Extension, Urge
from guatu.register.errors import Invalid
from guatu.register.policies import Behalf
from guatu.register.recording import Act, change_many, create_many


def edit_many(plan: Plan) -> int:
    """Write new owners, leaders or strengths; returns how many duties changed.

    Who is made to owe an issued duty is told. Raises Stale when one of the duties was changed since
    the plan was made, and then does none.
    """
    done = 0
    with transaction.atomic():
        for act, verdicts in _acts(plan):
            day = act.business_date
            pairs = [(one.duty, with_given_day(one.duty, one.told, day)) for one in verdicts]
            done += change_many(act, "duty.edit", pairs)
            tell_given(act, [duty for duty, new in pairs if "given_on" in new])
        issued = {
            one.duty.subject_id: one.duty.subject
            for one in plan.moving
            if one.duty.state != DutyState.DRAFT and "owner_unit" in one.told
        }
        keep_all_parties_in_step(plan.act, list(issued.values()))
    return done


def ask_extensions(plan: Plan) -> int:
    """File one request for a later day each; returns how many."""
    with transaction.atomic():
        for act, verdicts in _acts(plan):
            officer = act.standing.officer if act.standing else None
            rows = [
                Extension(duty=one.duty, asked_on=act.business_date, asked_by=officer, **one.told)
                for one in verdicts
            ]
            create_many(act, "extension.ask", rows)
    return len(plan.moving)


def urge_many(plan: Plan) -> int:
    """Press the owner of each; returns how many."""
    with transaction.atomic():
        for act, verdicts in _acts(plan):
            officer = act.standing.officer if act.standing else None
            rows = [
                Urge(duty=one.duty, officer=officer, on=act.business_date, at=act.at, **one.told)
                for one in verdicts
            ]
            create_many(act, "urge.make", rows)
            tell_urges(act, rows)
    return len(plan.moving)


def _acts(plan: Plan) -> Iterator[tuple[Act, list[Verdict]]]:
    """Parts of the plan, each with the act that says on whose behalf it is done."""
    if not plan.moving:
        raise Invalid("所选事项都不能办理，没有改动。")
    for post, verdicts in plan.by_behalf:
        standing = plan.act.standing
        if standing is not None:
            standing = replace(standing, behalf=Behalf(post))
        yield replace(plan.act, standing=standing), verdicts
