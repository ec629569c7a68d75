"""Acts on a subject's network: laying it, editing it by commands, setting its deadlines.

Each act writes the difference alone, every row with its event, and has the plan computed again in
the same transaction. A plan that cannot be computed is refused with its sentence before a row is
written; one whose deadlines cannot be kept is kept as it is: the page says by how much.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from guatu.loop.actions.timetable import STALE, follow_deadlines
from guatu.loop.campaign_days import campaign_start, check_due
from guatu.loop.lamps import recompute
from guatu.loop.models import Activity, Link
from guatu.loop.plan.calendars import Calendars, calendars_on
from guatu.loop.plan.commands import ACTIVITIES, Command, apply
from guatu.loop.plan.computing import dated_network, digest_of
from guatu.loop.plan.lookup import planned
from guatu.loop.plan.reported import finish_after
from guatu.loop.plan.sharing import check_new_needs
from guatu.loop.plan.sketch import SAME_NAMES, Sketch, Step, Tie, sketches_of, step_of
from guatu.loop.plan.targets import followed
from guatu.register.errors import Invalid, Stale
from guatu.register.models import Organisation, Post, Subject
from guatu.register.policies import require
from guatu.register.recording import Act, change, change_many, create_many

MOVED = "这个计划刚被别人改过，请核对最新情况后再提交；您的编辑还在。"
HAS_PLAN = "这个对象已有网络计划，请在计划页修改。"
NO_REASON = "改动计划须写明理由。"
OF_THE_NODE = ("name", "stage", "sequence", "started", "finished", "forecast", "baseline")
"""What a node already on the time account keeps when a network is laid over it."""
TieKey = tuple[str, str, str]


@dataclass(frozen=True)
class Owner:
    """Who answers for an activity; without one it is the subject's unit."""

    unit: Organisation | None = None
    post: Post | None = None


def lay_network(
    act: Act, subject: Subject, sketch: Sketch, *, owners: Mapping[str, Owner] | None = None
) -> list[Activity]:
    """Put a whole plan on the time account of a subject that has none yet.

    Nodes already there keep their rows, their past and their promises; a deadline of the sketch
    stands. ``owners`` by key. Raises Invalid when the subject has a network, or when the plan
    cannot be computed. A constant number of statements per 500 rows.
    """
    require(act.standing, "timetable.change", subject)
    have = rows_by_key(subject)
    if any(row.duration is not None for row in have.values()):
        raise Invalid(HAS_PLAN)
    sketch = over_rows(sketch, have.values())
    check_plan(Sketch({key: step_of(row) for key, row in have.items()}), sketch, act.business_date)
    with transaction.atomic():
        rows = _write(act, "plan.lay", subject, sketch, owners=owners)
        recompute(act, [subject.pk])
    return rows


def edit_network(
    act: Act,
    subject: Subject,
    commands: Iterable[Command],
    *,
    reason: str,
    expected_inputs: str | None = None,
) -> Sketch:
    """Apply commands to a subject's plan and write what they change; returns the new plan.

    Where they move a deadline, targets that nobody set by hand move with it.
    ``expected_inputs`` is the digest of the plan the editor showed. Raises Stale when the plan is
    no longer that one, Invalid naming the items of a command that does not fit.
    """
    require(act.standing, "timetable.change", subject)
    if not reason.strip():
        raise Invalid(NO_REASON, "reason")
    before, calendars = sketch_of(subject), calendars_on()
    if expected_inputs is not None and expected_inputs != digest_of(before, calendars):
        raise Stale(MOVED)
    after = apply(before, commands)
    if after == before:
        raise Invalid("这些编辑没有改动计划。")
    check_plan(before, after, act.business_date, calendars)
    after = _expecting(before, after, calendars, act.business_date)
    after = followed(subject.pk, before, after, calendars, act.business_date)
    with transaction.atomic():
        _write(act.because(reason.strip()), "plan.edit", subject, after, before=before)
        recompute(act, [subject.pk], calendars)
    return after


def set_deadline(
    act: Act,
    activity: Activity,
    *,
    due: dt.date | None,
    firm: bool,
    reason: str = "",
    expected_revision: int | None = None,
) -> Activity:
    """Promise a day for an activity; ``firm`` makes it one the plan is scheduled back from.

    Where that moves a deadline, targets that nobody set by hand move with it.
    Raises Invalid for a day before the campaign or before today; Stale.
    """
    subject = activity.subject
    require(act.standing, "timetable.change", subject)
    if expected_revision is not None and expected_revision != activity.revision:
        raise Stale(STALE)
    _check_deadline(activity, due, firm=firm)
    if activity.due is not None and due != activity.due and not reason.strip():
        raise Invalid("调整已承诺的期限须写明理由。", "reason")
    before = sketch_of(subject)
    step = step_of(activity)._replace(due=due, firm=firm, target=None)
    check_plan(before, before.with_step(step), act.business_date)
    act = act.because(reason.strip())
    with transaction.atomic():
        change(
            act,
            "plan.deadline",
            activity,
            due=due,
            firm=firm,
            target=None,
            baseline=activity.baseline or due,
        )
        follow_deadlines(act, subject.pk, before)
        recompute(act, [subject.pk])
    return activity


def sketch_of(subject: Subject) -> Sketch:
    """Return the subject's plan as it stands; an empty one when nothing has a duration yet."""
    found = sketches_of([subject.pk]).get(subject.pk)
    if found is not None:
        return found
    return Sketch({key: step_of(row) for key, row in rows_by_key(subject).items()})


def rows_by_key(subject: Subject, keys: Iterable[str] | None = None) -> dict[str, Activity]:
    """Return the subject's activities by key, in their order; all, or those of ``keys``."""
    rows = Activity.objects.filter(subject=subject).select_related("owner_unit", "owner_post")
    if keys is not None:
        rows = rows.filter(node__in=keys)
    return {row.node: row for row in rows}


def over_rows(sketch: Sketch, rows: Iterable[Activity]) -> Sketch:
    """Return the sketch laid over rows that stand already: their past and their promises stay."""
    steps = dict(sketch.steps)
    for row in rows:
        old, new = step_of(row), steps.get(row.node)
        if new is None:
            steps[row.node] = old
            continue
        kept = {name: getattr(old, name) for name in OF_THE_NODE}
        due = new.due if new.firm or old.due is None else old.due
        steps[row.node] = new._replace(**kept, due=due)
    ordered = sorted(steps.values(), key=lambda step: step.sequence)
    return replace(sketch, steps={step.key: step for step in ordered})


def refuse_past(before: Sketch, after: Sketch, day: dt.date) -> None:
    """Refuse a new day or deadline before the business date; Invalid names its step."""
    for step in after.steps.values():
        if step.due is None or step.due >= day or step.finished is not None:
            continue
        old = before.steps.get(step.key)
        if old is None or old.due != step.due or (step.firm and not old.firm):
            raise Invalid(f"「{step.name}」的期限 {step.due} 早于业务日期 {day}。", "due")


def check_plan(
    before: Sketch, after: Sketch, day: dt.date, calendars: Calendars | None = None
) -> None:
    """Refuse a plan that is too large, cannot be computed, or sets a day in the past."""
    if len(planned(after)) > ACTIVITIES:
        raise Invalid(f"一个对象的计划不超过 {ACTIVITIES} 项工作。")
    refuse_past(before, after, day)
    check_new_needs(before, after)
    if any(step.networked for step in after.steps.values()):
        dated_network(after, calendars or calendars_on(), day)


def _expecting(before: Sketch, after: Sketch, calendars: Calendars, day: dt.date) -> Sketch:
    """Keep what was said to remain as the day it ends on, so that it shrinks as days pass."""
    steps = dict(after.steps)
    for key, step in after.steps.items():
        old = before.steps.get(key)
        if step.remaining and step.started and old and old.remaining != step.remaining:
            expected = finish_after(step, step.remaining, calendars, day)
            steps[key] = step._replace(forecast=expected)
    return replace(after, steps=steps)


def _check_deadline(activity: Activity, due: dt.date | None, *, firm: bool) -> None:
    if activity.finished is not None:
        raise Invalid(f"「{activity.name}」已完成，不再调整期限。", "due")
    if firm and due is None:
        raise Invalid(f"请填写「{activity.name}」的期限。", "due")
    if firm and activity.duration is None:
        raise Invalid(f"「{activity.name}」还没有工期，不能作为倒排的期限。", "firm")
    check_due(activity.name, due, campaign_start(), "due")


def _write(
    act: Act,
    verb: str,
    subject: Subject,
    sketch: Sketch,
    *,
    owners: Mapping[str, Owner] | None = None,
    before: Sketch | None = None,
) -> list[Activity]:
    """Write what differs between the rows and the sketch; the rows looked at, in its order.

    With ``before``, the plan as it was read, only what the sketch changes of it is looked at.
    """
    owners = owners or {}
    same_ties = before is not None and before.ties == sketch.ties
    old = before.steps if before is not None and same_ties else {}
    steps = [step for step in sketch.steps.values() if old.get(step.key) != step]
    have = rows_by_key(subject, [step.key for step in steps] if same_ties else None)
    fresh = [_fresh(subject, step, owners.get(step.key)) for step in steps if step.key not in have]
    changes = [
        (have[step.key], _changed(have[step.key], step, owners.get(step.key)))
        for step in steps
        if step.key in have
    ]
    change_many(act, verb, [(row, values) for row, values in changes if values])
    create_many(act, verb, fresh)
    rows = {**have, **{row.node: row for row in fresh}}
    if not same_ties:
        _write_links(act, subject, sketch.ties, rows)
    return [rows[step.key] for step in steps]


def _fresh(subject: Subject, step: Step, owner: Owner | None) -> Activity:
    values = {name: getattr(step, name) for name in SAME_NAMES}
    values["baseline"] = step.baseline or step.due
    return Activity(subject=subject, node=step.key, **values, **_owner(owner))


def _changed(row: Activity, step: Step, owner: Owner | None) -> dict[str, Any]:
    """Columns in which the row is not yet as the step says."""
    values = {name: getattr(step, name) for name in SAME_NAMES}
    values["baseline"] = step.baseline or step.due
    if row.owner_unit_id is None and row.owner_post_id is None:
        values |= _owner(owner)
    return {name: value for name, value in values.items() if getattr(row, name) != value}


def _owner(owner: Owner | None) -> dict[str, Any]:
    if owner is None:
        return {}
    unit = owner.unit or (owner.post.organisation if owner.post else None)
    return {"owner_unit": unit, "owner_post": owner.post}


def _write_links(
    act: Act, subject: Subject, ties: Iterable[Tie], rows: Mapping[str, Activity]
) -> None:
    """End links that are no longer there, change lags, add what is new."""
    names = {row.pk: key for key, row in rows.items()}
    have: dict[TieKey, Link] = {
        (names[link.predecessor_id], names[link.successor_id], link.type): link
        for link in Link.objects.filter(subject=subject, ended=False)
    }
    wanted = {tie.key: tie for tie in ties}
    over = [(link, {"ended": True}) for key, link in have.items() if key not in wanted]
    moved = [
        (have[key], {"lag": tie.lag, "lag_calendar": tie.lag_calendar})
        for key, tie in wanted.items()
        if key in have and (have[key].lag, have[key].lag_calendar) != (tie.lag, tie.lag_calendar)
    ]
    change_many(act, "plan.unlink", over)
    change_many(act, "plan.relink", moved)
    create_many(
        act,
        "plan.link",
        [
            Link(
                subject=subject,
                predecessor=rows[tie.before],
                successor=rows[tie.after],
                type=tie.type,
                lag=tie.lag,
                lag_calendar=tie.lag_calendar,
            )
            for key, tie in wanted.items()
            if key not in have
        ],
    )
