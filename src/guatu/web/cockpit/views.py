"""Three chapters on one screen; every figure leads to the rows it was counted from."""

import datetime as dt
from typing import ClassVar
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from guatu.campaign import policies as _policies  # noqa: F401 -- declares cockpit.see
from guatu.campaign.cockpit import Figure, Rows, cockpit, places_in_sight
from guatu.campaign.decisions import Decision
from guatu.register.policies import Standing, may
from guatu.web import asof
from guatu.web.lists import Column, Kind, ListPage
from guatu.web.lists.columns import Row
from guatu.web.requests import OfficerRequest
from guatu.web.targets.views import target_faces

PAGES = {
    "blockers": "blockers:blockers",
    "duties": "duties:duties",
    "leads": "leads:list",
    "projects": "projects:list",
    "enterprises": "enterprises:enterprises",
    "places": "cockpit:places",
}
KINDS = {"blocker": "堵点", "extension": "延期待批", "review": "结果待核", "late": "逾期未办"}


@login_required
@require_safe
def show(request: OfficerRequest) -> HttpResponse:
    """Draw the cockpit, today's or a past day's."""
    if not may(request.standing, "cockpit.see"):
        raise Http404
    seen = cockpit(request.standing, request.as_of)
    day = request.as_of
    targets = target_faces(request)
    return render(
        request,
        "cockpit/show.html",
        {
            "day": day or request.standing.today,
            "sentence": [
                {"figure": part, "href": address(part.rows, day)}
                if isinstance(part, Figure)
                else {"words": part}
                for part in seen.sentence
            ],
            "chapters": [
                {
                    "chapter": chapter,
                    "figures": [
                        {"figure": one, "href": address(one.rows, day)} for one in chapter.figures
                    ],
                    "shares": [
                        {"share": one, "href": address(one.rows, day)}
                        for one in chapter.shares
                        if one.count
                    ],
                    "targets": targets.get(chapter.domain, []),
                    # The target of a chapter is what the missing ledger would have told.
                    "silent": () if targets.get(chapter.domain) else chapter.silent,
                }
                for chapter in seen.chapters
            ],
            "beside": seen.beside
            and {"figure": seen.beside, "href": address(seen.beside.rows, day)},
            "blockers": seen.blockers
            and {"figure": seen.blockers, "href": address(seen.blockers.rows, day)},
            "decisions": [_decision(one) for one in seen.decisions],
            "decisions_in_all": seen.decisions_in_all,
        },
    )


def address(rows: Rows, as_of: dt.date | None = None) -> str:
    """Address of the list that a figure was counted from."""
    query = urlencode(rows.filters, doseq=True)
    href = reverse(PAGES[rows.page])
    return asof.keep(f"{href}?{query}" if query else href, as_of)


def _decision(one: Decision) -> dict[str, object]:
    page = "blockers:blocker" if one.blocker else "duties:duty"
    href = reverse(page, args=[one.thing.public_id])
    return {"decision": one, "kind": KINDS[one.kind], "href": href}


class OpenPlaces(ListPage):
    """Places of counted groups that nobody has filled yet."""

    title = "清单名额待落实"
    note = "会议材料只说了户数、个数的，逐个落到具体单位后即少一个。"
    action = "cockpit.see"
    columns: ClassVar = (
        Column("quota", "清单", "quota.title", name=True, sort=("quota__title", "number")),
        Column("number", "序号", "number", Kind.NUMBER, width="xs"),
        Column("stated", "材料所述总数", "quota.stated", Kind.NUMBER, width="m"),
        Column("domain", "条线", "quota.get_domain_display", width="s"),
        Column("quote", "原文", "quota.quote.text", missing=""),
    )
    search_fields = ("quota__title",)
    search_hint = "清单名称"
    default_sort = ("quota_id", "number")
    empty_help = "所有清单名额都已落到具体单位。"

    def rows(self, standing: Standing, as_of: dt.date | None) -> QuerySet:
        """Open places in sight."""
        open_places = places_in_sight(standing, as_of).filter(subject=None)
        return open_places.select_related("quota__quote__document")

    def row_url(self, row: Row) -> str:
        """The passage that states the number."""
        quote = row.quota.quote
        page = reverse("intake:paper", args=[quote.document.public_id])
        return f"{page}#q{quote.start}-{quote.end}"

    def row_key(self, row: Row) -> str:
        """Places have no public key and no bulk steps."""
        return str(row.pk)
