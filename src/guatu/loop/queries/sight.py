"""Which duties an officer may see: one condition for lists, pages, exports and figures."""

import datetime as dt
from typing import Any, TypeAlias

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from guatu.loop.enums import DutySource, DutyState
from guatu.loop.models import CoOwner, Duty
from guatu.register.enums import ADMINISTRATORS, Role, SubjectKind
from guatu.register.models import Subject
from guatu.register.policies import WHOLE_DISTRICT, Standing, in_sight, keys_once, unit_keys
from guatu.register.versions import rows_as_of

DutyRow: TypeAlias = Duty
"""A duty or a state of one: the same columns, so to the type checker they are one."""


def identity(row: DutyRow) -> int:
    """Key of the living duty that ``row`` is, or is a past state of."""
    return int(getattr(row, "row_id", row.pk))


def working_posts(standing: Standing) -> list[int]:
    """Keys of the posts that do business; an administrator's post opens no duty."""
    return [post.pk for post in standing.posts if post.role not in ADMINISTRATORS]


def duties_in_sight(standing: Standing, as_of: dt.date | None = None) -> QuerySet[DutyRow]:
    """Duties (or their states of a past day) the officer may see; today's permissions apply.

    Leaders, the office and the statisticians see the district. Others see what their units own,
    what names their posts, what they help with, and what hangs on a subject in their sight; a firm
    only the latter, and not what is planned for it. The campaign itself is no way in: whoever is
    named on it would see everything. Drafts show to those who may issue them. Each branch is an
    ``IN`` on an indexed column, so SQLite unites index scans.
    """
    rows = duties_of_seen(standing, as_of)
    if standing.roles & WHOLE_DISTRICT:
        return rows
    posts = working_posts(standing)
    if not posts:
        return rows.none()
    if standing.is_outside:
        return rows.filter(subject_id__in=subject_keys(standing))
    key = "pk" if as_of is None else "row_id"
    return rows.filter(
        Q(owner_unit_id__in=unit_keys(standing))
        | Q(owner_post_id__in=posts)
        | Q(leader_post_id__in=posts)
        | Q(**{f"{key}__in": co_owned_keys(standing)})
        | Q(subject_id__in=subject_keys(standing))
    )


def duties_of_seen(standing: Standing, as_of: dt.date | None = None) -> QuerySet[DutyRow]:
    """Duties that are in sight where what they hang on is: all but drafts and what is planned.

    To be joined to subjects in sight, for which it is the same as :func:`duties_in_sight`, at less
    cost.
    """
    rows: QuerySet[DutyRow] = rows_as_of(Duty, as_of)
    if not standing.has(Role.OFFICE, Role.LEADER):
        rows = rows.exclude(state=DutyState.DRAFT)
    return rows.exclude(source=DutySource.PLAN) if standing.is_outside else rows


def duties_on(standing: Standing, subject_id: int, as_of: dt.date | None = None) -> list[DutyRow]:
    """Duties in sight that hang on a subject, those due first on top; one query."""
    rows = duties_in_sight(standing, as_of).filter(subject_id=subject_id)
    named = rows.select_related("owner_unit", "owner_post__organisation")
    return list(named.order_by("due", "pk"))


def sees_duty(standing: Standing, duty: DutyRow) -> bool:
    """Tell whether one duty is in sight; asks the database only where its columns do not tell."""
    if duty.state == DutyState.DRAFT and not standing.has(Role.OFFICE, Role.LEADER):
        return False
    posts = working_posts(standing)
    if standing.roles & WHOLE_DISTRICT or {duty.owner_post_id, duty.leader_post_id} & set(posts):
        return True
    return duties_in_sight(standing).filter(pk=identity(duty)).exists()


def co_owned(standing: Standing) -> QuerySet[CoOwner]:
    """Namings as co-owner of the officer's posts, or of their units as a whole."""
    return CoOwner.objects.filter(
        Q(post_id__in=working_posts(standing))
        | Q(unit_id__in=standing.spoken_for_ids, post_id=None),
        ended=False,
    )


def co_owned_keys(standing: Standing) -> RawSQL:
    """Keys of the duties of :func:`co_owned`."""
    return keys_once(standing, "co-owned", lambda: co_owned(standing).values("duty_id"))


def duty_keys(standing: Standing) -> RawSQL:
    """Keys of the duties in sight today."""
    return keys_once(standing, "duties", lambda: duties_in_sight(standing).values("pk"))


def subject_keys(standing: Standing) -> RawSQL:
    """Keys of the subjects in sight but the campaign: who is named on it would see everything."""

    def keys() -> QuerySet[Subject, Any]:
        seen = Subject.objects.filter(in_sight(standing))
        return seen.exclude(kind=SubjectKind.CAMPAIGN).values("pk")

    return keys_once(standing, "subjects", keys)
