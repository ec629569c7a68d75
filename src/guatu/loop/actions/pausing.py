"""Pausing a duty for a reason nobody owning it can remove, and resuming it."""

from django.db import transaction

from guatu.loop.actions.unblocking import halt_blockers
from guatu.loop.models import Duty
from guatu.loop.moves import begin
from guatu.register.errors import Invalid
from guatu.register.recording import Act, change


def pause(act: Act, duty: Duty, *, reason: str, expected_revision: int | None = None) -> Duty:
    """Stop the clock's lamp and the days of its blockers; the duty remembers where it returns."""
    move = begin(act, duty, "pause", expected_revision)
    if not reason.strip():
        raise Invalid("暂停请说明理由。", "reason")
    act = act.because(reason.strip())
    with transaction.atomic():
        halt_blockers(act, duty, halted=True)
        return change(act, "duty.pause", duty, resume_state=duty.state, state=move.after(duty))


def resume(act: Act, duty: Duty, *, reason: str = "", expected_revision: int | None = None) -> Duty:
    """Return a paused duty to the state it had."""
    move = begin(act, duty, "resume", expected_revision)
    act = act.because(reason.strip())
    with transaction.atomic():
        halt_blockers(act, duty, halted=False)
        return change(act, "duty.resume", duty, state=move.after(duty), resume_state="")
