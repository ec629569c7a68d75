"""How a duty shows: the face of its light and the rail of its states."""

import datetime as dt

from django.urls import reverse

from guatu.loop.enums import Colour, DutyState
from guatu.loop.queries.duties import DutyLamp
from guatu.loop.queries.sight import DutyRow
from guatu.web.components import LampFace, RailStep, StepState
from guatu.web.format import short_day

TONES = {Colour.RED: "red", Colour.AMBER: "amber", Colour.GREEN: "green"}
RAIL = (
    DutyState.DRAFT,
    DutyState.ISSUED,
    DutyState.DOING,
    DutyState.REVIEW,
    DutyState.CLOSED,
)


def duty_url(duty: DutyRow) -> str:
    """Address of the duty's page."""
    return reverse("duties:duty", args=[duty.public_id])


def face_of(duty: DutyRow, lamp: DutyLamp) -> LampFace:
    """The light with its days; it opens the reason on the duty's page."""
    return lamp_face(duty, lamp.colour, lamp.days)


def lamp_face(duty: DutyRow, colour: Colour, days: int | None) -> LampFace:
    """The same from a colour and days computed in a query."""
    href = f"{duty_url(duty)}#lamp"
    tone = TONES.get(colour, "unrated")
    if not duty.is_open:
        return LampFace(tone, href, note=str(DutyState(duty.state).label))
    if duty.review_since is not None and days is not None and days >= 0:
        return LampFace(tone, href, note=str(DutyState.REVIEW.label))
    return LampFace(tone, href, days, "" if days is not None else "待定")


def rail_of(duty: DutyRow, lamp: DutyLamp, today: dt.date) -> list[RailStep]:
    """拟定 → 已下达 → 办理中 → 待核 → 办结; a paused duty stands where it returns to."""
    paused = duty.state == DutyState.PAUSED
    here = RAIL.index(DutyState(duty.resume_state if paused else duty.state))
    days = {DutyState.ISSUED: duty.issued_on, DutyState.CLOSED: duty.closed_on}
    steps = []
    for place, step in enumerate(RAIL):
        day = days.get(step)
        note = "暂停" if paused and place == here else short_day(day, today) if day else ""
        steps.append(RailStep(str(step.label), _step(place, here, lamp, duty), note))
    return steps


def _step(place: int, here: int, lamp: DutyLamp, duty: DutyRow) -> StepState:
    if place < here or duty.state == DutyState.CLOSED:
        return StepState.DONE
    if place > here:
        return StepState.NEXT
    return StepState.LATE if lamp.colour is Colour.RED else StepState.CURRENT
