"""Issuing a duty: from here on somebody owes it."""

from django.db import transaction

from guatu.loop.actions.helping import keep_parties_in_step
from guatu.loop.models import Duty
from guatu.loop.moves import begin
from guatu.register.errors import Invalid
from guatu.register.recording import Act, change


def issue(act: Act, duty: Duty, *, expected_revision: int | None = None) -> Duty:
    """拟定 → 已下达. Raises Invalid without an owner, Stale."""
    move = begin(act, duty, "issue", expected_revision)
    if unowed(duty):
        raise Invalid(f"「{duty.title}」还没有责任单位，不能下达。", "owner_unit")
    with transaction.atomic():
        change(act, "duty.issue", duty, state=move.after(duty), issued_on=act.business_date)
        keep_parties_in_step(act, duty.subject)
    return duty


def unowed(duty: Duty) -> bool:
    """Tell whether nobody would owe the duty."""
    return duty.owner_unit_id is None and duty.owner_post_id is None
