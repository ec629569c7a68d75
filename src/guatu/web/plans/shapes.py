"""The shapes of a drawn plan, and what they tell about themselves: places in one SVG."""

import datetime as dt
from dataclasses import dataclass

from guatu.loop.plan.sketch import Step, Tie
from guatu.web.plans.dated import Dated
from guatu.web.plans.hatching import FINE, WIDE, hatch
from guatu.web.plans.scale import Scale, Tick

ROW = 30
HEAD = 40
BAR = 12
MID = 13
"""Middle of a bar below the top of its row; the ghost of the baseline lies under it."""
GHOST = 24


@dataclass(frozen=True)
class Piece:
    """A stretch of a bar."""

    x: float
    width: float


@dataclass(frozen=True)
class Bar:
    """One step drawn. ``shape`` is bar, diamond or nothing where no date is known.

    ``state`` (done, doing, late, open) and ``critical`` are told by shape as well as colour.
    """

    step: Step
    dated: Dated
    y: int
    shape: str
    state: str
    start: dt.date | None
    finish: dt.date | None
    x: float = 0.0
    end: float = 0.0
    pieces: tuple[Piece, ...] = ()
    tail: Piece | None = None
    ghost: Piece | None = None
    due_x: float | None = None
    forecast_x: float | None = None
    words: str = ""
    changed: bool = False
    provisional: bool = False

    @property
    def middle(self) -> int:
        """Height of its middle."""
        return self.y + MID

    @property
    def top(self) -> int:
        """Upper edge of the bar."""
        return self.middle - BAR // 2

    @property
    def ghost_y(self) -> int:
        """Height of the baseline's ghost."""
        return self.y + GHOST

    @property
    def classes(self) -> str:
        """Style names of its state."""
        marks = [f"is-{self.state}"]
        marks += ["is-critical"] * self.dated.critical
        marks += ["is-provisional"] * self.provisional
        marks += ["is-changed"] * self.changed
        return " ".join(marks)

    @property
    def tail_end(self) -> float:
        """Place where the float ends."""
        return round(self.tail.x + self.tail.width, 2) if self.tail else self.end

    @property
    def grip(self) -> float:
        """Place of the handle that changes the duration: half of a short bar at most."""
        return round(self.end - self.grip_width, 2)

    @property
    def grip_width(self) -> float:
        """Width of that handle."""
        return round(min(8.0, (self.end - self.x) / 2), 2)

    @property
    def port(self) -> float:
        """Place of the handle a link is drawn from."""
        return round(self.end + (14 if self.shape == "diamond" else 9), 2)

    @property
    def diamond(self) -> str:
        """Outline of a milestone."""
        x, y, r = self.x, self.middle, 7
        return f"M{x} {y - r}L{x + r} {y}L{x} {y + r}L{x - r} {y}Z"

    @property
    def hatch(self) -> str:
        """Hatching of what is done as lines, for paper."""
        pieces = self.pieces if self.state == "done" else ()
        return "".join(hatch(one.x, self.top, one.width, BAR, FINE) for one in pieces)

    @property
    def cap(self) -> str:
        """Brackets at both ends of a critical bar: its shape tells without colour."""
        top, low = self.top - 3, self.top + BAR + 3
        left, right = self.x, self.end
        return f"M{left + 4} {top}H{left}V{low}h4M{right - 4} {top}H{right}V{low}h-4"

    @property
    def flag(self) -> str:
        """Mark of a deadline: a wedge that points at its day."""
        if self.due_x is None:
            return ""
        return f"M{self.due_x} {self.y + 3}v22M{self.due_x} {self.y + 3}h-8v6h8Z"


@dataclass(frozen=True)
class Group:
    """A stage: its heading row and the bars under it."""

    name: str
    y: int
    bars: tuple[Bar, ...]
    span: Piece | None


@dataclass(frozen=True)
class Arrow:
    """A link drawn; ``critical`` when both ends are and the earlier drives the later."""

    tie: Tie
    path: str
    head: str
    critical: bool
    words: str


@dataclass(frozen=True)
class Band:
    """A stretch in which the work of some rows stops."""

    x: float
    width: float
    y: int
    height: int
    words: str

    @property
    def hatch(self) -> str:
        """Its hatching as lines, for paper."""
        return hatch(self.x, self.y, self.width, self.height, WIDE)


@dataclass(frozen=True)
class Drawing:
    """A whole plan drawn, in units that are pixels at full size."""

    scale: Scale
    years: list[Tick]
    ticks: list[Tick]
    bands: list[Band]
    today_x: float | None
    today: dt.date
    groups: list[Group]
    arrows: list[Arrow]
    height: int

    @property
    def width(self) -> float:
        """Width of the time axis."""
        return self.scale.width

    @property
    def bars(self) -> list[Bar]:
        """All bars from top to bottom."""
        return [bar for group in self.groups for bar in group.bars]
