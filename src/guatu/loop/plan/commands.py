"""Edits of a plan as data: commands that lead from one sketch to the next, and what they changed.

A command is a JSON object ``{"op": …}``; the operations and their fields stand in ``OPERATIONS``.
They are checked twice: :func:`read_command` looks at one alone as it comes in, :func:`apply` at
what it finds in the plan. Nothing here reads or writes a row.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from guatu.loop.enums import ActivityKind
from guatu.loop.plan.command_fields import (
    DATE,
    DAYS,
    FLAG,
    KEY,
    LAG,
    LEAVE,
    NAME,
    NEEDS,
    OPEN_DAYS,
    OPTIONAL_KEY,
    TYPE,
    Field,
    Values,
)
from guatu.loop.plan.lookup import (
    free_key,
    last_of,
    networked,
    planned,
    step_of_key,
    tie_of,
    unfinished,
    unused,
)
from guatu.loop.plan.sketch import Sketch, Step, Tie
from guatu.register.errors import Invalid
from guatu.register.recording import Json

ACTIVITIES = 500
"""Most activities one subject may have."""
COMMANDS = 300
"""Most commands one log may hold."""

Command = Mapping[str, Json]
Operation = Callable[[Sketch, Values], Sketch]


def read_command(raw: object) -> dict[str, Json]:
    """Return one command as it is kept: known fields alone, each checked. Raises Invalid."""
    if not isinstance(raw, Mapping):
        raise Invalid("这一步编辑的写法不对。", "op")
    name = raw.get("op")
    if not isinstance(name, str) or name not in OPERATIONS:
        raise Invalid(f"没有「{name}」这种编辑。", "op")
    fields, _ = OPERATIONS[name]
    strangers = set(raw) - set(fields) - {"op"}
    if strangers:
        raise Invalid(f"编辑中有不认识的内容：{'、'.join(sorted(map(str, strangers)))}。", "op")
    kept: dict[str, Json] = {"op": name}
    for field, kind in fields.items():
        if field in raw:
            kept[field] = kind.kept(raw[field], field)
        elif kind.needed:
            raise Invalid(f"这一步编辑缺少{kind.label}。", field)
    return kept


def apply(sketch: Sketch, commands: Iterable[Command]) -> Sketch:
    """Return the sketch after all commands, in order; Invalid names the items that do not fit."""
    for number, command in enumerate(commands, 1):
        if number > COMMANDS:
            raise Invalid(f"一次编辑不超过 {COMMANDS} 步，请先采用再继续。")
        sketch, _ = apply_one(sketch, command)
    return sketch


def apply_one(sketch: Sketch, command: Command) -> tuple[Sketch, dict[str, Json]]:
    """Return the sketch after one command, and the command with the key it gave to a new step.

    Kept with its key, a command means the same step whatever was undone before it.
    """
    kept = read_command(command)
    fields, operation = OPERATIONS[str(kept["op"])]
    if "new" in fields and not kept.get("new"):
        kept["new"] = free_key(sketch)
    values = Values({name: fields[name].value(kept[name]) for name in fields if name in kept})
    after = operation(sketch, values)
    if len(planned(after)) > ACTIVITIES:
        raise Invalid(f"一个对象的计划不超过 {ACTIVITIES} 项工作。")
    return after, kept


def _set_duration(sketch: Sketch, values: Values) -> Sketch:
    step = unfinished(sketch, values["key"])
    days = values["duration"]
    low, high = values.get("low", step.low), values.get("high", step.high)
    if low is not None and low > days:
        raise Invalid(f"「{step.name}」的最短工期 {low} 天长于工期 {days} 天。", "low")
    if high is not None and high < days:
        raise Invalid(f"「{step.name}」的最长工期 {high} 天短于工期 {days} 天。", "high")
    calendar = step.calendar or "office"
    return sketch.with_step(step._replace(duration=days, low=low, high=high, calendar=calendar))


def _set_calendar(sketch: Sketch, values: Values) -> Sketch:
    step = networked(sketch, values["key"])
    return sketch.with_step(step._replace(calendar=values["calendar"]))


def _set_splittable(sketch: Sketch, values: Values) -> Sketch:
    step = networked(sketch, values["key"])
    return sketch.with_step(step._replace(splittable=values["splittable"]))


def _set_deadline(sketch: Sketch, values: Values) -> Sketch:
    step = unfinished(sketch, values["key"])
    due, firm = values["due"], values.get("firm", step.firm)
    if firm and not step.networked:
        raise Invalid(f"「{step.name}」还没有工期，不能作为倒排的期限。", "firm")
    if firm and due is None:
        raise Invalid(f"请填写「{step.name}」的期限。", "due")
    return sketch.with_step(step._replace(due=due, firm=firm, target=None))


def _set_needs(sketch: Sketch, values: Values) -> Sketch:
    step = networked(sketch, values["key"])
    return sketch.with_step(step._replace(needs=values["needs"]))


def _set_leave(sketch: Sketch, values: Values) -> Sketch:
    """Set all leave there is to work on days off; what has leave already is said again."""
    step = networked(sketch, values["key"])
    return sketch.with_step(step._replace(leave=values["leave"]))


def _set_validity(sketch: Sketch, values: Values) -> Sketch:
    """Set for how many calendar days a permit is good; None is for ever."""
    step = networked(sketch, values["key"])
    return sketch.with_step(step._replace(valid_days=values["days"]))


def _set_meeting(sketch: Sketch, values: Values) -> Sketch:
    """Let work begin on the days of a review body alone; empty: on any day."""
    step = networked(sketch, values["key"])
    if step.started is not None:
        raise Invalid(f"「{step.name}」已于 {step.started} 开始，不再等评审会。", "key")
    return sketch.with_step(step._replace(meeting=values["meeting"]))


def _unexpect(sketch: Sketch, values: Values) -> Sketch:
    """Take back the day its owner expects: an edit that moves the work makes it stale."""
    step = networked(sketch, values["key"])
    return sketch.with_step(step._replace(forecast=None))


def _set_start(sketch: Sketch, values: Values) -> Sketch:
    step = networked(sketch, values["key"])
    if step.started is not None:
        raise Invalid(f"「{step.name}」已于 {step.started} 开始，不再限定开始日期。", "key")
    no_earlier = values.get("no_earlier", step.no_earlier)
    fixed = values.get("fixed_start", step.fixed_start)
    if no_earlier and fixed and fixed < no_earlier:
        raise Invalid(
            f"「{step.name}」固定的开始 {fixed} 早于最早开始 {no_earlier}。", "fixed_start"
        )
    return sketch.with_step(step._replace(no_earlier=no_earlier, fixed_start=fixed))


def _set_remaining(sketch: Sketch, values: Values) -> Sketch:
    """What is left replaces what was expected before."""
    step = networked(sketch, values["key"])
    if step.started is None:
        raise Invalid(f"「{step.name}」还没有开始，请调整工期。", "key")
    return sketch.with_step(step._replace(remaining=values["remaining"], forecast=None))


def _rename(sketch: Sketch, values: Values) -> Sketch:
    step = step_of_key(sketch, values["key"])
    return sketch.with_step(step._replace(name=values["name"]))


def _add(sketch: Sketch, values: Values) -> Sketch:
    new = unused(sketch, values["new"])
    before, after = values.get("after"), values.get("before")
    beside = before or after
    neighbour = step_of_key(sketch, beside) if beside else last_of(sketch)
    step = Step(
        key=new,
        name=values["name"],
        stage=neighbour.stage if neighbour else "",
        kind=ActivityKind.WORK,
        sequence=neighbour.sequence if neighbour else 1,
        duration=values["duration"],
        low=values.get("low"),
        high=values.get("high"),
        calendar=values["calendar"],
        splittable=values.get("splittable", False),
    )
    added = _set_duration(sketch.with_step(step), Values(key=new, duration=values["duration"]))
    if before:
        added = _link(added, Values(before=before, after=new))
    if after:
        added = _link(added, Values(before=new, after=after))
    return added


def _remove(sketch: Sketch, values: Values) -> Sketch:
    """Take a piece of work out; its row stays for the past, without a duration."""
    step = unfinished(sketch, values["key"])
    if step.kind != ActivityKind.WORK:
        raise Invalid(f"「{step.name}」是项目节点，不能移出计划。", "key")
    if step.started is not None:
        raise Invalid(f"「{step.name}」已于 {step.started} 开始，不能移出计划。", "key")
    gone = step._replace(
        duration=None,
        low=None,
        high=None,
        remaining=None,
        due=None,
        firm=False,
        target=None,
        forecast=None,
        no_earlier=None,
        fixed_start=None,
        meeting="",
    )
    ties = tuple(tie for tie in sketch.ties if step.key not in (tie.before, tie.after))
    return replace(sketch.with_step(gone), ties=ties)


def _link(sketch: Sketch, values: Values) -> Sketch:
    before, after = step_of_key(sketch, values["before"]), step_of_key(sketch, values["after"])
    if before.key == after.key:
        raise Invalid(f"「{before.name}」不能联系到自己。", "after")
    for step in (before, after):
        if not step.networked:
            raise Invalid(f"「{step.name}」还没有工期，请先填写工期。", "before")
    tie = Tie(
        before=before.key,
        after=after.key,
        type=values.get("type", "FS"),
        lag=values.get("lag", 0),
        lag_calendar=values.get("lag_calendar") or "",
    )
    if any(other.key == tie.key for other in sketch.ties):
        raise Invalid(f"「{before.name}」与「{after.name}」之间已有 {tie.type} 联系。", "after")
    return replace(sketch, ties=(*sketch.ties, tie))


def _unlink(sketch: Sketch, values: Values) -> Sketch:
    gone = tie_of(sketch, values)
    return replace(sketch, ties=tuple(tie for tie in sketch.ties if tie is not gone))


def _relink(sketch: Sketch, values: Values) -> Sketch:
    """Change the type or the lag of a link; it keeps its place."""
    old = tie_of(sketch, values)
    new = old._replace(
        type=values.get("new_type", old.type),
        lag=values.get("lag", old.lag),
        lag_calendar=values.get("lag_calendar", old.lag_calendar) or "",
    )
    if any(tie.key == new.key for tie in sketch.ties if tie is not old):
        before, after = sketch.steps[new.before].name, sketch.steps[new.after].name
        raise Invalid(f"「{before}」与「{after}」之间已有 {new.type} 联系。", "new_type")
    return replace(sketch, ties=tuple(new if tie is old else tie for tie in sketch.ties))


def _split(sketch: Sketch, values: Values) -> Sketch:
    """Take the first days of a step out into work of their own.

    The step keeps what its finish means: its promise, its validity, the links that leave it.
    """
    step = networked(sketch, values["key"])
    first, days = values["first"], step.duration or 0
    if step.started is not None:
        raise Invalid(f"「{step.name}」已于 {step.started} 开始，不能再拆分。", "key")
    if not 0 < first < days:
        raise Invalid(
            f"「{step.name}」工期 {days} 天，前一段须在 1 到 {days - 1} 天之间。", "first"
        )
    new = unused(sketch, values["new"])
    head, tail = _parts(step, new, values.get("name") or f"{step.name}（一）", first)
    ties = [_on_first_part(tie, step.key, new) for tie in sketch.ties]
    steps = {**sketch.steps, step.key: tail}
    ordered: dict[str, Step] = {}
    for key, other in steps.items():
        if key == step.key:
            ordered[new] = head
        ordered[key] = other
    return Sketch(ordered, (*ties, Tie(before=new, after=step.key)))


def _parts(step: Step, key: str, name: str, first: int) -> tuple[Step, Step]:
    """Return the first days of a step as work of their own, and what is left of the step."""
    days = step.duration or 0
    head = step._replace(
        key=key,
        name=name,
        kind=ActivityKind.WORK,
        due=None,
        firm=False,
        baseline=None,
        target=None,
        forecast=None,
        valid_days=None,
        duration=first,
        low=_share(step.low, first, days),
        high=_share(step.high, first, days),
    )
    tail = step._replace(
        duration=days - first,
        low=None if step.low is None else step.low - (head.low or 0),
        high=None if step.high is None else step.high - (head.high or 0),
        no_earlier=None,
        fixed_start=None,
        meeting="",
    )
    return head, tail


def _on_first_part(tie: Tie, key: str, new: str) -> Tie:
    """Move to the first part what hangs on the start of the whole."""
    if tie.after == key and tie.type in {"FS", "SS"}:
        return tie._replace(after=new)
    if tie.before == key and tie.type in {"SS", "SF"}:
        return tie._replace(before=new)
    return tie


def _share(days: int | None, first: int, whole: int) -> int | None:
    """Split a bound of the duration in the same proportion as the duration itself."""
    return None if days is None else days * first // whole


_TIE = {"before": KEY, "after": KEY}
OPERATIONS: dict[str, tuple[Mapping[str, Field[Any]], Operation]] = {
    "duration": (
        {"key": KEY, "duration": DAYS, "low": OPEN_DAYS, "high": OPEN_DAYS},
        _set_duration,
    ),
    "calendar": ({"key": KEY, "calendar": KEY}, _set_calendar),
    "splittable": ({"key": KEY, "splittable": FLAG.required()}, _set_splittable),
    "needs": ({"key": KEY, "needs": NEEDS.required()}, _set_needs),
    "leave": ({"key": KEY, "leave": LEAVE.required()}, _set_leave),
    "validity": ({"key": KEY, "days": OPEN_DAYS.required()}, _set_validity),
    "meeting": ({"key": KEY, "meeting": OPTIONAL_KEY.required()}, _set_meeting),
    "unexpect": ({"key": KEY}, _unexpect),
    "deadline": ({"key": KEY, "due": DATE.required(), "firm": FLAG}, _set_deadline),
    "start": ({"key": KEY, "no_earlier": DATE, "fixed_start": DATE}, _set_start),
    "remaining": ({"key": KEY, "remaining": OPEN_DAYS.required()}, _set_remaining),
    "rename": ({"key": KEY, "name": NAME.required()}, _rename),
    "add": (
        {
            "new": OPTIONAL_KEY,
            "name": NAME.required(),
            "duration": DAYS,
            "low": OPEN_DAYS,
            "high": OPEN_DAYS,
            "calendar": KEY,
            "splittable": FLAG,
            "after": OPTIONAL_KEY,
            "before": OPTIONAL_KEY,
        },
        _add,
    ),
    "remove": ({"key": KEY}, _remove),
    "link": ({**_TIE, "type": TYPE, "lag": LAG, "lag_calendar": OPTIONAL_KEY}, _link),
    "unlink": ({**_TIE, "type": TYPE}, _unlink),
    "relink": (
        {**_TIE, "type": TYPE, "new_type": TYPE, "lag": LAG, "lag_calendar": OPTIONAL_KEY},
        _relink,
    ),
    "split": ({"key": KEY, "first": DAYS, "name": NAME, "new": OPTIONAL_KEY}, _split),
}
"""Every operation: its fields, and what it does. ``after`` of ``add`` is what comes before it."""
