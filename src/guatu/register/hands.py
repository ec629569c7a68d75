"""What follows when a post changes hands; whoever keeps what posts owe registers here.

The register knows nothing of duties: the loop draws the hand-over document in the same transaction.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from guatu.register.models.organisations import Holding, Post
from guatu.register.recording import Act

Follow = Callable[[Act, Holding], object]
ON_LEAVING: list[Follow] = []
ON_TAKING: list[Follow] = []
ON_RETURNING: list[Follow] = []
ON_CLOSING: list[Callable[[Act, Post], object]] = []


@dataclass(frozen=True)
class Owed:
    """How many open things of a kind name a post."""

    kind: str
    number: int

    def __str__(self) -> str:
        return f"{self.kind} {self.number} 项"


OWED_BY_POST: list[Callable[[Post], Iterable[Owed]]] = []


def owed_by(post: Post) -> list[Owed]:
    """What still names a post, by kind; it stays in use until nothing does."""
    return [one for source in OWED_BY_POST for one in source(post)]


def left(act: Act, holding: Holding) -> None:
    """Tell that a holding ends: its last day is set, or the account behind it was closed."""
    for follow in ON_LEAVING:
        follow(act, holding)


def taken(act: Act, holding: Holding) -> None:
    """Tell that somebody was given a post."""
    for follow in ON_TAKING:
        follow(act, holding)


def returned(act: Act, holding: Holding) -> None:
    """Tell that the account behind a holding was opened again."""
    for follow in ON_RETURNING:
        follow(act, holding)


def closed(act: Act, post: Post) -> None:
    """Tell that a post that owes nothing goes out of use."""
    for follow in ON_CLOSING:
        follow(act, post)
