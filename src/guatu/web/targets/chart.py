"""A target's year as a server drawing: the plan's own path, the stretch, and what was reached."""

from dataclasses import dataclass
from decimal import Decimal

from guatu.campaign.targets.account import Position
from guatu.engines.apportion import MONTHS, Sum
from guatu.engines.plan_path import cumulated
from guatu.loop.target_kinds import Sprint
from guatu.web.targets.faces import trimmed

WIDTH, HEIGHT = 720, 220
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 16, 28
STEP = (WIDTH - LEFT - RIGHT) / 12
NICE = tuple(map(Decimal, ("1", "1.2", "1.5", "2", "2.5", "3", "4", "5", "6", "8", "10")))


@dataclass(frozen=True)
class Point:
    """A point with what it stands for; coordinates as text for the drawing."""

    x: str
    y: str
    title: str = ""


@dataclass(frozen=True)
class Chart:
    """Everything the partial draws; ``words`` say the same for who does not see it."""

    plan: str
    plan_points: tuple[Point, ...]
    reached: str
    reached_points: tuple[Point, ...]
    levels: tuple[tuple[str, str, str], ...]
    ticks: tuple[tuple[str, str], ...]
    months: tuple[tuple[str, str], ...]
    today: str
    sprint: tuple[str, str, str]
    words: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    ground: int = HEIGHT - BOTTOM
    top: int = TOP


def chart_of(position: Position, sprint: Sprint, now: int) -> Chart:
    """Draw a target; ``now`` is the month the day lies in, 0 before the year, 12 after it."""
    plan = _known(cumulated(position.balance.months))
    done = _done(position, now)
    name = _whole(position)
    levels = [(name, position.year, "base"), ("力争超额", position.stretch, "stretch")]
    told = [value for _, value, _ in levels if value is not None]
    most = _nice(max([*plan.values(), *done.values(), *told, Decimal(1)]))
    unit = position.target.unit if position.target else ""
    plan_points = _points(plan, most, "计划累计", unit)
    done_points = _points(done, most, "完成累计", unit)
    return Chart(
        _line(plan_points),
        plan_points,
        _line(done_points),
        done_points,
        tuple((name, _y(value, most), key) for name, value, key in levels if value is not None),
        tuple((_y(most * part / 2, most), trimmed(most * part / 2)) for part in range(3)),
        tuple((_x(month), f"{month}月") for month in MONTHS),
        _x(now),
        (_x(sprint.months[0] - 1), f"{STEP * len(sprint.months):.1f}", sprint.name),
        _words(position, unit),
    )


def _known(sums: tuple[Sum, ...]) -> dict[int, Decimal]:
    """Path from the year's start to the last month before anything is unknown."""
    found = {0: Decimal(0)}
    for month, one in zip(MONTHS, sums, strict=True):
        if one.value is None or one.unknown:
            break
        found[month] = one.value
    return found if len(found) > 1 else {}


def _done(position: Position, now: int) -> dict[int, Decimal]:
    """What is known to be reached by the end of each month; today's stands for the year to date."""
    if position.reached.year.value is None or not now:
        return {}
    found, so_far = {0: Decimal(0)}, Decimal(0)
    for month in range(1, now + 1):
        so_far += position.reached.months[month - 1].value or Decimal(0)
        found[month] = so_far
    found[now] = position.reached.year.value
    return found


def _nice(value: Decimal) -> Decimal:
    """Return the least even number of the scale that holds ``value``.

    >>> _nice(Decimal(37)), _nice(Decimal(1)), _nice(Decimal(2600))
    (Decimal('40'), Decimal('1'), Decimal('3000'))
    """
    size = Decimal(10) ** (value.adjusted())
    return next(step * size for step in NICE if step * size >= value)


def _points(values: dict[int, Decimal], most: Decimal, name: str, unit: str) -> tuple[Point, ...]:
    return tuple(
        Point(_x(month), _y(value, most), f"{month}月末{name} {trimmed(value)}{unit}")
        for month, value in values.items()
    )


def _line(points: tuple[Point, ...]) -> str:
    return " ".join(f"{point.x},{point.y}" for point in points)


def _x(month: int) -> str:
    return f"{LEFT + STEP * month:.1f}"


def _y(value: Decimal, most: Decimal) -> str:
    room = Decimal(HEIGHT - TOP - BOTTOM)
    return f"{Decimal(HEIGHT - BOTTOM) - value / most * room:.1f}"


def _whole(position: Position) -> str:
    return "年度目标" if position.base is not None else "分解合计"


def _words(position: Position, unit: str) -> str:
    judged = position.judged
    expected = judged.expected.value
    parts = [
        f"{_whole(position)}{trimmed(position.year)}{unit}"
        if position.year is not None
        else "目标未报",
        f"至{judged.month}月末应达{trimmed(expected)}{unit}" if expected is not None else "",
        f"已完成{trimmed(judged.actual.value)}{unit}" if judged.actual.value is not None else "",
    ]
    return f"{position.kind.name}：{'，'.join(filter(None, parts))}"
