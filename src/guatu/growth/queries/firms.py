"""Who serves a firm, what it consented to, what it is marked as; today or as known on a day."""

import datetime as dt
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat, NullIf

from guatu.growth.models import Consent, Mark, Service
from guatu.register.models import Subject
from guatu.register.versions import rows_as_of


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


def services_of(firm: Subject, as_of: dt.date | None = None) -> list[Any]:
    """Services of a firm, the latest first."""
    rows = rows_as_of(Service, as_of).filter(subject_id=firm.pk)
    return list(rows.select_related("post__organisation").order_by("-since", "-pk"))


def consents_of(firm: Subject, as_of: dt.date | None = None) -> list[Any]:
    """Consents of a firm, the latest first."""
    return list(rows_as_of(Consent, as_of).filter(subject_id=firm.pk).order_by("-on", "-pk"))


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
