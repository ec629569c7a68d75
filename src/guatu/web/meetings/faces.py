"""How a meeting shows: its address, the rail of its states, its agenda by tier and unit."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from django.urls import reverse

from guatu.loop.dispatch_rules import AgendaRule
from guatu.loop.enums import OPEN_STATES, DispatchState
from guatu.loop.models import AgendaItem
from guatu.loop.queries.dispatches import MeetingRow, left_in
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
    """How many things of a cause found no place on the agenda, and the list that has them all."""

    name: str
    count: int
    href: str


_OPEN = [str(state) for state in OPEN_STATES]
_LATE: Mapping[str, str | list[str]] = {"state": _OPEN, "lamp": "red"}
LISTS: Mapping[str, tuple[str, Mapping[str, str | list[str]]]] = {
    "blocker_up": ("blockers:blockers", {"state": "upper"}),
    "blocker": ("blockers:blockers", {"state": ["raised", "working"]}),
    "project_red": ("projects:list", {"lamp": "red"}),
    "project_amber": ("projects:list", {"lamp": "amber"}),
    "ladder": ("duties:duties", _LATE),
    "duty_red": ("duties:duties", _LATE),
    "duty_amber": ("duties:duties", {"state": _OPEN, "lamp": "amber"}),
    "review": ("duties:duties", {"state": "review", "lamp": "red"}),
    "unreported": ("duties:duties", {"state": ["issued", "doing"], "sort": "reported"}),
    "letter_late": ("letters:letters", {"lamp": "red"}),
    "letter_owed": ("letters:letters", {"lamp": ["amber", "green"]}),
}
"""Where the things of a cause stand, with those that are on the agenda."""
DUTIES = "duties:duties"


def left_faces(meeting: MeetingRow) -> list[LeftFace]:
    """What found no place, by cause."""
    return [
        LeftFace(row["name"], row["count"], _list_of(row["code"], meeting))
        for row in left_in(meeting).get("left", ())
    ]


def _list_of(code: str, meeting: MeetingRow) -> str:
    """Address of a cause's list, narrowed to the meeting's domain where the list knows it."""
    if code not in LISTS:
        return ""
    page, filters = LISTS[code]
    narrowed = {"domain": meeting.domain} if page == DUTIES and meeting.domain else {}
    return f"{reverse(page)}?{urlencode({**filters, **narrowed}, doseq=True)}"


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
