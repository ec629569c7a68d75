"""How a project of the reserve shows: its address, its rail, its opinions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from guatu.investment.enums import AdmissionState
from guatu.investment.models import AdmissionOpinion
from guatu.web.components import RailStep, StepState

WAY = {
    "谋划": (AdmissionState.IDEA, AdmissionState.RETURNED),
    "初审": (AdmissionState.FIRST,),
    "终审": (AdmissionState.FINAL,),
    "储备": (AdmissionState.RESERVED,),
    "实施": (AdmissionState.UNDERWAY,),
}
"""Stations of the rail → states that stand on them; 退库 leaves the way where it was left."""


def reserve_url(project: Any) -> str:  # noqa: ANN401 -- a project or a past state of one
    """Address of the page in the reserve."""
    return reverse("reserve:reserve", args=[project.subject.public_id])


def rail(admission: Any) -> list[RailStep]:  # noqa: ANN401 -- an admission or a past state
    """Stations from idea to building; what was taken out stands where it stood."""
    state = admission.resume_state or admission.state
    here = next(place for place, states in enumerate(WAY.values()) if state in states)
    out = admission.state == AdmissionState.REMOVED
    steps = []
    for place, name in enumerate(WAY):
        current = StepState.STOPPED if out else StepState.CURRENT
        told = current if place == here else StepState.DONE if place < here else StepState.NEXT
        note = ""
        if place == here:
            note = f"{admission.since:%m-%d} {AdmissionState(admission.state).label}"
        steps.append(RailStep(name, told, note))
    return steps


@dataclass(frozen=True)
class Round:
    """One submission with its judgements, the first step first."""

    number: int
    opinions: Sequence[AdmissionOpinion]


def rounds(opinions: Sequence[AdmissionOpinion]) -> list[Round]:
    """Judgements by submission, the latest on top; ``opinions`` newest first."""
    numbers = dict.fromkeys(one.round for one in opinions)
    return [
        Round(number, [one for one in reversed(opinions) if one.round == number])
        for number in numbers
    ]
