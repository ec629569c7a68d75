"""What waits for a leader's decision, as the cockpit lists it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from guatu.loop.queries.blockers import turns_of
from guatu.register.policies import Standing

MOST_BLOCKERS = 20
"""Most blockers among the decisions; the desk and the list have them all."""


@dataclass(frozen=True)
class Decision:
    """One thing that waits for the reader: why, which duty or blocker, since or until when."""

    kind: str
    duty: Any
    words: str
    day: dt.date | None
    blocker: Any = None

    @property
    def thing(self) -> Any:  # noqa: ANN401 -- a duty or a blocker
        """What it is about."""
        return self.blocker or self.duty

    @property
    def unit(self) -> Any:  # noqa: ANN401 -- a unit or None
        """Unit that owes it: the owner's, or who raised the blocker."""
        return self.blocker.raised_unit if self.blocker else self.duty.owner_unit


def blockers_to_decide(standing: Standing) -> list[Decision]:
    """Blockers whose next step is the reader's, and those nobody answered; oldest first."""
    return [
        Decision(
            "blocker",
            None,
            f"待您{turn.verb}，已堵 {turn.days} 个工作日",
            turn.blocker.raised_on,
            turn.blocker,
        )
        for turn in turns_of(standing)[:MOST_BLOCKERS]
    ]
