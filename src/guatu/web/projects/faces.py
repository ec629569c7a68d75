"""How a project shows: the face of its lamp, the rail of its stages, its node marks."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from guatu.investment.models import Project, Stage
from guatu.loop.enums import Colour
from guatu.web.components import LampFace, RailStep, StepState
from guatu.web.format import days_left, short_day

TONES = {Colour.RED: "red", Colour.AMBER: "amber", Colour.GREEN: "green"}


def project_url(project: Any) -> str:  # noqa: ANN401 -- a project or a past state of one
    """Address of the project's page."""
    return reverse("projects:project", args=[project.subject.public_id])


def lamp_url(project: Any) -> str:  # noqa: ANN401 -- a project or a past state of one
    """Address of the reason of its lamp."""
    return reverse("projects:lamp", args=[project.subject.public_id])


def face(
    project: Any,  # noqa: ANN401 -- as above
    colour: str,
    since: dt.date | None,
    day: dt.date,
    margin: int | None = None,
) -> LampFace:
    """The lamp with its days, or with its float where a network tells it; it opens the reason."""
    days, note = told(since, day, margin)
    return LampFace(TONES.get(Colour(colour), "unrated"), lamp_url(project), days, note)


def told(since: dt.date | None, day: dt.date, margin: int | None) -> tuple[int | None, str]:
    """What stands beside a lamp's colour: days since it counts, and the float in their place.

    A promise missed already says more than the float.
    """
    days = None if since is None else (since - day).days
    late = days is not None and days < 0
    return days, "" if margin is None or late else margin_words(margin)


def lit(project: Any, lamp: Any | None, day: dt.date) -> LampFace:  # noqa: ANN401 -- as above
    """The face of a stored lamp; without one the project is 未评."""
    if lamp is None:
        return face(project, Colour.UNRATED, None, day)
    return face(project, lamp.colour, lamp.since, day, lamp.margin)


def margin_words(margin: int) -> str:
    """Float to the deadline in office days, or the calendar days that are missing.

    >>> margin_words(12), margin_words(-5)
    ('时差 12 天', '差 5 天')
    """
    return f"差 {-margin} 天" if margin < 0 else f"时差 {margin} 天"


@dataclass(frozen=True)
class Tightest:
    """What leaves a project the least room, and how little, as its lamp tells it.

    Of a plan the activity that decided the lamp; without a plan its next node (``coming``).
    """

    name: str
    days: str
    coming: bool = False

    def __str__(self) -> str:
        parts = ("下一节点" if self.coming else "", self.name, self.days)
        return " ".join(filter(None, parts))


def tightest_of(project: Any) -> Tightest | None:  # noqa: ANN401 -- a row of listed_projects
    """What to look at first in a listed project; None where nothing dated is open."""
    planned = project.lamp_margin is not None and project.lamp_node
    if planned:
        days, note = told(project.lamp_since, project.on_day, project.lamp_margin)
        return Tightest(project.lamp_node, note or days_left(days or 0))
    if project.next_due is None:
        return None
    left = (project.next_due - project.on_day).days
    return Tightest(project.next_node, days_left(left), coming=left >= 0)


def listed_face(project: Any) -> LampFace:  # noqa: ANN401 -- a row of listed_projects
    """The lamp of a listed project."""
    return face(
        project, project.lamp_colour, project.lamp_since, project.on_day, project.lamp_margin
    )


def rail(
    project: Project, stages: Sequence[Stage], nodes: Sequence[Any], today: dt.date
) -> list[RailStep]:
    """Stages of the path; without a known stage none of them is claimed."""
    steps = []
    here = project.stage.order if project.stage else None
    for stage in stages:
        own = [node for node in nodes if node.stage == stage.code]
        steps.append(RailStep(stage.name, _state(stage, here, own, today), _note(own, today)))
    place = next((n for n, stage in enumerate(stages) if stage.order == here), None)
    if place is not None:
        held = steps[place]
        steps[place] = RailStep(held.name, held.state, held.note, today=True)
    return steps


def _state(stage: Stage, here: int | None, nodes: Sequence[Any], today: dt.date) -> StepState:
    if here is None:
        return StepState.UNKNOWN
    if stage.order < here:
        return StepState.DONE
    late = any(node.finished is None and node.due and node.due < today for node in nodes)
    if late:
        return StepState.LATE
    return StepState.CURRENT if stage.order == here else StepState.NEXT


def _note(nodes: Sequence[Any], today: dt.date) -> str:
    """Nodes done of all, and the last promised day."""
    if not nodes:
        return ""
    done = sum(node.finished is not None for node in nodes)
    dues = [node.due for node in nodes if node.due]
    until = f"，至 {short_day(max(dues), today)}" if dues else ""
    return f"{done}/{len(nodes)} 节点{until}"


@dataclass(frozen=True)
class NodeShown:
    """A node as a line of text: its state in words, and whether evidence supports a finish."""

    node: Any
    state: str
    words: str

    @property
    def claimed(self) -> bool:
        """Finished as said, without evidence."""
        return self.state == "done" and self.node.evidence_id is None


def shown(node: Any, today: dt.date) -> NodeShown:  # noqa: ANN401 -- an activity or a past state
    """Name the state of a node on a day."""
    if node.finished is not None:
        late = node.due is not None and node.finished > node.due
        words = f"已完成，晚 {(node.finished - node.due).days} 天" if late else "已完成"
        return NodeShown(node, "done", words)
    if node.due is None:
        return NodeShown(node, "unknown", "日期待定")
    left = (node.due - today).days
    return NodeShown(node, "late" if left < 0 else "open", days_left(left))
