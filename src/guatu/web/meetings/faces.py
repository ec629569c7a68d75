"""How a meeting shows: its address, the rail of its states, its agenda by tier and unit."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from django.urls import reverse

from guatu.loop.dispatch_rules import AgendaRule
from guatu.loop.enums import DispatchState
from guatu.loop.models import AgendaItem
from guatu.loop.queries.dispatches import MeetingRow, left_in
from guatu.register.models import Subject
from guatu.web.blockers.faces import blocker_url
from guatu.web.blockers.spots import subject_page
from guatu.web.components import RailStep, StepState
from guatu.web.duties.faces import duty_url
from guatu.web.letters.faces import letter_url

RAIL = (DispatchState.PLANNED, DispatchState.FINAL, DispatchState.HELD)
NO_UNIT = "不属于某一单位"


def meeting_url(meeting: MeetingRow) -> str:
    """Address of the meeting's page."""
    return reverse("meetings:meeting", args=[meeting.public_id])


def meeting_rail(meeting: MeetingRow) -> list[RailStep]:
    """筹备 → 定稿 → 已召开; a cancelled meeting stands where it had come to."""
    cancelled = meeting.state == DispatchState.CANCELLED
    reached = DispatchState.FINAL if meeting.final_on else DispatchState.PLANNED
    here = RAIL.index(reached if cancelled else DispatchState(meeting.state))
    notes = {
        DispatchState.FINAL: f"{meeting.final_on}" if meeting.final_on else "",
        DispatchState.HELD: f"{meeting.on}",
    }
    steps = []
    for place, step in enumerate(RAIL):
        note = notes.get(step, "")
        if cancelled and place == here:
            note = "已取消"
        steps.append(RailStep(str(step.label), _state(place, here, meeting), note))
    return steps


def _state(place: int, here: int, meeting: MeetingRow) -> StepState:
    over = meeting.state in {DispatchState.HELD, DispatchState.CANCELLED}
    if place < here or (over and place == here):
        return StepState.DONE
    return StepState.CURRENT if place == here else StepState.NEXT


@dataclass(frozen=True)
class ItemFace:
    """An item with its number on the agenda, the name of its cause, and where it leads."""

    item: AgendaItem
    number: int
    cause: str
    href: str


@dataclass(frozen=True)
class UnitGroup:
    """Items of one unit."""

    name: str
    items: Sequence[ItemFace]


@dataclass(frozen=True)
class TierGroup:
    """Items of one tier by unit in protocol order.

    ``count`` are all its items, those on other pages too; ``goes_on`` = the first is not here.
    """

    tier: int
    name: str
    units: Sequence[UnitGroup]
    count: int
    goes_on: bool = False


@dataclass(frozen=True)
class LeftFace:
    """How many things of a cause found no place on the agenda, and the page that has them."""

    name: str
    count: int
    href: str


def left_faces(meeting: MeetingRow) -> list[LeftFace]:
    """What found no place, by cause."""
    page = reverse("meetings:left", args=[meeting.public_id])
    return [
        LeftFace(
            row["name"],
            row["count"],
            f"{page}?{urlencode({'cause': row['code']})}" if row.get("items") else "",
        )
        for row in left_in(meeting).get("left", ())
    ]


@dataclass(frozen=True)
class LeftItem:
    """One thing that found no place, as it was when the agenda was built."""

    title: str
    unit: str
    reason: str
    href: str


@dataclass(frozen=True)
class LeftGroup:
    """Things of one cause that found no place."""

    code: str
    name: str
    items: Sequence[LeftItem]


def left_groups(meeting: MeetingRow) -> list[LeftGroup]:
    """The things themselves by cause; one query for what they are about."""
    rows = [row for row in left_in(meeting).get("left", ()) if row.get("items")]
    things = [one["thing"] for row in rows for one in row["items"]]
    keys = [key for kind, _, key in (thing.partition(":") for thing in things) if kind == "subject"]
    subjects = {str(one.public_id): one for one in Subject.objects.filter(public_id__in=keys)}
    return [
        LeftGroup(
            row["code"],
            row["name"],
            [
                LeftItem(one["title"], one["unit"] or NO_UNIT, one["reason"], _thing(one, subjects))
                for one in row["items"]
            ],
        )
        for row in rows
    ]


PAGES = {"duty": "duties:duty", "blocker": "blockers:blocker", "letter": "letters:letter"}


def _thing(one: Mapping[str, str], subjects: Mapping[str, Subject]) -> str:
    """Address of a thing; empty where it has no page any more."""
    kind, _, key = one["thing"].partition(":")
    if kind in PAGES:
        return reverse(PAGES[kind], args=[key])
    return subject_page(subjects[key]) if key in subjects else ""


def href_of(item: AgendaItem) -> str:
    """Address of what an item is about; empty for one added by hand."""
    if item.duty is not None:
        return duty_url(item.duty)
    if item.blocker is not None:
        return blocker_url(item.blocker)
    if item.letter is not None:
        return letter_url(item.letter)
    return subject_page(item.about) if item.about is not None else ""


def item_faces(items: Iterable[AgendaItem], rule: AgendaRule) -> list[ItemFace]:
    """Standing items numbered in their order."""
    standing = (item for item in items if item.stands)
    return [
        ItemFace(item, number, rule.cause_name(item.cause), href_of(item))
        for number, item in enumerate(standing, start=1)
    ]


def tiers_of(
    faces: Sequence[ItemFace], rule: AgendaRule, here: Sequence[ItemFace] | None = None
) -> list[TierGroup]:
    """Group numbered items, which stand in order; ``here`` are those of one page, None = all."""
    counts = Counter(one.item.tier for one in faces)
    first = {one.item.tier: one.number for one in reversed(faces)}
    groups = []
    for tier, ones in groupby(faces if here is None else here, key=lambda one: one.item.tier):
        shown = list(ones)
        units = [
            UnitGroup(name, list(unit))
            for name, unit in groupby(shown, key=lambda one: str(one.item.unit or NO_UNIT))
        ]
        goes_on = shown[0].number > first[tier]
        groups.append(TierGroup(tier, rule.tier_name(tier), units, counts[tier], goes_on))
    return groups
