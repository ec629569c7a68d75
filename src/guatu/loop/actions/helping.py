"""Who helps with a duty, and keeping the subject in sight of everyone the duty names."""

from collections.abc import Sequence

from django.db import transaction

from guatu.loop.models import CoOwner, Duty
from guatu.loop.moves import begin
from guatu.register.enums import PartyRole, SubjectKind
from guatu.register.errors import Invalid
from guatu.register.models import Organisation, Party, Post
from guatu.register.recording import Act, change, create, create_many

Helper = Post | Organisation


def name_co_owner(
    act: Act, duty: Duty, who: Helper, *, expected_revision: int | None = None
) -> CoOwner:
    """Name a post, or a unit as a whole, as co-owner. Raises Invalid when it is one already."""
    begin(act, duty, "name_co_owner", expected_revision)
    row = co_owner_of(duty, who)
    present = CoOwner.objects.filter(duty=duty, unit=row.unit, post=row.post, ended=False)
    if present.exists():
        raise Invalid(f"{row}已经是配合单位。", "who")
    if (row.post_id or row.unit_id) == (duty.owner_post_id if row.post_id else duty.owner_unit_id):
        raise Invalid(f"{row}是责任单位，不必再列为配合单位。", "who")
    with transaction.atomic():
        create(act, "duty.name_co_owner", row)
        name_parties(act, duty, [row])
    return row


def end_co_owner(act: Act, co_owner: CoOwner, *, expected_revision: int | None = None) -> CoOwner:
    """End a naming; the row stays as history."""
    begin(act, co_owner.duty, "name_co_owner", expected_revision)
    if co_owner.ended:
        raise Invalid("该配合单位已经取消。")
    return change(act, "duty.end_co_owner", co_owner, ended=True)


def co_owner_of(duty: Duty, who: Helper) -> CoOwner:
    """Build the row for a post or a unit, unsaved."""
    if isinstance(who, Post):
        return CoOwner(duty=duty, unit=who.organisation, post=who)
    return CoOwner(duty=duty, unit=who)


def name_parties(act: Act, duty: Duty, helpers: Sequence[CoOwner]) -> None:
    """Name owner and helpers on the subject where they would not see it otherwise.

    Nobody is named on the campaign itself: that would open everything that hangs on it. Leaders
    see the district anyway.
    """
    if duty.subject.kind == SubjectKind.CAMPAIGN:
        return
    wanted = [(row.post, row.unit) for row in helpers]
    if duty.owner_unit is not None:
        wanted.insert(0, (duty.owner_post, duty.owner_unit))
    home = duty.subject.unit.path if duty.subject.unit else ""
    named: set[tuple[int | None, int | None]] = set(
        Party.objects.filter(subject=duty.subject, ended=False).values_list("post_id", "unit_id")
    )
    new = []
    for post, unit in wanted:
        key = (post.pk, None) if post else (None, unit.pk)
        if key in named or (home and home.startswith(unit.path)):
            continue
        named.add(key)
        new.append(
            Party(
                subject=duty.subject,
                role=PartyRole.CO_OWNER,
                post=post,
                unit=None if post else unit,
            )
        )
    create_many(act, "party.name", new)
