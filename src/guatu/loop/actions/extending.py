"""Asking for a later due day, and deciding on it."""

import datetime as dt

from django.db import transaction

from guatu.loop.enums import ExtensionState
from guatu.loop.models import Duty, Extension
from guatu.loop.moves import begin
from guatu.register.errors import Invalid
from guatu.register.lives import check_revision
from guatu.register.recording import Act, change, create

ALREADY_ASKED = "已有一份延期申请在等批复。"


def is_extension_pending(duty: Duty) -> bool:
    """Tell whether a later day was asked for and nobody has decided yet; one query."""
    return Extension.objects.filter(duty=duty, state=ExtensionState.PENDING).exists()


def ask_extension(
    act: Act, duty: Duty, *, to_due: dt.date, reason: str, expected_revision: int | None = None
) -> Extension:
    """Ask for ``to_due``; the due day stays as it is until approved. One request at a time."""
    begin(act, duty, "ask_extension", expected_revision)
    if duty.due is None:
        raise Invalid("期限待定的事项不必延期，请联系专班确定期限。", "to_due")
    if to_due <= duty.due:
        raise Invalid(f"新期限须晚于现期限 {duty.due}。", "to_due")
    if to_due <= act.business_date:
        raise Invalid("新期限须晚于今天。", "to_due")
    if not reason.strip():
        raise Invalid("请说明延期理由。", "reason")
    if is_extension_pending(duty):
        raise Invalid(ALREADY_ASKED)
    return create(
        act.because(reason.strip()),
        "extension.ask",
        Extension(
            duty=duty,
            from_due=duty.due,
            to_due=to_due,
            reason=reason.strip(),
            asked_on=act.business_date,
            asked_by=act.standing.officer if act.standing else None,
        ),
    )


def decide_extension(
    act: Act,
    extension: Extension,
    *,
    approve: bool,
    opinion: str = "",
    expected_revision: int | None = None,
) -> Extension:
    """Approve (the due day moves) or refuse (with an opinion); who asked never decides."""
    duty = extension.duty
    begin(act, duty, "decide_extension")
    check_revision(extension.revision, expected_revision)
    if extension.state != ExtensionState.PENDING:
        raise Invalid(f"这份延期申请已经{ExtensionState(extension.state).label}。")
    decider = act.standing.officer if act.standing else None
    if decider is not None and decider.pk == extension.asked_by_id:
        raise Invalid("自己提出的延期申请，须由他人审批。")
    if not approve and not opinion.strip():
        raise Invalid("不同意延期请说明理由。", "opinion")
    act = act.because(opinion.strip())
    with transaction.atomic():
        change(
            act,
            "extension.approve" if approve else "extension.refuse",
            extension,
            state=ExtensionState.APPROVED if approve else ExtensionState.REFUSED,
            opinion=opinion.strip(),
            decided_on=act.business_date,
            decided_by=decider,
        )
        if approve:
            change(act, "duty.extend", duty, due=extension.to_due)
    return extension
