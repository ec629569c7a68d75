"""How a letter shows: the face of its light, the rail of its states, the words of its kinds."""

import datetime as dt

from django.urls import reverse

from guatu.loop.enums import Colour, LetterState
from guatu.loop.queries.duties import DutyLamp
from guatu.loop.queries.letter_sight import LetterRow
from guatu.web.components import SKIPPED, LampFace, RailStep, StepState
from guatu.web.format import short_day

TONES = {Colour.RED: "red", Colour.AMBER: "amber", Colour.GREEN: "green"}
RAIL = (
    LetterState.DRAFT,
    LetterState.SIGNING,
    LetterState.SIGNED,
    LetterState.SENT,
    LetterState.READ,
    LetterState.ANSWERED,
    LetterState.CLOSED,
)
ENDED = frozenset({LetterState.WITHDRAWN, LetterState.VOID})


def letter_url(letter: LetterRow) -> str:
    """Address of the letter's page."""
    return reverse("letters:letter", args=[letter.public_id])


def letter_face(letter: LetterRow, colour: Colour, days: int | None) -> LampFace:
    """The light of the reply with its days; it opens the reason on the letter's page."""
    href = f"{letter_url(letter)}#lamp"
    if days is None:
        return LampFace("unrated", href, note=str(LetterState(letter.state).label))
    return LampFace(TONES.get(colour, "unrated"), href, days)


def letter_rail(letter: LetterRow, lamp: DutyLamp, today: dt.date) -> list[RailStep]:
    """拟稿 → … → 办结; a letter that was given up stands where it had come to."""
    days = {
        LetterState.DRAFT: letter.drafted_on,
        LetterState.SIGNED: letter.signed_on,
        LetterState.SENT: letter.sent_on,
        LetterState.ANSWERED: letter.replied_on,
        LetterState.CLOSED: letter.closed_on,
    }
    here = RAIL.index(_reached(letter))
    over = letter.state in ENDED
    steps = []
    for place, step in enumerate(RAIL):
        day = days.get(step) if place <= here else None
        note = short_day(day, today) if day else ""
        if over and place == here:
            note = "，".join(
                part for part in (note, f"已{LetterState(letter.state).label}") if part
            )
        if _skipped(step, letter):
            steps.append(RailStep(str(step.label), StepState.NEXT, SKIPPED))
            continue
        late = lamp.colour is Colour.RED
        steps.append(RailStep(str(step.label), _step(place, here, letter, late=late), note))
    return steps


def _skipped(step: LetterState, letter: LetterRow) -> bool:
    """Tell whether a closed letter went past a step: it closed with its cause, unanswered."""
    unanswered = step == LetterState.ANSWERED and letter.replied_on is None
    return unanswered and letter.state == LetterState.CLOSED


def _reached(letter: LetterRow) -> LetterState:
    if letter.state == LetterState.WITHDRAWN:
        return LetterState.DRAFT
    if letter.state == LetterState.VOID:
        return LetterState.SENT if letter.sent_on else LetterState.SIGNED
    return LetterState(letter.state)


def _step(place: int, here: int, letter: LetterRow, *, late: bool) -> StepState:
    over = letter.state in ENDED or letter.state == LetterState.CLOSED
    if place < here or (over and place == here):
        return StepState.DONE
    if place > here:
        return StepState.NEXT
    return StepState.LATE if late else StepState.CURRENT
