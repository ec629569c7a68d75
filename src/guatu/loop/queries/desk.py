"""What stands on an officer's desk: what they owe, what they are told, what waits for them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, cast

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from guatu.loop.enums import (
    OPEN_BLOCKERS,
    OPEN_STATES,
    OWING_STATES,
    ClaimState,
    Colour,
    DutyState,
    ExtensionState,
)
from guatu.loop.models import Blocker, Claim, Duty, Extension, Notice
from guatu.loop.queries.duties import NOT_BEGUN, DutyLamp, lamp_of, with_names
from guatu.loop.queries.inbox import unread_of, with_cause
from guatu.loop.queries.letters import drafts_by_rule
from guatu.loop.queries.reviews import Review, reviews_of
from guatu.loop.queries.sight import (
    DutyRow,
    co_owned_keys,
    duties_in_sight,
    working_posts,
)
from guatu.loop.queries.urged import duties_urged
from guatu.loop.urge_rights import RULE as URGE_RIGHTS
from guatu.register.campaign import stored_day
from guatu.register.counting import counted
from guatu.register.deputies import away_on
from guatu.register.enums import Role
from guatu.register.models import Absence
from guatu.register.policies import Standing
from guatu.register.rules import Holding, rules_on
from guatu.register.seats import SeatFace, held_on
from guatu.register.stand_ins import covered_posts, uncovered_posts
from guatu.register.versions import rows_as_of

SHOWN = 200
"""Most rows of a kind on one desk; the list of duties has them all."""
LATE_SHOWN = 50
DECISIONS_SHOWN = 40
"""Most decisions of a kind on one desk; the heading counts all."""
TOLD_DAYS = 7
NOTICES_SHOWN = 5
"""Most unread notices on one desk; the inbox has them all."""


@dataclass(frozen=True)
class Task:
    """One row: what to do about which duty, its light, and whom it comes from.

    ``affirms`` is what a 无变化 would affirm, empty where 无变化 is no answer. ``waiting_since`` is
    the day since which it waits for its review: how late it is is no longer the owner's.
    """

    duty: DutyRow
    verb: str
    why: str
    lamp: DutyLamp
    affirms: str = ""
    waiting_since: dt.date | None = None

    @property
    def from_whom(self) -> str:
        """Who expects it: the leader who vouches for it, else where it was said."""
        if self.duty.leader_post is not None:
            return str(self.duty.leader_post)
        if self.duty.document is not None:
            return f"《{self.duty.document.title}》"
        return str(self.duty.get_source_display())


@dataclass(frozen=True)
class Group:
    """Rows under one heading; unread notices before the rest of the news."""

    key: str
    name: str
    tasks: list[Task]
    notices: Sequence[Notice] = ()

    @property
    def count(self) -> int:
        """How many rows."""
        return len(self.tasks) + len(self.notices)


@dataclass(frozen=True)
class Desk:
    """Own duties by urgency; ``calm`` is how many more are open and ask for nothing this week.

    ``cut`` tells that there are more than one desk shows: the earliest due are shown.
    """

    groups: list[Group]
    calm: int
    cut: bool


GROUPS = (
    ("returned", "被退回，请重报"),
    ("late", "逾期"),
    ("today", "今天"),
    ("week", "本周"),
    ("told", "仅需知悉"),
)


class DeskRules(NamedTuple):
    """The dated rules of a desk: lights of duties and letters, how often a duty asks, urging."""

    lamp: Holding
    ask: Holding
    letter: Holding
    urge: Holding


def desk_rules(day: dt.date) -> DeskRules:
    """Read them together; one query."""
    return DeskRules(*rules_on(("lamp.duty", "duty.ask", "lamp.letter", URGE_RIGHTS), day))


def desk_of(
    standing: Standing, as_of: dt.date | None = None, rules: DeskRules | None = None
) -> Desk:
    """Sort what the officer owes: what came back, what is late, today, this week, and mere news.

    How soon a duty asks again follows its light by the dated rule ``duty.ask``. Constant number of
    queries.
    """
    today = as_of or standing.today
    rules = rules or desk_rules(today)
    lamp_rule, ask = rules.lamp, rules.ask.value
    found: dict[str, list[Task]] = {key: [] for key, _ in GROUPS}
    calm = 0
    own, in_all = _earliest(_own(standing, as_of, today), as_of, SHOWN)
    for duty in own:
        place, task = _placed(duty, lamp_of(duty, lamp_rule, today), ask, today)
        task = replace(_for_whom(task, standing), waiting_since=_waiting_since(duty))
        if place:
            found[place].append(task)
        else:
            calm += 1
    for duty in _helped(standing, as_of):
        lamp = lamp_of(duty, lamp_rule, today)
        if lamp.colour in {Colour.RED, Colour.AMBER}:
            found["told"].append(Task(duty, "配合", "您是配合单位", lamp))
    told = Q(duty__isnull=False) | Q(words__has_key="meeting")
    notices = list(with_cause(unread_of(standing, as_of).filter(told))[:NOTICES_SHOWN])
    groups = [
        Group(key, name, found[key], notices if key == "told" else ()) for key, name in GROUPS
    ]
    return Desk(groups, calm, in_all > SHOWN)


def _waiting_since(duty: DutyRow) -> dt.date | None:
    """Since when its reviewer has it; the last report where the day it was put up is not kept."""
    return duty.review_since or (duty.reported_on if duty.state == DutyState.REVIEW else None)


def _for_whom(task: Task, standing: Standing) -> Task:
    """Tell of a duty that is not the officer's own for which post they are to act."""
    post, row = task.duty.owner_post, cast("Any", task.duty)
    if post is None:
        return task
    if any(one.post.pk == post.pk for one in standing.acting):
        return replace(task, why=f"代{post}，{task.why}")
    if post.pk in standing.post_ids:
        return task
    face = SeatFace(vacant=not row.owner_held, until=row.owner_until)
    return replace(task, why=f"{post}{face.absence}，由您代管，{task.why}")


def own_duties(standing: Standing, as_of: dt.date | None = None) -> QuerySet[DutyRow]:
    """Duties of the officer's posts, of their unit without a post, of posts they stand in for.

    Those for whose vacant posts somebody is to be found stand apart on the office's desk.
    """
    covered = covered_posts(standing)
    if standing.has(Role.OFFICE):
        covered = covered.exclude(pk__in=uncovered_posts(standing).values("pk"))
    clerks = [p.organisation_id for p in standing.posts if p.role in {Role.UNIT, Role.ATTRACTION}]
    rows: QuerySet[DutyRow] = rows_as_of(Duty, as_of)
    return rows.filter(
        Q(owner_post_id__in=working_posts(standing))
        | Q(owner_post_id=None, owner_unit_id__in=clerks)
        | Q(owner_post_id__in=covered.values("pk"))
    )


def _own(standing: Standing, as_of: dt.date | None, today: dt.date) -> QuerySet[DutyRow]:
    fresh = Q(state=DutyState.CLOSED, closed_on__gt=today - dt.timedelta(days=TOLD_DAYS))
    return own_duties(standing, as_of).filter(Q(state__in=[*OPEN_STATES, DutyState.PAUSED]) | fresh)


def _earliest(
    rows: QuerySet[DutyRow], as_of: dt.date | None, most: int
) -> tuple[list[DutyRow], int]:
    """The duties due first, 待定 last, with what they name; and how many there are in all.

    Ordered here: to hand rows out in the order of their days SQLite walks through every state of
    every duty, where an officer's own are few.
    """
    keys = _by_due(rows)
    named = _read(keys[:most], as_of)
    return [named[key] for key in keys[:most]], len(keys)


def _by_due(rows: QuerySet[DutyRow]) -> list[int]:
    keys = sorted(
        (due or dt.date.max, key) for key, due in rows.order_by().values_list("pk", "due")
    )
    return [key for _, key in keys]


def _read(keys: Sequence[int], as_of: dt.date | None) -> dict[int, DutyRow]:
    """Duties with what they name, by key; one query for all that a desk lists together."""
    states: QuerySet[DutyRow] = rows_as_of(Duty, as_of)
    shown = duties_urged(_with_blockers(states.filter(pk__in=keys), as_of), as_of)
    day = as_of or stored_day()
    away = Absence.objects.filter(away_on(day), post=OuterRef("owner_post"))
    shown = shown.annotate(
        owner_held=Exists(held_on(day).filter(post=OuterRef("owner_post"))),
        owner_until=Subquery(away.values("until")[:1]),
    )
    return {row.pk: row for row in with_names(shown)} if keys else {}


def _with_blockers(rows: QuerySet[DutyRow], as_of: dt.date | None) -> QuerySet[Any]:
    """Annotate ``open_blockers``: how many stand in the way of each duty."""
    key = "pk" if as_of is None else "row_id"
    standing_in_way = rows_as_of(Blocker, as_of).filter(
        duty_id=OuterRef(key), state__in=OPEN_BLOCKERS
    )
    number = standing_in_way.order_by().values("duty_id").annotate(n=Count("pk")).values("n")
    found: QuerySet[Any] = rows.annotate(
        open_blockers=Coalesce(Subquery(number, output_field=IntegerField()), Value(0))
    )
    return found


def _helped(standing: Standing, as_of: dt.date | None) -> QuerySet[DutyRow]:
    key = "pk" if as_of is None else "row_id"
    helped = co_owned_keys(standing)
    rows: QuerySet[DutyRow] = rows_as_of(Duty, as_of)
    rows = rows.filter(**{f"{key}__in": helped}, state__in=OWING_STATES, due__isnull=False)
    return with_names(rows).order_by("due", "id")[:SHOWN]


def _placed(duty: DutyRow, lamp: DutyLamp, ask: dict[str, int], today: dt.date) -> tuple[str, Task]:
    """Group of an own duty (empty: nothing asked this week) and its row."""
    if not duty.is_open:
        return "told", Task(duty, "知悉", f"已{DutyState(duty.state).label}", lamp)
    if duty.state == DutyState.REVIEW:
        whom = duty.leader_post or "专班"
        return "told", Task(duty, "等待核验", f"已提请核验，等{whom}核验", lamp)
    if duty.returned_reason:
        return "returned", Task(duty, "重报", f"被退回：{duty.returned_reason}", lamp)
    return _asked(duty, lamp, ask[lamp.colour], today)


def _asked(duty: DutyRow, lamp: DutyLamp, every: int, today: dt.date) -> tuple[str, Task]:
    affirms = "" if duty.reported_on == today else duty.progress or NOT_BEGUN
    sunday = today + dt.timedelta(days=6 - today.weekday())
    last = duty.reported_on or duty.issued_on
    asked = dt.date.min if last is None else last + dt.timedelta(days=every)
    verb, place = "报告", ""
    if duty.due is not None and duty.due < today:
        verb, place = "办理并报告", "late"
    elif duty.due == today:
        verb, place = "今天办完", "today"
    elif asked <= today or duty.urged_on:  # type: ignore[attr-defined]  # annotated as it is read
        place = "today"
    elif asked <= sunday or (duty.due is not None and duty.due <= sunday):
        place = "week"
    elif duty.reported_on is None and last is not None and (today - last).days < TOLD_DAYS:
        verb, place = "新接", "told"
    return place, Task(duty, verb, _last_word(duty, today), lamp, affirms)


def _last_word(duty: DutyRow, today: dt.date) -> str:
    if duty.reported_on is None:
        return "还没有报告过"
    days = (today - duty.reported_on).days
    return "今天已报告" if days == 0 else f"上次报告在 {days} 天前"


@dataclass(frozen=True)
class Decisions:
    """What waits for a leader or the office, and what a leader should know is late."""

    extensions: list[Extension]
    reviews: list[Review]
    claims: list[Claim]
    drafts: list[DutyRow]
    late: list[Task]
    late_in_all: int
    late_elsewhere: int
    letters_by_rule: int
    """Letters drafted by rule that wait to be checked and sent to be signed."""
    waiting: int
    """How many decisions there are to take, listed here or not."""

    @property
    def listed(self) -> int:
        """How many of them are listed here."""
        return len(self.extensions) + len(self.reviews) + len(self.claims) + len(self.drafts)


def decisions_for(
    standing: Standing, as_of: dt.date | None = None, rules: DeskRules | None = None
) -> Decisions | None:
    """Collect decisions; None for officers who take none. Constant number of queries.

    A leader decides on the duties they vouch for, the office on all; what the officer asked or
    claimed themselves is left to others.
    """
    if not standing.has(Role.LEADER, Role.OFFICE):
        return None
    office = standing.has(Role.OFFICE)
    rows = duties_in_sight(standing, as_of)
    posts = working_posts(standing)
    led = rows.filter(leader_post_id__in=posts)
    scope = rows if office else led
    today = as_of or standing.today
    lamp_rule = (rules or desk_rules(today)).lamp
    led_late = led.filter(state__in=OWING_STATES, due__lt=today)
    late_keys = _by_due(led_late)
    extensions, asked = _first(_extensions(standing, scope, as_of))
    in_review = scope.filter(state=DutyState.REVIEW)
    review_keys = _by_due(in_review)
    late_shown, review_shown = late_keys[:LATE_SHOWN], review_keys[:DECISIONS_SHOWN]
    read = _read([*late_shown, *review_shown], as_of)
    claims, claimed = _first(_loose_claims(standing, scope, as_of))
    drafts, drafted = _first(_drafts(rows)) if office else ([], 0)
    beside = counted(
        late=rows.filter(state__in=OWING_STATES, due__lt=today).exclude(leader_post_id__in=posts),
        letters=drafts_by_rule(standing, as_of),
    )
    return Decisions(
        extensions=extensions,
        reviews=reviews_of([read[key] for key in review_shown], as_of),
        claims=claims,
        drafts=drafts,
        waiting=asked + len(review_keys) + claimed + drafted,
        late=[
            Task(duty, "督办", duty.progress or NOT_BEGUN, lamp_of(duty, lamp_rule, today))
            for duty in map(read.__getitem__, late_shown)
        ],
        late_in_all=len(late_keys),
        late_elsewhere=beside["late"],
        letters_by_rule=beside["letters"],
    )


def _drafts(rows: QuerySet[DutyRow]) -> QuerySet[DutyRow]:
    return with_names(rows.filter(state=DutyState.DRAFT)).order_by("-id")


def _first(rows: QuerySet) -> tuple[list[Any], int]:
    """Rows to list, and how many there are; counted only where they are not all listed."""
    found = list(rows[:DECISIONS_SHOWN])
    return found, len(found) if len(found) < DECISIONS_SHOWN else rows.count()


def _keys(scope: QuerySet[DutyRow], as_of: dt.date | None) -> QuerySet:
    """Subquery of the keys of the living duties."""
    keys: QuerySet = scope.values("pk" if as_of is None else "row_id")
    return keys


def _extensions(standing: Standing, scope: QuerySet[DutyRow], as_of: dt.date | None) -> QuerySet:
    rows = rows_as_of(Extension, as_of).filter(
        state=ExtensionState.PENDING, duty_id__in=_keys(scope, as_of)
    )
    found = rows.exclude(asked_by=standing.officer).select_related("asked_by")
    return with_names(found, "duty__").order_by("asked_on", "id")


def _loose_claims(standing: Standing, scope: QuerySet[DutyRow], as_of: dt.date | None) -> QuerySet:
    """Claims to judge apart from a review: of duties still being worked on."""
    doing = scope.filter(state__in=[DutyState.ISSUED, DutyState.DOING])
    rows = rows_as_of(Claim, as_of).filter(
        state=ClaimState.PENDING, report__duty_id__in=_keys(doing, as_of)
    )
    found = rows.exclude(report__officer=standing.officer).select_related(
        "report__officer", "report__post__organisation"
    )
    return with_names(found, "report__duty__").order_by("report__at", "id")
