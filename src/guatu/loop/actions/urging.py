"""Urging: a record of who pressed whom, at most once a working day, and what tells them of it."""

from collections.abc import Iterator, Sequence

from django.db import transaction

from guatu.loop.enums import NoticeKind
from guatu.loop.escalation.directory import directory_on
from guatu.loop.escalation.words import urge_words
from guatu.loop.models import Notice, Urge
from guatu.loop.office_days import office_days
from guatu.loop.urge_rights import USUAL, Thing, Urging, kind_of_thing, rights_on, urging
from guatu.register.errors import Invalid
from guatu.register.lives import check_revision
from guatu.register.policies import require
from guatu.register.recording import Act, create, create_many

WORDS_LENGTH = 300


def urge(act: Act, thing: Thing, *, words: str = "", expected_revision: int | None = None) -> Urge:
    """Press who owes the next step on a duty, a blocker or a letter.

    Whom is found by the rule ``urge.rights``; they are told of each urge once. Raises Invalid for
    an urge upward, where there is nobody to urge, and for a second one before another working day
    has begun; Stale; Forbidden.
    """
    kind = kind_of_thing(thing)
    require(act.standing, f"{kind}.urge", thing)
    check_revision(thing.revision, expected_revision)
    if act.standing is None:
        raise Invalid("催办须由具体岗位提出。")
    if len(words.strip()) > WORDS_LENGTH:
        raise Invalid(f"催办的话请控制在 {WORDS_LENGTH} 字以内。", "words")
    found = urging(act.standing, thing, rights_on(act.business_date), act.business_date)
    row = Urge(
        **{kind: thing},
        officer=act.standing.officer,
        post=found.post,
        to_unit=found.whom.unit,
        to_post=found.whom.post,
        words=words.strip() or USUAL,
        on=act.business_date,
        at=act.at,
    )
    _check_pace(act, row, found)
    with transaction.atomic():
        create(act, "urge.make", row)
        tell_urges(act, [row])
    return row


def tell_urges(act: Act, rows: Sequence[Urge]) -> None:
    """Tell whoever is urged by each: the post, or the unit's clerks; see `Directory.whom`."""
    create_many(act, "notice.tell", list(_notices(act, rows)))


def _notices(act: Act, rows: Sequence[Urge]) -> Iterator[Notice]:
    directory = directory_on(act.business_date)
    for row in rows:
        addressee = directory.there(row.to_post_id, row.to_unit_id)
        if addressee.post is None and addressee.unit is None:
            continue
        by = f"{row.post}（{row.officer.name}）" if row.officer else str(row.post)
        yield Notice(
            subject_id=row.subject_id,
            duty=row.duty,
            blocker=row.blocker,
            letter=row.letter,
            kind=NoticeKind.URGE,
            post_id=addressee.post,
            unit_id=addressee.unit,
            words=urge_words(by, row.words, addressee),
            on=act.business_date,
            at=act.at,
        )


def _check_pace(act: Act, row: Urge, found: Urging) -> None:
    same = Urge.objects.filter(
        duty=row.duty,
        blocker=row.blocker,
        letter=row.letter,
        post=row.post,
        to_unit=row.to_unit,
        to_post=row.to_post,
    )
    last = same.order_by("-on").values_list("on", flat=True).first()
    if last is not None and office_days().between(last, act.business_date) < 1:
        raise Invalid(f"已于 {last} 催办过「{found.whom}」，同一事项每个工作日只催一次。")
