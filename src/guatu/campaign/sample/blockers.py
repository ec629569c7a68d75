"""Invented blockers of the sample, each in another state, under simulated time."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from guatu.campaign.reading.names import subjects_named
from guatu.campaign.sample.people import District
from guatu.loop.actions import (
    accept_blocker,
    answer_blocker,
    confirm_blocker,
    raise_blocker,
    send_up,
)
from guatu.loop.models import Blocker
from guatu.loop.removers import Spot
from guatu.register.enums import SubjectKind
from guatu.register.recording import Act
from guatu.register.versions import SHANGHAI

RUN: Mapping[str, Callable[[Act, Blocker, str], object]] = {
    "accept": lambda act, blocker, _: accept_blocker(act, blocker),
    "send_up": lambda act, blocker, words: send_up(act, blocker, reason=words),
    "answer": lambda act, blocker, words: answer_blocker(act, blocker, answer=words),
    "confirm": lambda act, blocker, _: confirm_blocker(act, blocker),
}


def block(district: District, told: list[dict[str, Any]]) -> None:
    """Raise the blockers of the story and bring each to where it stands."""
    found = subjects_named(SubjectKind.PROJECT, [row["project"] for row in told])
    for row in sorted(told, key=lambda one: str(one["on"])):
        blocker = raise_blocker(
            _act(district, row["by"], row["on"]),
            Spot(found[row["project"]]),
            row["cause"],
            what=row["what"],
            asked=row["asked"],
        )
        for act, by, day, words in row["then"]:
            RUN[act](_act(district, by, day), blocker, words)


def _act(district: District, post: str, day: str) -> Act:
    on = dt.date.fromisoformat(day)
    moment = dt.datetime.combine(on, dt.time(17, 30), SHANGHAI)
    return district.act_as(Act(None, moment, on, sample=True), post)
