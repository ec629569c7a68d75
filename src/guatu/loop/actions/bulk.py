"""Bulk steps: a plan that was looked at is done in one transaction, one event a duty."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from django.db import transaction

from guatu.loop.actions.helping import keep_all_parties_in_step
from guatu.loop.actions.urging import tell_urges
from guatu.loop.bulk_plans import LetterVerdict, Plan, Verdict
from guatu.loop.enums import DutyState
from guatu.loop.models import Extension, Urge
from guatu.register.errors import Invalid
from guatu.register.policies import Behalf
from guatu.register.recording import Act, change_many, create_many


def edit_many(plan: Plan) -> int:
    """Write new owners, leaders or strengths; returns how many duties changed.

    Raises Stale when one of the duties was changed since the plan was made, and then does none.
    """
    done = 0
    with transaction.atomic():
        for act, verdicts in _acts(plan):
            done += change_many(act, "duty.edit", [(one.duty, one.told) for one in verdicts])
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


def urge_letters(act: Act, verdicts: Sequence[LetterVerdict]) -> int:
    """Press whom each letter was sent to; returns how many. Those that cannot be are left out."""
    moving = [one for one in verdicts if not one.refusal]
    if not moving or act.standing is None:
        raise Invalid("所选函件都不能催办，没有改动。")
    behalves = {one.behalf.pk if one.behalf else None: one.behalf for one in moving}
    with transaction.atomic():
        for key, post in behalves.items():
            one_act = replace(act, standing=replace(act.standing, behalf=Behalf(post)))
            rows = [
                Urge(
                    letter=one.letter,
                    officer=act.standing.officer,
                    on=act.business_date,
                    at=act.at,
                    **one.told,
                )
                for one in moving
                if (one.behalf.pk if one.behalf else None) == key
            ]
            create_many(one_act, "urge.make", rows)
            tell_urges(one_act, rows)
    return len(moving)


def _acts(plan: Plan) -> Iterator[tuple[Act, list[Verdict]]]:
    """Parts of the plan, each with the act that says on whose behalf it is done."""
    if not plan.moving:
        raise Invalid("所选事项都不能办理，没有改动。")
    for post, verdicts in plan.by_behalf:
        standing = plan.act.standing
        if standing is not None:
            standing = replace(standing, behalf=Behalf(post))
        yield replace(plan.act, standing=standing), verdicts
