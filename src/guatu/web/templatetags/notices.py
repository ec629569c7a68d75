"""Words of notices and of steps: ``{% load notices %}``."""

from django import template
from django.urls import reverse

from guatu.loop.blocker_days import BlockerRow
from guatu.loop.blocker_holders import holder_named, remover_named
from guatu.loop.enums import StepTo
from guatu.loop.escalation.words import done_words, instead_words, planned_words
from guatu.loop.escalation.words import sentence as sentence_of
from guatu.loop.models import EscalationStep, Notice

register = template.Library()


@register.filter
def cause_url(told: EscalationStep | Notice) -> str:
    """Address of the duty or blocker, where its ladder stands, or of a letter; else empty."""
    if told.blocker is not None:
        return f"{reverse('blockers:blocker', args=[told.blocker.public_id])}#ladder"
    if told.duty is not None:
        return f"{reverse('duties:duty', args=[told.duty.public_id])}#ladder"
    if isinstance(told, Notice) and told.letter is not None:
        return f"{reverse('letters:letter', args=[told.letter.public_id])}#urges"
    return ""


@register.filter
def sentence(notice: Notice) -> str:
    """What a notice says."""
    return sentence_of(notice.kind, notice.words)


@register.filter
def done(step: EscalationStep) -> str:
    """What a step did to whom: 抄送包保领导（示例区副区长）; who was meant stands first."""
    who = str(StepTo(step.to).label)
    name = str(step.post or step.unit or "")
    return done_words(step.kind, who if step.reason["instead"] or not name else f"{who}（{name}）")


@register.filter
def instead(step: EscalationStep) -> str:
    """Why somebody else was told, and who; empty where the step went to whom it was meant for."""
    if not step.reason["instead"]:
        return ""
    name = str(step.post or step.unit or "")
    why = instead_words(step.reason["instead"])
    if step.reason["instead"]["why"] == "ended":
        return why
    return f"{why}，转{name}" if name else f"{why}，无处可送"


@register.filter
def when(step: EscalationStep) -> str:
    """When the rule has it come, as in 逾期 5 个工作日."""
    reason = step.reason
    return planned_words(reason["from"], reason["offset"], reason["unit"])


@register.filter
def holder(blocker: BlockerRow) -> str:
    """Who has a blocker now: who is to remove it, who it was sent up to, or who raised it."""
    return holder_named(blocker)


@register.filter
def remover(blocker: BlockerRow) -> str:
    """Who is to remove a blocker, or did."""
    return remover_named(blocker)
