"""Drafting the letters that the ladder suggests, a bounded number a day; ending those too late."""

from collections.abc import Sequence

from django.db import transaction

from guatu.loop.actions.letters import draft_letter, withdraw_letter
from guatu.loop.enums import DutyState, LetterState, NoticeKind
from guatu.loop.escalation.directory import directory_on
from guatu.loop.models import EscalationStep, Letter, Notice
from guatu.loop.queries.suggestions import NAMED, drafting_of, suggested
from guatu.register.models import Campaign
from guatu.register.recording import Act, create

WITHDRAWN = "/letters/?state=withdrawn"


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
        steps = suggested(drafting.rule.kind, act.business_date).select_related(*NAMED)
        for step in (chosen := list(drafting.next_of(steps))):
            draft_letter(act, drafting.rule.kind, duty=step.duty, step=step)
    return [step.duty_id for step in chosen if step.duty_id is not None]


def withdraw_overtaken(act: Act) -> list[Letter]:
    """End drafts by rule that nobody has touched and whose duty is closed; the office is told.

    What somebody has changed, or sent to be signed, is left to them. A second run finds nothing.
    """
    rows = Letter.objects.filter(
        by_rule=True, state=LetterState.DRAFT, revision=1, duty__state=DutyState.CLOSED
    )
    over = list(rows.select_related("duty", "subject").order_by("pk"))
    if not over:
        return []
    with transaction.atomic():
        for letter in over:
            withdraw_letter(act, letter, reason=f"{letter.overtaken}，系统撤回按规则拟出的函稿")
        _tell_office(act, over)
    return over


def _tell_office(act: Act, letters: Sequence[Letter]) -> None:
    """One notice for all of a run; of a single letter it hangs on the duty."""
    office = directory_on(act.business_date).office
    if office is None:
        return
    first = letters[0]
    alone = len(letters) == 1
    named = f"「{first.title}」" if alone else f" {len(letters)} 件"
    words = {
        "title": first.title if alone else "撤回函稿",
        "path": f"/letters/{first.public_id}/" if alone else WITHDRAWN,
        "said": f"所涉事项已办结，系统已撤回按规则拟出、尚未送签的函稿{named}",
    }
    campaign = Campaign.objects.select_related("subject").latest("year", "pk")
    notice = Notice(
        subject=first.subject if alone else campaign.subject,
        duty=first.duty if alone else None,
        kind=NoticeKind.COPY,
        unit_id=office,
        words=words,
        on=act.business_date,
        at=act.at,
    )
    create(act, "notice.tell", notice)
