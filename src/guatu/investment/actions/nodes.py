"""A project's timetable and its stage: each node act is the loop's, then the gate is looked at."""

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction

from guatu.investment.gates import missing_in, next_stage, path_of, stages_of
from guatu.investment.models import PathStep, Project, Stage
from guatu.investment.precedence import order_doubts
from guatu.investment.reserve_moves import refuse_in_reserve
from guatu.loop.actions.progress import Said, report_activity
from guatu.loop.actions.timetable import PlannedNode, finish, forecast, plan_nodes, reopen, set_due
from guatu.loop.consequences import Consequences
from guatu.loop.models import Activity
from guatu.register.errors import Invalid, Stale
from guatu.register.models import Evidence
from guatu.register.policies import require
from guatu.register.recording import Act, change


def make_timetable(
    act: Act, project: Project, dues: Mapping[str, dt.date | None]
) -> list[Activity]:
    """Lay the category's whole path on the time account with the promised days that are known.

    ``dues`` is node code → day; nodes left out are planned without a day. Nodes already there stay
    as they are, unless they had no day and now get one.
    """
    require(act.standing, "project.edit", project)
    refuse_in_reserve(project.subject)
    steps = path_of(project)
    if not steps:
        raise Invalid("请先确定项目类别，再排节点。", "category")
    strangers = set(dues) - {step.node.code for step in steps}
    if strangers:
        raise Invalid(f"该类项目没有这些节点：{'、'.join(sorted(strangers))}。", "node")
    have = {row.node: row for row in Activity.objects.filter(subject=project.subject)}
    new = [planned(step, dues.get(step.node.code)) for step in steps if step.node.code not in have]
    with transaction.atomic():
        for code, due in dues.items():
            activity = have.get(code)
            if activity is not None and due is not None and activity.due != due:
                if activity.due is not None:
                    message = f"「{activity.name}」已有期限，请用「调整期限」并写明理由。"
                    raise Invalid(message, code)
                set_due(act, activity, due=due)
        plan_nodes(act, {project.subject: new})
    return list(Activity.objects.filter(subject=project.subject))


def planned(step: PathStep, due: dt.date | None, finished: dt.date | None = None) -> PlannedNode:
    """Turn a step of a path into a node to plan."""
    return PlannedNode(
        node=step.node.code,
        name=step.name,
        stage=step.node.stage.code,
        sequence=step.node.order,
        due=due,
        finished=finished,
    )


def set_node_due(
    act: Act,
    project: Project,
    node: str,
    *,
    due: dt.date,
    reason: str = "",
    expected_revision: int | None = None,
) -> Activity:
    """Promise a day for a node, or another one for a reason; the baseline stays."""
    require(act.standing, "project.edit", project)
    activity = node_of(project, node)
    return set_due(act, activity, due=due, reason=reason, expected_revision=expected_revision)


def forecast_node(
    act: Act,
    project: Project,
    node: str,
    *,
    day: dt.date | None,
    reason: str = "",
    expected_revision: int | None = None,
) -> Activity:
    """Say when a node is now expected; neither promise nor lamp change."""
    require(act.standing, "project.forecast", project)
    activity = node_of(project, node)
    return forecast(act, activity, day=day, reason=reason, expected_revision=expected_revision)


def finish_node(
    act: Act,
    project: Project,
    node: str,
    *,
    day: dt.date,
    evidence: Evidence | None = None,
    note: str = "",
    knowing: bool = False,
    expected_revision: int | None = None,
) -> Activity:
    """Record a node as finished, then move the project through every gate that now holds.

    A day before the campaign, or before what must precede it is finished, is asked about: Invalid
    is raised unless ``knowing``.
    """
    require(act.standing, "project.edit", project)
    activity = node_of(project, node)
    with transaction.atomic():
        finish(
            act,
            activity,
            day=day,
            evidence=evidence,
            note=note,
            doubts=[] if knowing else order_doubts(project, activity),
            knowing=knowing,
            expected_revision=expected_revision,
        )
        pass_gates(act, project)
    return activity


def report_progress(
    act: Act,
    project: Project,
    activity: Activity,
    said: Said,
    *,
    reason: str = "",
    evidence: Evidence | None = None,
    note: str = "",
    knowing: bool = False,
    expected_revision: int | None = None,
) -> Consequences:
    """Take in what is reported of an activity and tell what follows.

    A node finished so moves the project through every gate that now holds. Doubts are asked about
    as in :func:`finish_node`, but for the order of a computed plan, of which the answer tells.
    """
    if activity.subject_id != project.subject_id:
        raise Invalid("项目的时间账上没有这项工作。", "node")
    asks = said.finished is not None and activity.duration is None and not knowing
    with transaction.atomic():
        found = report_activity(
            act,
            activity,
            said,
            reason=reason,
            evidence=evidence,
            note=note,
            doubts=order_doubts(project, activity) if asks else [],
            knowing=knowing,
            expected_revision=expected_revision,
        )
        if said.finished is not None and not activity.kind:
            pass_gates(act, project)
    return found


def reopen_node(
    act: Act, project: Project, node: str, *, reason: str, expected_revision: int | None = None
) -> Activity:
    """Take a finish back, for a reason; the stage stays until somebody moves it back."""
    require(act.standing, "project.edit", project)
    activity = node_of(project, node)
    return reopen(act, activity, reason=reason, expected_revision=expected_revision)


def node_of(project: Project, node: str) -> Activity:
    """Find a node on the project's timetable by its code."""
    found = Activity.objects.filter(subject=project.subject, node=node).select_related(
        "subject__unit"
    )
    activity = found.first()
    if activity is None:
        raise Invalid("项目的时间账上没有这个节点。", "node")
    return activity


def pass_gates(act: Act, project: Project) -> Project:
    """Move the stage forward while its gate holds; a project of unknown stage is not moved."""
    steps = path_of(project)
    nodes = list(Activity.objects.filter(subject=project.subject))
    stage = project.stage
    while stage is not None and not missing_in(stage, project, steps, nodes):
        following = next_stage(stage, steps)
        if following is None:
            break
        stage = following
    if stage is not None and stage != project.stage:
        change(act, "project.pass_gate", project, stage=stage)
    return project


def move_stage(
    act: Act,
    project: Project,
    stage: Stage,
    *,
    reason: str = "",
    expected_revision: int | None = None,
) -> Project:
    """Place a project in a stage of its path.

    Forward, every gate on the way must hold; the refusal names all that is missing, fields and
    nodes. Back, and out of 未知, a reason is needed.
    """
    require(act.standing, "project.edit", project)
    if expected_revision is not None and expected_revision != project.revision:
        raise Stale("这个项目刚被别人改过。")
    refuse_in_reserve(project.subject)
    steps = path_of(project)
    if not steps:
        raise Invalid("请先确定项目类别，再确定阶段。", "category")
    if stage not in stages_of(steps):
        raise Invalid(f"该类项目没有「{stage}」这一阶段。", "stage")
    here = project.stage
    if here is not None and stage.order > here.order:
        _check_way(project, steps, here, stage)
    elif stage != here and not reason.strip():
        raise Invalid("退回阶段或首次认定阶段须写明理由。", "reason")
    return change(act.because(reason.strip()), "project.move_stage", project, stage=stage)


def _check_way(project: Project, steps: Sequence[PathStep], here: Stage, there: Stage) -> None:
    nodes = list(Activity.objects.filter(subject=project.subject))
    passed = [stage for stage in stages_of(steps) if here.order <= stage.order < there.order]
    missing = [item for stage in passed for item in missing_in(stage, project, steps, nodes)]
    if missing:
        raise Invalid(
            f"还不能进入「{there}」：{'；'.join(item.words for item in missing)}。", "stage"
        )
