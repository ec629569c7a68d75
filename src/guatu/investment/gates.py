"""Gates between stages: what must be finished and known before a project moves on."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from guatu.investment.fields import label
from guatu.investment.models import PathStep, Project, Stage
from guatu.loop.models import Activity
from guatu.register.enums import PartyRole


class NodeDone(Protocol):
    """What a gate asks of an activity."""

    node: str
    finished: dt.date | None


@dataclass(frozen=True)
class Missing:
    """One thing in the way of the next stage: a field still unknown or a node not finished."""

    kind: str
    code: str
    name: str

    @property
    def words(self) -> str:
        """The thing as a clerk reads it."""
        return f"「{self.name}」未填" if self.kind == "field" else f"节点「{self.name}」未完成"


def stages_of(steps: Sequence[PathStep]) -> list[Stage]:
    """Stages of a path in their order, each once; ``steps`` with ``node.stage`` loaded."""
    stages = {step.node.stage_id: step.node.stage for step in steps}
    return sorted(stages.values(), key=lambda stage: stage.order)


def path_of(project: Project) -> list[PathStep]:
    """Steps of the project's category with node and stage; one query, none without category."""
    if project.category_id is None:
        return []
    steps = PathStep.objects.filter(category_id=project.category_id)
    return list(steps.select_related("node__stage").order_by("order"))


def missing_in(
    stage: Stage, project: Project, steps: Sequence[PathStep], nodes: Sequence[NodeDone]
) -> list[Missing]:
    """Return what keeps ``stage`` from ending, fields first, then gate nodes, in path order."""
    own = [step for step in steps if step.node.stage_id == stage.pk]
    names = dict.fromkeys(name for step in own for name in step.required)
    done = {node.node for node in nodes if node.finished is not None}
    fields = [Missing("field", name, label(name)) for name in names if not known(project, name)]
    gates = [
        Missing("node", step.node.code, step.name)
        for step in own
        if step.gate and step.node.code not in done
    ]
    return fields + gates


def known(project: Project, name: str) -> bool:
    """Tell whether a field has a value; 0 is a value, blank is not."""
    if name in PartyRole.values:
        return project.subject.parties.filter(role=name, ended=False).exists()
    return getattr(project, name) not in (None, "", [])


def still_missing(
    project: Project,
    steps: Sequence[PathStep] | None = None,
    nodes: Sequence[NodeDone] | None = None,
) -> list[Missing]:
    """Return what the project still needs to leave its present stage.

    A project of unknown stage or category has no gate to pass yet: that is what it needs first.
    ``steps`` and ``nodes`` save queries where the caller has them.
    """
    unset = [Missing("field", name, label(name)) for name in ("category", "stage")]
    unset = [item for item in unset if getattr(project, f"{item.code}_id") is None]
    if unset or project.stage is None:
        return unset
    path = path_of(project) if steps is None else steps
    have = Activity.objects.filter(subject_id=project.subject_id) if nodes is None else nodes
    return missing_in(project.stage, project, path, list(have))


def next_stage(stage: Stage | None, steps: Sequence[PathStep]) -> Stage | None:
    """Return the stage after ``stage`` on the path, None at its end."""
    order = stage.order if stage else 0
    return next((later for later in stages_of(steps) if later.order > order), None)
