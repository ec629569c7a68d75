"""Which leads an officer sees, and what a list of them needs."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DateField,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Concat, NullIf

from guatu.attraction.models import FollowUp, Lead
from guatu.attraction.rules import LeadRules, lead_rules
from guatu.register.models import Subject
from guatu.register.policies import Standing, in_sight, may
from guatu.register.versions import rows_as_of


def leads_in_sight(standing: Standing, as_of: dt.date | None = None) -> QuerySet[Any]:
    """Leads, or their states of a past day, that the officer may see; the one rule for all."""
    rows: QuerySet[Any] = rows_as_of(Lead, as_of)
    if not may(standing, "lead.list"):
        return rows.none()
    return rows.filter(in_sight(standing, "subject__"))


def listed_leads(
    standing: Standing, as_of: dt.date | None = None, rules: LeadRules | None = None
) -> QuerySet[Any]:
    """Leads as the list, the page and the export show them.

    Adds ``last_on`` (day of the last follow-up), ``quiet_since`` (that, else the first contact,
    else the day it came into its stage), ``stale`` (久未跟进, by the rule of the day, never typed),
    ``next_due``, ``next_step`` and ``next_who`` of the earliest open next step, ``stage_order``,
    ``stage_name``, ``tactic_name``, ``source_name``, ``unit_name`` and ``unit_order``, and
    ``on_day``, the day all this is judged on.
    """
    today = as_of or standing.today
    rules = rules or lead_rules(today)
    rows = leads_in_sight(standing, as_of).select_related(
        "subject", "owner_post__organisation", "leader_post__organisation"
    )
    told = rows_as_of(FollowUp, as_of).filter(subject_id=OuterRef("subject_id"))
    waiting = told.exclude(next_step="").filter(step_ended_on=None, duty=None)
    waiting = waiting.order_by("next_due", "pk")
    rows = rows.annotate(
        on_day=Value(today, output_field=DateField()),
        last_on=Subquery(told.order_by("-on", "-pk").values("on")[:1]),
        next_due=Subquery(waiting.values("next_due")[:1]),
        next_step=Subquery(waiting.values("next_step")[:1]),
        next_who=Subquery(_who(waiting).values("who")[:1], output_field=CharField()),
        stage_order=Case(
            *(When(stage=code, then=Value(place)) for place, code in enumerate(rules.stages)),
            default=Value(len(rules.stages)),
        ),
        stage_name=_named("stage", rules.stage_names()),
        tactic_name=_named("tactic", rules.tactics),
        source_name=_named("source", rules.sources),
    ).annotate(quiet_since=Coalesce("last_on", "first_on", "stage_since"))
    return _with_unit(rows.annotate(stale=_stale(rules, today)), as_of)


def _who(waiting: QuerySet[Any]) -> QuerySet[Any]:
    """Add ``who``, the post of a next step with its unit, null where the step names none."""
    unit = Coalesce(
        NullIf("next_post__organisation__short_name", Value("")), "next_post__organisation__name"
    )
    told: QuerySet[Any] = waiting.annotate(
        who=Case(
            When(next_post=None, then=Value(None, output_field=CharField())),
            default=Concat(unit, "next_post__title", output_field=CharField()),
        )
    )
    return told


def _named(column: str, names: Mapping[str, str]) -> Case:
    """Name of a code, null where there is none."""
    return Case(
        *(When(**{column: code}, then=Value(name)) for code, name in names.items()),
        default=None,
        output_field=CharField(null=True),
    )


def _stale(rules: LeadRules, today: dt.date) -> Case:
    """Whether nobody has followed a lead up for longer than its stage allows."""
    asked = Q(pk__in=[])
    for code, stage in rules.stages.items():
        if stage.stale_days is not None:
            last = today - dt.timedelta(days=stage.stale_days)
            asked |= Q(stage=code, quiet_since__lt=last)
    return Case(When(asked, then=Value(True)), default=Value(False), output_field=BooleanField())


def _with_unit(rows: QuerySet[Any], as_of: dt.date | None) -> QuerySet[Any]:
    names: dict[str, F | Subquery]
    if as_of is None:
        names = {name: F(f"subject__unit__{name}") for name in ("name", "short_name")}
        order: F | Subquery = F("subject__unit__order_path")
    else:
        past = rows_as_of(Subject, as_of).filter(row_id=OuterRef("subject_id"))
        names = {name: _first(past, f"unit__{name}") for name in ("name", "short_name")}
        order = _first(past, "unit__order_path")
    short = NullIf(names["short_name"], Value(""))
    units: QuerySet[Any] = rows.annotate(
        unit_name=Coalesce(short, names["name"], output_field=CharField()), unit_order=order
    )
    return units


def _first(rows: QuerySet[Any], column: str) -> Subquery:
    return Subquery(rows.values(column)[:1], output_field=CharField())
