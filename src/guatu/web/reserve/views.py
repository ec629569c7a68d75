"""The page of one project of the reserve, and the card of its admission on the project's page."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from guatu.investment.actions.importing import source_field
from guatu.investment.enums import AdmissionState
from guatu.investment.fields import FIELDS, Field, Kind
from guatu.investment.queries.reserve import (
    ReservePage,
    admission_of,
    find_reserve,
    opinions_of,
    reserve_page,
)
from guatu.investment.reserve_moves import REVIEWS, barred, open_moves
from guatu.investment.reserve_rules import lacking, reserve_rules
from guatu.loop.queries.blocker_sums import open_blockers
from guatu.loop.queries.duties import lamp_of
from guatu.loop.queries.sight import duties_on
from guatu.loop.removers import Spot
from guatu.register.lives import Move
from guatu.register.policies import may, require
from guatu.register.rules import rule_on
from guatu.web import asof
from guatu.web.blockers.faces import list_url, raise_url
from guatu.web.duties.faces import face_of
from guatu.web.history import events_of, history_of
from guatu.web.intake.ledgers import cell_address
from guatu.web.leads.faces import origin_of
from guatu.web.refusals import forbidden_is_missing
from guatu.web.requests import OfficerRequest
from guatu.web.reserve import forms
from guatu.web.reserve.faces import rail, rounds

HIDDEN = frozenset({"name", "unit"})


@dataclass(frozen=True)
class Fact:
    """A field as shown: its name, its value and the address of its source, empty without one."""

    field: Field
    label: str
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


@dataclass(frozen=True)
class Step:
    """A button: the slug of its page and its name."""

    slug: str
    name: str
    main: bool = False


def seen(request: OfficerRequest, key: uuid.UUID) -> Any:  # noqa: ANN401 -- a project or a past state
    """Return the project of the reserve in sight (as of the day read), or 404."""
    found = find_reserve(request.standing, key, request.as_of)
    if found is None:
        raise Http404
    return found


@require_safe
def reserve(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Show one project of the reserve, with the acts open to this officer; none in the past."""
    row = seen(request, key)
    page = reserve_page(row, request.as_of)
    admission = page.admission
    today = request.as_of or request.standing.today
    rules = reserve_rules(today)
    now = request.as_of is None
    spot = Spot(page.subject if now else row.subject)
    underway = admission.state == AdmissionState.UNDERWAY
    duty_rule = rule_on("lamp.duty", today)
    events = list(events_of(subject_ids=[row.subject_id], as_of=request.as_of))
    known = [page.subject.unit, row.category, admission.submitted_post, admission.submitted_by]
    context = {
        "project": row,
        "subject": page.subject,
        "page": page,
        "admission": admission,
        "state": AdmissionState(admission.state),
        "origin_name": rules.origins.get(admission.origin, admission.origin),
        "origin": origin_of(request.standing, row.subject_id),
        "rail": rail(admission),
        "rounds": rounds(page.opinions),
        "lacking": lacking(rules, row, admission.state),
        "rule": rules.requirements,
        "facts": _facts(request, page),
        "steps": _steps(open_moves(request.standing, page.living)) if now else [],
        "barred": _barred(request, page) if now else "",
        "underway": underway,
        "duties": [
            (duty, face_of(duty, lamp_of(duty, duty_rule, today)))
            for duty in duties_on(request.standing, row.subject_id, request.as_of)
        ],
        "may_draft": now and may(request.standing, "duty.draft"),
        "blockers": open_blockers(request.standing, spot, request.as_of),
        "all_blockers": list_url(subject=page.subject.code),
        "raise_blocker": raise_url(spot)
        if now and not underway and may(request.standing, "reserve.edit", page.living)
        else "",
        "changes": history_of(events, known),
    }
    return render(request, "reserve/reserve.html", context)


def _steps(moves: list[Move[AdmissionState]]) -> list[Step]:
    """Buttons in the order of the table; both verdicts of a review are one page."""
    found: dict[str, Step] = {}
    for move in moves:
        if move.action in REVIEWS.values():
            found["review"] = Step("review", move.name[:2], main=True)
        else:
            main = move.action in {"submit", "transfer", "restore"}
            found[move.action] = Step(move.action, move.name, main=main)
    return sorted(found.values(), key=lambda step: not step.main)


def _barred(request: OfficerRequest, page: ReservePage) -> str:
    """Why a reviewer finds no button, where the reason is that they submitted it."""
    state = page.admission.state
    if state not in {AdmissionState.FIRST, AdmissionState.FINAL}:
        return ""
    if not may(request.standing, f"reserve.review_{state}", page.living):
        return ""
    return barred(request.standing, page.living)


def _facts(request: OfficerRequest, page: ReservePage) -> list[Fact]:
    pointed = {source.field: source for source in reversed(page.sources)}
    facts = []
    for name in forms.FIELDS:
        if name in HIDDEN:
            continue
        source = pointed.get(source_field(name))
        address = cell_address(source.cell) if source and source.cell else ""
        label = FIELDS[name].label
        if name == "next_plan_wan" and page.admission.plan_year:
            label = f"{page.admission.plan_year}年计划投资（万元）"
        address = asof.keep(address, request.as_of) if address else ""
        facts.append(Fact(FIELDS[name], label, getattr(page.project, name), address))
    return facts


@require_safe
@forbidden_is_missing
def of_subject(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """The admission of a project as a card of its page; without htmx its page in the reserve."""
    require(request.standing, "reserve.list")
    row = seen(request, key)
    if not request.htmx:
        return redirect("reserve:reserve", key)
    rules = reserve_rules(request.as_of or request.standing.today)
    admission = admission_of(row.subject_id, request.as_of)
    context = {
        "project": row,
        "subject": row.subject,
        "admission": admission,
        "origin_name": rules.origins.get(row.origin, row.origin),
        "rounds": rounds(opinions_of(row.subject_id, request.as_of)),
    }
    answer = render(request, "reserve/of_subject.html", context)
    patch_vary_headers(answer, ["HX-Request"])
    return answer
