"""Bulk steps: a plan that was looked at is done in one transaction, one event a row."""

from django.db import transaction

from guatu.loop.actions.giving import tell_given, with_given_day
from guatu.loop.actions.helping import keep_all_parties_in_step
from guatu.loop.actions.noticing import mark_read
from guatu.loop.actions.reporting import report_no_change
from guatu.loop.actions.urging import tell_urges
from guatu.loop.enums import DutyState
from guatu.loop.models import Extension, Urge
from guatu.register.bulk_plans import Plan
from guatu.register.giving import give
from guatu.register.recording import change_many, create_many


def issue_many(plan: Plan) -> int:
    """Issue each draft; returns how many. Raises Stale as :func:`edit_many` does."""
    with transaction.atomic():
        for act, verdicts in plan.parts():
            change_many(act, "duty.issue", [(one.row, one.told) for one in verdicts])
        subjects = {one.row.subject_id: one.row.subject for one in plan.moving}
        keep_all_parties_in_step(plan.act, list(subjects.values()))
    return len(plan.moving)


def affirm_many(plan: Plan) -> int:
    """Report 无变化 of each; returns how many."""
    with transaction.atomic():
        for act, verdicts in plan.parts():
            report_no_change(act, [one.row for one in verdicts])
    return len(plan.moving)


def edit_many(plan: Plan) -> int:
    """Write new owners, leaders or strengths; returns how many duties changed.

    Who is made to owe an issued duty is told. Raises Stale when one of the duties was changed since
    the plan was made, and then does none.
    """
    done = 0
    with transaction.atomic():
        for act, verdicts in plan.parts():
            day = act.business_date
            pairs = [(one.row, with_given_day(one.row, one.told, day)) for one in verdicts]
            done += change_many(act, "duty.edit", pairs)
            tell_given(act, [duty for duty, new in pairs if "given_on" in new])
        issued = {
            one.row.subject_id: one.row.subject
            for one in plan.moving
            if one.row.state != DutyState.DRAFT and "owner_unit" in one.told
        }
        keep_all_parties_in_step(plan.act, list(issued.values()))
    return done


def ask_extensions(plan: Plan) -> int:
    """File one request for a later day each; returns how many."""
    with transaction.atomic():
        for act, verdicts in plan.parts():
            officer = act.standing.officer if act.standing else None
            rows = [
                Extension(duty=one.row, asked_on=act.business_date, asked_by=officer, **one.told)
                for one in verdicts
            ]
            create_many(act, "extension.ask", rows)
    return len(plan.moving)


def urge_many(plan: Plan, thing: str = "duty") -> int:
    """Press whoever owes each duty, or ``thing`` else that is urged; returns how many."""
    with transaction.atomic():
        for act, verdicts in plan.parts():
            officer = act.standing.officer if act.standing else None
            made = {"officer": officer, "on": act.business_date, "at": act.at}
            rows = [Urge(**{thing: one.row}, **made, **one.told) for one in verdicts]
            create_many(act, "urge.make", rows)
            tell_urges(act, rows)
    return len(plan.moving)


def give_reforms(plan: Plan) -> int:
    """Give each reform; returns how many."""
    return give(plan, "reform.edit")


def read_many(plan: Plan) -> int:
    """Mark each notice read by the acting officer; returns how many."""
    with transaction.atomic():
        for act, verdicts in plan.parts():
            mark_read(act, [one.row for one in verdicts])
    return len(plan.moving)
