"""What made a step late against the plan as agreed: whose delay, in one short clause.

The plan as agreed is the one now in force with every step on the days of its baseline, so that a
delay counts from the same day as the slip that is shown beside it.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from guatu.loop.plan.computing import Computed
from guatu.loop.plan.reported import left_until
from guatu.loop.plan.sketch import Sketch, Step

if TYPE_CHECKING:
    from guatu.engines.schedule import Activity, Network, Progress, Slip, SlipCause

Agreed = Mapping[str, tuple[dt.date | None, dt.date | None]]
"""First and last days by key as last agreed."""


@dataclass(frozen=True)
class Slipped:
    """A step ``days`` behind the plan as agreed, in calendar days.

    ``causes``: keys of the steps whose own delay pushed it, the longest delay first.
    """

    days: int
    causes: tuple[str, ...]
    words: str


def slipped(computed: Computed, agreed: Agreed) -> dict[str, Slipped]:
    """Tell of each step behind its baseline whose delay that is; by key, in the order of the plan.

    ``computed`` by `compute`, which says what drives its dates.
    """
    from guatu.engines.schedule import slips  # noqa: PLC0415 -- numpy, when first needed

    behind = dict(_behind(computed, agreed))
    before = _as_agreed(computed, agreed)
    if before is None or not any(days > 0 for days in behind.values()):
        return {}
    progress = slips({}, before, computed.network, computed.calendars.table, computed.schedule)
    return {
        key: _told(progress, key, behind, computed.sketch.steps)
        for key in progress.slips
        if behind.get(key, 0) > 0
    }


def furthest(slips: Mapping[str, Slipped], sketch: Sketch) -> str:
    """Say of the open deadline furthest behind, else of the open step, whose delay it is.

    Empty where none is behind, or nobody's delay is known.
    """
    steps = [sketch.steps[key] for key, one in slips.items() if one.words]
    waiting = [step for step in steps if step.finished is None]
    shown = [step for step in waiting if step in sketch.deadlines] or waiting
    if not shown:
        return ""
    worst = max(shown, key=lambda step: slips[step.key].days)
    found = slips[worst.key]
    return f"「{worst.name}」比基线晚 {found.days} 天，{found.words}。"


def _behind(computed: Computed, agreed: Agreed) -> Iterator[tuple[str, int]]:
    """Yield the calendar days each finish, done or expected, lies behind its baseline."""
    for key, row in computed.schedule.activities.items():
        step = computed.sketch.steps[key]
        baseline = agreed.get(key, (None, None))[1] or step.baseline
        reached = step.finished or step.forecast or row.early_finish
        if baseline is not None and reached is not None:
            yield key, (reached - baseline).days


def _as_agreed(computed: Computed, agreed: Agreed) -> "Network | None":
    """Return the network with every step on its days as agreed; None where none was agreed."""
    steps = computed.sketch.steps
    rows = [
        _agreed_row(row, steps[row.id], first or last, last or first, computed)
        for row in computed.network.activities
        for first, last in [agreed.get(row.id, (None, None))]
        if first is not None or last is not None
    ]
    if not rows:
        return None
    ids = {row.id for row in rows}
    begins = [row.start_no_earlier for row in rows if row.start_no_earlier is not None]
    return replace(
        computed.network,
        status_date=min(begins),
        activities=tuple(rows),
        links=tuple(
            link
            for link in computed.network.links
            if link.predecessor in ids and link.successor in ids
        ),
        deadlines=(),
    )


def _agreed_row(
    row: "Activity",
    step: Step,
    first: dt.date | None,
    last: dt.date | None,
    computed: Computed,
) -> "Activity":
    days = 0
    if row.duration and first is not None and last is not None:
        days = max(left_until(step, last, computed.calendars, min(first, last)), 1)
    return replace(
        row,
        duration=days,
        low=None,
        high=None,
        remaining=None,
        start_no_earlier=first,
        fixed_start=None,
        actual_start=None,
        actual_finish=None,
        allowed_starts=None,
        meeting="",
        valid_days=None,
        legal_days=None,
    )


def _told(
    progress: "Progress", key: str, behind: Mapping[str, int], steps: Mapping[str, Step]
) -> Slipped:
    slip, days = progress.slips[key], behind[key]
    causes = sorted(_delays(slip, behind, steps), key=lambda pair: -pair[1])
    late = tuple(dict.fromkeys(cause.activity for cause, _days in causes))
    return Slipped(days, late, _words(key, days, causes, steps))


def _delays(
    slip: "Slip", behind: Mapping[str, int], steps: Mapping[str, Step]
) -> Iterator[tuple["SlipCause", int]]:
    """Yield causes with their days; of an expected finish those its own row shows."""
    for cause in slip.causes:
        own = behind.get(cause.activity, 0)
        yield cause, own if _expected(steps[cause.activity]) and own > 0 else cause.days


def _expected(step: Step) -> bool:
    return step.finished is None and step.forecast is not None


def _words(
    key: str, days: int, causes: "Sequence[tuple[SlipCause, int]]", steps: Mapping[str, Step]
) -> str:
    if not causes:
        return ""
    late = {cause.activity for cause, _days in causes}
    if late == {key}:
        return "本项自身延误"
    first, own = causes[0]
    name = "本项" if first.activity == key else f"「{steps[first.activity].name}」"
    if first.kind == "new":
        said = f"新增{name}"
    else:
        said = f"{name}{_what(first, steps[first.activity])} {own} 天"
    more = f"等 {len(late)} 项延误" if len(late) > 1 else ""
    rest = days - sum(part for _cause, part in causes)
    longer = f"，遇停工、节假日等再晚 {rest} 天" if rest > 0 and first.kind != "new" else ""
    return f"因{said}{more}{longer}"


def _what(cause: "SlipCause", step: Step) -> str:
    """What an activity's own delay is called, days following."""
    if cause.kind == "link":
        return "前后关系调整，推迟"
    if _expected(step):
        return "预计晚"
    if cause.kind == "limit":
        return "限定的开始日期推迟"
    if cause.kind == "longer":
        return "多用"
    return "晚开始" if step.started or step.finished else "可开始而未开始，已晚"
