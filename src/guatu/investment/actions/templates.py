"""Planning a project from a template: back from its completion date, all or nothing."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from django.db import transaction

from guatu.investment.models import Project
from guatu.investment.planning import PlanDraft, draft_plan
from guatu.investment.reserve_moves import refuse_in_reserve
from guatu.loop.actions.network import lay_network
from guatu.loop.models import Activity, Baseline, WorkCalendar
from guatu.loop.plan.computing import Computed
from guatu.register.errors import Invalid
from guatu.register.policies import require
from guatu.register.recording import Act, create, create_many

if TYPE_CHECKING:
    from guatu.engines.schedule import ConflictItem, Repair


class Infeasible(Invalid):
    """A completion date that cannot be kept; ``computed`` holds by how much and why."""

    def __init__(self, draft: PlanDraft) -> None:
        self.draft = draft
        self.computed: Computed = draft.computed
        days = self.computed.late_by
        late = "按现有条件无法完成" if days is None else f"最早也要晚 {days} 天"
        super().__init__(f"倒排不成立：要在 {draft.completion} 前完成，{late}。", "completion")

    @property
    def days(self) -> int | None:
        """Calendar days by which the completion date breaks; None: it can never be kept."""
        return self.computed.late_by

    @property
    def conflict(self) -> "tuple[ConflictItem, ...]":
        """What cannot hold together: any one of them removed keeps the day broken worst."""
        return self.computed.schedule.conflict

    @cached_property
    def repairs(self) -> "tuple[Repair, ...]":
        """What would make the day, the cheapest first; computed when asked for."""
        from guatu.engines.schedule import repairs  # noqa: PLC0415 -- numpy, when first needed

        computed = self.computed
        return repairs(
            computed.network,
            computed.schedule,
            table=computed.calendars.table,
            desks=computed.desk_work,
        )


@dataclass(frozen=True)
class Planned:
    """What was laid: activities in their order, the computed plan, and its first baseline."""

    activities: tuple[Activity, ...]
    computed: Computed
    baseline: Baseline


def plan_from_template(
    act: Act,
    project: Project,
    template_code: str,
    completion: dt.date,
    *,
    start_no_earlier: dt.date | None = None,
    skipped: Collection[str] = (),
    accept_infeasible: bool = False,
) -> Planned:
    """Lay a template's network over a project and schedule it back from ``completion``.

    Late finishes become the days nodes are due, and the first baseline. Raises Infeasible, with the
    computed answer, when the day cannot be kept and ``accept_infeasible`` is not said; then nothing
    is saved. Raises Invalid as :func:`draft_plan` and :func:`lay_network` do.
    """
    require(act.standing, "project.edit", project)
    refuse_in_reserve(project.subject)
    draft = draft_plan(
        project,
        template_code,
        completion,
        act.business_date,
        start_no_earlier=start_no_earlier,
        skipped=skipped,
    )
    if not draft.feasible and not accept_infeasible:
        raise Infeasible(draft)
    act = act.because(f"按模板“{draft.template.name}”从 {completion} 倒排")
    with transaction.atomic():
        _add_calendars(act, draft)
        rows = lay_network(act, project.subject, draft.sketch, owners=draft.owners)
        baseline = Baseline(
            subject=project.subject,
            number=1 + Baseline.objects.filter(subject=project.subject).count(),
            reason=act.reason,
            made_on=act.business_date,
            rows=draft.baseline(),
            at=act.at,
        )
        create(act, "plan.baseline", baseline)
    return Planned(tuple(rows), draft.computed, baseline)


def _add_calendars(act: Act, draft: PlanDraft) -> None:
    """Add the calendars the template needs; they are the district's, not one project's."""
    rows = []
    for code in draft.missing:
        told = draft.template.calendars[code]
        row = WorkCalendar(
            code=code,
            name=code,
            base=told.base,
            stop=[list(window) for window in told.stop],
            status=told.status,
            source=told.source,
        )
        rows.append(row)
    create_many(replace(act, sample=False), "calendar.ship", rows)
