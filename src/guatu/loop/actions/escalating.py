"""Escalating: steps of the dated ladders, each taken once, with their notices and letters."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from guatu.engines.escalation import FURTHEST, Reached, reached_by
from guatu.engines.uncollected import uncollected
from guatu.loop.actions.letter_drafting import draft_suggested
from guatu.loop.escalation.causes import SOURCES, Cause
from guatu.loop.escalation.directory import Addressee, Directory, Instead, Told, directory_on
from guatu.loop.escalation.ladders import Ladders, ladders_through
from guatu.loop.escalation.words import DRAFTED, QUEUED, notice_words, reason_of
from guatu.loop.models import EscalationStep, Notice
from guatu.loop.plan.calendars import office_calendar
from guatu.register.keys import uuid7s
from guatu.register.models import Campaign
from guatu.register.recording import Act, create_columns

TAKE, TELL = "escalation.take", "notice.tell"
BY_RULE = "按逐级提醒规则"
REACH = dt.timedelta(days=2 * FURTHEST)
"""How far ahead a calendar must go to count back from a due day."""


@dataclass(frozen=True)
class Taken:
    """What one run of the timer did; ``letters`` are the causes for which it suggests a letter.

    ``drafted`` counts the letters it drafted, of these and of those that were still waiting.
    """

    steps: int
    notices: int
    letters: tuple[Cause, ...]
    drafted: int = 0


@dataclass(frozen=True)
class _Due:
    """A step to take: of which cause, and who is told."""

    cause: Cause
    reached: Reached
    addressee: Addressee
    asked: Instead | None


def take_steps(act: Act) -> Taken:
    """Take every step that fell due by the campaign's day and was not taken yet.

    A second run changes nothing, and neither does one on an earlier day. After days without a run
    all steps are taken, in order, each with the day it fell due; whoever is addressed gets one
    notice a cause, which tells the highest. Letters that a step suggests are drafted with it (see
    `draft_suggested`). Apart from these drafts, of which a day has few, a constant number of
    statements.
    """
    ladders = ladders_through()
    fallen = list(_fallen(act.business_date, ladders))
    act = act.because(act.reason or BY_RULE)
    with transaction.atomic():
        # The campaign row is held so that of two timers the second finds what the first took.
        list(Campaign.objects.select_for_update().values_list("pk"))
        taken = _taken() if fallen else {}
        new = [one for one in fallen if _key(*one) not in taken]
        if not new:
            return Taken(0, 0, (), len(draft_suggested(act)))
        due = _addressed(new, taken, directory_on(act.business_date))
        with uncollected():
            _write_steps(act, due, ladders)
            drafted = draft_suggested(act)
            notices = _write_notices(act, due, frozenset(drafted))
    letters = tuple(one.cause for one in due if one.reached.step.act == "letter")
    return Taken(len(due), notices, letters, len(drafted))


def steps_between(now: dt.date, day: dt.date) -> int:
    """How many more steps the timer would take if the campaign stood on ``day``, not ``now``."""
    taken = _taken()
    fallen = _fallen(day, ladders_through())
    return sum(_key(*one) not in taken for one in fallen if one[1].on > now)


def _fallen(day: dt.date, ladders: Ladders) -> Iterator[tuple[Cause, Reached]]:
    """Steps of all causes that fell due by ``day``, taken or not."""
    causes = [cause for source in SOURCES for cause in source()]
    if not causes:
        return
    first = min(cause.facts.terms[0].since for cause in causes)
    calendar = office_calendar(min(first, day), day + REACH)
    for cause in causes:
        for reached in reached_by(day, ladders.by_rule[cause.rule], cause.facts, calendar):
            yield cause, reached


Key = tuple[int | None, int | None, dt.date, str]


def _key(cause: Cause, reached: Reached) -> Key:
    return cause.duty, cause.blocker, reached.cycle, reached.step.key


def _taken() -> dict[Key, Told]:
    """Steps that were taken before, with whom they turned to."""
    columns = ("duty_id", "blocker_id", "cycle", "step", "post_id", "unit_id")
    rows = EscalationStep.objects.order_by().values_list(*columns)
    return {row[:4]: row[4:] for row in rows.iterator()}


def _addressed(
    new: Iterable[tuple[Cause, Reached]], taken: Mapping[Key, Told], directory: Directory
) -> list[_Due]:
    """Find whom each step turns to, in order: of one cycle each knows whom those before told."""
    told: dict[tuple[int | None, int | None, dt.date], list[Told]] = {}
    for (duty, blocker, cycle, _), whom in taken.items():
        told.setdefault((duty, blocker, cycle), []).append(whom)
    due = []
    for cause, reached in new:
        before = told.setdefault((cause.duty, cause.blocker, reached.cycle), [])
        step = reached.step
        addressee = directory.whom(step.to, cause, beyond=step.beyond, told=before)
        before.append((addressee.post, addressee.unit))
        due.append(_Due(cause, reached, addressee, directory.asked(cause)))
    return due


def _write_steps(act: Act, due: Sequence[_Due], ladders: Ladders) -> None:
    rules = [ladders.rule_of(one.reached) for one in due]
    told: dict[str, Sequence[object]] = {
        "public_id": uuid7s(len(due), _milliseconds(act)),
        "subject_id": [one.cause.subject for one in due],
        "duty_id": [one.cause.duty for one in due],
        "blocker_id": [one.cause.blocker for one in due],
        "cycle": [one.reached.cycle for one in due],
        "step": [one.reached.step.key for one in due],
        "place": [one.reached.place for one in due],
        "to": [one.reached.step.to for one in due],
        "kind": [one.reached.step.act for one in due],
        "fell_on": [one.reached.on for one in due],
        "taken_on": [act.business_date] * len(due),
        "at": [act.at] * len(due),
        "post_id": [one.addressee.post for one in due],
        "unit_id": [one.addressee.unit for one in due],
        "rule_id": [rule.row for rule in rules],
        "reason": [
            reason_of(one.reached, rule, one.addressee)
            for one, rule in zip(due, rules, strict=True)
        ],
    }
    create_columns(act, TAKE, EscalationStep, told)


def _write_notices(act: Act, due: Sequence[_Due], drafted: Collection[int]) -> int:
    """Tell each addressee of the steps of a cause; returns how many notices that makes.

    ``drafted`` are the duties that got a letter drafted just now.
    """
    gathered = list(_gathered(due))
    highest = [some[-1] for some in gathered]
    told: dict[str, Sequence[object]] = {
        "public_id": uuid7s(len(highest), _milliseconds(act)),
        "subject_id": [one.cause.subject for one in highest],
        "duty_id": [one.cause.duty for one in highest],
        "blocker_id": [one.cause.blocker for one in highest],
        "kind": [one.reached.step.act for one in highest],
        "post_id": [one.addressee.post for one in highest],
        "unit_id": [one.addressee.unit for one in highest],
        "words": [
            notice_words(
                [one.reached for one in some],
                some[-1].addressee,
                act.business_date,
                some[-1].asked,
                _drafting(some[-1], drafted),
            )
            for some in gathered
        ],
        "on": [act.business_date] * len(highest),
        "at": [act.at] * len(highest),
    }
    create_columns(act, TELL, Notice, told)
    return len(highest)


def _drafting(due: _Due, drafted: Collection[int]) -> str:
    """What became of the letter a step suggests; empty for other steps."""
    if due.reached.step.act != "letter":
        return ""
    return DRAFTED if due.cause.duty in drafted else QUEUED


def _milliseconds(act: Act) -> int:
    return int(act.at.timestamp() * 1000)


def _gathered(due: Iterable[_Due]) -> Iterator[Sequence[_Due]]:
    """Steps that one addressee is told of at once, by cause; the one to tell comes last.

    That is the highest, of those meant for them where others were only passed on.
    """
    found: dict[tuple[int | None, ...], list[_Due]] = {}
    for one in due:
        if one.addressee.post is not None or one.addressee.unit is not None:
            key = (one.cause.duty, one.cause.blocker, one.addressee.post, one.addressee.unit)
            found.setdefault(key, []).append(one)
    for some in found.values():
        yield sorted(some, key=lambda one: one.addressee.instead is None)
