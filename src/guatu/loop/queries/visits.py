"""Visits of leaders as screens need them: in sight, of a project, and whom nobody has visited."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery

from guatu.loop.models import Companion, Finding, FindingEvidence, Outcome, Visit
from guatu.loop.queries.sight import subject_keys
from guatu.register.enums import ADMINISTRATORS, PartyRole, Role, SubjectKind
from guatu.register.models import Event, Evidence, Party, Post, Subject
from guatu.register.policies import WHOLE_DISTRICT, Standing, in_sight
from guatu.register.rules import rule_on
from guatu.register.versions import end_of, rows_as_of

VisitRow: TypeAlias = Visit
"""A visit or a state of one: the same columns, so to the type checker they are one."""
HISTORY_SHOWN = 100
OFFERED = 8
"""Places offered to a leader or specialist who begins to record a visit."""
PLACES = (SubjectKind.PROJECT, SubjectKind.ENTERPRISE)
"""What may be visited."""


def visit_key(row: VisitRow) -> int:
    """Key of the living visit that ``row`` is, or is a past state of."""
    return int(getattr(row, "row_id", row.pk))


def visits_in_sight(standing: Standing, as_of: dt.date | None = None) -> QuerySet[VisitRow]:
    """Visits (or their states of a past day): the district's, or those of subjects in sight."""
    rows: QuerySet[VisitRow] = rows_as_of(Visit, as_of)
    if standing.roles & WHOLE_DISTRICT:
        return rows
    if not standing.roles - {*ADMINISTRATORS, Role.ENTERPRISE}:
        return rows.none()
    key = "pk" if as_of is None else "row_id"
    seen = Finding.objects.filter(subject_id__in=subject_keys(standing))
    return rows.filter(**{f"{key}__in": seen.values("visit_id")})


def sees_visit(standing: Standing, visit: VisitRow) -> bool:
    """Tell whether one visit is in sight."""
    return visits_in_sight(standing).filter(pk=visit_key(visit)).exists()


def find_visit(
    standing: Standing, public_id: uuid.UUID, as_of: dt.date | None = None
) -> VisitRow | None:
    """Return the visit (or its state of a past day) when it is in sight, else None."""
    rows = visits_in_sight(standing, as_of).filter(public_id=public_id)
    return rows.select_related("leader_post__organisation", "officer", "subject").first()


def with_places(
    standing: Standing, rows: QuerySet[VisitRow], as_of: dt.date | None = None
) -> QuerySet[Any]:
    """Annotate ``first_place`` and ``second_place``, titles of the first two in sight."""
    way = "pk" if as_of is None else "row_id"
    places = rows_as_of(Finding, as_of).filter(visit_id=OuterRef(way))
    if not standing.roles & WHOLE_DISTRICT:
        places = places.filter(subject_id__in=subject_keys(standing))
    titles = places.order_by("pk").values("subject__title")
    named: QuerySet[Any] = rows.annotate(
        first_place=Subquery(titles[:1]), second_place=Subquery(titles[1:2])
    )
    return named


def with_counts(rows: QuerySet[VisitRow], as_of: dt.date | None = None) -> QuerySet[Any]:
    """Annotate ``found``, the number of places visited, and join what a row names."""
    way = "pk" if as_of is None else "row_id"
    places = rows_as_of(Finding, as_of).filter(visit_id=OuterRef(way)).order_by().values("visit_id")
    named = rows.select_related("leader_post__organisation")
    counted: QuerySet[Any] = named.annotate(
        found=Subquery(places.annotate(n=Count("pk")).values("n"))
    )
    return counted


def findings_in_sight(standing: Standing, as_of: dt.date | None = None) -> QuerySet[Finding]:
    """Findings of visits that were not withdrawn, on subjects in sight."""
    rows: QuerySet[Finding] = rows_as_of(Finding, as_of).filter(visit__withdrawn=False)
    if standing.roles & WHOLE_DISTRICT:
        return rows
    return rows.filter(subject_id__in=subject_keys(standing))


def verdicts_on(day: dt.date) -> dict[str, str]:
    """Names of the verdicts by code, in the order of the rule of ``day``."""
    return {row["code"]: row["name"] for row in rule_on("visit.verdicts", day).value}


@dataclass(frozen=True)
class FindingShown:
    """One finding with what came of it and what shows it."""

    finding: Finding
    outcomes: Sequence[Outcome]
    evidence: Sequence[Evidence]


@dataclass(frozen=True)
class VisitPage:
    """One visit with all that hangs on it."""

    visit: VisitRow
    companions: list[Companion]
    findings: list[FindingShown]
    events: list[Event]


def visit_page(standing: Standing, visit: VisitRow, as_of: dt.date | None = None) -> VisitPage:
    """Collect the page; a constant number of queries."""
    key = visit_key(visit)
    rows = rows_as_of(Finding, as_of).filter(visit_id=key)
    if not standing.roles & WHOLE_DISTRICT:
        rows = rows.filter(subject_id__in=subject_keys(standing))
    companions = rows_as_of(Companion, as_of).filter(visit_id=key, ended=False)
    named = companions.select_related("unit", "post__organisation")
    findings = shown_findings(rows, as_of)
    events = Event.objects.filter(_told_of(key, findings))
    if as_of is not None:
        events = events.filter(at__lt=end_of(as_of))
    return VisitPage(
        visit=visit,
        companions=list(named.order_by("unit__order_path", "post__rank", "pk")),
        findings=findings,
        events=list(events.select_related("officer").order_by("-at", "-id")[:HISTORY_SHOWN]),
    )


def finding_key(row: Finding) -> int:
    """Key of the living finding that ``row`` is, or is a past state of."""
    return int(getattr(row, "row_id", row.pk))


def _told_of(visit: int, findings: Sequence[FindingShown]) -> Q:
    """Events of the visit, of who went along, of the findings shown and of what came of them."""
    keys = [finding_key(one.finding) for one in findings]
    outcomes = [one.pk for shown in findings for one in shown.outcomes]
    companions = Companion.objects.filter(visit_id=visit).values("pk")
    shown = FindingEvidence.objects.filter(finding_id__in=keys).values("pk")
    return (
        Q(model="loop.Visit", row=visit)
        | Q(model="loop.Companion", row__in=companions)
        | Q(model="loop.Finding", row__in=keys)
        | Q(model="loop.FindingEvidence", row__in=shown)
        | Q(model="loop.Outcome", row__in=outcomes)
    )


def shown_findings(rows: QuerySet[Finding], as_of: dt.date | None = None) -> list[FindingShown]:
    """Findings with their outcomes and evidence; three queries."""
    ordered = list(
        rows.select_related("subject__unit", "visit__leader_post__organisation").order_by(
            "-visit__on", "subject__unit__order_path", "pk"
        )
    )
    keys = [finding_key(row) for row in ordered]
    outcomes = Outcome.objects.filter(finding_id__in=keys)
    shown = FindingEvidence.objects.filter(finding_id__in=keys)
    if as_of is not None:
        outcomes = outcomes.filter(at__lt=end_of(as_of))
        shown = shown.filter(evidence__added_at__lt=end_of(as_of))
    came = list(outcomes.select_related("duty__owner_unit", "duty__owner_post", "blocker"))
    seen = list(shown.select_related("evidence__file").order_by("pk"))
    return [
        FindingShown(
            row,
            [one for one in came if one.finding_id == key],
            [one.evidence for one in seen if one.finding_id == key],
        )
        for row, key in zip(ordered, keys, strict=True)
    ]


def visits_of(
    standing: Standing, subject: Subject, as_of: dt.date | None = None, most: int = 5
) -> list[FindingShown]:
    """The latest findings at a subject; whoever sees the subject sees them."""
    if not standing.roles - {*ADMINISTRATORS, Role.ENTERPRISE}:
        return []
    rows = rows_as_of(Finding, as_of).filter(
        subject_id=int(getattr(subject, "row_id", subject.pk)), visit__withdrawn=False
    )
    latest = list(rows.order_by("-visit__on", "-pk").values_list("pk", flat=True)[:most])
    return shown_findings(rows.filter(pk__in=latest), as_of) if latest else []


def finding_evidence_in_sight(standing: Standing, public_id: uuid.UUID) -> Evidence | None:
    """Return a piece of evidence that shows a finding in sight, else None."""
    if not standing.roles - {*ADMINISTRATORS, Role.ENTERPRISE}:
        return None
    found = Evidence.objects.filter(
        public_id=public_id, findings__finding__in=findings_in_sight(standing).values("pk")
    )
    return found.select_related("file").distinct().first()


def unvisited(standing: Standing, day: dt.date, as_of: dt.date | None = None) -> QuerySet[Any]:
    """Subjects in sight that nobody has visited for as long as the rule ``visit.interval`` says.

    ``last`` is the day of the last visit, None = never.
    """
    rule = rule_on("visit.interval", day).value
    since = day - dt.timedelta(days=rule["days"])
    key = "pk" if as_of is None else "row_id"
    rows = rows_as_of(Subject, as_of).filter(
        in_sight(standing, "" if as_of is None else "row__"), kind__in=rule["kinds"], active=True
    )
    visits = rows_as_of(Finding, as_of).filter(
        subject_id=OuterRef(key), visit__withdrawn=False, visit__on__lte=day
    )
    last = visits.order_by().values("subject_id").annotate(d=Max("visit__on")).values("d")
    told: QuerySet[Any] = rows.annotate(last=Subquery(last)).filter(
        Q(last=None) | Q(last__lte=since)
    )
    return told.select_related("unit")


def serving_posts(standing: Standing, place: Subject) -> list[Post]:
    """Posts of the officer that serve a firm as its specialist."""
    named = Party.objects.filter(subject=place, role=PartyRole.SPECIALIST, ended=False)
    keys = set(named.filter(post_id__in=standing.post_ids).values_list("post_id", flat=True))
    return [post for post in standing.posts if post.pk in keys]


def offered_to(standing: Standing) -> list[Subject]:
    """Projects a leader vouches for, or firms served, those not visited for longest first."""
    named = (PartyRole.LEADER, PartyRole.SPECIALIST)
    led = Party.objects.filter(role__in=named, ended=False, post_id__in=standing.post_ids)
    rows = Subject.objects.filter(pk__in=led.values("subject_id"), active=True, kind__in=PLACES)
    last = Max("findings__visit__on", filter=Q(findings__visit__withdrawn=False))
    ordered = rows.annotate(last=last).order_by(F("last").asc(nulls_first=True), "code")
    return list(ordered[:OFFERED])
