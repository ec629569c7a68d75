"""走访: which firms with a specialist nobody has visited for as long as the dated rule allows.

A visit is any finding at the firm, of a leader or of its specialist. Never visited, the days count
from when the specialist began.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from guatu.growth.enums import SERVING
from guatu.growth.models import Service
from guatu.growth.rules import visit_rule_on
from guatu.loop.models import Finding
from guatu.loop.queries.sight import working_posts
from guatu.register.policies import Standing, in_sight
from guatu.register.rules import Holding
from guatu.register.versions import rows_as_of

SHOWN = 50
"""Most firms on one desk; those not visited for longest are shown."""


@dataclass(frozen=True)
class VisitDue:
    """How long nobody has visited a firm; ``reason`` = ``{"rule", "since", "today", "words"}``."""

    days: int
    limit: int
    reason: dict[str, Any]

    @property
    def due(self) -> bool:
        """Tell whether it is 该走访: the same boundary as `visit_due`."""
        return self.days >= self.limit

    @property
    def words(self) -> str:
        """Why, in one sentence."""
        return str(self.reason["words"])


def _visits(as_of: dt.date | None, today: dt.date) -> QuerySet[Any]:
    """Findings at the firm of the query around, up to ``today``."""
    rows = rows_as_of(Finding, as_of).filter(subject_id=OuterRef("subject_id"))
    return rows.filter(visit__withdrawn=False, visit__on__lte=today).order_by()


def _served(as_of: dt.date | None) -> QuerySet[Any]:
    return rows_as_of(Service, as_of).filter(subject_id=OuterRef("subject_id"), until=None)


def with_visits(rows: QuerySet[Any], today: dt.date, as_of: dt.date | None = None) -> QuerySet[Any]:
    """Add ``last_visit`` and ``served_since`` to rows with a subject."""
    last = _visits(as_of, today).order_by("-visit__on").values("visit__on")[:1]
    found: QuerySet[Any] = rows.annotate(
        last_visit=Subquery(last), served_since=Subquery(_served(as_of).values("since")[:1])
    )
    return found


def with_visit_marks(
    rows: QuerySet[Any], rule: Holding | None, today: dt.date, as_of: dt.date | None = None
) -> QuerySet[Any]:
    """Add ``last_visit``, ``visit_late`` (该走访) and ``visit_limit``, the days of the rule."""
    last = _visits(as_of, today).order_by("-visit__on").values("visit__on")[:1]
    late = Case(
        When(visit_due(rule, today, as_of), then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )
    limit = Value(rule.value["days"] if rule else None, output_field=IntegerField())
    found: QuerySet[Any] = rows.annotate(
        last_visit=Subquery(last), visit_late=late, visit_limit=limit
    )
    return found


def visit_due(rule: Holding | None, today: dt.date, as_of: dt.date | None = None) -> Q:
    """Condition on rows with a subject: a specialist serves it and a visit is due."""
    if rule is None:
        return Q(pk__in=[])
    limit = today - dt.timedelta(days=rule.value["days"])
    visits, served = _visits(as_of, today), _served(as_of)
    return (
        Q(Exists(served))
        & ~Q(Exists(visits.filter(visit__on__gt=limit)))
        & (Q(Exists(served.filter(since__lte=limit))) | Q(Exists(visits)))
    )


def due_of(
    last: dt.date | None, served_since: dt.date | None, rule: Holding | None, today: dt.date
) -> VisitDue | None:
    """Judge one firm; None where no specialist serves it or no rule holds."""
    if rule is None or served_since is None:
        return None
    since, limit = last or served_since, int(rule.value["days"])
    days = (today - since).days
    began = f"最近走访 {last}" if last else f"{served_since} 起由专员服务，还没有走访"
    if days >= limit:
        words = f"{began}，已 {days} 天，满 {limit} 天，该走访"
    else:
        words = f"{began}，已 {days} 天（每 {limit} 天走访一次，还有 {limit - days} 天）"
    reason = {
        "rule": rule.cited(),
        "since": since.isoformat(),
        "today": today.isoformat(),
        "words": words,
    }
    return VisitDue(days, limit, reason)


def visit_of(
    service: Any | None,  # noqa: ANN401 -- a service or a past state
    today: dt.date,
    as_of: dt.date | None = None,
) -> VisitDue | None:
    """Judge the firm of a service that holds; two queries, none without one."""
    if service is None:
        return None
    rows = with_visits(Service.objects.filter(subject_id=service.subject_id), today, as_of)
    last = rows.values_list("last_visit", flat=True).first()
    return due_of(last, service.since, visit_rule_on(today), today)


@dataclass(frozen=True)
class ToVisit:
    """A firm on a desk, with why."""

    service: Any
    due: VisitDue


def visits_on_desk(standing: Standing, as_of: dt.date | None = None) -> Sequence[ToVisit]:
    """Firms the officer's posts serve and a visit to which is due, the longest first.

    Two queries where they serve any, else one; none for who cannot serve.
    """
    if not standing.has(*SERVING):
        return []
    posts, today = working_posts(standing), as_of or standing.today
    rows = rows_as_of(Service, as_of).filter(
        in_sight(standing, "subject__"), post_id__in=posts, until=None, subject__active=True
    )
    rows = with_visits(rows, today, as_of).select_related("subject", "post__organisation")
    ordered = rows.annotate(quiet=Coalesce("last_visit", "served_since")).order_by("quiet", "pk")
    found = list(ordered[:SHOWN])
    rule = visit_rule_on(today) if found else None
    judged = [(row, due_of(row.last_visit, row.served_since, rule, today)) for row in found]
    return [ToVisit(row, due) for row, due in judged if due is not None and due.due]
