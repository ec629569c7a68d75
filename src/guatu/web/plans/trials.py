"""A copy of a plan as it is read and shown: what stands, what is tried, what differs."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.http import Http404
from django.urls import reverse

from guatu.investment.models import Project
from guatu.loop.actions import scenarios
from guatu.loop.actions.network import sketch_of
from guatu.loop.enums import LinkType, ScenarioState
from guatu.loop.models import Scenario
from guatu.loop.plan.calendars import calendars_on
from guatu.loop.plan.commands import apply
from guatu.loop.plan.differences import Difference, difference
from guatu.loop.plan.lookup import planned
from guatu.loop.plan.sharing import resource_names
from guatu.loop.plan.sketch import Sketch
from guatu.loop.plan.targets import followed
from guatu.register.errors import Invalid
from guatu.register.policies import require
from guatu.web.plans.answers import answer
from guatu.web.plans.comparing import compare
from guatu.web.plans.editor_forms import AddForm, AdoptForm, LeaveForm, LinkForm, StepForm
from guatu.web.plans.outlooks import Outlooked
from guatu.web.plans.reading import Reckoned, stage_names
from guatu.web.plans.scale import ZOOM_NAMES, Zoom
from guatu.web.plans.views import drawn
from guatu.web.projects.views import seen
from guatu.web.requests import OfficerRequest


@dataclass
class Trial:
    """A copy of a plan as read: what stands, what is tried, and what was refused just now.

    Dates are computed when they are first asked for; what conflicts is told by ``explained`` alone.
    """

    project: Project
    scenario: Scenario
    standing: Reckoned
    sketch: Sketch
    refusals: list[str] = field(default_factory=list)

    @property
    def before(self) -> Reckoned:
        """The plan as it stands."""
        return self.standing

    @cached_property
    def after(self) -> Reckoned:
        """The plan as tried."""
        before = self.standing
        if self.sketch == before.sketch:
            return before
        return Reckoned(self.sketch, before.calendars, before.today, explained=False)

    @cached_property
    def explained(self) -> Reckoned:
        """The plan as tried, with what conflicts: it takes longer than an edit may."""
        return Reckoned(self.sketch, self.standing.calendars, self.standing.today)

    @property
    def open(self) -> bool:
        """Whether it can still be edited."""
        return self.scenario.state == ScenarioState.OPEN


def project_to_edit(request: OfficerRequest, key: uuid.UUID) -> Project:
    """Return the project whose plan the officer may change, or 404."""
    if request.as_of is not None:
        raise Http404
    project = seen(request, key)
    require(request.standing, "timetable.change", project.subject)
    return project


def scenario_of(project: Project, key: uuid.UUID) -> Scenario:
    """Return a copy of the project's plan, or 404."""
    rows = Scenario.objects.select_related("subject__unit", "officer")
    found = rows.filter(subject=project.subject, public_id=key).first()
    if found is None:
        raise Http404
    return found


def trial(project: Project, scenario: Scenario, request: OfficerRequest) -> Trial:
    """Read one copy of the plan."""
    return trials(project, [scenario], request)[0]


def trials(project: Project, rows: Sequence[Scenario], request: OfficerRequest) -> list[Trial]:
    """Reckon the plan as it stands, once, and as each copy would have it.

    A copy whose edits fit no more shows the plan as it stands, and why. Four queries.
    """
    if not rows:
        return []
    calendars, today = calendars_on(), request.standing.today
    standing = sketch_of(project.subject)
    before = Reckoned(standing, calendars, today, explained=False)
    found = []
    for row in rows:
        refusals = []
        try:
            tried = apply(standing, scenarios.held_commands(row))
            tried = followed(row.subject_id, standing, tried, calendars, today)
        except Invalid as refusal:
            refusals.append(f"计划已变，这个方案的编辑套不上了：{refusal}")
            tried = standing
        found.append(Trial(project, row, before, tried, refusals))
    return found


BOUNDS = {"最短工期", "最长工期"}


def told(found: Trial) -> list[Difference]:
    """What a copy changes; bounds that only follow their duration are not told."""
    names = {
        **found.before.calendars.names,
        **found.before.calendars.bodies,
        **resource_names(found.sketch),
    }
    changes = difference(found.before.sketch, found.after.sketch, names)
    lasting = {one.key for one in changes if one.what == "工期"}
    return [one for one in changes if one.what not in BOUNDS or one.key not in lasting]


def step_context(found: Trial, key: str) -> dict[str, Any]:
    """What the form of one step shows; 404 where the tried plan has no such step."""
    step = planned(found.sketch).get(key)
    if step is None:
        raise Http404
    sketch = found.sketch
    ties = [tie for tie in sketch.ties if key in {tie.before, tie.after}]
    return {
        "step": step,
        "dated": found.after.dates.get(key),
        "step_form": StepForm.of(step, found.after.calendars),
        "leave_form": LeaveForm.of(step) if step.networked and not step.finished else None,
        "ties": [
            (tie, sketch.steps[tie.before], sketch.steps[tie.after], LinkType(tie.type).label)
            for tie in ties
        ],
        "link_form": LinkForm(sketch, initial={"before": key}),
    }


def shown(request: OfficerRequest, found: Trial) -> dict[str, Any]:
    """Everything the editor shows of a trial."""
    changes = told(found)
    asked = request.GET.get("zoom") or request.POST.get("zoom", "")
    zoom = Zoom(asked) if asked in set(Zoom) else Zoom.WHOLE
    row = found.scenario
    changed = frozenset(one.key for one in changes)
    address = {"key": found.project.subject.public_id, "scenario": row.public_id}
    return {
        "project": found.project,
        "subject": found.project.subject,
        "scenario": row,
        "trial": found,
        "refusals": found.refusals,
        "answer": answer(found.after),
        "changes": changes,
        "compared": compare(found.before, found.after),
        "outlook_before": Outlooked(found.before),
        "outlook": Outlooked(found.after),
        "drawing": drawn(
            found.after,
            stage_names(),
            zoom,
            baseline=_ends(found.before),
            changed=changed,
        ),
        "zooms": [(one.value, name, one is zoom) for one, name in ZOOM_NAMES.items()],
        "zoom": zoom.value,
        "editable": found.open,
        "undoable": row.cursor,
        "redoable": len(row.commands) - row.cursor,
        "moved": found.open and scenarios.moved_since(row),
        "do_url": reverse("plans:do", kwargs=address),
        "edit_url": reverse("plans:scenario", kwargs=address),
        "why_url": reverse("plans:why", kwargs=address),
        "add_form": AddForm(found.after.sketch, found.after.calendars.names),
        "link_form": LinkForm(found.after.sketch),
        "adopt_form": AdoptForm(),
    }


def _ends(plan: Reckoned) -> dict[str, Any]:
    """First and last days as the plan stands: the ghosts behind what is tried."""
    return {key: (row.early_start, row.early_finish) for key, row in plan.dates.items()}
