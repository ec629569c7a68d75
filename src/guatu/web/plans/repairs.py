"""Ranked repairs of a plan that cannot hold; those that edits can express can be tried."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from guatu.loop.plan.commands import apply
from guatu.loop.plan.computing import Computed
from guatu.loop.plan.leave import rows_of_leave
from guatu.loop.plan.sketch import Sketch, Step
from guatu.register.errors import Invalid
from guatu.register.recording import Json
from guatu.web.plans.reading import Reckoned

if TYPE_CHECKING:
    from guatu.engines.schedule.changes import (
        Change,
        Overlap,
        SetDeadline,
        SetDuration,
        SetStart,
        SetValidDays,
        WorkOn,
    )
    from guatu.engines.schedule.network import Activity, Network
    from guatu.engines.schedule.repairs import Repair

MOST_FURTHER = 12
Command = dict[str, Json]


@dataclass(frozen=True)
class RepairShown:
    """One repair: what is asked, what it gains, and the commands that try it, as JSON.

    ``further``: there is a better one of its kind.
    """

    kind: str
    words: str
    parts: tuple[str, ...]
    saved: str
    enough: bool
    commands: str
    further: bool = False

    @property
    def edits(self) -> str:
        """The commands one after another, as the editor takes them."""
        return self.commands.removeprefix("[").removesuffix("]")


def repairs_of(plan: Reckoned, tried: Sequence[Command] = ()) -> list[RepairShown]:
    """Repairs of a reckoned plan, the best first; none when it holds or cannot be computed.

    The best of each kind, then further ones of the same kinds.
    ``tried`` are the edits that led to this plan; trying a repair does them first.
    """
    from guatu.engines.schedule import OFFERS, repairs  # noqa: PLC0415 -- numpy, when first needed

    if plan.computed is None or plan.computed.schedule.feasible:
        return []
    names = {offer.kind: offer.name for offer in OFFERS}
    computed = plan.computed
    found = repairs(
        computed.network,
        computed.schedule,
        table=plan.calendars.table,
        desks=computed.desk_work,
    )
    best, others = _chosen(found)
    told = [
        _shown(one, names.get(one.kind, "合并几项"), plan.sketch, computed, tried)
        for one in (*best, *others)
    ]
    return [replace(one, further=place >= len(best)) for place, one in enumerate(told)]


def _chosen(found: Sequence["Repair"]) -> tuple[list["Repair"], list["Repair"]]:
    """Return the best of each kind, so that none vanishes behind many of another, and the rest.

    Those that are enough, then those that gain days; what gains nothing is not shown.
    """
    useful = [one for one in found if one.makes_feasible or one.days_gained != 0]
    best: dict[str, Repair] = {}
    for one in useful:
        best.setdefault(one.kind, one)
    chosen = list(best.values())
    return chosen, [one for one in useful if one not in chosen][:MOST_FURTHER]


def _shown(
    repair: "Repair", kind: str, sketch: Sketch, computed: Computed, tried: Sequence[Command]
) -> RepairShown:
    """Show a repair; a deadline missed already is saved by none."""
    if repair.makes_feasible:
        saved = "其余期限可行" if computed.missed else "可行"
    else:
        left = "" if repair.remaining is None else f"，还差 {repair.remaining} 天"
        gained = "能够完成" if repair.days_gained is None else f"省 {repair.days_gained} 天"
        saved = gained + left
    parts = tuple(part.asked for part in repair.parts)
    commands = commands_of(repair.changes, sketch, computed.network)
    return RepairShown(
        kind,
        "以下几项一起办：" if parts else repair.asked,
        parts,
        saved,
        repair.makes_feasible,
        json.dumps([*tried, *commands], ensure_ascii=False) if commands else "",
    )


def commands_of(changes: "Sequence[Change]", sketch: Sketch, network: "Network") -> list[Command]:
    """Edits that make the changes one after another; empty where one is no edit of the plan.

    ``network`` is what the changes are of: where its owner's expectation moved some work there, the
    edits first say so in its place, so that the work is free to move.
    """
    rows = {row.id: row for row in network.activities}
    found: list[Command] = []
    for change in changes:
        make = _EDITS.get(type(change).__name__)
        made = make(change, sketch) if make else []
        if not made:
            return []
        key = getattr(change, "activity", "")
        if type(change).__name__ in _MOVING and _expected(sketch.steps[key], network):
            made = [*_said_outright(sketch.steps[key], rows[key]), *made]
        try:
            sketch = apply(sketch, made)
        except Invalid:
            return []
        found += made
    return found


def _expected(step: Step, network: "Network") -> bool:
    """Tell whether the finish its owner expects is still to come."""
    day = network.status_date
    return step.forecast is not None and day is not None and step.forecast >= day


def _said_outright(step: Step, row: "Activity") -> list[Command]:
    """Put what an expected finish makes of a step into days left or a first day."""
    if step.started is not None:
        return [{"op": "remaining", "key": step.key, "remaining": row.remaining}]
    begin = row.start_no_earlier.isoformat() if row.start_no_earlier else None
    return [
        {"op": "start", "key": step.key, "no_earlier": begin},
        {"op": "unexpect", "key": step.key},
    ]


def _duration(change: "SetDuration", sketch: Sketch) -> list[Command]:
    step = sketch.steps[change.activity]
    if step.started is not None:
        return [{"op": "remaining", "key": step.key, "remaining": change.days}]
    command: Command = {"op": "duration", "key": step.key, "duration": change.days}
    if step.low is not None:
        command["low"] = min(step.low, change.days)
    if step.high is not None:
        command["high"] = max(min(step.high, change.days), change.days)
    return [command]


def _overlap(change: "Overlap", sketch: Sketch) -> list[Command]:
    before, _, after = change.link.partition(">")
    ends: Command = {"before": before, "after": after}
    lag: Command = {"lag": change.after, "lag_calendar": sketch.steps[before].calendar}
    return [
        {"op": "unlink", **ends, "type": "FS"},
        {"op": "link", **ends, "type": "SS", **lag},
        {"op": "link", **ends, "type": "FF"},
    ]


def _leave(change: "WorkOn", sketch: Sketch) -> list[Command]:
    had = sketch.steps[change.activity].leave
    leave: list[Json] = [dict(row) for row in (*had, *rows_of_leave(change.leave))]
    return [{"op": "leave", "key": change.activity, "leave": leave}]


def _validity(change: "SetValidDays", _sketch: Sketch) -> list[Command]:
    return [{"op": "validity", "key": change.activity, "days": change.days}]


def _deadline(change: "SetDeadline", _sketch: Sketch) -> list[Command]:
    if change.finish is None:
        return []
    return [
        {
            "op": "deadline",
            "key": change.activity,
            "due": change.finish.isoformat(),
            "firm": True,
        }
    ]


def _start(change: "SetStart", _sketch: Sketch) -> list[Command]:
    """What held the start before the fixed day moved holds it still."""
    fixed = change.fixed.isoformat() if change.fixed else None
    return [{"op": "start", "key": change.activity, "fixed_start": fixed}]


_EDITS: Mapping[str, Callable[[Any, Sketch], list[Command]]] = {
    "SetDuration": _duration,
    "Overlap": _overlap,
    "SetDeadline": _deadline,
    "SetStart": _start,
    "SetValidDays": _validity,
    "WorkOn": _leave,
}
"""By the name of the change: the engine's classes are not loaded before a plan is computed."""
_MOVING = frozenset({"SetDuration", "WorkOn"})
"""Changes that an owner's expected finish would undo."""
