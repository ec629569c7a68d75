"""What is out of order on a day, within a scope: lamps, blockers, ladder steps, reviews, letters.

Each finder reads one kind of thing and tells it as an :class:`engines.agenda.Exceptional`, with
the rows it names. What cannot be judged (未评, 待定) is no exception.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import F, Q

from guatu.engines.agenda import Exceptional
from guatu.loop.blocker_days import days_of
from guatu.loop.dispatch_rules import AgendaRule
from guatu.loop.enums import (
    OWED_STATES,
    OWING_STATES,
    BlockerState,
    Colour,
    DutyState,
    StepTo,
)
from guatu.loop.escalation.causes import blocker_facts, of_cycle, turns_of_blockers
from guatu.loop.models import Blocker, Duty, EscalationStep, Lamp, Letter
from guatu.loop.office_days import office_days
from guatu.loop.queries.duties import LAMP_RANKS, lamp_of, with_lamp, worst_first
from guatu.loop.queries.reviews import office_post, reviewer_of
from guatu.register.models import Organisation, Subject
from guatu.register.rules import rule_on

MOST_READ = 1000
"""Most rows read of one kind; a meeting never gets as far."""
CLIMBED = (StepTo.LEADER, StepTo.PARENT, StepTo.OFFICE)


@dataclass(frozen=True)
class Scope:
    """What a meeting looks at; None and empty = all."""

    domain: str = ""
    unit: Organisation | None = None
    area: Organisation | None = None

    def keeps(self, unit: str, domain: str = "") -> Q:
        """Condition by the ways to the unit and to the domain.

        Without a ``domain`` that of the duty counts, and of what hangs on none the subject's.
        """
        found = Q()
        if self.domain and domain:
            found &= Q(**{domain: self.domain})
        elif self.domain:
            own = Q(duty=None, subject__domain=self.domain)
            found &= Q(duty__domain=self.domain) | own
        if self.unit is not None:
            found &= Q(**{f"{unit}__path__startswith": self.unit.path})
        if self.area is not None:
            found &= Q(subject__area=self.area)
        return found


@dataclass(frozen=True)
class Found:
    """An exception and the rows it is about."""

    told: Exceptional
    title: str
    about: Subject
    unit: Organisation | None
    duty: Duty | None = None
    blocker: Blocker | None = None
    letter: Letter | None = None


def exceptions_in(scope: Scope, rule: AgendaRule, day: dt.date) -> list[Found]:
    """Everything out of order on ``day``; a constant number of queries."""
    return [
        *_blockers(scope, rule, day),
        *_projects(scope, day),
        *_duties(scope, day),
        *_reviews(scope, day),
        *_climbed(scope, day),
        *_letters(scope, day),
        *_silent(scope, rule, day),
    ]


def _order(unit: Organisation | None) -> str:
    """Place in protocol order; what has no unit yet comes last."""
    return unit.order_path if unit is not None else "~"


def _blockers(scope: Scope, rule: AgendaRule, day: dt.date) -> Iterator[Found]:
    """Blockers sent up, and those nobody answered since they were last put to somebody."""
    waiting = (BlockerState.RAISED, BlockerState.WORKING, BlockerState.UPPER)
    rows = Blocker.objects.filter(scope.keeps("remover_unit"), state__in=waiting, halted=False)
    joined = rows.select_related(
        "subject", "remover_unit", "upper_post__organisation", "upper_unit"
    )
    found = list(joined.order_by("raised_on", "pk")[:MOST_READ])
    past, calendar = turns_of_blockers([row.pk for row in found]), office_days()
    for row in found:
        facts = blocker_facts(row.raised_on, row.state, past.get(row.pk, ()), halted=row.halted)
        asked = facts.terms[-1].since
        lost = days_of(row, day, calendar) or 0
        if row.state == BlockerState.UPPER and row.upper_since is not None:
            waited = calendar.between(row.upper_since, day)
            who = row.upper_post or row.upper_unit
            cause, words = "blocker_up", f"已提请{who}协调 {waited} 个工作日，尚未答复"
        elif calendar.between(asked, day) >= rule.blocker_office_days:
            waited = calendar.between(asked, day)
            words = f"交由{row.remover_unit}解决 {waited} 个工作日，尚未答复"
            cause = "blocker"
        else:
            continue
        told = Exceptional(
            f"blocker:{row.public_id}",
            cause,
            _order(row.remover_unit),
            waited,
            f"{words}，累计损失 {lost} 个工作日",
        )
        yield Found(told, row.title, row.subject, row.remover_unit, blocker=row)


def _projects(scope: Scope, day: dt.date) -> Iterator[Found]:
    lit = {Colour.RED: "project_red", Colour.AMBER: "project_amber"}
    keeps = scope.keeps("subject__unit", "subject__domain")
    rows = Lamp.objects.filter(keeps, colour__in=lit, subject__active=True)
    joined = rows.select_related("subject__unit").order_by("since", "pk")
    for lamp in joined[:MOST_READ]:
        subject, unit = lamp.subject, lamp.subject.unit
        late = (day - lamp.since).days if lamp.since is not None else 0
        told = Exceptional(
            f"subject:{subject.public_id}",
            lit[Colour(lamp.colour)],
            _order(unit),
            late,
            str(lamp.reason.get("words", "")),
        )
        yield Found(told, subject.title, subject, unit)


def _duties(scope: Scope, day: dt.date) -> Iterator[Found]:
    rule = rule_on("lamp.duty", day)
    rows = with_lamp(Duty.objects.filter(_of_duties(scope), state__in=OWING_STATES), rule, day)
    lit = rows.filter(lamp_rank__lte=LAMP_RANKS[Colour.AMBER])  # type: ignore[misc]  # annotated
    named = lit.select_related("subject", "owner_unit")
    for duty in worst_first(named)[:MOST_READ]:
        lamp = lamp_of(duty, rule, day)
        cause = "duty_red" if lamp.colour is Colour.RED else "duty_amber"
        yield _of_duty(duty, cause, -(lamp.days or 0), lamp.words)


def _reviews(scope: Scope, day: dt.date) -> Iterator[Found]:
    """Duties whose day went by while they wait for their reviewer: who reviews is asked."""
    late = day - dt.timedelta(days=rule_on("lamp.duty", day).value["red_from_days_late"])
    rows = Duty.objects.filter(_of_duties(scope), state=DutyState.REVIEW, due__lte=late)
    named = rows.select_related("subject", "owner_unit", "leader_post__organisation")
    found = list(named.order_by("due", "pk")[:MOST_READ])
    office = office_post() if found else None
    for duty in found:
        begun = duty.submitted_on or duty.reported_on or day
        reviewer, days = reviewer_of(duty, office), (day - begun).days
        whom = reviewer or "核验人"
        words = f"{duty.owner_unit or ''}于 {begun} 提请核验，已等{whom}核验 {days} 天"
        unit = reviewer.organisation if reviewer is not None else None
        told = Exceptional(f"duty:{duty.public_id}", "review", _order(unit), days, words)
        yield Found(told, duty.title, duty.subject, unit, duty=duty)


def _climbed(scope: Scope, day: dt.date) -> Iterator[Found]:
    steps = EscalationStep.objects.filter(
        of_cycle(F("cycle"), "duty__"),
        to__in=CLIMBED,
        taken_on__lte=day,
        duty__state__in=OWING_STATES,
    ).filter(duty__in=Duty.objects.filter(_of_duties(scope)))
    named = steps.select_related("duty__subject", "duty__owner_unit").order_by("place", "pk")
    last = {step.duty_id: step for step in named[:MOST_READ]}
    for step in last.values():
        duty = step.duty
        if duty is not None:
            to = StepTo(step.to).label
            words = f"{step.taken_on} 已按规则升级到{to}（{step.get_kind_display()}），仍未办结"
            late = (day - (duty.due or step.cycle)).days
            yield _of_duty(duty, "ladder", late, words)


def _silent(scope: Scope, rule: AgendaRule, day: dt.date) -> Iterator[Found]:
    since = day - dt.timedelta(days=rule.unreported_days)
    silent = Q(reported_on__lte=since) | Q(reported_on=None, issued_on__lte=since)
    rows = Duty.objects.filter(_of_duties(scope), silent, state__in=OWING_STATES)
    for duty in rows.select_related("subject", "owner_unit").order_by("pk")[:MOST_READ]:
        heard = duty.reported_on or duty.issued_on
        days = (day - heard).days if heard is not None else 0
        words = f"{days} 天未报告进展" if duty.reported_on else f"下达 {days} 天，从未报告"
        yield _of_duty(duty, "unreported", days - rule.unreported_days, words)


def _letters(scope: Scope, day: dt.date) -> Iterator[Found]:
    owed = Q(state__in=OWED_STATES, reply_due__isnull=False)
    rows = Letter.objects.filter(scope.keeps("addressee_unit"), owed)
    named = rows.select_related("subject", "addressee_unit").order_by("reply_due", "pk")
    for row in named[:MOST_READ]:
        late = (day - row.reply_due).days if row.reply_due is not None else 0
        cause = "letter_late" if late > 0 else "letter_owed"
        words = f"应于 {row.reply_due} 前回复" + (f"，已逾期 {late} 天" if late > 0 else "")
        told = Exceptional(
            f"letter:{row.public_id}",
            cause,
            _order(row.addressee_unit),
            late,
            f"{row.reference}{words}",
        )
        yield Found(told, row.title, row.subject, row.addressee_unit, letter=row)


def _of_duties(scope: Scope) -> Q:
    return scope.keeps("owner_unit", "domain")


def _of_duty(duty: Duty, cause: str, days: int, words: str) -> Found:
    told = Exceptional(f"duty:{duty.public_id}", cause, _order(duty.owner_unit), days, words)
    return Found(told, duty.title, duty.subject, duty.owner_unit, duty=duty)
