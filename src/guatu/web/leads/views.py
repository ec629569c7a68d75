"""The page of one lead."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guatu.attraction.actions.importing import source_field
from guatu.attraction.actions.moving import missing_ahead
from guatu.attraction.enums import StageKind
from guatu.attraction.fields import FIELDS, OF_SUBJECT, Field, Kind
from guatu.attraction.queries import LeadPage, find_lead, lead_page, left_from
from guatu.attraction.rules import LeadRules, lead_rules
from guatu.attraction.staleness import quiet_of
from guatu.loop.queries.blocker_sums import open_blockers
from guatu.loop.queries.duties import lamp_of
from guatu.loop.removers import Spot
from guatu.register.models import Event, Sourced
from guatu.register.policies import may, sees
from guatu.register.rules import rule_on
from guatu.web import asof
from guatu.web.blockers.faces import list_url, raise_url
from guatu.web.components import RailStep, StepState
from guatu.web.duties.faces import face_of
from guatu.web.history import events_of, history_of
from guatu.web.intake.ledgers import cell_address
from guatu.web.leads.faces import contact_shown, step_shown
from guatu.web.requests import OfficerRequest

HIDDEN = frozenset({"name", "problem", "progress"})


@dataclass(frozen=True)
class Fact:
    """A field as shown: its value and the address of its source, empty where it has none."""

    field: Field
    value: Any
    source: str = ""

    @property
    def is_money(self) -> bool:
        """Written in 万元."""
        return self.field.kind is Kind.MONEY

    @property
    def is_day(self) -> bool:
        """Written as a day."""
        return self.field.kind is Kind.DAY


def seen(request: OfficerRequest, key: uuid.UUID, rules: LeadRules | None = None) -> Any:  # noqa: ANN401 -- a lead or a past state
    """Return the lead in sight (as of the day read), or 404."""
    found = find_lead(request.standing, key, request.as_of, rules)
    if found is None:
        raise Http404
    return found


@require_safe
def lead(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Show one lead, with the acts open to this officer; none while reading the past."""
    today = request.as_of or request.standing.today
    rules = lead_rules(today)
    row = seen(request, key, rules)
    page = lead_page(request.standing, row, request.as_of)
    now = request.as_of is None
    may_edit = now and may(request.standing, "lead.edit", row)
    opened = may(request.standing, "lead.follow", row)
    may_follow = now and opened
    stage = rules.stages[row.stage]
    duty_rule = rule_on("lamp.duty", today)
    spot = Spot(page.subject if now else row.subject)
    context = {
        "lead": row,
        "page": page,
        "subject": page.subject,
        "today": today,
        "stage": stage,
        "rail": rail(row, rules, request.as_of),
        "quiet": quiet_of(row, rules, today),
        "told": [(one, rules.ways.get(one.way, one.way)) for one in page.follow_ups],
        "waiting": [step_shown(one, today) for one in page.waiting],
        "promises": [(one, rules.bases.get(one.basis, one.basis)) for one in page.promises],
        "contacts": [contact_shown(one, open_to_reader=opened) for one in page.contacts],
        "facts": _facts(row, page, rules, request),
        "missing": missing_ahead(row, rules) if now else [],
        "duties": [(duty, face_of(duty, lamp_of(duty, duty_rule, today))) for duty in page.duties],
        "became": row.became if row.became and sees(request.standing, row.became) else None,
        "may_edit": may_edit,
        "may_follow": may_follow and (stage.is_live or stage.stale_days is not None),
        "may_hand_over": may_edit and stage.kind is StageKind.SIGNED,
        "may_draft": now and may(request.standing, "duty.draft"),
        "raise_blocker": raise_url(spot) if may_follow else "",
        "blockers": open_blockers(request.standing, spot, request.as_of),
        "all_blockers": list_url(subject=page.subject.code),
        "changes": history_of(_events(row, request, open_to_reader=opened)),
    }
    return render(request, "leads/lead.html", context)


def rail(row: Any, rules: LeadRules, as_of: dt.date | None = None) -> list[RailStep]:  # noqa: ANN401 -- a lead or a past state
    """Stages on the way to a project; a lead set aside or ended stands where it was left.

    One that was never seen on the way shows where it stands alone.
    """
    stage = rules.stages[row.stage]
    off = {StageKind.PAUSED, StageKind.ENDED}
    way = [one for one in rules.stages.values() if one.kind not in off]
    codes = [one.code for one in way]
    stopped = stage.kind in off
    code = left_from(row, codes, as_of) if stopped else row.stage
    if code is None:
        return [RailStep(stage.name, StepState.STOPPED)]
    here = codes.index(code)
    current = RailStep(way[here].name, StepState.CURRENT)
    if stopped:
        note = f"{row.stage_since:%m-%d} {stage.name}"
        current = RailStep(way[here].name, StepState.STOPPED, note)
    done = [RailStep(one.name, StepState.DONE) for one in way[:here]]
    return [*done, current, *(RailStep(one.name, StepState.NEXT) for one in way[here + 1 :])]


def _facts(
    row: Any,  # noqa: ANN401 -- as above
    page: LeadPage,
    rules: LeadRules,
    request: OfficerRequest,
) -> list[Fact]:
    pointed = {source.field: source for source in reversed(page.sources)}
    coded = {"source": rules.sources, "tactic": rules.tactics}
    facts = []
    for name, field in FIELDS.items():
        if name in HIDDEN:
            continue
        value = getattr(page.subject if name in OF_SUBJECT else row, name)
        if name in coded and value:
            value = coded[name].get(value, value)
        facts.append(Fact(field, value, _address(pointed.get(source_field(name)), request)))
    return facts


def _address(source: Sourced | None, request: OfficerRequest) -> str:
    if source is None or source.cell is None:
        return ""
    return asof.keep(cell_address(source.cell), request.as_of)


def _events(
    row: Any,  # noqa: ANN401 -- as above
    request: OfficerRequest,
    *,
    open_to_reader: bool,
) -> QuerySet[Event] | Sequence[Event]:
    """Events of the lead; namings of outside persons only for who deals with them."""
    events = events_of(subject_ids=[row.subject_id], as_of=request.as_of)
    if open_to_reader:
        return events
    return [event for event in events if event.model != "register.Party"]
