"""Who serves a firm, what it consented to, what it is marked as; today or as known on a day."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat, NullIf

from guatu.growth.models import Consent, ConsentEvidence, Mark, Service
from guatu.register.models import Evidence, Organisation, Subject
from guatu.register.policies import Standing, in_sight, may
from guatu.register.versions import end_of, rows_as_of


def with_specialist(rows: QuerySet[Any], as_of: dt.date | None = None) -> QuerySet[Any]:
    """Add ``specialist_id`` and ``specialist`` (name of the post) to rows with a subject."""
    held = rows_as_of(Service, as_of).filter(subject_id=OuterRef("subject_id"), until=None)
    unit = Coalesce(
        NullIf(F("post__organisation__short_name"), Value("")), F("post__organisation__name")
    )
    named = held.annotate(words=Concat(unit, F("post__title"), output_field=CharField()))
    found: QuerySet[Any] = rows.annotate(
        specialist_id=Subquery(held.values("post_id")[:1]),
        specialist=Subquery(named.values("words")[:1]),
    )
    return found


def with_unit(rows: QuerySet[Any], as_of: dt.date | None = None) -> QuerySet[Any]:
    """Add ``unit_then``, ``unit_name`` and ``unit_order``: the responsible unit of that day."""
    key = "pk" if as_of is None else "row_id"
    subject = rows_as_of(Subject, as_of).filter(**{key: OuterRef("subject_id")})
    unit = Organisation.objects.filter(pk=OuterRef("unit_then"))
    found: QuerySet[Any] = rows.annotate(
        unit_then=F("subject__unit_id")
        if as_of is None
        else Subquery(subject.values("unit_id")[:1]),
        unit_name=Subquery(unit.values("name")[:1]),
        unit_order=Subquery(unit.values("order_path")[:1]),
    )
    return found


def services_of(firm: Subject, as_of: dt.date | None = None) -> list[Any]:
    """Services of a firm, the latest first."""
    rows = rows_as_of(Service, as_of).filter(subject_id=firm.pk)
    return list(rows.select_related("post__organisation").order_by("-since", "-pk"))


def consents_of(firm: Subject, as_of: dt.date | None = None) -> list[Any]:
    """Consents of a firm, the latest first."""
    return list(rows_as_of(Consent, as_of).filter(subject_id=firm.pk).order_by("-on", "-pk"))


def papers_of(
    consents: Sequence[Any], as_of: dt.date | None = None
) -> dict[int, Sequence[Evidence]]:
    """Papers that show consents, or past states of them, by consent; one query."""
    keys = [int(getattr(row, "row_id", row.pk)) for row in consents]
    rows = ConsentEvidence.objects.filter(consent_id__in=keys)
    if as_of is not None:
        rows = rows.filter(evidence__added_at__lt=end_of(as_of))
    found: dict[int, list[Evidence]] = {}
    for row in rows.select_related("evidence").order_by("pk") if keys else ():
        found.setdefault(row.consent_id, []).append(row.evidence)
    return {row.pk: found.get(key, []) for row, key in zip(consents, keys, strict=True)}


def consent_paper(standing: Standing, public_id: UUID) -> Evidence | None:
    """Return a paper that shows a consent of a firm in sight to who may read it, else None."""
    rows = Evidence.objects.filter(
        in_sight(standing, "subject__"), public_id=public_id, consents__isnull=False
    )
    found = rows.select_related("file", "subject__unit").distinct().first()
    if found is None or not may(standing, "firm.consent_paper", found.subject):
        return None
    return found


def marks_of(firm: Subject, as_of: dt.date | None = None) -> list[Any]:
    """Marks that hold, the oldest first."""
    rows = rows_as_of(Mark, as_of).filter(subject_id=firm.pk, ended_on=None)
    return list(rows.order_by("since", "pk"))


def marked(mark: str, as_of: dt.date | None = None) -> Q:
    """Condition on rows with a subject that bear ``mark``."""
    rows = rows_as_of(Mark, as_of).filter(
        subject_id=OuterRef("subject_id"), mark=mark, ended_on=None
    )
    return Q(Exists(rows))
