"""Consents, specialists and marks of a firm: a form asks, one action does."""

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from guatu.growth import actions
from guatu.growth.actions.serving import serving
from guatu.growth.models import Consent, Mark
from guatu.growth.queries import consent_paper
from guatu.growth.rules import firm_rules, marks_on
from guatu.register.campaign import act_now
from guatu.register.models import Subject
from guatu.register.policies import require
from guatu.web.downloads import as_attachment
from guatu.web.firms import forms
from guatu.web.firms.faces import firm_url
from guatu.web.firms.views import writable
from guatu.web.questions import ask
from guatu.web.refusals import forbidden_is_missing
from guatu.web.requests import OfficerRequest

both = require_http_methods(["GET", "POST"])


def _posted(request: OfficerRequest) -> Any:  # noqa: ANN401 -- the form's data
    return request.POST if request.method == "POST" else None


def _files(request: OfficerRequest) -> Any:  # noqa: ANN401 -- the form's files
    return request.FILES if request.method == "POST" else None


@both
@forbidden_is_missing
def consent(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Record the consent of a firm, or the lawful basis."""
    firm = writable(request, key)
    require(request.standing, "firm.consent", firm)
    purposes = firm_rules(request.standing.today).purposes
    form = forms.ConsentForm(
        purposes, _posted(request), _files(request), initial={"on": request.standing.today}
    )

    def act(told: dict[str, Any]) -> str:
        del told["revision"]
        file = told.pop("file")
        files = [file] if file else []
        actions.give_consent(act_now(request.standing), firm, **told, files=files)
        return "已登记同意，可以在同意的用途内报数。"

    return ask(request, form, act, heading=f"登记同意：{firm.title}", back=firm_url(firm))


def _living(firm: Subject, consent: uuid.UUID) -> Consent:
    row = Consent.objects.filter(subject=firm, public_id=consent, withdrawn_on=None).first()
    if row is None:
        raise Http404
    return row


@both
@forbidden_is_missing
def show(request: OfficerRequest, key: uuid.UUID, consent: uuid.UUID) -> HttpResponse:
    """Add a paper that shows a consent."""
    firm = writable(request, key)
    require(request.standing, "firm.consent", firm)
    row = _living(firm, consent)
    form = forms.PaperForm(_posted(request), _files(request))

    def act(told: dict[str, Any]) -> str:
        actions.show_consent(act_now(request.standing), row, [told["file"]])
        return "已补充文件。"

    heading = f"补充同意文件：{row.given_by}"
    return ask(request, form, act, heading=heading, back=firm_url(firm))


@require_GET
def paper(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Hand out a paper that shows a consent as an attachment, to whoever may read it."""
    row = consent_paper(request.standing, key)
    if row is None:
        raise Http404
    return as_attachment(row.file, row.title)


@both
@forbidden_is_missing
def withdraw(request: OfficerRequest, key: uuid.UUID, consent: uuid.UUID) -> HttpResponse:
    """Withdraw a consent after saying what follows."""
    firm = writable(request, key)
    require(request.standing, "firm.consent", firm)
    row = _living(firm, consent)
    form = forms.WithdrawForm(_posted(request), initial={"revision": row.revision})

    def act(told: dict[str, Any]) -> str:
        actions.withdraw_consent(
            act_now(request.standing),
            row,
            by=told["by"],
            reason=told["reason"],
            expected_revision=told["revision"],
        )
        return "已撤回同意，依此登记的数不再显示。"

    check = {
        "consequence": (
            f"撤回「{row.given_by}」{row.on} 的同意。依此登记的 {row.provisions.count()} 个数今后"
            "对所有岗位都不再显示，往日视图也不显示；操作日志保留。"
        ),
        "action": request.path,
        "submit": "撤回同意",
    }
    heading, shown = f"撤回同意：{firm.title}", {"revision": row}
    return ask(request, form, act, heading=heading, back=firm_url(firm), check=check, shown=shown)


@both
@forbidden_is_missing
def specialist(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Name the specialist, or give the firm to another."""
    firm = writable(request, key)
    require(request.standing, "firm.keep", firm)
    form = forms.SpecialistForm(_posted(request), initial={"since": request.standing.today})

    def act(told: dict[str, Any]) -> str:
        del told["revision"]
        made = actions.appoint_specialist(act_now(request.standing), firm, told.pop("post"), **told)
        return f"服务专员：{made.post}"

    return ask(request, form, act, heading=f"服务专员：{firm.title}", back=firm_url(firm))


@both
@forbidden_is_missing
def dismiss(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """End the service without a successor."""
    firm = writable(request, key)
    require(request.standing, "firm.keep", firm)
    row = serving(firm)
    if row is None:
        raise Http404
    form = forms.ReasonForm(_posted(request))

    def act(told: dict[str, Any]) -> str:
        actions.dismiss_specialist(act_now(request.standing), firm, row, reason=told["reason"])
        return "已取消，企业列入没有专员的企业。"

    return ask(request, form, act, heading=f"取消服务专员：{row.post}", back=firm_url(firm))


@both
@forbidden_is_missing
def account(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Name the post whose account reports for the firm itself."""
    firm = writable(request, key)
    require(request.standing, "firm.keep", firm)
    form = forms.AccountForm(_posted(request))

    def act(told: dict[str, Any]) -> str:
        made = actions.name_account(act_now(request.standing), firm, told["post"])
        return f"企业账号：{made.post}，只看得到、只报得了本企业。"

    return ask(request, form, act, heading=f"企业账号：{firm.title}", back=firm_url(firm))


@both
@forbidden_is_missing
def end_account(request: OfficerRequest, key: uuid.UUID, number: int) -> HttpResponse:
    """Take the firm away from an account."""
    firm = writable(request, key)
    require(request.standing, "firm.keep", firm)
    row = actions.accounts_of(firm).filter(pk=number).first()
    if row is None:
        raise Http404
    form = forms.ReasonForm(_posted(request))

    def act(told: dict[str, Any]) -> str:
        actions.end_account(act_now(request.standing), firm, row, reason=told["reason"])
        return "已取消，这一账号不再看到这家企业；已报的数不变。"

    return ask(request, form, act, heading=f"取消企业账号：{row.post}", back=firm_url(firm))


@both
@forbidden_is_missing
def mark(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Mark the firm by a paper or list."""
    firm = writable(request, key)
    require(request.standing, "firm.keep", firm)
    today = request.standing.today
    form = forms.MarkForm(marks_on(today), _posted(request), initial={"since": today})

    def act(told: dict[str, Any]) -> str:
        del told["revision"]
        actions.mark_firm(act_now(request.standing), firm, **told)
        return "已标记。"

    return ask(request, form, act, heading=f"标记企业：{firm.title}", back=firm_url(firm))


@both
@forbidden_is_missing
def unmark(request: OfficerRequest, key: uuid.UUID, mark: uuid.UUID) -> HttpResponse:
    """Take a mark off."""
    firm = writable(request, key)
    require(request.standing, "firm.keep", firm)
    row = Mark.objects.filter(subject=firm, public_id=mark, ended_on=None).first()
    if row is None:
        raise Http404
    form = forms.ReasonForm(_posted(request))

    def act(told: dict[str, Any]) -> str:
        actions.end_mark(act_now(request.standing), row, reason=told["reason"])
        return "已取消标记。"

    return ask(request, form, act, heading=f"取消标记：{firm.title}", back=firm_url(firm))
