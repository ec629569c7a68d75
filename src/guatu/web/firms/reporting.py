"""Reporting figures from a phone: last beside new, purpose, save."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.contrib import messages
from django.forms import BoundField
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from guatu.growth.actions import Entry, Ground, report_figures
from guatu.growth.actions.figures import consent_for, needed
from guatu.growth.actions.serving import serving
from guatu.growth.doubts import Doubt, doubts_of
from guatu.growth.enums import Provider
from guatu.growth.models import Consent
from guatu.growth.periods import before, is_period, last_month, last_quarter, words
from guatu.growth.queries import consents_of, known_figures, look_in
from guatu.growth.rules import Asked, FirmRules, firm_rules
from guatu.register.campaign import act_now
from guatu.register.errors import Invalid, RegisterError
from guatu.register.models import Post, Subject
from guatu.register.observations import figures_in_sight
from guatu.register.policies import require
from guatu.web.firms.faces import firm_url
from guatu.web.firms.forms import PREFIX, ReportForm
from guatu.web.firms.views import writable
from guatu.web.refusals import forbidden_is_missing, tell
from guatu.web.requests import OfficerRequest

MONTHS_OFFERED = 3


@dataclass(frozen=True)
class ReportLine:
    """One indicator: what was told for the period before, for this one, and the new value."""

    asked: Asked
    last: Decimal | None
    now: Decimal | None
    field: BoundField


def _periods(request: OfficerRequest) -> list[str]:
    latest = last_month(request.standing.today)
    months = [before(latest, step) for step in range(MONTHS_OFFERED)]
    return [*months, last_quarter(request.standing.today)]


@require_http_methods(["GET", "POST"])
@forbidden_is_missing
def report(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Ask for the figures of a period, and keep those that were typed."""
    firm = writable(request, key)
    require(request.standing, "firm.report", firm)
    rules = firm_rules(request.standing.today)
    living = [one for one in consents_of(firm) if one.withdrawn_on is None]
    chosen = (request.POST if request.method == "POST" else request.GET).get("period", "")
    period = chosen if is_period(chosen) else _periods(request)[0]
    form = ReportForm(
        rules,
        request.POST if request.method == "POST" else None,
        firm_itself=request.standing.is_outside,
        initial={"period": period, "purpose": _only_purpose(living), "provider": Provider.FIRM},
    )
    doubts = _doubts(request, firm, form, rules, period) if form.is_bound else []
    if "hints" in request.POST:
        return render(request, "firms/doubts.html", {"doubts": doubts})
    if request.method == "POST" and form.is_valid():
        try:
            made = _save(request, firm, form, rules, living)
        except RegisterError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, f"已报 {words(period)} {made} 个数：{firm.title}")
            for doubt in doubts:
                messages.warning(request, f"存疑：{doubt.words}")
            return redirect(firm_url(firm))
    named = rules.purposes
    context = {
        "subject": firm,
        "form": form,
        "doubts": doubts,
        "lines": _lines(request, firm, rules, period, form),
        "consents": [
            (one, "、".join(named.get(code, code) for code in one.purposes)) for one in living
        ],
        "served": None if living else _specialist(firm),
        **_told_of(request, firm, period),
    }
    return render(request, "firms/report.html", context, status=422 if form.errors else 200)


def _told_of(request: OfficerRequest, firm: Subject, period: str) -> dict[str, object]:
    """What the page says of the period, and where it leads."""
    return {
        "period": period,
        "period_words": words(period),
        "before_words": words(before(period)),
        "periods": [(one, words(one)) for one in _periods(request)],
        "back": firm_url(firm),
        "outside": request.standing.is_outside,
    }


def _doubts(
    request: OfficerRequest, firm: Subject, form: ReportForm, rules: FirmRules, period: str
) -> list[Doubt]:
    """What is typed so far that is out of proportion to the firm's other figures."""
    form.is_valid()
    told = form.told()
    if not told:
        return []
    known = known_figures(request.standing, firm, rules)
    return doubts_of(period, told, look_in(known, rules), rules)


def _specialist(firm: Subject) -> Post | None:
    """The post that serves the firm."""
    service = serving(firm)
    return service.post if service else None


def _only_purpose(consents: Sequence[Consent]) -> str:
    """The purpose, where the firm's consents cover but one."""
    covered = {code for one in consents for code in one.purposes}
    return covered.pop() if len(covered) == 1 else ""


def _save(
    request: OfficerRequest,
    firm: Subject,
    form: ReportForm,
    rules: FirmRules,
    consents: Sequence[Consent],
) -> int:
    told = form.cleaned_data
    values = form.told()
    if not values:
        raise Invalid("还没有填写任何一个数；没有变化也请照实填写，不知道的留空。")
    provider = told.get("provider") or Provider.FIRM
    consent = consent_for(consents, provider, told["purpose"])
    if consent is None:
        raise Invalid(needed(told["purpose"], rules), "purpose")
    ground = Ground(provider, told["purpose"], consent, told.get("organisation"))
    entries = [
        Entry(firm, indicator, told["period"], value, ground) for indicator, value in values.items()
    ]
    try:
        report_figures(act_now(request.standing), entries)
    except Invalid as refusal:
        if refusal.field == "value":
            named = [code for code in values if rules.asked[code].indicator.name in str(refusal)]
            raise Invalid(str(refusal), f"{PREFIX}{named[0]}" if named else None) from refusal
        raise
    return len(entries)


def _lines(
    request: OfficerRequest, firm: Subject, rules: FirmRules, period: str, form: ReportForm
) -> list[ReportLine]:
    rows = figures_in_sight(request.standing).filter(
        subject=firm, period__in=[period, before(period)], provision__isnull=False
    )
    known = {(row.indicator_id, row.period): row.value for row in rows}
    return [
        ReportLine(
            asked,
            known.get((asked.indicator.pk, before(period))),
            known.get((asked.indicator.pk, period)),
            field,
        )
        for asked, field in form.lines(rules)
    ]
