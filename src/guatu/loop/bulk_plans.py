"""What a bulk step would do to each of many duties, worked out before anything is written.

A plan asks the database a constant number of questions, however many duties it has; what stands
in the way of a duty is told in words and leaves the others free.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from guatu.loop.actions.drafting import check_people
from guatu.loop.enums import DutyState, ExtensionState, Strength
from guatu.loop.letter_people import Readers, readers_on
from guatu.loop.models import Duty, Extension, Letter, Urge
from guatu.loop.moves import MOVES
from guatu.loop.office_days import office_days
from guatu.loop.urge_rights import USUAL, Thing, rights_on, urging
from guatu.register.errors import Invalid
from guatu.register.models import Organisation, Post
from guatu.register.policies import behalf_for, may
from guatu.register.recording import Act

MOST = 20_000
"""Most duties of one bulk step."""
PART = 500
NOT_YOURS = "您的岗位无权办理这一项"


@dataclass(frozen=True)
class Verdict:
    """One duty of a plan: why it cannot be (empty where it can), what would be written.

    ``behalf`` is the absent post for which alone the officer may.
    """

    duty: Duty
    refusal: str = ""
    told: Mapping[str, Any] = field(default_factory=dict)
    behalf: Post | None = None


@dataclass(frozen=True)
class UnitShare:
    """What of a plan falls to one unit; ``unit`` None: no unit yet."""

    unit: Organisation | None
    moving: int
    refused: int


@dataclass(frozen=True)
class Plan:
    """Verdicts in the order of the duties given; ``act`` with its reason."""

    act: Act
    verdicts: Sequence[Verdict]

    @property
    def moving(self) -> list[Verdict]:
        """Duties that would be dealt with."""
        return [one for one in self.verdicts if not one.refusal]

    @property
    def refused(self) -> list[Verdict]:
        """Duties that stay as they are, each with why."""
        return [one for one in self.verdicts if one.refusal]

    @property
    def by_unit(self) -> list[UnitShare]:
        """How many move and stay, by the unit that owns them now, in protocol order."""
        units = {one.duty.owner_unit_id: one.duty.owner_unit for one in self.verdicts}
        counts = {key: [0, 0] for key in units}
        for one in self.verdicts:
            counts[one.duty.owner_unit_id][bool(one.refusal)] += 1
        ordered = sorted(units.items(), key=lambda pair: pair[1].order_path if pair[1] else "~")
        return [UnitShare(unit, *counts[key]) for key, unit in ordered]

    @property
    def by_behalf(self) -> Iterable[tuple[Post | None, list[Verdict]]]:
        """Duties to deal with, apart for each post on whose behalf the officer acts."""
        posts = {one.behalf.pk if one.behalf else None: one.behalf for one in self.moving}
        for key, post in posts.items():
            yield (
                post,
                [v for v in self.moving if (v.behalf.pk if v.behalf else None) == key],
            )


Judge = Callable[[Duty], Mapping[str, Any]]
"""Tell what would be written of a duty; Invalid where it cannot be."""


def plan_edit(
    act: Act,
    duties: Sequence[Duty],
    *,
    owner_post: Post | None = None,
    owner_unit: Organisation | None = None,
    leader_post: Post | None = None,
    strength: Strength | None = None,
) -> Plan:
    """Give duties another owner, leader or strength; None leaves what there is.

    Issued duties need ``act.reason``. Raises Invalid where nothing is given.
    """
    given: dict[str, Any] = {
        "owner_post": owner_post,
        "owner_unit": owner_unit or (owner_post.organisation if owner_post else None),
        "leader_post": leader_post,
        "strength": strength,
    }
    given = {name: value for name, value in given.items() if value is not None}
    if not given:
        raise Invalid("请选择要改成什么。")
    for post in (owner_post, leader_post):
        if post is not None and not post.active:
            raise Invalid(f"{post}已停用。", "owner_post" if post is owner_post else "leader_post")
    if owner_unit is not None and owner_post is None:
        given["owner_post"] = None

    def judge(duty: Duty) -> Mapping[str, Any]:
        if all(_same(duty, name, value) for name, value in given.items()):
            raise Invalid("已经如此，没有变化")
        if duty.state != DutyState.DRAFT and not act.reason.strip():
            raise Invalid("已下达的事项须说明理由")
        check_people(
            Duty(
                owner_post=given.get("owner_post", duty.owner_post),
                owner_unit=given.get("owner_unit", duty.owner_unit),
                leader_post=given.get("leader_post", duty.leader_post),
            )
        )
        return given

    return _plan(act, duties, "edit", judge)


def _same(duty: Duty, name: str, value: object) -> bool:
    if name == "strength":
        return duty.strength == value
    return bool(getattr(duty, f"{name}_id") == getattr(value, "pk", None))


def plan_extension(act: Act, duties: Sequence[Duty], *, to_due: dt.date, reason: str) -> Plan:
    """Ask for one later due day: the day moves when the request is approved, not before.

    Raises Invalid for a day that is not to come and without a reason.
    """
    if to_due <= act.business_date:
        raise Invalid("新期限须晚于今天。", "to_due")
    if not reason.strip():
        raise Invalid("请说明延期理由。", "reason")
    pending = _among(
        duties,
        lambda keys: Extension.objects.filter(
            duty_id__in=keys, state=ExtensionState.PENDING
        ).values_list("duty_id", "pk"),
    )

    def judge(duty: Duty) -> Mapping[str, Any]:
        if duty.due is None:
            raise Invalid("期限待定，不必延期")
        if to_due <= duty.due:
            raise Invalid(f"现期限 {duty.due} 不早于新期限")
        if duty.pk in pending:
            raise Invalid("已有一份延期申请在等批复")
        return {"from_due": duty.due, "to_due": to_due, "reason": reason.strip()}

    return _plan(act.because(reason.strip()), duties, "ask_extension", judge)


def plan_urge(act: Act, duties: Sequence[Duty], *, words: str = "") -> Plan:
    """Press the owners by the rule ``urge.rights``: downward alone, once a working day."""
    judge = _urge_judge(act, duties, words, "duty")
    return _plan(act, duties, "", judge, policy="duty.urge")


@dataclass(frozen=True)
class LetterVerdict:
    """One letter of a bulk urge, as `Verdict` is of a duty."""

    letter: Letter
    refusal: str = ""
    told: Mapping[str, Any] = field(default_factory=dict)
    behalf: Post | None = None


def plan_letter_urge(
    act: Act, letters: Sequence[Letter], *, words: str = ""
) -> list[LetterVerdict]:
    """Press those who were sent letters, by the same rule and as often."""
    readers = readers_on(act.business_date, letters)
    judge = _urge_judge(act, letters, words, "letter", readers)
    verdicts = []
    for letter in letters:
        if not may(act.standing, "letter.urge", letter):
            verdicts.append(LetterVerdict(letter, NOT_YOURS))
            continue
        try:
            told = judge(letter)
        except Invalid as refusal:
            why = str(refusal).rstrip("。").removeprefix(f"「{letter.title}」")
            verdicts.append(LetterVerdict(letter, why))
            continue
        behalf = behalf_for(act.standing, "letter.urge", letter) if act.standing else None
        verdicts.append(LetterVerdict(letter, told=told, behalf=behalf))
    return verdicts


def _urge_judge(
    act: Act, things: Sequence[Thing], words: str, kind: str, readers: Readers | None = None
) -> Callable[[Thing], Mapping[str, Any]]:
    """Tell what an urge of each of ``things`` would say; two questions and the calendar's."""
    standing = act.standing
    if standing is None:
        raise Invalid("催办须由具体岗位提出。")
    rights, calendar = rights_on(act.business_date), office_days()
    own, key = standing.post_ids, f"{kind}_id"
    last = _among(
        things,
        lambda keys: (
            Urge.objects.filter(**{f"{key}__in": keys}, post_id__in=own)
            .order_by("on")
            .values_list(key, "on")
        ),
    )

    def judge(thing: Thing) -> Mapping[str, Any]:
        found = urging(standing, thing, rights, act.business_date, readers)
        before = last.get(thing.pk)
        if before is not None and calendar.between(before, act.business_date) < 1:
            raise Invalid(f"{before} 已经催办过，下一个工作日可再催办")
        return {
            "post": found.post,
            "to_unit": found.whom.unit,
            "to_post": found.whom.post,
            "words": words.strip() or USUAL,
        }

    return judge


def _among(
    things: Sequence[Thing], ask: Callable[[Sequence[int]], Iterable[tuple[Any, Any]]]
) -> dict[int, Any]:
    """Answer by duty or letter, asked in parts that a statement can hold."""
    found: dict[int, Any] = {}
    keys = [thing.pk for thing in things]
    for start in range(0, len(keys), PART):
        found.update(ask(keys[start : start + PART]))
    return found


def _plan(act: Act, duties: Sequence[Duty], action: str, judge: Judge, policy: str = "") -> Plan:
    if len(duties) > MOST:
        raise Invalid(f"一次最多办理 {MOST} 项，现有 {len(duties)} 项，请先缩小范围。")
    move = MOVES.get(action)
    asked = policy or (move.policy if move else "")
    verdicts = []
    for duty in duties:
        if not may(act.standing, asked, duty):
            verdicts.append(Verdict(duty, NOT_YOURS))
        elif move is not None and duty.state not in move.sources:
            words = f"现在是{DutyState(duty.state).label}，不能{move.name}"
            verdicts.append(Verdict(duty, words))
        else:
            verdicts.append(_judged(act, duty, asked, judge))
    return Plan(act, verdicts)


def _judged(act: Act, duty: Duty, policy: str, judge: Judge) -> Verdict:
    try:
        told = judge(duty)
    except Invalid as refusal:
        return Verdict(duty, str(refusal).rstrip("。"))
    behalf = behalf_for(act.standing, policy, duty) if act.standing else None
    return Verdict(duty, told=told, behalf=behalf)
