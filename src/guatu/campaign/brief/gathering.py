"""Gathering a brief: figures of two weeks, what is late, what to decide, what comes."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet

from guatu.campaign.brief.counting import (
    Figure,
    Money,
    conditions_of,
    counted,
    figures,
    money_of,
)
from guatu.campaign.brief.scopes import Scope
from guatu.campaign.brief.weeks import Week
from guatu.engines.official import day_beside
from guatu.investment.queries import projects_in_sight
from guatu.investment.queries.sight import with_unit
from guatu.loop.enums import OPEN_BLOCKERS, OPEN_STATES, BlockerState, Colour, ExtensionState
from guatu.loop.models import Activity, Extension
from guatu.loop.queries.blockers import blockers_in_sight
from guatu.loop.queries.letter_sight import letters_in_sight
from guatu.loop.queries.sight import duties_in_sight, identity
from guatu.loop.queries.timetable import RANKS, with_lamp
from guatu.register.policies import Standing
from guatu.register.rules import Holding, rules_through
from guatu.register.versions import rows_as_of

LAMP = "lamp.duty"
MOST_ITEMS = 15
"""Most rows told of one sort; the heading counts all of them, the list has them."""


class Shown(NamedTuple):
    """A project as a brief tells of it."""

    colour: str
    name: str
    unit: str


@dataclass(frozen=True)
class Item:
    """One row told in a brief: what it is, whose, its day, and the reason given.

    ``quoted`` tells that ``why`` is somebody's own words; empty where nobody gave a reason.
    """

    kind: str
    thing: Any
    title: str
    unit: str
    day: dt.date | None
    why: str = ""
    quoted: bool = False


@dataclass(frozen=True)
class Brief:
    """The brief of a week and a scope."""

    week: Week
    scope: Scope
    figures: Mapping[str, Sequence[Figure]]
    money: Sequence[Money]
    worse: Sequence[str]
    late: Sequence[Item]
    decide: Sequence[Item]
    decide_in_all: int
    coming: Sequence[Item]
    coming_in_all: int

    def figure(self, kind: str, key: str) -> Figure:
        """One figure."""
        return next(one for one in self.figures[kind] if one.key == key)

    @property
    def is_quiet(self) -> bool:
        """Tell whether nothing happened in the week."""
        return not any(one.value for some in self.figures.values() for one in some if one.flow)


def rows_behind(
    standing: Standing, scope: Scope, kind: str, as_of: dt.date | None
) -> QuerySet[Any]:
    """Rows of a kind in sight and in scope, as they are or were known; what figures count."""
    if kind == "duties":
        return duties_in_sight(standing, as_of).filter(scope.duties())
    if kind == "projects":
        return projects_in_sight(standing, as_of).filter(scope.projects())
    if kind == "blockers":
        return blockers_in_sight(standing, as_of).filter(scope.blockers())
    return letters_in_sight(standing, as_of).filter(scope.letters())


def rule_at(rules: Sequence[Holding], day: dt.date) -> Mapping[str, Any]:
    """Value of the rule that holds on a day, of all that ever held."""
    held = [rule for rule in rules if rule.valid_from <= day]
    value: Mapping[str, Any] = (held or list(rules))[-1].value
    return value


def brief_of(standing: Standing, week: Week, scope: Scope) -> Brief:
    """Gather the brief; a constant number of queries, whatever the number of rows."""
    rules = rules_through([LAMP])
    told: dict[str, list[Figure]] = {}
    for kind in ("duties", "blockers", "letters"):
        now = rows_behind(standing, scope, kind, week.as_of)
        then = rows_behind(standing, scope, kind, week.before)
        wanted = conditions_of(kind, week.days, rule_at(rules, week.last))
        compared = conditions_of(kind, week.days_before, rule_at(rules, week.before))
        told[kind] = figures(kind, counted(now, wanted), counted(then, compared))
    projects = _projects(standing, scope, week.as_of)
    colours = {key: one.colour for key, one in projects.items()}
    earlier = colours_of(standing, scope, week.before)
    moved = moves_of(colours, earlier)
    money, updated = money_of(colours, week.first, week.as_of, week.last.year)
    now_counts = _tally(colours) | {key: len(keys) for key, keys in moved.items()}
    told["projects"] = figures("projects", now_counts | {"money": len(updated)}, _tally(earlier))
    decide, decide_in_all = _to_decide(standing, week, scope)
    coming, coming_in_all = _coming(standing, week, scope, projects)
    return Brief(
        week=week,
        scope=scope,
        figures=told,
        money=money if colours else (),
        worse=[projects[key].name for key in moved["worse"]],
        late=_late(standing, week, scope, rule_at(rules, week.last)),
        decide=decide,
        decide_in_all=decide_in_all,
        coming=coming,
        coming_in_all=coming_in_all,
    )


def colours_of(standing: Standing, scope: Scope, as_of: dt.date | None) -> dict[int, str]:
    """Colour of the lamp by subject of each project in scope; one query."""
    return {key: one.colour for key, one in _projects(standing, scope, as_of).items()}


def _projects(standing: Standing, scope: Scope, as_of: dt.date | None) -> dict[int, Shown]:
    rows = with_unit(with_lamp(rows_behind(standing, scope, "projects", as_of), as_of), as_of)
    found = rows.order_by("pk").values_list("subject_id", "lamp_colour", "name", "unit_name")
    return {key: Shown(colour, name, unit or "") for key, colour, name, unit in found}


def moves_of(now: Mapping[int, str], before: Mapping[int, str]) -> dict[str, list[int]]:
    """Subjects whose lamp turned worse or better, and those that were not there a week before."""
    moved: dict[str, list[int]] = {"worse": [], "better": [], "added": []}
    for key, colour in now.items():
        if key not in before:
            moved["added"].append(key)
            continue
        here, there = RANKS.get(Colour(colour)), RANKS.get(Colour(before[key]))
        if here is not None and there is not None and here != there:
            moved["worse" if here < there else "better"].append(key)
    return moved


def _tally(colours: Mapping[int, str]) -> dict[str, int]:
    shown = list(colours.values())
    return {"all": len(shown), "red": shown.count("red"), "amber": shown.count("amber")}


def _late(standing: Standing, week: Week, scope: Scope, rule: Mapping[str, Any]) -> list[Item]:
    """Overdue duties, the longest first, each with its open blocker or its latest report."""
    late = conditions_of("duties", week.days, rule)["red"]
    rows = rows_behind(standing, scope, "duties", week.as_of).filter(late)
    rows = rows.select_related("owner_unit")
    duties = list(rows.order_by("due", "owner_unit__order_path", "pk")[:MOST_ITEMS])
    blocked: dict[int, str] = {}
    blockers = blockers_in_sight(standing, week.as_of).filter(
        state__in=OPEN_BLOCKERS, duty_id__in=[identity(duty) for duty in duties]
    )
    for key, title in blockers.order_by("raised_on", "pk").values_list("duty_id", "title"):
        blocked.setdefault(key, title)
    items = []
    for duty in duties:
        why = blocked.get(identity(duty))
        said = f"堵点「{why}」" if why else duty.progress
        unit = str(duty.owner_unit or "")
        items.append(Item("duties", duty, duty.title, unit, duty.due, said, quoted=not why))
    return items


def _beside(day: dt.date | None, week: Week) -> str:
    return day_beside(day, week.last.year) if day else "待定"


def _to_decide(standing: Standing, week: Week, scope: Scope) -> tuple[list[Item], int]:
    """Extensions asked and not decided, and blockers sent up; the oldest first; two queries."""
    duties = rows_behind(standing, scope, "duties", week.as_of)
    key = "pk" if week.as_of is None else "row_id"
    asked = rows_as_of(Extension, week.as_of).filter(
        state=ExtensionState.PENDING, duty_id__in=duties.values(key)
    )
    found = [
        Item(
            "duties",
            row.duty,
            row.duty.title,
            str(row.duty.owner_unit or ""),
            row.asked_on,
            f"申请由{_beside(row.from_due, week)}延期到{_beside(row.to_due, week)}，"
            f"理由：{row.reason}",
        )
        for row in asked.select_related("duty__owner_unit").order_by("asked_on", "pk")
    ]
    upper = rows_behind(standing, scope, "blockers", week.as_of).filter(state=BlockerState.UPPER)
    for row in upper.select_related("upper_unit", "upper_post__organisation").order_by("pk"):
        words = f"已提请{row.upper_post or row.upper_unit}协调"
        said = f"{words}，请求：{row.asked}" if row.asked else words
        unit = str(row.upper_unit or "")
        found.append(Item("blockers", row, row.title, unit, row.upper_since, said))
    found.sort(key=lambda item: item.day or dt.date.max)
    return found[:MOST_ITEMS], len(found)


def _coming(
    standing: Standing, week: Week, scope: Scope, projects: Mapping[int, Shown]
) -> tuple[list[Item], int]:
    """Duties due and nodes planned next week, by day; two queries.

    A node that is nobody's own is its project's unit's.
    """
    days = (week.next_first, week.next_last)
    rows = rows_behind(standing, scope, "duties", week.as_of).filter(
        Q(activity=None), state__in=OPEN_STATES, due__range=days
    )
    found = [
        Item("duties", row, row.title, str(row.owner_unit or ""), row.due)
        for row in rows.select_related("owner_unit").order_by("due", F("owner_unit__order_path"))
    ]
    nodes = rows_as_of(Activity, week.as_of).filter(kind="", finished=None, due__range=days)
    nodes = nodes.select_related("subject", "owner_unit").order_by("due", "sequence")
    found += [
        Item(
            "projects",
            node,
            f"{node.subject.title}：{node.name}",
            str(node.owner_unit or projects[node.subject_id].unit),
            node.due,
        )
        for node in nodes
        if node.subject_id in projects
    ]
    found.sort(key=lambda item: item.day or dt.date.max)
    return found[:MOST_ITEMS], len(found)
