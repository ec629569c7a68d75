"""Everything one duty's page shows, today or as known on a past day."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Concat, Greatest, NullIf, Substr

from guatu.loop.escalation.ladders import DUTY
from guatu.loop.models import Claim, ClaimEvidence, CoOwner, Extension, QuotaPlace, Report, Urge
from guatu.loop.queries.blockers import blockers_in_sight
from guatu.loop.queries.duties import (
    Condition,
    DutyLamp,
    conditions,
    lamp_of,
    with_names,
)
from guatu.loop.queries.ladder import DutyLadder, ladder_of
from guatu.loop.queries.sight import DutyRow, duties_in_sight, duty_keys, identity
from guatu.loop.queries.urged import urges_on
from guatu.loop.urge_rights import RULE as URGE_RIGHTS
from guatu.register.models import Event, Evidence
from guatu.register.policies import Standing
from guatu.register.rules import Holding, rules_on
from guatu.register.versions import end_of, rows_as_of

AROUND = 60
"""Characters of the paper shown before and after a quote."""
CUT = "…"
ASKED = "extension.ask"
HISTORY_SHOWN = 100


@dataclass(frozen=True)
class ClaimShown:
    """A claim with its evidence; solid only when accepted, hatched otherwise."""

    claim: Claim
    evidence: list[Evidence]


@dataclass(frozen=True)
class Entry:
    """A point of the timeline: one report of change, or 无变化 in a row folded into one."""

    reports: list[Report]
    claims: list[ClaimShown] = field(default_factory=list)

    @property
    def newest(self) -> Report:
        """The report the entry is dated by."""
        return self.reports[0]

    @property
    def oldest(self) -> Report:
        """First of the folded reports."""
        return self.reports[-1]


@dataclass(frozen=True)
class Passage:
    """A quote with the words around it, marked where the paper goes on."""

    before: str
    text: str
    after: str


@dataclass(frozen=True)
class DutyPage:
    """One duty with all that hangs on it."""

    duty: DutyRow
    lamp: DutyLamp
    kind_name: str
    conditions: list[Condition]
    entries: list[Entry]
    extensions: list[Extension]
    co_owners: list[CoOwner]
    places: list[QuotaPlace]
    passage: Passage | None
    events: list[Event]
    ladder: DutyLadder
    urge_rights: Holding
    urges: Sequence[Urge]

    @property
    def missing(self) -> list[Condition]:
        """Conditions of closing that do not hold yet."""
        return [condition for condition in self.conditions if not condition.held]


def find_duty(
    standing: Standing, public_id: uuid.UUID, as_of: dt.date | None = None
) -> DutyRow | None:
    """Return the duty (or its state of a past day) when it is in sight, else None.

    It brings ``around``, its quote with the surroundings, cut in the database: a paper may be long.
    """
    rows = duties_in_sight(standing, as_of).filter(public_id=public_id)
    start = Greatest(F("quote__start") - AROUND, 0)
    length = F("quote__end") + AROUND + 1 - start
    cut = Substr("quote__document__text", start + 1, length)
    return with_names(rows).select_related("quote", "quota").annotate(around=cut).first()


def page_of(duty: DutyRow, today: dt.date, as_of: dt.date | None = None) -> DutyPage:
    """Collect the page; a constant number of queries."""
    day = as_of or today
    keys = ("lamp.duty", "duty.kinds", DUTY, URGE_RIGHTS)
    by_lamp, by_kind, by_ladder, rights = rules_on(keys, day)
    kinds = by_kind.value
    events = _events(duty, as_of)
    whole = events if len(events) < HISTORY_SHOWN else None
    return DutyPage(
        duty=duty,
        lamp=lamp_of(duty, by_lamp, day),
        kind_name=kinds[duty.kind]["name"],
        conditions=conditions(duty, kinds, as_of),
        entries=_entries(duty, as_of),
        extensions=_extensions(duty, as_of),
        co_owners=_co_owners(duty, as_of),
        places=_places(duty, as_of),
        passage=_passage(duty),
        events=events,
        ladder=ladder_of(duty, by_ladder, day, whole, as_of),
        urge_rights=rights,
        urges=urges_on(as_of, duty_id=identity(duty)),
    )


def _entries(duty: DutyRow, as_of: dt.date | None) -> list[Entry]:
    reports = Report.objects.filter(duty_id=identity(duty)).select_related(
        "officer", "post__organisation", "blocker"
    )
    if as_of is not None:
        reports = reports.filter(at__lt=end_of(as_of))
    shown = _claims(duty, as_of)
    entries: list[Entry] = []
    for report in reports:
        if report.changed:
            entries.append(Entry([report], shown.get(report.pk, [])))
        elif entries and not entries[-1].newest.changed:
            entries[-1].reports.append(report)
        else:
            entries.append(Entry([report]))
    return entries


def _claims(duty: DutyRow, as_of: dt.date | None) -> dict[int, list[ClaimShown]]:
    claims = list(
        rows_as_of(Claim, as_of)
        .filter(report__duty_id=identity(duty))
        .select_related("reviewer")
        .order_by("report_id", "pk")
    )
    keys = [int(getattr(claim, "row_id", claim.pk)) for claim in claims]
    supports = ClaimEvidence.objects.filter(claim_id__in=keys).select_related("evidence__file")
    if as_of is not None:
        supports = supports.filter(evidence__added_at__lt=end_of(as_of))
    by_claim: dict[int, list[Evidence]] = {}
    for support in supports:
        by_claim.setdefault(support.claim_id, []).append(support.evidence)
    shown: dict[int, list[ClaimShown]] = {}
    for key, claim in zip(keys, claims, strict=True):
        shown.setdefault(claim.report_id, []).append(ClaimShown(claim, by_claim.get(key, [])))
    return shown


def _extensions(duty: DutyRow, as_of: dt.date | None) -> list[Extension]:
    """Requests for a later day, with ``asked_for`` and ``decided_for``: the posts acted for."""
    rows = rows_as_of(Extension, as_of).filter(duty_id=identity(duty))
    acted = Event.objects.filter(
        model=Extension._meta.label, row=OuterRef("pk" if as_of is None else "row_id")
    ).exclude(behalf=None)
    unit = Coalesce(
        NullIf("behalf__organisation__short_name", Value("")), "behalf__organisation__name"
    )
    words = acted.annotate(words=Concat(unit, "behalf__title")).order_by("-pk")
    told = rows.annotate(
        asked_for=Subquery(words.filter(verb=ASKED).values("words")[:1]),
        decided_for=Subquery(words.exclude(verb=ASKED).values("words")[:1]),
    )
    return list(told.select_related("asked_by", "decided_by").order_by("-asked_on", "-pk"))


def _co_owners(duty: DutyRow, as_of: dt.date | None) -> list[CoOwner]:
    """Helpers in protocol order."""
    rows = rows_as_of(CoOwner, as_of).filter(duty_id=identity(duty), ended=False)
    return list(
        rows.select_related("unit", "post__organisation").order_by(
            "unit__order_path", "post__rank", "pk"
        )
    )


def _places(duty: DutyRow, as_of: dt.date | None) -> list[QuotaPlace]:
    if duty.quota is None:
        return []
    rows = rows_as_of(QuotaPlace, as_of).filter(quota=duty.quota)
    return list(rows.select_related("subject").order_by("number"))


def _passage(duty: DutyRow) -> Passage | None:
    """Divide what `find_duty` cut into the quote and what stands around it."""
    quote = duty.quote
    if quote is None:
        return None
    start = max(0, quote.start - AROUND)
    text = str(duty.around)  # type: ignore[attr-defined]  # annotated by find_duty
    before, after = text[: quote.start - start], text[quote.end - start :]
    return Passage(
        before=f"{CUT}{before}" if start else before,
        text=quote.text,
        after=f"{after[:AROUND]}{CUT}" if len(after) > AROUND else after,
    )


def _events(duty: DutyRow, as_of: dt.date | None) -> list[Event]:
    rows = Event.objects.filter(model="loop.Duty", row=identity(duty))
    rows = rows.select_related("officer", "behalf__organisation")
    if as_of is not None:
        rows = rows.filter(at__lt=end_of(as_of))
    return list(rows.order_by("-at", "-id")[:HISTORY_SHOWN])


def evidence_in_sight(standing: Standing, public_id: uuid.UUID) -> Evidence | None:
    """Return evidence that supports a claim on a duty, or shows a blocker, in sight; else None.

    How the government works on a duty is no firm's to read.
    """
    if standing.is_outside:
        return None
    duties = duty_keys(standing)
    shown = blockers_in_sight(standing).values("pk")
    return (
        Evidence.objects.filter(
            Q(claims__claim__report__duty__in=duties) | Q(blockers__blocker__in=shown),
            public_id=public_id,
        )
        .select_related("file")
        .distinct()
        .first()
    )
