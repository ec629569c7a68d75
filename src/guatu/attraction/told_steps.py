"""Contacts and next steps that a ledger tells of, held against those there are.

A next step without a post goes to the lead's own post, else to the only business post of its unit,
else it is the unit's. Nobody's step stays words.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from django.db.models import QuerySet

from guatu.attraction.models import FollowUp, Lead
from guatu.attraction.values import check_step_post, may_act
from guatu.register.enums import Role
from guatu.register.errors import Invalid
from guatu.register.models import Organisation, Post
from guatu.register.recording import Json

BUSINESS = (Role.UNIT, Role.ATTRACTION)
"""Roles of the posts that do a unit's business with leads."""


@dataclass(frozen=True)
class FollowGiven:
    """A contact a row tells of, with its next step where the day is known.

    ``in_words`` is the next step as the ledger writes it, for where nobody is there to do it.
    """

    on: dt.date
    way: str
    said: str
    next_step: str = ""
    next_due: dt.date | None = None
    next_post: Post | None = None
    in_words: str = ""


@dataclass
class KnownSteps:
    """What was told of leads before, by their subjects, and whom a step may go to by unit."""

    said: set[tuple[int, dt.date, str]] = field(default_factory=set)
    days: set[tuple[int, dt.date]] = field(default_factory=set)
    steps: set[tuple[int, str, dt.date | None]] = field(default_factory=set)
    waiting: dict[tuple[int, str], dt.date | None] = field(default_factory=dict)
    posts: dict[int, list[Post]] = field(default_factory=lambda: defaultdict(list))

    def read(self, subjects: Iterable[int]) -> None:
        """Add what was told of some leads; one query."""
        for row in FollowUp.objects.filter(subject_id__in=subjects):
            self.said.add((row.subject_id, row.on, row.said))
            self.days.add((row.subject_id, row.on))
            if row.next_step:
                self.steps.add((row.subject_id, row.next_step, row.next_due))
            if row.next_step and row.step_ended_on is None and row.duty_id is None:
                self.waiting[row.subject_id, row.next_step] = row.next_due

    def told(self, lead: int, given: FollowGiven) -> bool:
        """Tell whether the contact was told before: its words, or without words its day."""
        if given.said:
            return (lead, given.on, given.said) in self.said
        return (lead, given.on) in self.days

    def read_posts(self) -> None:
        """Add the business posts of every unit; one query."""
        for post in _business_posts():
            self.posts[post.organisation_id].append(post)


def _business_posts() -> QuerySet[Post]:
    return Post.objects.filter(active=True, role__in=BUSINESS).select_related("organisation")


def taker_of(lead: Lead) -> Post | None:
    """Post a step of a lead goes to where none is named; None: it is the unit's, if there is one.

    The lead's own post where that may still act, else the only business post of its unit.
    """
    unit = lead.subject.unit
    if lead.owner_post is not None and may_act(lead.owner_post, unit):
        return lead.owner_post
    found = list(_business_posts().filter(organisation=unit)[:2]) if unit else []
    return found[0] if len(found) == 1 else None


@dataclass(frozen=True)
class Settled:
    """What an import keeps of a contact; ``changes`` as in the difference of its row."""

    follow: FollowGiven | None
    changes: Mapping[str, tuple[Json, Json]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def settle(
    given: FollowGiven,
    lead: int,
    unit: Organisation | None,
    owner_post: Post | None,
    known: KnownSteps,
) -> Settled:
    """Find what is new in a contact and who does its next step; ``lead`` 0 where it is new."""
    notes: list[str] = []
    if (lead, given.next_step, given.next_due) in known.steps:
        given = _without_step(given)
    elif given.next_step:
        given, notes = _with_who(given, unit, owner_post, known)
    is_new = not known.told(lead, given)
    if given.next_step and not is_new and (lead, given.next_step) in known.waiting:
        stands = known.waiting[lead, given.next_step]
        days = f"时限系统为 {stands}，台账为 {given.next_due}"
        told = f"「{given.next_step}」{days}，没有改，请在线索页办理。"
        return Settled(None, notes=(told,))
    if not given.next_step and not given.said:
        told = "只写了跟进日期，没有写谈了什么，没有导入。"
        return Settled(None, notes=(told,) if is_new else ())
    changes: dict[str, tuple[Json, Json]] = {}
    if given.next_step:
        changes["next_step"] = (None, _step_words(given, unit))
        if not given.said or not is_new:
            given = replace(given, said=f"下一步：{given.next_step}")
    if is_new:
        changes["follow_up"] = (None, f"{given.on} {given.said}")
    return Settled(given if changes else None, changes, tuple(notes))


def _without_step(given: FollowGiven) -> FollowGiven:
    return replace(given, next_step="", next_due=None, next_post=None)


def _with_who(
    given: FollowGiven, unit: Organisation | None, owner_post: Post | None, known: KnownSteps
) -> tuple[FollowGiven, list[str]]:
    """Give the step its post, or its unit, and say whom it was not written for."""
    notes: list[str] = []
    for post in filter(None, (given.next_post, owner_post)):
        try:
            check_step_post(post, unit, "next_post", "下一步的责任岗位")
        except Invalid as refusal:
            notes.append(str(refusal))
        else:
            return replace(given, next_post=post), notes
    if unit is None:
        words = "\n".join(filter(None, (given.said, given.in_words)))
        notes.append("下一步没有责任岗位，线索也没有责任单位，按文字保留，不提醒。")
        return _without_step(replace(given, said=words)), notes
    found = known.posts.get(unit.pk, [])
    if len(found) == 1:
        notes.append(f"下一步没有写责任岗位，交给「{found[0]}」（该单位只有这一个业务岗位）。")
        return replace(given, next_post=found[0]), notes
    notes.append(f"下一步没有写责任岗位，记在「{unit}」名下，由该单位办理。")
    return replace(given, next_post=None), notes


def _step_words(given: FollowGiven, unit: Organisation | None) -> str:
    return f"{given.next_step}，{given.next_due} 前，{given.next_post or unit}"
