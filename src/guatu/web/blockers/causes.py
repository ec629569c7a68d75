"""What blockers cost by cause, by who had them, and by project; every number opens."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guatu.loop.blocker_causes import causes_on, name_of
from guatu.loop.enums import COUNTED_BLOCKERS, OPEN_BLOCKERS
from guatu.loop.office_days import office_days
from guatu.loop.queries.blocker_stays import SYSTEM
from guatu.loop.queries.blocker_sums import Cost, costs, costs_by_unit, counted_in_sight, total
from guatu.register.models import Organisation, Subject
from guatu.register.policies import may
from guatu.web.blockers.faces import BY_SYSTEM, list_url
from guatu.web.requests import OfficerRequest

COUNTED = [str(state) for state in COUNTED_BLOCKERS]
OPEN = [str(state) for state in OPEN_BLOCKERS]
HAD_NOTE = "每个工作日计在当日经手的单位；一项可经多家，项数不相加。"
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
    """Lines under one heading, with their sum; ``cut`` more are not shown.

    ``days`` heads the working days; ``note`` tells how they are counted where it is not plain.
    """

    key: str
    name: str
    lines: list[Line]
    total: Line
    cut: int
    days: str = "损失"
    note: str = ""


@require_safe
def causes(request: OfficerRequest) -> HttpResponse:
    """Rank causes, units that had them and projects by working days, today or on a past day."""
    if not may(request.standing, "blocker.list"):
        raise Http404
    day = request.as_of or request.standing.today
    rows = counted_in_sight(request.standing, request.as_of)
    by_cause = costs(rows, "cause")
    by_unit = costs_by_unit(rows, day, office_days(request.as_of), request.as_of)
    by_subject = costs(rows, "subject_id")
    named = causes_on(day)
    units = Organisation.objects.in_bulk([one.key for one in by_unit if one.key])
    had = {key: (str(one), one.code) for key, one in units.items()} | {None: (SYSTEM, BY_SYSTEM)}
    whole = total(by_cause)
    subjects = Subject.objects.in_bulk([one.key for one in by_subject[:MOST]])
    tables = [
        _table(
            "cause",
            "成因",
            by_cause,
            {code: (name_of(named, code), code) for code in _keys(by_cause)},
            whole,
        ),
        _table("had", "经手单位", by_unit, had, whole, days="用时", note=HAD_NOTE),
        _table(
            "subject",
            "对象",
            by_subject,
            {key: (one.title, one.code) for key, one in subjects.items()},
            whole,
        ),
    ]
    context = {"tables": tables, "sum": whole, "day": day, "all": list_url(state=COUNTED)}
    return render(request, "blockers/causes.html", context)


def _keys(lines: Iterable[Cost]) -> list[Any]:
    return [one.key for one in lines]


def _table(
    name: str,
    heading: str,
    found: list[Cost],
    names: Mapping[Any, tuple[str, str]],
    whole: Cost,
    **told: str,
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
    summed = Line("合计", whole, list_url(state=COUNTED), list_url(state=OPEN))
    return Table(name, heading, lines, summed, max(0, len(found) - MOST), **told)
