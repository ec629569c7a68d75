"""Drafting the letters that the ladder suggests, a bounded number a day."""

from django.db import transaction

from guatu.loop.actions.letters import draft_letter
from guatu.loop.enums import NoticeKind
from guatu.loop.models import EscalationStep
from guatu.loop.queries.suggestions import NAMED, drafting_of, suggested
from guatu.register.recording import Act


def draft_suggested(act: Act) -> list[int]:
    """Draft what the ladder suggests; returns the keys of the duties that got a draft.

    A draft has to be read, checked and sent to be signed by a person, so at most so many are made
    a day in the name of one issuer as the dated rule ``letter.drafting`` says: the oldest steps
    first. The others stay suggestions, listed with the reason, and are drafted on the days that
    follow as long as the duty is still late by the same promise. However many duties are long
    overdue when the timer first runs, nobody is flooded. A step gets one draft: running twice, or
    on a day set back, makes no second one; a draft that was given up is not made again.
    """
    if not EscalationStep.objects.filter(kind=NoticeKind.LETTER).exists():
        return []
    drafting = drafting_of(act.business_date)
    if drafting is None or drafting.room <= 0:
        return []
    with transaction.atomic():
        steps = suggested(drafting.rule.kind).select_related(*NAMED)
        for step in (chosen := list(drafting.next_of(steps))):
            draft_letter(act, drafting.rule.kind, duty=step.duty, step=step)
    return [step.duty_id for step in chosen if step.duty_id is not None]
