"""How a meeting shows: its address, the rail of its states, its agenda by tier and unit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse

from guatu.loop.dispatch_rules import AgendaRule
from guatu.loop.enums import DispatchState
from guatu.loop.models import AgendaItem
from guatu.loop.queries.dispatches import MeetingRow
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
    """Items of one tier by unit in protocol order."""

    tier: int
    name: str
    units: Sequence[UnitGroup]

    @property
    def count(self) -> int:
        """How many items."""
        return sum(len(unit.items) for unit in self.units)


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


def tiers_of(faces: Iterable[ItemFace], rule: AgendaRule) -> list[TierGroup]:
    """Group numbered items, which stand in order."""
    return [
        TierGroup(
            tier,
            rule.tier_name(tier),
            [
                UnitGroup(name, list(unit))
                for name, unit in groupby(ones, key=lambda one: str(one.item.unit or NO_UNIT))
            ],
        )
        for tier, ones in groupby(faces, key=lambda one: one.item.tier)
    ]
