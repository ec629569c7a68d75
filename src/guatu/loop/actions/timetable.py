"""Acts on the time account: planning nodes, promising, forecasting and finishing them.

Each act computes the lamps of the subjects it touched in the same transaction.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from guatu.loop.campaign_days import ask_about, campaign_start, check_due, past_doubts
from guatu.loop.lamps import recompute
from guatu.loop.models import Activity
from guatu.loop.plan.calendars import calendars_on
from guatu.loop.plan.sketch import Sketch, sketches_of
from guatu.loop.plan.targets import followed
from guatu.register.errors import Invalid, Stale
from guatu.register.models import Evidence, Organisation, Post, Subject
from guatu.register.policies import require
from guatu.register.recording import Act, change, change_many, create_many

NOTE_LENGTH = 300
STALE = "这个节点刚被别人改过。"


@dataclass(frozen=True)
class PlannedNode:
    """A node to be planned; dates unknown stay None. ``finished`` serves what is done already."""

    node: str
    name: str
    stage: str
    sequence: int
    due: dt.date | None = None
    start: dt.date | None = None
    started: dt.date | None = None
    finished: dt.date | None = None
    baseline: dt.date | None = None
    owner_unit: Organisation | None = None
    owner_post: Post | None = None
    evidence: Evidence | None = None
    note: str = ""


def plan_nodes(act: Act, plans: Mapping[Subject, Sequence[PlannedNode]]) -> list[Activity]:
    """Add nodes to the timetables of subjects; the first promise becomes the baseline.

    Raises Invalid for a node the subject has already or an impossible date. A constant number of
    statements per 500 nodes.
    """
    for subject in plans:
        require(act.standing, "timetable.change", subject)
    first_day = campaign_start()
    have = _nodes_of(plans)
    rows: list[Activity] = []
    for subject, nodes in plans.items():
        for plan in nodes:
            if (subject.pk, plan.node) in have:
                raise Invalid(f"节点「{plan.name}」已在时间账上。", plan.node)
            check_finish(plan.name, plan.finished, plan.started, act.business_date, plan.node)
            if plan.finished is None:
                check_due(plan.name, plan.due, first_day, plan.node)
            have.add((subject.pk, plan.node))
            rows.append(_activity(subject, plan))
    with transaction.atomic():
        create_many(act, "node.plan", rows)
        recompute(act, [subject.pk for subject in plans])
    return rows


def _nodes_of(plans: Mapping[Subject, object]) -> set[tuple[int, str]]:
    keys = [subject.pk for subject in plans]
    return {
        pair
        for start in range(0, len(keys), 500)
        for pair in Activity.objects.filter(subject_id__in=keys[start : start + 500]).values_list(
            "subject_id", "node"
        )
    }


def _activity(subject: Subject, plan: PlannedNode) -> Activity:
    return Activity(
        subject=subject,
        node=plan.node,
        name=plan.name,
        stage=plan.stage,
        sequence=plan.sequence,
        start=plan.start,
        due=plan.due,
        baseline=plan.baseline or plan.due,
        started=plan.started,
        finished=plan.finished,
        owner_unit=plan.owner_unit,
        owner_post=plan.owner_post,
        evidence=plan.evidence,
        note=plan.note,
    )


def set_due(
    act: Act,
    activity: Activity,
    *,
    due: dt.date,
    reason: str = "",
    expected_revision: int | None = None,
) -> Activity:
    """Promise a day, or another one for a reason; the baseline keeps the first promise.

    Where it is a deadline of a plan, targets that nobody set by hand move with it.
    """
    require(act.standing, "timetable.change", activity.subject)
    _unmoved(activity, expected_revision)
    if activity.finished is not None:
        raise Invalid(f"「{activity.name}」已完成，不再调整期限。", "due")
    check_due(activity.name, due, campaign_start(), "due")
    if activity.due is not None and due != activity.due and not reason.strip():
        raise Invalid("调整已承诺的期限须写明理由。", "reason")
    act = act.because(reason.strip())
    baseline = activity.baseline or due
    with transaction.atomic():
        before = sketches_of([activity.subject_id]) if activity.firm else {}
        change(act, "node.set_due", activity, due=due, baseline=baseline, target=None)
        if before:
            follow_deadlines(act, activity.subject_id, before[activity.subject_id])
        recompute(act, [activity.subject_id])
    return activity


def forecast(
    act: Act,
    activity: Activity,
    *,
    day: dt.date | None,
    reason: str = "",
    expected_revision: int | None = None,
) -> Activity:
    """Say when the node is now expected to be finished; the promise stays.

    In a network what comes after it is planned with that day, and the lamp follows.
    """
    require(act.standing, "timetable.forecast", activity.subject)
    _unmoved(activity, expected_revision)
    if activity.finished is not None:
        raise Invalid(f"「{activity.name}」已完成，无须预计。", "day")
    if day is not None and day < act.business_date:
        raise Invalid(f"预计完成日期不能早于 {act.business_date}。", "day")
    act = act.because(reason.strip())
    with transaction.atomic():
        change(act, "node.forecast", activity, forecast=day)
        if activity.duration is not None:
            recompute(act, [activity.subject_id])
    return activity


def finish(
    act: Act,
    activity: Activity,
    *,
    day: dt.date,
    evidence: Evidence | None = None,
    note: str = "",
    doubts: Sequence[str] = (),
    knowing: bool = False,
    expected_revision: int | None = None,
) -> Activity:
    """Record the day a node was finished, with the evidence there is.

    A day before the campaign is asked about, as are the caller's own ``doubts``: Invalid is raised
    unless ``knowing``.
    """
    require(act.standing, "timetable.change", activity.subject)
    _unmoved(activity, expected_revision)
    if activity.finished is not None:
        raise Invalid(f"「{activity.name}」已登记完成（{activity.finished}）。", "day")
    check_finish(activity.name, day, activity.started, act.business_date, "day")
    if evidence is not None and evidence.subject_id != activity.subject_id:
        raise Invalid("这份佐证材料不属于本项目。", "evidence")
    if len(note) > NOTE_LENGTH:
        raise Invalid(f"说明不超过 {NOTE_LENGTH} 字。", "note")
    past = past_doubts(activity.name, "完成日期", day, act.business_date, "day")
    ask_about([*doubts, *past], knowing=knowing)
    with transaction.atomic():
        change(
            act, "node.finish", activity, finished=day, evidence=evidence, note=note, forecast=None
        )
        recompute(act, [activity.subject_id])
    return activity


def reopen(
    act: Act, activity: Activity, *, reason: str, expected_revision: int | None = None
) -> Activity:
    """Take a finish back, for a reason."""
    require(act.standing, "timetable.change", activity.subject)
    _unmoved(activity, expected_revision)
    if activity.finished is None:
        raise Invalid(f"「{activity.name}」尚未登记完成。")
    if not reason.strip():
        raise Invalid("撤销完成须写明理由。", "reason")
    act = act.because(reason.strip())
    with transaction.atomic():
        change(act, "node.reopen", activity, finished=None, evidence=None)
        recompute(act, [activity.subject_id])
    return activity


def follow_deadlines(act: Act, subject: int, before: Sketch) -> None:
    """Write the targets that follow the deadlines as they stand now; ``before`` is the old plan."""
    after = sketches_of([subject]).get(subject)
    if after is None:
        return
    steps = followed(subject, before, after, calendars_on(), act.business_date).steps
    moved = {key: step for key, step in steps.items() if step != after.steps[key]}
    rows = Activity.objects.filter(subject=subject, node__in=moved) if moved else ()
    told = [(row, moved[row.node]) for row in rows]
    columns = [(row, {"due": step.due, "target": step.target}) for row, step in told]
    change_many(act, "plan.deadline", columns)


def check_finish(
    name: str, day: dt.date | None, started: dt.date | None, today: dt.date, field: str
) -> None:
    """Refuse a finish in the future or before the start."""
    if day is None:
        return
    if day > today:
        raise Invalid(f"「{name}」的完成日期 {day} 还没有到（业务日期 {today}）。", field)
    if started is not None and day < started:
        raise Invalid(f"「{name}」的完成日期 {day} 早于开始日期 {started}。", field)


def _unmoved(activity: Activity, expected_revision: int | None) -> None:
    if expected_revision is not None and expected_revision != activity.revision:
        raise Stale(STALE)
