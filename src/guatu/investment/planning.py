"""From a template to a project's own plan: nothing is saved, everything can be looked at first."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from guatu.investment.gates import path_of
from guatu.investment.models import Node, Project
from guatu.investment.templates import Template, TemplateActivity, shipped_templates
from guatu.loop.actions.network import HAS_PLAN, Owner, over_rows, rows_by_key
from guatu.loop.enums import ActivityKind
from guatu.loop.plan.calendars import Calendars, calendars_on
from guatu.loop.plan.computing import Computed, compute
from guatu.loop.plan.sketch import Sketch, Step, Tie
from guatu.loop.plan.targets import targeted
from guatu.register.enums import OrganisationKind
from guatu.register.errors import Invalid
from guatu.register.models import Organisation

if TYPE_CHECKING:
    from guatu.engines.calendars import CalendarSpec

ON_SITE = "属地街道"
"""The word of templates for the street the project lies in."""


@dataclass(frozen=True)
class PlanDraft:
    """A project's plan as a template would have it: computed, with its owners, not saved.

    ``missing`` are calendars of the template the district does not have yet.
    """

    template: Template
    completion: dt.date
    sketch: Sketch
    owners: Mapping[str, Owner]
    computed: Computed
    missing: tuple[str, ...]

    @property
    def feasible(self) -> bool:
        """Whether the completion date can be kept."""
        return self.computed.feasible

    def baseline(self) -> dict[str, list[str | None]]:
        """Agreed start and finish of each activity, ISO: the latest, the earliest when too late."""
        rows = self.computed.schedule.activities
        if self.feasible:
            days = {key: (row.late_start, row.late_finish) for key, row in rows.items()}
        else:
            days = {key: (row.early_start, row.early_finish) for key, row in rows.items()}
        return {key: [_iso(first), _iso(last)] for key, (first, last) in days.items()}


def draft_plan(
    project: Project,
    template_code: str,
    completion: dt.date,
    day: dt.date,
    *,
    start_no_earlier: dt.date | None = None,
    skipped: Collection[str] = (),
) -> PlanDraft:
    """Draw the plan of ``project`` that is complete on ``completion``, computed as of ``day``.

    ``skipped`` activities take no time. Late finishes become the days nodes are due where none is
    promised, and what every activity is held to. Raises Invalid for an unknown template, a day in
    the past, a project that has a plan, or a plan that cannot be computed.
    """
    template = shipped_templates().get(template_code)
    if template is None:
        raise Invalid("没有这个计划模板。", "template")
    if completion < day:
        raise Invalid(f"完成日期 {completion} 早于业务日期 {day}。", "completion")
    rows = rows_by_key(project.subject)
    if any(row.duration is not None for row in rows.values()):
        raise Invalid(HAS_PLAN)
    sketch = _drawn(project, template, completion, start_no_earlier, frozenset(skipped))
    sketch = _without_done(over_rows(sketch, rows.values()))
    calendars = calendars_on()
    missing = tuple(sorted(set(template.calendars) - set(calendars.specs)))
    computed = compute(sketch, _with(calendars, template, missing), day)
    sketch = _agreed(sketch, computed)
    owners = _owners(project, template.activities)
    return PlanDraft(template, completion, sketch, owners, computed, missing)


def _drawn(
    project: Project,
    template: Template,
    completion: dt.date,
    start_no_earlier: dt.date | None,
    skipped: frozenset[str],
) -> Sketch:
    path = {step.node.code for step in path_of(project)}
    orders = dict(Node.objects.values_list("code", "order"))
    entered = {link.successor for link in template.links}
    steps: dict[str, Step] = {}
    following = max(orders.values(), default=1)
    for row in reversed(template.activities):
        following = orders.get(row.node or "", following)
        own_node = row.node is not None and (not path or row.node in path)
        step = _step(row, skipped=row.id in skipped)
        steps[row.id] = step._replace(
            kind="" if own_node else ActivityKind.WORK,
            sequence=following,
            no_earlier=None if row.id in entered else start_no_earlier,
        )
    last = steps[template.deadline]
    steps[template.deadline] = last._replace(due=completion, firm=True)
    ties = tuple(
        Tie(
            before=link.predecessor,
            after=link.successor,
            type=link.type,
            lag=link.lag,
            lag_calendar=link.lag_calendar or "",
        )
        for link in template.links
    )
    return Sketch(dict(reversed(steps.items())), ties)


def _step(row: TemplateActivity, *, skipped: bool) -> Step:
    basis = {
        "source": row.source,
        "status": row.status,
        "owner": row.owner,
        "legal": asdict(row.legal) if row.legal else None,
        "optional": row.optional,
        "skipped": skipped,
    }
    return Step(
        key=row.id,
        name=row.name,
        stage=row.stage,
        duration=0 if skipped else row.duration,
        low=0 if skipped else row.low,
        high=0 if skipped else row.high,
        calendar=row.calendar,
        splittable=row.splittable,
        valid_days=None if skipped else row.valid_days,
        cause="" if row.cause == "none" else row.cause,
        meeting="" if skipped else row.meeting,
        basis={name: value for name, value in basis.items() if value},
    )


def _without_done(sketch: Sketch) -> Sketch:
    """Leave out work that must be over because a node it leads to is finished."""
    leads: dict[str, list[str]] = {}
    for tie in sketch.ties:
        if tie.type == "FS":
            leads.setdefault(tie.after, []).append(tie.before)
    waiting = [key for key, step in sketch.steps.items() if step.finished is not None]
    over: set[str] = set()
    while waiting:
        for before in leads.get(waiting.pop(), ()):
            if before not in over:
                over.add(before)
                waiting.append(before)
    gone = {key for key in over if sketch.steps[key].kind == ActivityKind.WORK}
    return Sketch(
        {key: step for key, step in sketch.steps.items() if key not in gone},
        tuple(tie for tie in sketch.ties if not {tie.before, tie.after} & gone),
    )


def _agreed(sketch: Sketch, computed: Computed) -> Sketch:
    """Hold every activity to its agreed finish; nodes are due on it where nothing is promised.

    A plan that cannot be kept is held to its earliest days, and promises none of them.
    """
    steps = dict(sketch.steps)
    for key, row in computed.schedule.activities.items():
        step = steps[key]
        if step.finished is not None:
            continue
        if step.due is None:
            step = targeted(step, row, holds=computed.feasible)
        steps[key] = step._replace(baseline=step.baseline or step.due or step.target)
    return replace(sketch, steps=steps)


def _with(calendars: Calendars, template: Template, missing: Iterable[str]) -> Calendars:
    specs: dict[str, CalendarSpec] = {name: template.specs()[name] for name in missing}
    return replace(calendars, specs={**calendars.specs, **specs})


def _owners(project: Project, rows: Iterable[TemplateActivity]) -> dict[str, Owner]:
    """Who answers for each activity; where the words name no one unit it is the project's own."""
    departments = list(
        Organisation.objects.filter(active=True, kind=OrganisationKind.DEPARTMENT).exclude(path="")
    )
    found: dict[str, Owner] = {}
    for row in rows:
        unit = _unit_meant(row.owner, departments)
        if row.owner == ON_SITE:
            unit = _street_of(project)
        if unit is not None and unit != project.subject.unit:
            found[row.id] = Owner(unit)
    return found


def _unit_meant(words: str, units: Iterable[Organisation]) -> Organisation | None:
    """Return the one department in whose names the words stand, None when not plainly one."""
    meant = [unit for unit in units if words in unit.name or words in unit.short_name]
    return meant[0] if len(meant) == 1 else None


def _street_of(project: Project) -> Organisation | None:
    unit = project.subject.unit
    return unit if unit is not None and unit.kind == OrganisationKind.STREET else None


def _iso(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()
