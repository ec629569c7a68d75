"""What blockers cost by cause, by who can remove them, and by project; every number opens."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guatu.loop.blocker_causes import causes_on, name_of
from guatu.loop.enums import COUNTED_BLOCKERS, OPEN_BLOCKERS
from guatu.loop.queries.blocker_sums import Cost, costs, counted_in_sight, total
from guatu.register.models import Organisation, Subject
from guatu.register.policies import may
from guatu.web.blockers.faces import list_url
from guatu.web.requests import OfficerRequest

COUNTED = [str(state) for state in COUNTED_BLOCKERS]
OPEN = [str(state) for state in OPEN_BLOCKERS]
MOST = 20
"""Most lines of a table; the list has them all."""


@dataclass(frozen=True)
class Line:
    """One line as shown: its name, its numbers, and the lists they were counted from."""

    name: str
    cost: Cost
    href: str
    open_href: str


@dataclass(frozen=True)
class Table:
    """Lines under one heading, with their sum; ``cut`` more are not shown."""

    key: str
    name: str
    lines: list[Line]
    total: Line
    cut: int


@require_safe
def causes(request: OfficerRequest) -> HttpResponse:
    """Rank causes, removers and projects by the working days lost, today or on a past day."""
    if not may(request.standing, "blocker.list"):
        raise Http404
    day = request.as_of or request.standing.today
    rows = counted_in_sight(request.standing, request.as_of)
    by_cause = costs(rows, "cause")
    by_unit = costs(rows, "remover_unit_id")
    by_subject = costs(rows, "subject_id")
    named = causes_on(day)
    units = Organisation.objects.in_bulk([one.key for one in by_unit])
    subjects = Subject.objects.in_bulk([one.key for one in by_subject[:MOST]])
    tables = [
        _table(
            "cause",
            "成因",
            by_cause,
            {code: (name_of(named, code), code) for code in _keys(by_cause)},
        ),
        _table(
            "unit", "解决单位", by_unit, {key: (str(one), one.code) for key, one in units.items()}
        ),
        _table(
            "subject",
            "项目",
            by_subject,
            {key: (one.title, one.code) for key, one in subjects.items()},
        ),
    ]
    context = {"tables": tables, "sum": total(by_cause), "day": day, "all": list_url(state=COUNTED)}
    return render(request, "blockers/causes.html", context)


def _keys(lines: Iterable[Cost]) -> list[Any]:
    return [one.key for one in lines]


def _table(
    name: str, heading: str, found: list[Cost], names: Mapping[Any, tuple[str, str]]
) -> Table:
    lines = [
        Line(
            names[one.key][0],
            one,
            list_url(**{name: names[one.key][1]}, state=COUNTED),
            list_url(**{name: names[one.key][1]}, state=OPEN),
        )
        for one in found[:MOST]
    ]
    whole = Line("合计", total(found), list_url(state=COUNTED), list_url(state=OPEN))
    return Table(name, heading, lines, whole, max(0, len(found) - MOST))
