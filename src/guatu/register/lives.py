"""The life of a thing as a table: which act leads from which states to which, and who may.

Each room writes its own table; what can be done now, and why something cannot, follows from it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Generic, Protocol, TypeVar

from django.db.models import TextChoices

from guatu.register.errors import Invalid, Stale
from guatu.register.policies import Standing, may, require
from guatu.register.recording import Act


class Living(Protocol):
    """What has a life: a row with its state and its revision."""

    @property
    def state(self) -> Any:  # noqa: ANN401 -- a column
        """Where it stands."""

    @property
    def revision(self) -> Any:  # noqa: ANN401 -- a column
        """How often it changed."""


State = TypeVar("State", bound=TextChoices)
Thing = TypeVar("Thing", bound=Living)


@dataclass(frozen=True)
class Move(Generic[State]):
    """One act of a life.

    ``target`` None keeps the state; ``resumes`` goes back to the ``resume_state`` of the row.
    ``policy`` names who may.
    """

    action: str
    name: str
    sources: frozenset[State]
    target: State | None
    policy: str
    resumes: bool = False

    def after(self, thing: Living) -> str:
        """State the thing has once this act is done."""
        kept = str(thing.resume_state if self.resumes else thing.state)  # type: ignore[attr-defined]  # a row that resumes has it
        return self.target or kept


@dataclass(frozen=True)
class Life(Generic[State, Thing]):
    """All acts of one kind of thing, in the order they are offered.

    ``called`` says what a thing is called where an act is refused.
    """

    states: type[State]
    moves: tuple[Move[State], ...]
    called: Callable[[Thing], str] = attrgetter("title")

    def __iter__(self) -> Iterator[Move[State]]:
        return iter(self.moves)

    def __getitem__(self, action: str) -> Move[State]:
        """Return the act of this name; raises KeyError."""
        found = self.get(action)
        if found is None:
            raise KeyError(action)
        return found

    def get(self, action: str) -> Move[State] | None:
        """Return the act of this name, if there is one."""
        return next((move for move in self.moves if move.action == action), None)

    def closed_to(self, thing: Thing, action: str) -> str:
        """Why the act cannot be done as the thing stands; empty where it can."""
        move = self[action]
        if thing.state in move.sources:
            return ""
        return f"现在是{self.states(thing.state).label}，不能{move.name}"

    def begin(
        self, act: Act, thing: Thing, action: str, expected_revision: int | None = None
    ) -> Move[State]:
        """Check who acts, which revision they saw and where the thing stands; return the act.

        Raises Forbidden, Stale or Invalid, in this order.
        """
        move = self[action]
        require(act.standing, move.policy, thing)
        check_revision(thing.revision, expected_revision)
        if closed := self.closed_to(thing, action):
            raise Invalid(f"「{self.called(thing)}」{closed}。")
        return move

    def open_to(self, standing: Standing, thing: Thing) -> list[Move[State]]:
        """Acts the officer may do now."""
        return [move for move in self.moves if self.allows(standing, thing, move.action)]

    def allows(self, standing: Standing, thing: Thing, action: str) -> bool:
        """Tell whether the officer may do the act now."""
        move = self[action]
        return thing.state in move.sources and may(standing, move.policy, thing)


def check_revision(stored: int, shown: int | None) -> None:
    """Raise Stale when the form showed another revision than the stored one."""
    if shown is not None and shown != stored:
        raise Stale("这条记录刚被别人改过。")
