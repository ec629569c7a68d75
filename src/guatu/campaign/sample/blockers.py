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


class Blockers:
    """Raises the blockers of the story and moves each on, on the days it tells."""

    def __init__(self, district: District, told: list[dict[str, Any]]) -> None:
        self.district = district
        self.told = sorted(told, key=lambda one: str(one["on"]))
        self.raised: dict[int, Blocker] = {}

    def live(self, day: dt.date) -> None:
        """One day: what is raised on it, then every act that falls on it."""
        today = day.isoformat()
        fresh = [(n, row) for n, row in enumerate(self.told) if row["on"] == today]
        found = subjects_named(SubjectKind.PROJECT, [row["project"] for _, row in fresh])
        for number, row in fresh:
            self.raised[number] = raise_blocker(
                _act(self.district, row["by"], today),
                Spot(found[row["project"]]),
                row["cause"],
                what=row["what"],
                asked=row["asked"],
            )
        for number, row in enumerate(self.told):
            for act, by, on, words in row["then"]:
                if on == today:
                    RUN[act](_act(self.district, by, on), self.raised[number], words)


def _act(district: District, post: str, day: str) -> Act:
    on = dt.date.fromisoformat(day)
    moment = dt.datetime.combine(on, dt.time(17, 30), SHANGHAI)
    return district.act_as(Act(None, moment, on, sample=True), post)
