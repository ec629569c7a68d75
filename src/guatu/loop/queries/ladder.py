"""The ladder of a duty or blocker as its page shows it: steps taken, and the one that comes."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from guatu.engines.escalation import FURTHEST, Facts, Reached, climb
from guatu.loop.blocker_days import BlockerRow
from guatu.loop.enums import BlockerState, DutyState, StepTo
from guatu.loop.escalation.causes import (
    RUNNING,
    UNANSWERED,
    WAITING,
    Cause,
    Past,
    Turned,
    blocker_facts,
    changes_of,
    facts_of,
    past_of,
    turned_of,
    turns_of_blockers,
)
from guatu.loop.escalation.directory import Instead, Told, directory_about
from guatu.loop.escalation.ladders import ladders_of
from guatu.loop.escalation.words import done_words, instead_words, when_words
from guatu.loop.models import EscalationStep
from guatu.loop.office_days import OfficeDays
from guatu.loop.plan.calendars import office_calendar
from guatu.loop.queries.sight import DutyRow, identity
from guatu.register.enums import Effect, Role
from guatu.register.models import Event, Post
from guatu.register.rules import Holding
from guatu.register.versions import end_of

AHEAD = dt.timedelta(days=FURTHEST)
HEAD = frozenset({StepTo.UNIT_HEAD})
ABOVE = frozenset({StepTo.UNIT_HEAD, StepTo.LEADER, StepTo.PARENT})
"""Steps whose addressee hangs on who else is there; the second of what a leader has."""


@dataclass(frozen=True)
class Coming:
    """The step that comes next if nothing changes, on which day and to whom.

    ``instead``: why it will go to ``who`` and not to whom the rule means.
    """

    reached: Reached
    who: str
    instead: str = ""

    @property
    def on(self) -> dt.date:
        """Day it falls due."""
        return self.reached.on

    @property
    def words(self) -> str:
        """What it does to whom, as in 抄送包保领导（示例区副区长）."""
        to = str(StepTo(self.reached.step.to).label)
        if self.instead:
            passed = f"，转{self.who}" if self.who else ""
            return f"{done_words(self.reached.step.act, to)}：{self.instead}{passed}"
        return done_words(self.reached.step.act, f"{to}（{self.who}）" if self.who else to)

    @property
    def when(self) -> str:
        """When the rule has it come."""
        return when_words(self.reached.step)


@dataclass(frozen=True)
class DutyLadder:
    """Steps taken, in the order they fell due; the next one; why none comes where that is so.

    ``asked_on`` is the day a blocker was last put to somebody; its steps count from it.
    """

    taken: Sequence[EscalationStep]
    coming: Coming | None
    still: str
    asked_on: dt.date | None = None


def ladder_of(
    duty: DutyRow,
    rule: Holding,
    day: dt.date,
    events: Sequence[Event] | None,
    as_of: dt.date | None = None,
) -> DutyLadder:
    """Collect the ladder on ``day``; ``rule`` is the one in force.

    ``events`` are all of the duty, newest first; None has its changes read. One query for the
    steps, two for the calendar where something is still to come, one for who is above.
    """
    moment = None if as_of is None else end_of(as_of)
    rows = EscalationStep.objects.filter(duty_id=identity(duty))
    if moment is not None:
        rows = rows.filter(at__lt=moment)
    taken = list(rows.select_related("post__organisation", "unit", "rule"))
    if duty.due is None or duty.state not in RUNNING:
        return DutyLadder(taken, None, _still(duty))
    if events is None:
        past: Sequence[Past] = changes_of([identity(duty)], moment).get(identity(duty), ())
    else:
        changed = (one for one in reversed(events) if one.effect == Effect.CHANGED)
        past = past_of((event.business_date, event.changes) for event in changed)
    facts = facts_of(duty.due, duty.state, duty.issued_on, past)
    first = min(facts.terms[-1].since, day)
    calendar = office_calendar(first, max(day, min(duty.due, day + AHEAD)) + AHEAD, as_of)
    known = {(step.cycle, step.step) for step in taken}
    ladder = ladders_of([rule]).by_rule[rule.key]
    for reached in climb(ladder, facts, calendar):
        if reached.on > day and (reached.cycle, reached.step.key) not in known:
            return DutyLadder(taken, _coming(duty, reached, facts, taken, day), "")
    return DutyLadder(taken, None, "")


def _told(taken: Sequence[EscalationStep], cycle: dt.date) -> list[Told]:
    """Whom the steps of a cycle turned to."""
    return [(one.post_id, one.unit_id) for one in taken if one.cycle == cycle]


def _coming(
    duty: DutyRow,
    reached: Reached,
    facts: Facts,
    taken: Sequence[EscalationStep],
    day: dt.date,
) -> Coming:
    """The step with whom it will turn to; who is above the owner is looked up, in one query."""
    step, post = reached.step, duty.owner_post
    led = post is not None and post.role == Role.LEADER
    unit = duty.owner_unit or (post.organisation if post is not None else None)
    if unit is None or step.to not in (ABOVE if led else HEAD):
        return Coming(reached, _who(duty, step.to))
    directory = directory_about(day, unit, post, duty.leader_post)
    cause = Cause(
        reached.rule,
        duty.subject_id,
        facts,
        duty=identity(duty),
        owner_post=duty.owner_post_id,
        owner_unit=unit.pk,
        leader_post=duty.leader_post_id,
    )
    told = _told(taken, reached.cycle)
    whom = directory.whom(step.to, cause, beyond=step.beyond, told=told)
    return Coming(reached, directory.name(whom), _why(whom.instead))


def _why(instead: Instead | None) -> str:
    return "" if instead is None else instead_words(asdict(instead))


def _still(duty: DutyRow) -> str:
    """Why nothing comes."""
    if duty.state in WAITING:
        return f"{DutyState(duty.state).label}期间不提醒"
    return "期限待定，不提醒" if duty.state in RUNNING else ""


def _who(duty: DutyRow, to: str) -> str:
    """Name of whom the next step is meant for, as far as the duty itself names them."""
    if to == StepTo.LEADER:
        return str(duty.leader_post or "未定，转专班")
    if to == StepTo.OWNER:
        return str(duty.owner_post or duty.owner_unit or "")
    return ""


def ladder_of_blocker(
    blocker: BlockerRow,
    rule: Holding,
    day: dt.date,
    events: Sequence[Event] | None,
    days: OfficeDays,
    *,
    above: Sequence[Post] = (),
    as_of: dt.date | None = None,
) -> DutyLadder:
    """Collect the ladder of a blocker on ``day``; ``rule`` is the one in force.

    ``events`` are all of the blocker, newest first; None has its changes read. ``above`` are those
    it can be sent up to, the nearest first. One query.
    """
    key = int(getattr(blocker, "row_id", blocker.pk))
    moment = None if as_of is None else end_of(as_of)
    rows = EscalationStep.objects.filter(blocker_id=key)
    if moment is not None:
        rows = rows.filter(at__lt=moment)
    taken = list(rows.select_related("post__organisation", "unit", "rule"))
    if blocker.state not in UNANSWERED or blocker.halted:
        return DutyLadder(taken, None, _still_blocker(blocker))
    if events is None:
        past: Sequence[Turned] = turns_of_blockers([key], moment).get(key, ())
    else:
        changed = (one for one in reversed(events) if one.effect == Effect.CHANGED)
        past = turned_of((event.business_date, event.changes) for event in changed)
    facts = blocker_facts(blocker.raised_on, blocker.state, past, halted=blocker.halted)
    asked_on = facts.terms[-1].asked
    calendar = days.laid(min(facts.terms[-1].since, day), day + AHEAD)
    known = {(step.cycle, step.step) for step in taken}
    for reached in climb(ladders_of([rule]).by_rule[rule.key], facts, calendar):
        if reached.on > day and (reached.cycle, reached.step.key) not in known:
            coming = _coming_of_blocker(blocker, reached, taken, above, as_of)
            return DutyLadder(taken, coming, "", asked_on)
    return DutyLadder(taken, None, "", asked_on)


def _coming_of_blocker(
    blocker: BlockerRow,
    reached: Reached,
    taken: Sequence[EscalationStep],
    above: Sequence[Post],
    as_of: dt.date | None,
) -> Coming:
    """The step with whom it will turn to where a leader has it: the nearest above not told yet."""
    has = blocker.upper_post if blocker.state == BlockerState.UPPER else blocker.remover_post
    if has is None or has.role != Role.LEADER or as_of is not None:
        return Coming(reached, "")
    told = _told(taken, reached.cycle)
    fresh = next((post for post in above if (post.pk, None) not in told), None)
    if fresh is not None:
        return Coming(reached, str(fresh))
    if any(unit is not None for _, unit in told):
        return Coming(reached, "", _why(Instead(reached.step.to, str(has), "ended")))
    why = "further" if above else "highest"
    return Coming(reached, "专班", _why(Instead(reached.step.to, str(has), why)))


def _still_blocker(blocker: BlockerRow) -> str:
    """Why nothing comes."""
    if not blocker.is_open:
        return ""
    if blocker.state not in UNANSWERED:
        return f"{BlockerState(blocker.state).label}期间不提醒"
    return "事项暂停期间不提醒"
