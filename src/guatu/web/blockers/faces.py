"""How a blocker shows: its address, the rail of its states, where it hangs."""

import datetime as dt
from urllib.parse import urlencode

from django.urls import reverse

from guatu.loop.blocker_days import BlockerRow
from guatu.loop.enums import BlockerState
from guatu.loop.removers import Spot
from guatu.web.components import SKIPPED, RailStep, StepState
from guatu.web.format import short_day

RAIL = (
    BlockerState.RAISED,
    BlockerState.WORKING,
    BlockerState.ANSWERED,
    BlockerState.CLOSED,
)
BESIDE = {
    BlockerState.RETURNED: BlockerState.RAISED,
    BlockerState.WITHDRAWN: BlockerState.RAISED,
    BlockerState.UPPER: BlockerState.WORKING,
}
BY_SYSTEM = "system"
"""Stands in an address for what no unit, but the system, has or did."""


def blocker_url(blocker: BlockerRow) -> str:
    """Address of the blocker's page."""
    return reverse("blockers:blocker", args=[blocker.public_id])


def raise_url(spot: Spot) -> str:
    """Address of the page on which a blocker of the spot is raised."""
    if spot.duty is not None:
        return reverse("blockers:raise_duty", args=[spot.duty.public_id])
    if spot.activity is not None:
        return reverse("blockers:raise_node", args=[spot.subject.public_id, spot.activity.node])
    return reverse("blockers:raise_subject", args=[spot.subject.public_id])


def list_url(**filters: str | list[str]) -> str:
    """Address of the list narrowed by filters."""
    query = urlencode({name: value for name, value in filters.items() if value}, doseq=True)
    address = reverse("blockers:blockers")
    return f"{address}?{query}" if query else address


def rail_of(blocker: BlockerRow, today: dt.date) -> list[RailStep]:
    """待审核 → 处理中 → 待确认 → 已完结; what stands beside is told in a note."""
    state = BlockerState(blocker.state)
    here = RAIL.index(BESIDE.get(state, state))
    done = state == BlockerState.CLOSED
    days = {BlockerState.RAISED: blocker.raised_on, BlockerState.CLOSED: blocker.closed_on}
    steps = []
    for place, step in enumerate(RAIL):
        day = days.get(step)
        note = short_day(day, today) if day is not None else ""
        if place == here and state in BESIDE:
            note = str(state.label)
        faced = _step(place, here, done=done)
        if done and step == BlockerState.ANSWERED and not blocker.answer:
            faced, note = StepState.NEXT, SKIPPED  # it closed with its duty
        steps.append(RailStep(str(step.label), faced, note))
    return steps


def _step(place: int, here: int, *, done: bool) -> StepState:
    if place < here or done:
        return StepState.DONE
    return StepState.CURRENT if place == here else StepState.NEXT
