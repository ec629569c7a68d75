"""What the ladder told for days that are yet to come once more, after the date was set back."""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet

from guatu.loop.actions.letters import withdraw_letter
from guatu.loop.enums import LetterState
from guatu.loop.models import EscalationStep, Letter
from guatu.loop.queries.inbox import SET_BACK
from guatu.register.recording import Act, change_many

WHY = "业务日期调回，所据期限未到，系统撤回按规则拟出的函稿"


def take_back(act: Act) -> int:
    """Take back steps that fall due more than ``SET_BACK`` after the campaign's day.

    Somebody set the date far ahead by mistake: what was told then is not true, and is told again
    when its day comes. Their drafts that nobody touched are withdrawn; what somebody changed or
    sent on is left to them. A date set back by less takes nothing back, so nobody is told twice.
    Returns how many; a second run finds none.
    """
    steps = list(ahead_of(act.business_date).select_related("duty", "blocker"))
    if not steps:
        return 0
    drafts = Letter.objects.filter(
        step__in=[step.pk for step in steps], by_rule=True, state=LetterState.DRAFT, revision=1
    )
    with transaction.atomic():
        for letter in drafts.select_related("duty", "subject").order_by("pk"):
            withdraw_letter(act, letter, reason=WHY)
        back = {"taken_back_on": act.business_date}
        return change_many(act, "escalation.take_back", [(step, back) for step in steps])


def ahead_of(day: dt.date) -> QuerySet[EscalationStep]:
    """Steps that would be taken back if the campaign stood on ``day``."""
    return EscalationStep.objects.filter(fell_on__gt=day + SET_BACK).order_by("pk")
