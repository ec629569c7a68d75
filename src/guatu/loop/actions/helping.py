"""Who helps with a duty, and keeping the subject in sight of everyone the duty names."""

from django.db import transaction

from guatu.loop.enums import DutyState
from guatu.loop.models import CoOwner, Duty
from guatu.loop.moves import begin
from guatu.register.enums import PartyRole, SubjectKind
from guatu.register.errors import Invalid
from guatu.register.models import Event, Organisation, Party, Post, Subject
from guatu.register.recording import Act, change, change_many, create, create_many

Helper = Post | Organisation
NAMING = "duty.name_party"


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
        keep_parties_in_step(act, duty.subject)
    return row


def end_co_owner(act: Act, co_owner: CoOwner, *, expected_revision: int | None = None) -> CoOwner:
    """End a naming; the row stays as history, the sight it gave ends."""
    begin(act, co_owner.duty, "name_co_owner", expected_revision)
    if co_owner.ended:
        raise Invalid("该配合单位已经取消。")
    with transaction.atomic():
        change(act, "duty.end_co_owner", co_owner, ended=True)
        keep_parties_in_step(act, co_owner.duty.subject)
    return co_owner


def co_owner_of(duty: Duty, who: Helper) -> CoOwner:
    """Build the row for a post or a unit, unsaved."""
    if isinstance(who, Post):
        return CoOwner(duty=duty, unit=who.organisation, post=who)
    return CoOwner(duty=duty, unit=who)


def keep_parties_in_step(act: Act, subject: Subject) -> None:
    """Name on the subject whom its issued duties name, and end what none of them names any more.

    Only namings made here are ended; those of a ledger or a person stay. Nobody is named on the
    campaign itself: that would open everything that hangs on it. Whoever sees the subject by its
    unit, and leaders, who see the district, need no naming.
    """
    if subject.kind == SubjectKind.CAMPAIGN:
        return
    wanted = _wanted(subject)
    named = {
        (row.post_id, row.unit_id): row
        for row in Party.objects.filter(subject=subject, ended=False)
    }
    home = subject.unit.path if subject.unit else ""
    new = [
        Party(subject=subject, role=PartyRole.CO_OWNER, post_id=post, unit_id=unit)
        for (post, unit), path in wanted.items()
        if (post, unit) not in named and not (home and home.startswith(path))
    ]
    create_many(act, NAMING, new)
    over = [row for key, row in named.items() if key not in wanted]
    made_here = set(
        Event.objects.filter(
            model=Party._meta.label, verb=NAMING, row__in=[row.pk for row in over]
        ).values_list("row", flat=True)
    )
    ended = [(row, {"ended": True}) for row in over if row.pk in made_here]
    change_many(act, "duty.end_party", ended)


def _wanted(subject: Subject) -> dict[tuple[int | None, int | None], str]:
    """Posts, or units as a whole, that issued duties on the subject name → path of their unit."""
    duties = Duty.objects.filter(subject=subject).exclude(state=DutyState.DRAFT)
    helpers = CoOwner.objects.filter(duty__in=duties, ended=False)
    rows = [
        *duties.values_list("owner_post_id", "owner_unit_id", "owner_unit__path"),
        *helpers.values_list("post_id", "unit_id", "unit__path"),
    ]
    return {
        (post, None) if post else (None, unit): path
        for post, unit, path in rows
        if path is not None
    }
