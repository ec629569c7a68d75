"""Duties as screens need them: their lamp, what closes them, what was planned."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import (
    Case,
    CharField,
    DateField,
    F,
    IntegerField,
    Model,
    Q,
    QuerySet,
    Value,
    When,
)

from guatu.loop.enums import OPEN_STATES, ClaimState, Colour, DutyState
from guatu.loop.models import Activity, Claim, QuotaPlace
from guatu.loop.queries.sight import DutyRow, identity
from guatu.register.rules import Holding, rule_on
from guatu.register.versions import end_of, rows_as_of

LAMP_RANKS = {Colour.RED: 0, Colour.AMBER: 1, Colour.GREEN: 2, Colour.UNRATED: 3}
CLOSED_RANK = 4
Row = TypeVar("Row", bound=Model)
NOT_BEGUN = "尚未开展"


@dataclass(frozen=True)
class DutyLamp:
    """The light of one duty. ``days`` counts to the due day, negative when late.

    While it waits for its review both stand as they did when it was put up for it.
    """

    colour: Colour
    days: int | None
    reason: dict[str, Any]

    @property
    def word(self) -> str:
        """Colour as a word."""
        return str(self.colour.label)

    @property
    def words(self) -> str:
        """Why, in one sentence."""
        return str(self.reason["words"])


def lamp_of(duty: DutyRow, rule: Holding, today: dt.date) -> DutyLamp:
    """Compute the light of ``duty`` from the dated rule ``lamp.duty``.

    ``reason`` = ``{"rule", "due", "today", "words"}``. The same boundaries as :func:`with_lamp`.
    """
    day = duty.review_since or today
    days = None if duty.due is None else (duty.due - day).days
    colour, words = _judge(duty, days, rule)
    reason = {
        "rule": rule.cited(),
        "due": duty.due.isoformat() if duty.due else None,
        "today": today.isoformat(),
        "words": words,
    }
    return DutyLamp(colour, days if duty.is_open else None, reason)


def _judge(duty: DutyRow, days: int | None, rule: Holding) -> tuple[Colour, str]:
    if not duty.is_open:
        return Colour.UNRATED, f"{DutyState(duty.state).label}，不亮灯"
    if days is None:
        return Colour.UNRATED, "期限待定，无法判断"
    late, near = rule.value["red_from_days_late"], rule.value["amber_within_days"]
    if duty.review_since is not None:
        colour = Colour.RED if days <= -late else Colour.AMBER if days <= near else Colour.GREEN
        when = f"当时{_left(days)}" if days else "当天到期"
        return colour, f"{duty.review_since} 提请核验，{when}，待核期间灯色不变"
    if days <= -late:
        return Colour.RED, f"应于 {duty.due} 前完成，已逾期 {-days} 天（逾期满 {late} 天亮红灯）"
    if days <= near:
        return Colour.AMBER, f"{_left(days)}（到期前 {near} 天内亮黄灯）"
    return Colour.GREEN, f"还有 {days} 天到期（到期前 {near} 天以上亮绿灯）"


def _left(days: int) -> str:
    if days == 0:
        return "今天到期"
    return f"还有 {days} 天到期" if days > 0 else f"逾期 {-days} 天"


def with_lamp(rows: QuerySet[DutyRow], rule: Holding, today: dt.date) -> QuerySet[DutyRow]:
    """Annotate ``lamp_rank`` (0 red, 1 amber, 2 green, 3 未评, 4 办结) and ``lamp_colour``.

    ``lamp_today`` is the day they were computed for: that of its submission while it is in review.
    """
    late = dt.timedelta(days=rule.value["red_from_days_late"])
    near = dt.timedelta(days=rule.value["amber_within_days"])
    unrated = ~Q(state__in=OPEN_STATES) | Q(due=None)
    waits = Q(state=DutyState.REVIEW, submitted_on__isnull=False)
    steps = (
        (unrated, Colour.UNRATED),
        (waits & Q(due__lte=F("submitted_on") - Value(late)), Colour.RED),
        (waits & Q(due__lte=F("submitted_on") + Value(near)), Colour.AMBER),
        (waits, Colour.GREEN),
        (Q(due__lte=today - late), Colour.RED),
        (Q(due__lte=today + near), Colour.AMBER),
    )
    return rows.annotate(
        lamp_rank=Case(
            When(state=DutyState.CLOSED, then=Value(CLOSED_RANK)),
            *(When(condition, then=Value(LAMP_RANKS[colour])) for condition, colour in steps),
            default=Value(LAMP_RANKS[Colour.GREEN]),
            output_field=IntegerField(),
        ),
        lamp_today=Case(When(waits, then="submitted_on"), default=Value(today, DateField())),
        lamp_colour=Case(
            *(When(condition, then=Value(colour.value)) for condition, colour in steps),
            default=Value(Colour.GREEN.value),
            output_field=CharField(),
        ),
    )


NAMED = (
    "subject",
    "document",
    "activity",
    "owner_unit",
    "owner_post__organisation",
    "leader_post__organisation",
)


def with_names(rows: QuerySet[Row], way: str = "") -> QuerySet[Row]:
    """Join what a row of a duty names; ``way`` leads to the duty, as in ``"report__duty__"``.

    The text of a paper stays behind: it may be long and no row shows it.
    """
    joined = rows.select_related(*(f"{way}{name}" for name in NAMED))
    return joined.defer(f"{way}document__text")


def worst_first(rows: QuerySet[DutyRow]) -> QuerySet[DutyRow]:
    """Sort annotated rows: worst lamp, then the earliest due day, 待定 last."""
    due = F("due").asc(nulls_last=True)
    return rows.order_by("lamp_rank", due, "id")  # type: ignore[misc]  # annotated by with_lamp


def planned_words(duty: DutyRow, _today: dt.date) -> str:
    """What was to be reached by now, in words: the node of the timetable, else the duty's due."""
    if duty.activity is not None and duty.activity.due is not None:
        return f"节点「{duty.activity.name}」应于 {duty.activity.due} 完成"
    if duty.due is None:
        return f"期限待定：{duty.due_text}" if duty.due_text else "期限待定"
    return f"应于 {duty.due} 前完成：{duty.what or duty.title}"


@dataclass(frozen=True)
class Condition:
    """One thing that must hold before a duty of its kind closes."""

    key: str
    words: str
    held: bool


def kinds_on(day: dt.date) -> dict[str, dict[str, Any]]:
    """Kinds of duties by key as the rule of ``day`` declares them."""
    return dict(rule_on("duty.kinds", day).value)


def conditions(
    duty: DutyRow, kinds: dict[str, dict[str, Any]], as_of: dt.date | None = None
) -> list[Condition]:
    """What the duty's kind declares must hold, and whether it does (on the past day)."""
    return [
        Condition(key, CLOSERS[key][0], CLOSERS[key][1](duty, as_of))
        for key in kinds[duty.kind]["closes_by"]
    ]


def _accepted_report(duty: DutyRow, as_of: dt.date | None) -> bool:
    return accepted_claims(duty, as_of).exists()


def _accepted_claim(duty: DutyRow, as_of: dt.date | None) -> bool:
    key = "pk" if as_of is None else "row_id"
    supported = Claim.objects.filter(supports__isnull=False)
    if as_of is not None:
        supported = supported.filter(supports__evidence__added_at__lt=end_of(as_of))
    return accepted_claims(duty, as_of).filter(**{f"{key}__in": supported.values("pk")}).exists()


def accepted_claims(duty: DutyRow, as_of: dt.date | None = None) -> QuerySet[Any]:
    """Claims that the duty is done which a reviewer accepted."""
    return rows_as_of(Claim, as_of).filter(
        report__duty_id=identity(duty), closes=True, state=ClaimState.ACCEPTED
    )


def _node_finished(duty: DutyRow, as_of: dt.date | None) -> bool:
    key = "pk" if as_of is None else "row_id"
    found = rows_as_of(Activity, as_of).filter(**{key: duty.activity_id, "finished__isnull": False})
    return duty.activity_id is not None and found.exists()


def _quota_filled(duty: DutyRow, as_of: dt.date | None) -> bool:
    if duty.quota is None:
        return False
    filled = rows_as_of(QuotaPlace, as_of).filter(quota=duty.quota, subject__isnull=False)
    return filled.count() >= duty.quota.stated


Closer = Callable[[DutyRow, dt.date | None], bool]
CLOSERS: dict[str, tuple[str, Closer]] = {
    "accepted_claim": ("有一条经核认可的完成情况，并附至少一件佐证材料", _accepted_claim),
    "accepted_report": ("有一条经核认可的办理结果", _accepted_report),
    "node_finished": ("已登记节点的实际完成日期", _node_finished),
    "quota_filled": ("清单名额已逐一落到具体单位", _quota_filled),
}
CLOSED_BY_CLAIM = frozenset({"accepted_claim", "accepted_report"})


def missing(duty: DutyRow, kinds: dict[str, dict[str, Any]]) -> list[Condition]:
    """What still stands between the duty and its closing."""
    return [condition for condition in conditions(duty, kinds) if not condition.held]
