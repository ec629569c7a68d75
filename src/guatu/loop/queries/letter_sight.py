"""Which letters an officer may see: one condition for lists, pages, exports and the desk."""

import datetime as dt
from typing import TypeAlias

from django.db.models import Q, QuerySet

from guatu.loop.models import Letter, LetterCopy
from guatu.loop.queries.sight import working_posts
from guatu.register.enums import Role
from guatu.register.policies import WHOLE_DISTRICT, Standing, unit_keys
from guatu.register.versions import rows_as_of

LetterRow: TypeAlias = Letter
"""A letter or a state of one: the same columns, so to the type checker they are one."""


def letter_key(row: LetterRow) -> int:
    """Key of the living letter that ``row`` is, or is a past state of."""
    return int(getattr(row, "row_id", row.pk))


def clerk_units(standing: Standing) -> set[int]:
    """Units for which the officer answers letters, as a clerk."""
    return {
        post.organisation_id for post in standing.posts if post.role in {Role.UNIT, Role.ATTRACTION}
    }


def letters_in_sight(standing: Standing, as_of: dt.date | None = None) -> QuerySet[LetterRow]:
    """Letters (or their states of a past day) the officer may see; today's permissions apply.

    The office and leaders see all. Anybody else sees only what has been delivered: statisticians
    the district's, others what is addressed or copied to their posts and units.
    """
    rows: QuerySet[LetterRow] = rows_as_of(Letter, as_of)
    if standing.has(Role.OFFICE, Role.LEADER):
        return rows
    rows = rows.filter(sent_on__isnull=False)
    if standing.roles & WHOLE_DISTRICT:
        return rows
    posts = working_posts(standing)
    if not posts or standing.is_outside:
        return rows.none()
    key = "pk" if as_of is None else "row_id"
    return rows.filter(
        Q(addressee_unit_id__in=unit_keys(standing))
        | Q(addressee_post_id__in=posts)
        | Q(**{f"{key}__in": copied(standing).values("letter_id")})
    )


def sees_letter(standing: Standing, letter: LetterRow) -> bool:
    """Tell whether one letter is in sight."""
    if standing.has(Role.OFFICE, Role.LEADER):
        return True
    return letters_in_sight(standing).filter(pk=letter_key(letter)).exists()


def copied(standing: Standing) -> QuerySet[LetterCopy]:
    """Copies to the officer's posts, or to their units as a whole."""
    return LetterCopy.objects.filter(
        Q(post_id__in=working_posts(standing))
        | Q(unit_id__in=standing.spoken_for_ids, post_id=None),
        ended=False,
    )


def is_addressed(standing: Standing, letter: LetterRow) -> bool:
    """Tell whether a delivered letter is the officer's to answer: by the post, or as a clerk."""
    if letter.sent_on is None:
        return False
    if letter.addressee_post_id in working_posts(standing):
        return True
    return letter.addressee_unit_id in clerk_units(standing)
