"""Networks to begin a project's plan from: data files by kind of project, checked when read.

A template holds permits, procurement, construction and statistical inclusion in one network over
the province's stages and nodes.  An activity that completes a node bears the node's code as its
id.  Durations are dated data: ``verified`` when the law itself sets the number of days, else
``pending`` (待核) with what the figure rests on.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal

from guatu.investment.template_rules import BadTemplate, check

if TYPE_CHECKING:
    from guatu.engines.calendars import CalendarSpec, Meetings
    from guatu.engines.schedule import Activity, Link, Network

Status = Literal["verified", "pending"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """Days the law sets: at most for an authority, at least for a notice or a bidding period."""

    limit_days: int
    unit: Literal["working", "calendar"]
    bound: Literal["at_most", "at_least"]
    law: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateCalendar:
    """A calendar as ``guatu schedule back`` reads it, and where it comes from."""

    base: Literal["china", "every-day"]
    stop: tuple[tuple[str, str], ...]
    status: Status
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateActivity:
    """One row; ``duration``, ``low``, ``high`` in working days of ``calendar``.

    ``optional`` says when the row is needed at all; None: always.  ``meeting`` is the code of the
    review body on whose days it begins.
    """

    id: str
    name: str
    stage: str
    node: str | None
    duration: int
    low: int
    high: int
    calendar: str
    splittable: bool
    valid_days: int | None
    cause: str
    owner: str
    legal: Limit | None
    status: Status
    source: str
    optional: str | None
    meeting: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateLink:
    """A precedence; ``lag`` in days of ``lag_calendar``, else of the successor's calendar."""

    predecessor: str
    successor: str
    type: Literal["FS", "SS", "FF", "SF"]
    lag: int
    lag_calendar: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One network; ``deadline`` is the activity whose finish is the project's completion date.

    ``categories`` are the codes of stages.json whose path its nodes cover exactly.
    Raises BadTemplate.
    """

    code: str
    name: str
    categories: tuple[str, ...]
    valid_from: date
    region: str
    status: Status
    source: str
    deadline: str
    calendars: Mapping[str, TemplateCalendar]
    activities: tuple[TemplateActivity, ...]
    links: tuple[TemplateLink, ...]

    def __post_init__(self) -> None:
        check(self)

    def network(
        self,
        completion: date,
        status_date: date | None = None,
        *,
        skipped: Iterable[str] = (),
        calendars: "Mapping[str, CalendarSpec] | None" = None,
        meetings: "Mapping[str, Meetings] | None" = None,
    ) -> "Network":
        """Return the network that must be complete on ``completion``.

        ``skipped`` activities stay as milestones of no duration, so that order and nodes hold;
        ``calendars`` take the place of the template's own of the same name.  ``meetings`` are the
        review bodies by code; for one that is not among them nothing waits.  Operation after
        completion follows on and pulls nothing before it.  Raises BadNetwork.
        """
        from guatu.engines.schedule import (  # noqa: PLC0415 -- numpy, when first needed
            Deadline,
            Network,
        )

        left_out = frozenset(skipped)
        sits = {code: body.days(body.since, completion) for code, body in (meetings or {}).items()}
        return Network(
            calendars={**self.specs(), **(calendars or {})},
            status_date=status_date,
            activities=tuple(
                _planned(row, sits, left_out=row.id in left_out) for row in self.activities
            ),
            links=tuple(map(_tied, self.links)),
            deadlines=(Deadline(self.deadline, completion),),
            follow_on=True,
        )

    def specs(self) -> "dict[str, CalendarSpec]":
        """Return the calendars as the engine reads them."""
        from guatu.engines.calendars import CalendarSpec  # noqa: PLC0415 -- as above

        return {
            name: CalendarSpec(
                base=calendar.base,
                stop=tuple((_month_day(first), _month_day(last)) for first, last in calendar.stop),
            )
            for name, calendar in self.calendars.items()
        }


@cache
def shipped_templates() -> Mapping[str, Template]:
    """Return the templates that come with this version, by code, in the order of their files."""
    folder = resources.files("guatu.investment").joinpath("data/templates")
    files = sorted(folder.iterdir(), key=lambda file: file.name)
    templates = [template_from(json.loads(file.read_text("utf-8"))) for file in files]
    return {template.code: template for template in templates}


def template_for(category: str) -> Template | None:
    """Return the shipped template of a category of stages.json, None when there is none."""
    for template in shipped_templates().values():
        if category in template.categories:
            return template
    return None


def template_from(document: Mapping[str, Any]) -> Template:
    """Build a template from the values of its file; BadTemplate when they do not make one."""
    try:
        plain = {key: document[key] for key in ("code", "name", "region", "status", "source")}
        return Template(
            **plain,
            categories=tuple(document["categories"]),
            valid_from=date.fromisoformat(document["valid_from"]),
            deadline=document["deadline"],
            calendars={key: _calendar(row) for key, row in document["calendars"].items()},
            activities=tuple(_activity(row) for row in document["activities"]),
            links=tuple(_link(row) for row in document["links"]),
        )
    except (KeyError, TypeError) as bad:
        raise BadTemplate(f"模板“{document.get('code')}”缺少或多出一项：{bad}。") from bad


def _calendar(row: Mapping[str, Any]) -> TemplateCalendar:
    stop = tuple((first, last) for first, last in row["stop"])
    return TemplateCalendar(**{**row, "stop": stop})


def _activity(row: Mapping[str, Any]) -> TemplateActivity:
    legal = row["legal"] and Limit(**row["legal"])
    return TemplateActivity(**{**row, "legal": legal})


def _link(row: Mapping[str, Any]) -> TemplateLink:
    ends = {"predecessor": row["from"], "successor": row["to"]}
    return TemplateLink(**ends, type=row["type"], lag=row["lag"], lag_calendar=row["lag_calendar"])


def _planned(
    row: TemplateActivity, sits: Mapping[str, tuple[date, ...]], *, left_out: bool
) -> "Activity":
    from guatu.engines.schedule import Activity  # noqa: PLC0415 -- as above

    legal = row.legal if row.legal and row.legal.bound == "at_most" else None
    return Activity(
        id=row.id,
        name=row.name,
        duration=0 if left_out else row.duration,
        low=0 if left_out else row.low,
        high=0 if left_out else row.high,
        calendar=row.calendar,
        splittable=row.splittable,
        valid_days=None if left_out else row.valid_days,
        cause=None if row.cause == "none" else row.cause,
        legal_days=legal.limit_days if legal and not left_out else None,
        meeting="" if left_out else row.meeting,
        allowed_starts=None if left_out else sits.get(row.meeting),
    )


def _tied(link: TemplateLink) -> "Link":
    from guatu.engines.schedule import Link  # noqa: PLC0415 -- as above

    return Link(
        predecessor=link.predecessor,
        successor=link.successor,
        type=link.type,
        lag=link.lag,
        lag_calendar=link.lag_calendar,
    )


def _month_day(text: str) -> tuple[int, int]:
    month, day = text.split("-")
    return int(month), int(day)


__all__ = [
    "BadTemplate",
    "Limit",
    "Template",
    "TemplateActivity",
    "TemplateCalendar",
    "TemplateLink",
    "shipped_templates",
    "template_for",
    "template_from",
]
