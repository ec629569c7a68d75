"""What follows when a post changes hands; whoever keeps what posts owe registers here.

The register knows nothing of duties: the loop draws the hand-over document in the same transaction.
"""

from collections.abc import Callable

from guatu.register.models.organisations import Holding
from guatu.register.recording import Act

Follow = Callable[[Act, Holding], object]
ON_LEAVING: list[Follow] = []
ON_TAKING: list[Follow] = []


def left(act: Act, holding: Holding) -> None:
    """Tell that a holding ends: its last day is set, or the account behind it was closed."""
    for follow in ON_LEAVING:
        follow(act, holding)


def taken(act: Act, holding: Holding) -> None:
    """Tell that somebody was given a post."""
    for follow in ON_TAKING:
        follow(act, holding)
