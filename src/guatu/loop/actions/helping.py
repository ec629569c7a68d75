"""Who helps with a duty, and keeping the subject in sight of everyone the duty names."""

from collections.abc import Sequence

from django.db import transaction

from guatu.loop.enums import DutyState
from guatu.loop.models import CoOwner, Duty
from guatu.loop.moves import begin
from guatu.register.enums import PartyRole, SubjectKind
from guatu.register.errors import Invalid
from guatu.register.models import Event, Organisation, Party, Post, Subject
from guatu.register.recording import BATCH, Act, change, change_many, create, create_many

Helper = Post | Organisation
NAMING = "duty.name_party"
Named = tuple[int, int | None, int | None]
"""A naming on a subject: subject, post, or unit as a whole."""


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
    keep_all_parties_in_step(act, [subject])


def keep_all_parties_in_step(act: Act, subjects: Sequence[Subject]) -> None:
    """Do the same for many subjects; a constant number of statements for each 500 of them."""
    kept = [subject for subject in subjects if subject.kind != SubjectKind.CAMPAIGN]
    for start in range(0, len(kept), BATCH):
        _keep_in_step(act, kept[start : start + BATCH])


def _keep_in_step(act: Act, subjects: Sequence[Subject]) -> None:
    wanted = _wanted(subjects)
    named: dict[Named, Party] = {
        (row.subject_id, row.post_id, row.unit_id): row
        for row in Party.objects.filter(subject__in=subjects, ended=False)
    }
    units = [subject.unit_id for subject in subjects if subject.unit_id is not None]
    paths = dict(Organisation.objects.filter(pk__in=units).values_list("pk", "path"))
    homes = {subject.pk: paths.get(subject.unit_id or 0, "") for subject in subjects}
    new = [
        Party(subject_id=subject, role=PartyRole.CO_OWNER, post_id=post, unit_id=unit)
        for (subject, post, unit), path in wanted.items()
        if (subject, post, unit) not in named
        and not (homes[subject] and homes[subject].startswith(path))
    ]
    create_many(act, NAMING, new)
    over = [row for key, row in named.items() if key not in wanted]
    keys = [row.pk for row in over]
    made_here: set[int | None] = set()
    for start in range(0, len(keys), BATCH):
        made = Event.objects.filter(
            model=Party._meta.label, verb=NAMING, row__in=keys[start : start + BATCH]
        )
        made_here |= set(made.values_list("row", flat=True))
    ended = [(row, {"ended": True}) for row in over if row.pk in made_here]
    change_many(act, "duty.end_party", ended)


def _wanted(subjects: Sequence[Subject]) -> dict[Named, str]:
    """Posts, or units as a whole, that issued duties name, by subject → path of their unit."""
    duties = Duty.objects.filter(subject__in=subjects).exclude(state=DutyState.DRAFT)
    helpers = CoOwner.objects.filter(duty__in=duties, ended=False)
    rows = [
        *duties.values_list("subject_id", "owner_post_id", "owner_unit_id", "owner_unit__path"),
        *helpers.values_list("duty__subject_id", "post_id", "unit_id", "unit__path"),
    ]
    return {
        (subject, post, None) if post else (subject, None, unit): path
        for subject, post, unit, path in rows
        if path is not None
    }
