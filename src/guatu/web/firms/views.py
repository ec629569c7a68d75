"""The figures and service of one firm, as a page and as the card of the enterprise's page."""

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from guatu.growth.actions import accounts_of
from guatu.growth.doubts import doubt_of
from guatu.growth.enums import Cadence
from guatu.growth.queries import (
    consents_of,
    figure_table,
    known_figures,
    look_in,
    marks_of,
    papers_of,
    plans_of,
    services_of,
    trail_of,
    visit_of,
)
from guatu.growth.rules import FirmRules, firm_rules
from guatu.loop.removers import Spot
from guatu.register.enums import SubjectKind
from guatu.register.models import Observation, Subject
from guatu.register.policies import in_sight, may
from guatu.web.blockers.faces import raise_url
from guatu.web.firms.faces import firm_changes, plan_state, service_events
from guatu.web.requests import OfficerRequest
from guatu.web.visits.faces import visit_word


def seen(request: OfficerRequest, key: uuid.UUID) -> Subject:
    """Return the firm in sight, or 404."""
    rows = Subject.objects.filter(in_sight(request.standing), kind=SubjectKind.ENTERPRISE)
    found = rows.select_related("unit").filter(public_id=key).first()
    if found is None or not may(request.standing, "firm.see", found):
        raise Http404
    return found


def writable(request: OfficerRequest, key: uuid.UUID) -> Subject:
    """Return the firm in sight today; the past cannot be written."""
    if request.as_of is not None:
        raise Http404
    return seen(request, key)


@require_GET
def firm(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Show figures, consents, specialist, marks and plans; to htmx only the card."""
    row = seen(request, key)
    day, now = request.as_of, request.as_of is None
    rules = firm_rules(day or request.standing.today)
    asked = request.GET.get("by", "")
    cadence = Cadence(asked) if asked in Cadence.values else Cadence.MONTH
    services = services_of(row, day)
    service = next((one for one in services if one.until is None), None)
    inside = may(request.standing, "firm_plan.list")
    context = {
        "subject": row,
        "table": figure_table(request.standing, row, rules, cadence, day),
        "cadence": cadence,
        "cadences": Cadence.choices,
        "service": service,
        "marks": [(one, rules.marks.get(one.mark, one.mark)) for one in marks_of(row, day)]
        if inside
        else [],
        "may_report": now and may(request.standing, "firm.report", row),
        "inside": inside,
    }
    if request.htmx:
        answer = render(request, "firms/part.html", context)
    else:
        # Who reports may consent: one policy, asked once.
        reports = bool(context["may_report"])
        consents = _consents(request, row, rules, reports=reports)
        context |= {"services": services, **consents}
        context |= _served(request, row, service, inside=inside)
        told = [one for one, _, _ in consents["consents"] if day is None]
        known = [row, *told, *(one.post for one in services)]
        context["changes"] = firm_changes(row, request, service_events(row.pk, request), known)
        answer = render(request, "firms/firm.html", context)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def _consents(
    request: OfficerRequest, row: Subject, rules: FirmRules, *, reports: bool
) -> dict[str, Any]:
    """Consents with their purposes and papers, and who may do what with them."""
    standing, day = request.standing, request.as_of
    consents = consents_of(row, day)
    papers = papers_of(consents, day)
    named = {
        one.pk: "、".join(rules.purposes.get(code, code) for code in one.purposes)
        for one in consents
    }
    reads = any(papers.values()) and (reports or may(standing, "firm.consent_paper", row))
    return {
        "consents": [(one, named[one.pk], papers[one.pk]) for one in consents],
        "may_consent": reports,
        "may_read_paper": reads,
    }


def _served(
    request: OfficerRequest,
    row: Subject,
    service: Any | None,  # noqa: ANN401 -- a service or a past state
    *,
    inside: bool,
) -> dict[str, Any]:
    """Plans, the visit that is due, and what this officer may do; rights known are not asked."""
    standing, day = request.standing, request.as_of
    keeps = day is None and may(standing, "firm.keep", row)
    serves = service is not None and service.post_id in standing.post_ids
    acts = day is None and inside
    spot = Spot(row)
    raises = acts and (keeps or may(standing, "blocker.raise", spot))
    return {
        "plans": [(one, plan_state(one)) for one in plans_of(standing, row.pk, day)],
        "may_keep": keeps,
        "visit": visit_of(service, day or standing.today, day) if inside else None,
        "may_visit": acts and (serves or may(standing, "visit.record", row)),
        "visit_word": visit_word(standing),
        "accounts": accounts_of(row) if keeps else [],
        "raise_blocker": raise_url(spot) if raises else "",
    }


@require_GET
def figure(request: OfficerRequest, key: uuid.UUID, figure: uuid.UUID) -> HttpResponse:
    """Open one figure: who gave it, for what, on which consent, and its earlier vintages."""
    row = seen(request, key)
    found = Observation.objects.filter(public_id=figure, subject=row).first()
    trail = list(trail_of(request.standing, found, request.as_of)) if found is not None else []
    if not trail:
        raise Http404
    rules = firm_rules(request.as_of or request.standing.today)
    providers = rules.providers()
    told = [
        (
            one,
            rules.purposes.get(one.provision.purpose, one.provision.purpose),
            providers.get(one.provision.provider, one.provision.provider),
        )
        for one in trail
    ]
    context = {"subject": row, "trail": told, "figure": trail[0]}
    asked = rules.asked.get(trail[0].indicator.code)
    if asked is not None:
        known = known_figures(request.standing, row, rules, request.as_of)
        context["doubt"] = doubt_of(asked, trail[0].period, look_in(known, rules), rules)
    return render(request, "firms/figure.html", context)
