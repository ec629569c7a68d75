"""The page of one project, the reason of its lamp, and where its values came from."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from guatu.investment.actions.importing import source_field
from guatu.investment.fields import FIELDS, SERIES, Field
from guatu.investment.fields import Kind as FieldKind
from guatu.investment.ledger import field_label
from guatu.investment.models import Project
from guatu.investment.queries import ProjectPage, find_project, project_page
from guatu.investment.queries.blockers import project_blockers
from guatu.investment.queries.money import series_of, vintages_of, years_of
from guatu.investment.queries.reserve import find_reserve
from guatu.investment.queries.wall import row_of
from guatu.loop.blocker_causes import causes_in
from guatu.loop.enums import Colour
from guatu.loop.lamps import NETWORK_RULE
from guatu.loop.queries.duties import lamp_of
from guatu.loop.removers import Spot
from guatu.register.enums import PartyRole
from guatu.register.models import Sourced
from guatu.register.policies import may
from guatu.register.rules import Holding, rules_on
from guatu.register.versions import end_of
from guatu.web import asof
from guatu.web.blockers.faces import list_url, raise_url
from guatu.web.blockers.usual import usual_shown
from guatu.web.duties.faces import face_of
from guatu.web.intake.ledgers import cell_address
from guatu.web.leads.faces import origin_of
from guatu.web.projects.faces import lit, project_url, rail, shown
from guatu.web.projects.history import history_of
from guatu.web.projects.money import charts, lines
from guatu.web.requests import OfficerRequest
from guatu.web.wall.axis import Zoom
from guatu.web.wall.drawing import draw

HIDDEN = frozenset({"name", "stage", "starred", "progress", "problem"})


@dataclass(frozen=True)
class Fact:
    """A field as shown: its value and the address of its source, empty where it has none."""

    field: Field
    value: Any
    source: str

    @property
    def is_money(self) -> bool:
        """Written in 万元."""
        return self.field.kind is FieldKind.MONEY

    @property
    def is_day(self) -> bool:
        """Written as a day."""
        return self.field.kind is FieldKind.DAY


@dataclass(frozen=True)
class PartyShown:
    """Who takes part, in which role; phones of outsiders only for those who keep the project."""

    role: str
    name: str
    phone: str
    key: int


def seen(request: OfficerRequest, key: uuid.UUID) -> Project:
    """Return the project in sight (as of the day read), or 404."""
    found = find_project(request.standing, key, request.as_of)
    if found is None:
        raise Http404
    return found


@require_safe
def project(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Show one project, with the acts open to this officer; none while reading the past."""
    row = find_project(request.standing, key, request.as_of)
    if row is None and find_reserve(request.standing, key, request.as_of) is not None:
        # It has not begun: until then its page is that of the reserve.
        return redirect(asof.keep(reverse("reserve:reserve", args=[key]), request.as_of))
    if row is None:
        raise Http404
    page = project_page(request.standing, row, request.as_of)
    today = request.as_of or request.standing.today
    may_edit = request.as_of is None and may(request.standing, "project.edit", row)
    may_forecast = may_edit or (
        request.as_of is None and may(request.standing, "project.forecast", row)
    )
    year = _year(request, page, today)
    series = series_of(page.figures, year)
    lamp = page.lamp
    duty_rule, causes = rules_on(("lamp.duty", "blocker.causes"), today)
    context = {
        "page": page,
        "project": row,
        "subject": page.subject,
        "today": today,
        "face": lit(row, lamp, today),
        "lamp_words": lamp.reason["words"] if lamp else "尚未排定节点，无法评判。",
        "slip_url": _slip_url(request, row, lamp),
        "rail": rail(row, page.stages, page.nodes, today),
        "drawing": draw([row_of(row, page.nodes)], today, Zoom.YEAR) if page.nodes else None,
        "coming": [shown(node, today) for node in page.coming],
        "nodes": [shown(node, today) for node in page.nodes],
        "facts": _facts(row, page, request),
        "progress_source": _address(row, page, "progress", request),
        "parties": _parties(page, request, may_edit=may_edit),
        "year": year,
        "years": sorted({*years_of(page.figures), today.year}, reverse=True),
        "charts": charts(series),
        "money_lines": lines(series, _images(page, year)),
        "duties": [(duty, face_of(duty, lamp_of(duty, duty_rule, today))) for duty in page.duties],
        "changes": history_of(page.events, _node_names(page), _image_months(page), _known(page)),
        "may_edit": may_edit,
        "may_draft": request.as_of is None and may(request.standing, "duty.draft"),
        "may_forecast": may_forecast,
        "may_locate": request.as_of is None and may(request.standing, "place.edit", row.subject),
        "is_located": any(place.longitude is not None for place in page.places),
        "origin": origin_of(request.standing, row.subject_id),
        "raise_blocker": raise_url(Spot(row.subject)) if may_forecast else "",
        **_blockers(request, row, causes),
    }
    return render(request, "projects/project.html", context)


def _slip_url(request: OfficerRequest, row: Project, lamp: Any | None) -> str:  # noqa: ANN401 -- a lamp or a past state
    """Where it is told whose delay it is; empty unless a plan says the project is late."""
    if lamp is None or lamp.colour not in {Colour.RED, Colour.AMBER}:
        return ""
    if lamp.reason.get("rule", {}).get("key") != NETWORK_RULE:
        return ""
    return asof.keep(reverse("plans:slip", args=[row.subject.public_id]), request.as_of)


def _blockers(request: OfficerRequest, row: Project, causes: Holding) -> dict[str, Any]:
    """What stands in its way, and what usually does for its category."""
    found = project_blockers(request.standing, row, request.as_of)
    return {
        "blockers": found.open,
        "all_blockers": list_url(subject=row.subject.code),
        "usual": usual_shown(row, found.usual, causes_in(causes)),
    }


def _year(request: OfficerRequest, page: ProjectPage, today: dt.date) -> int:
    asked = request.GET.get("year", "")
    years = {str(year): year for year in years_of(page.figures)}
    return years.get(asked, today.year)


def _facts(row: Project, page: ProjectPage, request: OfficerRequest) -> list[Fact]:
    values = {name: getattr(row, name) for name in FIELDS if name not in HIDDEN | {"unit"}}
    values["unit"] = page.subject.unit
    values["short_names"] = "、".join(row.short_names)
    return [
        Fact(FIELDS[name], values[name], _address(row, page, name, request))
        for name in FIELDS
        if name in values
    ]


def _address(row: Project, page: ProjectPage, name: str, request: OfficerRequest) -> str:
    if source_field(name) not in page.sources:
        return ""
    address = reverse("projects:source", args=[row.subject.public_id, name])
    return asof.keep(address, request.as_of)


def _parties(page: ProjectPage, request: OfficerRequest, *, may_edit: bool) -> list[PartyShown]:
    rows = []
    for party in page.parties:
        named = party.post or party.unit
        name = str(named) if named else party.outside_name
        phone = party.post.office_phone if party.post else party.outside_phone
        if phone and not party.post and not (may_edit and request.as_of is None):
            phone = masked(phone)
        rows.append(PartyShown(str(PartyRole(party.role).label), name, phone, party.pk))
    return rows


def masked(phone: str) -> str:
    """Phone of an outsider as it shows to those who do not keep the project.

    >>> masked("13800001234")
    '138******34'
    """
    return f"{phone[:3]}{'*' * max(len(phone) - 5, 4)}{phone[-2:]}"


def _images(page: ProjectPage, year: int) -> dict[int, str]:
    """Targets in words of the year, by month."""
    return {int(one.month[5:]): one.words for one in page.images if one.month[:4] == str(year)}


def _known(page: ProjectPage) -> dict[tuple[str, int], str]:
    """Names that the page has read already, by column and key."""
    named = {
        "category_id": [page.project.category],
        "stage_id": [page.project.stage],
        "unit_id": [page.subject.unit, *(party.unit for party in page.parties)],
        "post_id": [party.post for party in page.parties],
    }
    return {(column, row.pk): str(row) for column, rows in named.items() for row in rows if row}


def _node_names(page: ProjectPage) -> dict[int, str]:
    return {getattr(node, "row_id", node.pk): node.name for node in page.nodes}


def _image_months(page: ProjectPage) -> dict[int, str]:
    return {getattr(image, "row_id", image.pk): image.month for image in page.images}


@require_safe
def source(request: OfficerRequest, key: uuid.UUID, field: str) -> HttpResponse:
    """Show where a field's value came from: its cells and quotes, the latest first."""
    row = seen(request, key)
    if field.split(".", maxsplit=1)[0] in SERIES:
        return _figure(request, row, field)
    if field not in FIELDS and not field.startswith("image."):
        raise Http404
    rows = Sourced.objects.filter(subject_id=row.subject_id, field=source_field(field))
    if request.as_of is not None:
        rows = rows.filter(at__lt=end_of(request.as_of))
    found = list(rows.select_related("quote__document", "cell__workbook").order_by("-at", "-pk"))
    if not found:
        raise Http404
    context = {
        "project": row,
        "label": field_label(field),
        "sources": [(one, cell_address(one.cell) if one.cell else "") for one in found],
        "back": project_url(row),
    }
    return render(request, "projects/source.html", context)


def _figure(request: OfficerRequest, row: Project, name: str) -> HttpResponse:
    """Show every version of one figure with its source; the superseded ones stay readable."""
    found = vintages_of(row.subject_id, name, request.as_of)
    if not found:
        raise Http404
    series, _, rest = name.partition(".")
    context = {
        "project": row,
        "label": field_label(f"{series}.{rest.replace('_', '/')}"),
        "figures": found,
        "back": project_url(row),
    }
    return render(request, "projects/figure.html", context)
