"""Letters the ladder suggests and nobody has drafted yet, and why each is still waiting."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Cast

from guatu.loop.enums import LetterState, NoticeKind
from guatu.loop.escalation.causes import RUNNING, of_cycle
from guatu.loop.letter_kinds import DraftingRule, LetterKind, drafting_on, in_district, kinds_on
from guatu.loop.letter_people import check_downward
from guatu.loop.models import Duty, EscalationStep, Letter
from guatu.register.enums import Role
from guatu.register.errors import Invalid
from guatu.register.models import Post
from guatu.register.versions import end_of, rows_as_of

NAMED = (
    "subject",
    "duty__subject",
    "duty__owner_unit",
    "duty__owner_post__organisation",
    "duty__leader_post__organisation",
    "duty__quote",
    "duty__document",
)
OBSTACLES_READ = 200
UNDER_WAY = (
    LetterState.DRAFT,
    LetterState.SIGNING,
    LetterState.SIGNED,
    LetterState.SENT,
    LetterState.READ,
    LetterState.ANSWERED,
)


def suggested(kind: str, day: dt.date, as_of: dt.date | None = None) -> QuerySet[EscalationStep]:
    """Steps that suggest a letter of ``kind`` on ``day`` about a duty late by the same promise.

    What falls due after the day, taken before the date was set back, suggests nothing yet.

    A step is met by its own draft, even one given up, and by any letter of the kind about the duty
    that was drafted since, or is under way to whoever owes it now. Oldest first.
    """
    key = "pk" if as_of is None else "row_id"
    owed = rows_as_of(Duty, as_of).filter(
        of_cycle(OuterRef("cycle")), **{key: OuterRef("duty_id")}, state__in=RUNNING
    )
    under_way = Q(state__in=UNDER_WAY) & ~Q(duty__given_on__gt=F("drafted_on"))
    met = rows_as_of(Letter, as_of).filter(
        Q(step_id=OuterRef("pk")) | Q(drafted_on__gte=OuterRef("fell_on")) | under_way,
        ~Q(step__taken_back_on__isnull=False, state=LetterState.WITHDRAWN),
        duty_id=OuterRef("duty_id"),
        kind=kind,
    )
    steps = EscalationStep.objects.filter(
        kind=NoticeKind.LETTER, duty__isnull=False, fell_on__lte=day
    )
    if as_of is not None:
        steps = steps.filter(at__lt=end_of(as_of))
    return steps.filter(Exists(owed), ~Exists(met)).order_by("fell_on", "pk")


@dataclass(frozen=True)
class Drafting:
    """How drafts by rule go on a day: which kind, how many today, who signs where no leader does.

    ``room`` is how many more may be drafted on the day in the name of the issuer.
    """

    rule: DraftingRule
    kind: LetterKind
    issuer: str
    signer: Post | None
    room: int

    def obstacle(self, duty: Duty) -> str:
        """Why no letter can be drafted about the duty; empty where one can."""
        who = duty.owner_post or duty.owner_unit
        if who is None:
            return "未定责任单位"
        unit, post = (who.organisation, who) if isinstance(who, Post) else (who, None)
        signer = self.kind.signer.preferred(duty) or self.signer
        try:
            check_downward(self.kind, signer, unit, post)
        except Invalid as refusal:
            return str(refusal)
        return ""

    @property
    def queue(self) -> str:
        """Why letters that could be drafted are not yet."""
        most = self.rule.per_day
        if self.room <= 0:
            return f"今日已按规则拟出 {most} 件，次日续拟"
        return f"等待系统拟稿，每日最多 {most} 件"

    def next_of(self, steps: QuerySet[Any]) -> Iterator[EscalationStep]:
        """Steps for which a letter can be drafted, as they stand, as many as there is room for."""
        left = self.room
        for step in steps.iterator(chunk_size=200):
            if left <= 0:
                return
            if step.duty is not None and not self.obstacle(step.duty):
                left -= 1
                yield step


def drafting_of(day: dt.date) -> Drafting | None:
    """Read how drafts go on ``day``; None where the rule names no kind of that day."""
    rule = drafting_on(day)
    kind = kinds_on(day).get(rule.kind)
    if kind is None:
        return None
    issuer = in_district(kind.issuer)
    made = Letter.objects.filter(by_rule=True, issuer=issuer, drafted_on=day).count()
    return Drafting(rule, kind, issuer, kind.signer.posts().first(), rule.per_day - made)


def with_reasons(steps: QuerySet[Any], drafting: Drafting | None) -> QuerySet[Any]:
    """Annotate ``why`` each letter is not drafted yet; one query.

    Only what a leader's post or a unit without one above owes can lie above who signs.
    """
    if drafting is None:
        return _reasoned(steps, Value("规则没有说明拟哪一种函"))
    above = steps.filter(
        Q(duty__owner_post__role=Role.LEADER) | Q(duty__owner_unit__parent=None)
    ).select_related(*NAMED)
    told = [(step.pk, drafting.obstacle(step.duty)) for step in above[:OBSTACLES_READ]]
    obstacles = (When(pk=key, then=Value(why)) for key, why in told if why)
    return _reasoned(steps, Case(*obstacles, default=Value(drafting.queue)))


def _reasoned(steps: QuerySet[Any], why: Case | Value) -> QuerySet[Any]:
    """Steps with ``why``; cast, since PostgreSQL orders by no bare constant."""
    found: QuerySet[Any] = steps.annotate(why=Cast(why, CharField()))
    return found
