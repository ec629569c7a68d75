"""A plan that comes from another tool, as edits of the plan that stands. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from guatu.loop.plan.commands import Command
from guatu.loop.plan.leave import rows_of_leave
from guatu.loop.plan.sketch import Sketch, Step, Tie
from guatu.register.errors import Invalid

if TYPE_CHECKING:
    import datetime as dt

    from guatu.engines.schedule import Activity, Link, Network
    from guatu.register.recording import Json


@dataclass(frozen=True)
class Incoming:
    """Commands that make the plan the one that came, and what they cannot make, in sentences."""

    commands: list[Command]
    notes: list[str]


def edits(
    standing: "Network", came: "Network", sketch: Sketch, resources: Mapping[str, str]
) -> Incoming:
    """Compare two networks by the ids of their activities; ``sketch`` is the standing plan.

    ``resources`` gives the code of what both networks call by its name. Raises Invalid for a
    need of what is not registered.
    """
    old = {row.id: row for row in standing.activities}
    new = {row.id: row for row in came.activities}
    commands: list[Command] = []
    notes: list[str] = []
    ties, wanted = _ties(standing), _ties(came)
    commands += [_unlink(key) for key in ties if key not in wanted and key[0] in new]
    for key, row in new.items():
        if key in old:
            commands += _changes(old[key], row, sketch.steps[key])
            notes += _unmade(old[key], row)
        else:
            commands.append(_added(row))
            commands += _granted(None, row)
        if key not in old or sketch.steps[key].finished is None:
            commands += _needed(old.get(key), row, resources)
    for key, row in old.items():
        if key in new:
            continue
        if sketch.steps[key].kind and not row.actual_start:
            commands.append({"op": "remove", "key": key})
        else:
            notes.append(f"文件里没有{row.label}，它是节点或已开始，保留不动。")
    gone = {str(one["key"]) for one in commands if one["op"] == "remove"}
    commands += list(_deadlines(standing, came, gone))
    commands += [
        command
        for key, link in wanted.items()
        if (command := _tied(ties.get(key), link)) is not None
    ]
    return Incoming(commands, notes)


def _ties(network: "Network") -> "dict[tuple[str, str, str], Link]":
    return {(link.predecessor, link.successor, link.type): link for link in network.links}


def _unlink(key: tuple[str, str, str]) -> Command:
    return {"op": "unlink", "before": key[0], "after": key[1], "type": key[2]}


def _tied(old: "Link | None", link: "Link") -> Command | None:
    told: dict[str, Json] = {
        "before": link.predecessor,
        "after": link.successor,
        "type": link.type,
        "lag": link.lag,
        "lag_calendar": link.lag_calendar or "",
    }
    if old is None:
        return {"op": "link", **told}
    if (old.lag, old.lag_calendar or "") == (link.lag, link.lag_calendar or ""):
        return None
    return {"op": "relink", **told}


def _changes(old: "Activity", new: "Activity", step: Step) -> Iterator[Command]:
    key = new.id
    if new.label != old.label and new.name:
        yield {"op": "rename", "key": key, "name": new.name}
    if step.finished is not None:
        return
    if (new.duration, new.low, new.high) != (old.duration, old.low, old.high):
        bounds = {"low": new.low, "high": new.high}
        # What the file leaves as it was follows the duration; what it sets is taken or refused.
        if new.low is not None and new.low == old.low:
            bounds["low"] = min(new.low, new.duration)
        if new.high is not None and new.high == old.high:
            bounds["high"] = max(new.high, new.duration)
        yield {"op": "duration", "key": key, "duration": new.duration, **bounds}
    if new.calendar != old.calendar:
        yield {"op": "calendar", "key": key, "calendar": new.calendar}
    if new.splittable != old.splittable:
        yield {"op": "splittable", "key": key, "splittable": new.splittable}
    yield from _granted(old, new)
    starts = (new.start_no_earlier, new.fixed_start)
    if starts != (old.start_no_earlier, old.fixed_start) and step.started is None:
        yield {
            "op": "start",
            "key": key,
            "no_earlier": _iso(starts[0]),
            "fixed_start": _iso(starts[1]),
        }
    if step.started is not None and new.remaining not in (None, old.remaining):
        yield {"op": "remaining", "key": key, "remaining": new.remaining}


def _granted(old: "Activity | None", new: "Activity") -> Iterator[Command]:
    """Edits of what offices decide: days a permit is good for, leave, the body to wait for."""
    had = (old.valid_days, old.leave) if old else (None, ())
    if new.meeting != (old.meeting if old else "") and new.actual_start is None:
        yield {"op": "meeting", "key": new.id, "meeting": new.meeting}
    if new.valid_days != had[0]:
        yield {"op": "validity", "key": new.id, "days": new.valid_days}
    if new.leave != had[1]:
        leave: list[Json] = [dict(row) for row in rows_of_leave(new.leave)]
        yield {"op": "leave", "key": new.id, "leave": leave}


def _unmade(old: "Activity", new: "Activity") -> Iterator[str]:
    """Facts are reported, never imported: an actual day needs its evidence."""
    if (new.actual_start, new.actual_finish) != (old.actual_start, old.actual_finish):
        yield f"{old.label}的实际开始、完成日期不随文件改，请在「报进展」里登记。"
    if new.meeting == old.meeting and new.allowed_starts != old.allowed_starts:
        yield f"{old.label}的会期不随文件改，请在「工作日历」里改评审会。"


def _added(row: "Activity") -> Command:
    command: dict[str, Json] = {
        "op": "add",
        "new": row.id,
        "name": row.name or row.id,
        "duration": row.duration,
        "calendar": row.calendar,
        "splittable": row.splittable,
    }
    if row.low is not None:
        command["low"] = row.low
    if row.high is not None:
        command["high"] = row.high
    return command


def _deadlines(standing: "Network", came: "Network", gone: set[str]) -> Iterator[Command]:
    old, new = _by_activity(standing), _by_activity(came)
    for key in dict.fromkeys([*old, *new]):
        if old.get(key) == new.get(key) or key in gone:
            continue
        day = new.get(key)
        yield {"op": "deadline", "key": key, "due": _iso(day or old[key]), "firm": day is not None}


def _by_activity(network: "Network") -> "Mapping[str, dt.date]":
    found: dict[str, dt.date] = {}
    for limit in network.deadlines:
        day = found.get(limit.activity, limit.finish)
        found[limit.activity] = min(day, limit.finish)
    return found


def _iso(day: "dt.date | None") -> str | None:
    return None if day is None else day.isoformat()


def _needed(
    old: "Activity | None", new: "Activity", resources: Mapping[str, str]
) -> Iterator[Command]:
    """Edit what an activity needs, by code; Invalid names what is not registered."""
    if dict(new.needs) != (dict(old.needs) if old else {}):
        known: dict[str, Json] = dict(_by_code(new, resources))
        yield {"op": "needs", "key": new.id, "needs": known}


def _by_code(row: "Activity", resources: Mapping[str, str]) -> dict[str, int]:
    strange = "、".join(f"「{name}」" for name in row.needs if name not in resources)
    if strange:
        raise Invalid(f"{row.label}所需的资源{strange}没有登记，请先登记资源或改正文件。", "file")
    return {resources[name]: number for name, number in row.needs.items()}


def sketch_from(network: "Network", resources: Mapping[str, str], stage: str = "") -> Sketch:
    """Plan of a project that has none yet, as it came; Invalid names a resource not registered."""
    dues = _by_activity(network)
    steps = {
        row.id: _step_of(row, resources)._replace(
            stage=stage,
            sequence=place,
            due=dues.get(row.id),
            firm=row.id in dues,
        )
        for place, row in enumerate(network.activities, start=1)
    }
    ties = tuple(
        Tie(
            before=link.predecessor,
            after=link.successor,
            type=link.type,
            lag=link.lag,
            lag_calendar=link.lag_calendar or "",
        )
        for link in network.links
    )
    return Sketch(steps, ties)


def _step_of(row: "Activity", resources: Mapping[str, str]) -> Step:
    """Turn a row of a foreign plan into a step of ours, without its place and promise."""
    return Step(
        key=row.id,
        name=row.name or row.id,
        kind="work",
        duration=row.duration,
        low=row.low,
        high=row.high,
        calendar=row.calendar,
        splittable=row.splittable,
        valid_days=row.valid_days,
        no_earlier=row.start_no_earlier,
        fixed_start=row.fixed_start,
        started=row.actual_start,
        finished=row.actual_finish,
        remaining=row.remaining,
        cause=row.cause or "",
        leave=rows_of_leave(row.leave),
        needs=_by_code(row, resources),
        meeting=row.meeting,
    )
