"""The urge that stands on a row: who pressed last for what the row still waits for."""

import datetime as dt
from typing import Any

from django.db.models import (
    CharField,
    DateField,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, NullIf

from guatu.loop.blocker_holders import holding
from guatu.loop.enums import LetterState
from guatu.loop.models import LetterVersion, Report, Urge
from guatu.register.versions import end_of

MET = (LetterState.ANSWERED, LetterState.CLOSED, LetterState.VOID)
"""States that end what a letter waits for."""


def duties_urged(rows: QuerySet[Any], as_of: dt.date | None) -> QuerySet[Any]:
    """Annotate duties with the last urge of their unit that no report has met yet; no query."""
    reports = Report.objects.filter(
        duty_id=OuterRef("duty_id"), supplement=False, at__gt=OuterRef("at")
    )
    if as_of is not None:
        reports = reports.filter(at__lt=end_of(as_of))
    urges = Urge.objects.filter(
        ~Exists(reports), duty_id=OuterRef(_key(as_of)), to_unit_id=OuterRef("owner_unit_id")
    )
    return _with_last(rows, urges, as_of)


def blockers_urged(rows: QuerySet[Any], as_of: dt.date | None) -> QuerySet[Any]:
    """Annotate blockers with the last urge of whoever owes their step as they stand; no query."""
    urges = Urge.objects.filter(
        blocker_id=OuterRef(_key(as_of)),
        to_unit_id=OuterRef("owing"),
        on__gte=OuterRef("stood_since"),
    )
    return _with_last(rows.annotate(owing=holding("unit_id")), urges, as_of)


def letters_urged(rows: QuerySet[Any], as_of: dt.date | None) -> QuerySet[Any]:
    """Annotate letters with the last urge of the addressee that nothing has met yet.

    An answer meets it, or the end of the letter; one that asks for no reply is met by reading.
    """
    states: QuerySet[Any] = LetterVersion._default_manager.all()
    met = states.filter(
        Q(state__in=MET) | Q(state=LetterState.READ, reply_days=None),
        row_id=OuterRef("letter_id"),
        known_from__gt=OuterRef("at"),
    )
    if as_of is not None:
        met = met.filter(known_from__lt=end_of(as_of))
    urges = Urge.objects.filter(
        ~Exists(met), letter_id=OuterRef(_key(as_of)), to_unit_id=OuterRef("addressee_unit_id")
    )
    return _with_last(rows, urges, as_of)


def urges_on(as_of: dt.date | None, **about: int) -> list[Urge]:
    """Urges about one thing, the newest first: what its page lists; one query."""
    rows = Urge.objects.filter(**about)
    if as_of is not None:
        rows = rows.filter(at__lt=end_of(as_of))
    return list(
        rows.select_related("officer", "post__organisation", "to_unit", "to_post__organisation")
    )


def _key(as_of: dt.date | None) -> str:
    return "pk" if as_of is None else "row_id"


def _with_last(rows: QuerySet[Any], urges: QuerySet[Urge], as_of: dt.date | None) -> QuerySet[Any]:
    """Annotate ``urged_on`` and ``urged_by``, the body of who pressed; both None for nobody."""
    if as_of is not None:
        urges = urges.filter(at__lt=end_of(as_of))
    last = urges.order_by("-at", "-pk")
    unit = "post__organisation__"
    name = Coalesce(NullIf(f"{unit}short_name", Value("")), f"{unit}name")
    found: QuerySet[Any] = rows.annotate(
        urged_on=Subquery(last.values("on")[:1], output_field=DateField()),
        urged_by=Subquery(last.annotate(by=name).values("by")[:1], output_field=CharField()),
    )
    return found
