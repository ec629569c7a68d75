"""The brief on paper: a page to look at and print, the same as PDF, and as docx."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from guatu.campaign.brief import Scope, brief_of, paragraphs_of, remark_of
from guatu.engines.official import Layout, OfficialPaper, day_beside, unprintable
from guatu.register.enums import OrganisationKind
from guatu.register.models import Organisation
from guatu.register.policies import WHOLE_DISTRICT
from guatu.web.asof import keep
from guatu.web.brief.days import asked
from guatu.web.downloads import DOCX, PDF, made
from guatu.web.letters.paper import STYLES, issuer_size, style_of
from guatu.web.printing import Unprintable, pdf_of
from guatu.web.refusals import forbidden_is_missing
from guatu.web.requests import OfficerRequest

MARK = "草稿"


def _paper(request: OfficerRequest, monday: dt.date, scope: str) -> OfficialPaper:
    week, whose = asked(request, monday, scope)
    told = brief_of(request.standing, week, whose)
    written = remark_of(week, whose, request.as_of)
    words = paragraphs_of(told, written.text if written else "")
    campaign = request.campaign
    name = campaign.name if campaign else "攻坚行动"
    year = week.last.year
    span = f"{day_beside(week.first, year)}至{day_beside(week.last, year)}"
    issuer, addressee = _between(request, whose)
    return OfficialPaper(
        layout=Layout.GENERAL,
        issuer=_clean(issuer),
        title=_clean(f"{name}每周简报（{whose.name}，{span}）"),
        addressee=_clean(addressee),
        paragraphs=tuple(_clean(line) for line in words),
        mark=MARK,
        day=week.last,
    )


def _between(request: OfficerRequest, whose: Scope) -> tuple[str, str]:
    """Whose letterhead the paper bears, and whom it is addressed to.

    The task force's brief tells the whole; what an officer of a unit draws up holds no more than
    they see, so it is their unit's, told to the task force.
    """
    offices = Organisation.objects.filter(kind=OrganisationKind.TASK_FORCE, active=True)
    office, campaign = offices.order_by("order_path").first(), request.campaign
    whole = office.name if office else str(campaign.district) if campaign else "攻坚行动"
    standing = request.standing
    if standing.roles & WHOLE_DISTRICT:
        return whole, "区领导" if whose.unit is None and whose.post is None else whose.name
    own = [post for post in standing.posts if post.organisation_id in standing.spoken_for_ids]
    return (own or list(standing.posts))[0].organisation.name, whole


def _clean(text: str) -> str:
    """Words without what no paper can show; whoever typed them meant a space."""
    hidden = set(unprintable(text))
    return "".join(" " if place in hidden else one for place, one in enumerate(text))


@require_safe
@forbidden_is_missing
def paper(request: OfficerRequest, monday: dt.date, scope: str) -> HttpResponse:
    """Show the brief as it is printed."""
    return render(request, "brief/paper.html", _context(request, monday, scope))


@require_safe
@forbidden_is_missing
def docx(request: OfficerRequest, monday: dt.date, scope: str) -> HttpResponse:
    """Give the brief as docx, to be finished by hand."""
    from guatu.engines.official.docx import write_docx  # noqa: PLC0415 -- loaded by the first export

    sheet = _paper(request, monday, scope)
    return made(write_docx(sheet), DOCX, f"{sheet.title}.docx")


@require_safe
@forbidden_is_missing
def pdf(request: OfficerRequest, monday: dt.date, scope: str) -> HttpResponse:
    """Give the brief as PDF; where none can be made, lead to its page and say why."""
    context = _context(request, monday, scope)
    sheet = context["paper"]
    styles = "\n".join(style_of(name) for name in STYLES)
    try:
        content = pdf_of(
            render_to_string("letters/paper_document.html", context | {"styles": styles})
        )
    except Unprintable as refusal:
        messages.warning(request, f"{refusal}可以直接打印本页，内容相同。")
        return redirect(keep(reverse("brief:paper", args=[monday, scope]), request.as_of))
    return made(content, PDF, f"{sheet.title}.pdf")


def _context(request: OfficerRequest, monday: dt.date, scope: str) -> dict[str, Any]:
    sheet = _paper(request, monday, scope)
    size = issuer_size(sheet)
    return {"paper": sheet, "letter": sheet, "issuer_size": size, "monday": monday, "scope": scope}
