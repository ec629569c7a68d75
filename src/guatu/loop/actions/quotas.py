"""Counted groups of a paper: making the list of places and filling them one by one."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max

from guatu.loop.models import Quota, QuotaPlace
from guatu.register.enums import Domain
from guatu.register.errors import Invalid
from guatu.register.lives import check_revision
from guatu.register.models import Quote, Subject
from guatu.register.policies import require
from guatu.register.recording import Act, change, create, create_many


def make_quota(
    act: Act,
    *,
    title: str,
    of: str,
    stated: int,
    unit: str,
    quote: Quote,
    domain: Domain | str = "",
    members: Sequence[Subject] = (),
) -> Quota:
    """Open ``stated`` places, the first of them taken by the ``members`` the paper names.

    「9户亿元企业」 with two named: nine places, seven to fill. Raises Invalid when nothing is
    counted or the quote was counted before.
    """
    require(act.standing, "quota.make", quote)
    if stated < 1:
        raise Invalid("清单数量须为正整数。", "stated")
    if Quota.objects.filter(quote=quote).exists():
        raise Invalid("这段原文已经建过清单。", "quote")
    with transaction.atomic():
        quota = create(
            act,
            "quota.make",
            Quota(
                title=title,
                of=of,
                stated=stated,
                unit=unit,
                quote=quote,
                domain=domain,
                made_at=act.at,
            ),
        )
        named = list(members)
        places = [
            QuotaPlace(quota=quota, number=n + 1, subject=named[n] if n < len(named) else None)
            for n in range(max(stated, len(named)))
        ]
        create_many(act, "quota.open_place", places)
    return quota


def fill_quota_place(
    act: Act, place: QuotaPlace, subject: Subject | None, *, expected_revision: int | None = None
) -> QuotaPlace:
    """Put ``subject`` on a place, or empty it with None and ``act.reason``."""
    require(act.standing, "quota.fill", place)
    check_revision(place.revision, expected_revision)
    if subject is None and not act.reason.strip():
        raise Invalid("把已落实的单位移出清单，须说明理由。", "reason")
    others = QuotaPlace.objects.filter(quota=place.quota_id, subject=subject).exclude(pk=place.pk)
    if subject is not None and others.exists():
        raise Invalid(f"{subject}已在清单中。", "subject")
    return change(act, "quota.fill", place, subject=subject)


def add_quota_place(act: Act, quota: Quota, subject: Subject) -> QuotaPlace:
    """Add a place beyond those the paper stated: more were found than were promised."""
    last = QuotaPlace.objects.filter(quota=quota).aggregate(last=Max("number"))["last"] or 0
    place = QuotaPlace(quota=quota, number=last + 1, subject=subject)
    require(act.standing, "quota.fill", place)
    if QuotaPlace.objects.filter(quota=quota, subject=subject).exists():
        raise Invalid(f"{subject}已在清单中。", "subject")
    return create(act, "quota.open_place", place)
