"""Duties that follow the plan: whoever holds up a deadline owes it, and is told when days move.

The dated rule ``duty.node`` decides: an activity whose promised day has passed, or which its owner
expects late, is a duty of its owner, and so is one that may start within ``within_days`` and will
end behind its promised day, its target or its baseline, or has no more than
``soon_float_office_days`` of float to a deadline.
A duty a person gave for the same activity stands for both; a day a person decided on is not moved.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.db.models import Max

from guatu.loop.enums import ActivityKind, DutySource, DutyState
from guatu.loop.models import Activity, Duty, Extension
from guatu.register.enums import PartyRole, Role
from guatu.register.keys import code as readable
from guatu.register.models import Campaign, Event, Organisation, Party, Post
from guatu.register.recording import BATCH, Act, change_many, create_many

if TYPE_CHECKING:
    from guatu.engines.schedule import ActivityDates
    from guatu.loop.plan.computing import Computed
    from guatu.loop.plan.sketch import Step
    from guatu.loop.plan.storing import Outlook

RULE = "duty.node"
MAKE, MOVE = "duty.follow", "duty.move_due"
WITHDRAW, RESUME = "duty.stand_down", "duty.take_up"
VERBS = {
    MAKE: "新下达责任事项",
    MOVE: "责任事项期限调整",
    WITHDRAW: "责任事项暂停",
    RESUME: "责任事项恢复",
}
"""Acts of this module, as consequences tell them."""
BY_PLAN = "按倒排计划下达"
SPEAKING = (Role.UNIT, Role.ATTRACTION)
TITLE_LENGTH = 300
Key = tuple[int, str]


@dataclass(frozen=True)
class Push:
    """Why an activity must be pushed now, and by when it has to be done."""

    due: dt.date | None
    settled: bool
    words: str


@dataclass
class _Changes:
    """What is to be written, gathered over all subjects."""

    made: list[Duty] = field(default_factory=list)
    moved: list[tuple[Duty, dict[str, Any], str]] = field(default_factory=list)
    withdrawn: list[tuple[Duty, dict[str, Any], str]] = field(default_factory=list)
    resumed: list[tuple[Duty, dict[str, Any], str]] = field(default_factory=list)


def align_duties(act: Act, outlooks: Mapping[int, "Outlook"], limits: Mapping[str, int]) -> int:
    """Make, move, withdraw and resume the duties of late and soon-critical activities.

    ``limits`` are those of the dated rule ``duty.node``.
    Called whenever plans were computed; a second call changes nothing. Returns how many duties
    were made or changed.
    """
    if not outlooks:
        return 0
    wanted = {
        (subject, key): push
        for subject, outlook in outlooks.items()
        if outlook.computed is not None
        for key, push in pushes(outlook.computed, act.business_date, limits)
    }
    following = replace(act, standing=None)
    changes = _Changes()
    subjects = sorted(key for key, outlook in outlooks.items() if outlook.computed is not None)
    for start in range(0, len(subjects), BATCH):
        part = subjects[start : start + BATCH]
        _compare(part, wanted, changes, outlooks)
    return _write(following, changes)


def pushes(
    computed: "Computed", day: dt.date, limits: Mapping[str, int]
) -> Iterator[tuple[str, Push]]:
    """Yield the activities of a plan that somebody must push now, with the day each has.

    ``limits`` is the value of the rule ``duty.node``.
    """
    soon = day + dt.timedelta(days=limits["within_days"])
    bound = any(step.finished is None for step in computed.sketch.deadlines)
    for key, row in computed.schedule.activities.items():
        step = computed.sketch.steps[key]
        if step.finished is not None or (step.duration == 0 and step.kind == ActivityKind.WORK):
            continue
        begins = row.early_start is not None and row.early_start <= soon
        if not begins and not _is_late(step, day):
            continue
        lapsed = step.clock.lapsed(computed.calendars.table, day) if step.clock else None
        words = next(_reasons(step, row, day, lapsed), "")
        if not words and bound:
            words = _tightness(step, row, limits["soon_float_office_days"])
        if words:
            due = step.due or row.late_finish or step.target or step.baseline
            yield key, Push(due or row.early_finish, due is not None, words)


def _is_late(step: "Step", day: dt.date) -> bool:
    """Tell whether its day has passed, or its owner said it will: then it need not be soon."""
    held = step.due or step.target or step.baseline
    told = step.forecast is not None and held is not None and step.forecast > held
    return told or (step.due is not None and step.due < day)


def _reasons(
    step: "Step", row: "ActivityDates", day: dt.date, lapsed: dt.date | None
) -> Iterator[str]:
    """Yield why it is late, the gravest first; ``lapsed`` is a last legal day that has passed."""
    finish = row.early_finish
    if lapsed is not None:
        yield f"「{step.name}」法定最后一日 {lapsed} 已过，尚未办结"
    if step.due is not None and step.due < day:
        yield f"「{step.name}」应于 {step.due} 前完成，尚未完成"
    if step.due is not None and finish is not None and finish > step.due:
        yield f"「{step.name}」预计 {finish} 完成，晚于期限 {step.due}"
    if step.target is not None and finish is not None and finish > step.target:
        yield f"「{step.name}」预计 {finish} 完成，晚于倒排的最迟 {step.target}"
    if step.baseline is not None and finish is not None and finish > step.baseline:
        yield f"「{step.name}」预计 {finish} 完成，晚于基线 {step.baseline}"


def _tightness(step: "Step", row: "ActivityDates", spare: int) -> str:
    """Say why it holds a deadline up; empty when it does not."""
    if row.total_float_office is None:
        late = f"最早 {row.early_finish} 完成" if row.early_finish else "按现有安排无法完成"
        return f"「{step.name}」在倒排已不成立的关键线路上，{late}" if row.critical else ""
    if row.total_float_office > spare:
        return ""
    left = f"时差只剩 {row.total_float_office} 个机关工作日"
    return f"「{step.name}」最迟应于 {row.late_finish} 完成，{left}"


def _compare(
    part: list[int],
    wanted: Mapping[Key, Push],
    changes: _Changes,
    outlooks: Mapping[int, "Outlook"],
) -> None:
    """Set what the plans of some subjects want against the duties there are."""
    have = _duties(part)
    paused = [duty for duties in have.values() for duty in duties if duty.state == DutyState.PAUSED]
    ours = _paused_here(paused)
    decided = set(
        Extension.objects.filter(
            duty__subject_id__in=part, duty__source=DutySource.NODE
        ).values_list("duty_id", flat=True)
    )
    fresh: list[Key] = []
    inside = set(part)
    for key, push in wanted.items():
        if key[0] not in inside:
            continue
        duties = have.pop(key, [])
        if any(duty.source != DutySource.NODE for duty in duties):
            continue
        if not duties:
            fresh.append(key)
            continue
        _follow(duties[0], push, changes, ours=ours, decided=decided)
    for duties in have.values():
        for duty in duties:
            computed = outlooks[duty.subject_id].computed
            if _untouched(duty) and computed is not None and _spared(duty, computed):
                _withdraw(duty, changes)
    changes.made += _made(fresh, wanted)


def _duties(part: list[int]) -> dict[Key, list[Duty]]:
    """Living duties on activities, by subject and key; one query."""
    rows = (
        Duty.objects.filter(subject_id__in=part, activity__isnull=False)
        .exclude(state=DutyState.CLOSED)
        .select_related("activity")
        .order_by("pk")
    )
    found: dict[Key, list[Duty]] = {}
    for row in rows:
        if row.activity is not None:
            found.setdefault((row.subject_id, row.activity.node), []).append(row)
    return found


def _paused_here(duties: Iterable[Duty]) -> set[int]:
    """Keys of paused duties whose pause came from the plan, not from a person."""
    keys = [duty.pk for duty in duties]
    if not keys:
        return set()
    told = Event.objects.filter(
        model="loop.Duty", row__in=keys, verb__in=[WITHDRAW, RESUME, "duty.pause", "duty.resume"]
    )
    last = dict(told.order_by("pk").values_list("row", "verb"))
    return {row for row, verb in last.items() if verb == WITHDRAW and row is not None}


def _untouched(duty: Duty) -> bool:
    """Nobody has begun on it: issued by the plan, nothing reported."""
    ours = duty.source == DutySource.NODE
    return ours and duty.state == DutyState.ISSUED and duty.reported_on is None


def _spared(duty: Duty, computed: "Computed") -> bool:
    """Tell whether nobody need push any more: it is over, or the plan holds with room to spare."""
    activity = duty.activity
    over = activity is None or activity.finished is not None or activity.duration is None
    return over or computed.feasible


def _follow(
    duty: Duty, push: Push, changes: _Changes, *, ours: set[int], decided: set[int]
) -> None:
    """Take up a duty put down before, and give it the plan's day unless a person set one.

    While a plan cannot hold, its earliest finish moves every day; the day once given stays.
    """
    values: dict[str, Any] = {}
    if duty.state == DutyState.PAUSED:
        if duty.pk not in ours:
            return
        values = {"state": duty.resume_state, "resume_state": ""}
    moves = duty.state in {DutyState.ISSUED, DutyState.DOING, DutyState.PAUSED}
    if moves and duty.pk not in decided and (push.settled or duty.due is None):
        values |= {"due": push.due} if push.due != duty.due else {}
    if not values:
        return
    target = changes.resumed if "state" in values else changes.moved
    target.append((duty, values, push.words))


def _withdraw(duty: Duty, changes: _Changes) -> None:
    activity = duty.activity
    done = activity.finished if activity else None
    words = f"已于 {done} 完成" if done else "已不临近关键"
    values = {"state": DutyState.PAUSED, "resume_state": duty.state}
    changes.withdrawn.append((duty, values, f"「{activity}」{words}"))


def _made(fresh: list[Key], wanted: Mapping[Key, Push]) -> list[Duty]:
    """Build issued duties for activities that have none; four queries."""
    if not fresh:
        return []
    subjects = {subject for subject, _ in fresh}
    keys = set(fresh)
    rows = Activity.objects.filter(
        subject_id__in=subjects, node__in={node for _, node in fresh}
    ).select_related("subject__unit", "owner_unit", "owner_post__organisation")
    speaking = set(
        Post.objects.filter(active=True, role__in=SPEAKING).values_list(
            "organisation_id", flat=True
        )
    )
    leaders = dict(
        Party.objects.filter(
            subject_id__in=subjects, role=PartyRole.LEADER, post__role=Role.LEADER, ended=False
        )
        .order_by("-pk")
        .values_list("subject_id", "post_id")
    )
    made = []
    for row in rows:
        key = (row.subject_id, row.node)
        if key in keys:
            unit, post = _owner(row, speaking)
            if unit is not None:
                made.append(_duty(row, wanted[key], unit, post, leaders.get(row.subject_id)))
    return made


def _owner(row: Activity, speaking: set[int]) -> tuple[Organisation | None, Post | None]:
    """Who owes it: the activity's own post or unit, else the subject's unit.

    A unit in which nobody could report leaves it to the subject's unit.
    """
    post = row.owner_post
    if post is not None and post.role in SPEAKING and post.active:
        return post.organisation, post
    unit = row.owner_unit
    if unit is not None and unit.pk in speaking:
        return unit, None
    return row.subject.unit, None


def _duty(
    row: Activity, push: Push, unit: Organisation, post: Post | None, leader: int | None
) -> Duty:
    return Duty(
        district_code=row.subject.district_code,
        kind="node",
        subject=row.subject,
        activity=row,
        title=f"推进{row.subject.title}「{row.name}」"[:TITLE_LENGTH],
        what=f"{push.words}。",
        domain=row.subject.domain,
        source=DutySource.NODE,
        owner_unit=unit,
        owner_post=post,
        leader_post_id=leader,
        due=push.due,
        state=DutyState.ISSUED,
    )


def _write(act: Act, changes: _Changes) -> int:
    if changes.made:
        # The campaign row is held so that two who make duties never take the same code.
        list(Campaign.objects.select_for_update().values_list("pk"))
        last = Duty.objects.aggregate(last=Max("pk"))["last"] or 0
        for number, duty in enumerate(changes.made, last + 1):
            duty.code, duty.issued_on = readable("ZR", number), act.business_date
        create_many(act.because(BY_PLAN), MAKE, changes.made)
        _name_owners(act, changes.made)
    for verb, told in (
        (MOVE, changes.moved),
        (WITHDRAW, changes.withdrawn),
        (RESUME, changes.resumed),
    ):
        for duty, values, reason in told:
            change_many(act.because(reason), verb, [(duty, values)])
    changed = [*changes.moved, *changes.withdrawn, *changes.resumed]
    return len(changes.made) + len(changed)


def _name_owners(act: Act, made: list[Duty]) -> None:
    """Name owners from elsewhere on the subject, so that they see what they owe."""
    subjects = {duty.subject_id for duty in made}
    named = set(
        Party.objects.filter(subject_id__in=subjects, ended=False).values_list(
            "subject_id", "post_id", "unit_id"
        )
    )
    rows: dict[tuple[int, int | None, int | None], Party] = {}
    for duty in made:
        post, unit = duty.owner_post, None if duty.owner_post else duty.owner_unit
        place = post.organisation if post else unit
        home = duty.subject.unit.path if duty.subject.unit else ""
        key = (duty.subject_id, post.pk if post else None, unit.pk if unit else None)
        if place is None or key in named or (home and home.startswith(place.path)):
            continue
        rows[key] = Party(subject=duty.subject, role=PartyRole.CO_OWNER, post=post, unit=unit)
    create_many(act, "duty.name_party", list(rows.values()))
