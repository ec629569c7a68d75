"""Pausing a duty for a reason nobody owning it can remove, and resuming it."""

from guatu.loop.models import Duty
from guatu.loop.moves import begin
from guatu.register.errors import Invalid
from guatu.register.recording import Act, change


def pause(act: Act, duty: Duty, *, reason: str, expected_revision: int | None = None) -> Duty:
    """Stop the clock's lamp; the duty remembers where it returns to."""
    move = begin(act, duty, "pause", expected_revision)
    if not reason.strip():
        raise Invalid("暂停请说明理由。", "reason")
    return change(
        act.because(reason.strip()),
        "duty.pause",
        duty,
        resume_state=duty.state,
        state=move.after(duty),
    )


def resume(act: Act, duty: Duty, *, reason: str = "", expected_revision: int | None = None) -> Duty:
    """Return a paused duty to the state it had."""
    move = begin(act, duty, "resume", expected_revision)
    return change(
        act.because(reason.strip()),
        "duty.resume",
        duty,
        state=move.after(duty),
        resume_state="",
    )
