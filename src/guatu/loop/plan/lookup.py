"""Finding the steps and links that a command names; each refusal names what is missing."""

from guatu.loop.plan.command_fields import Values
from guatu.loop.plan.sketch import Sketch, Step, Tie
from guatu.register.errors import Invalid

NEW_KEY = "w"


def planned(sketch: Sketch) -> dict[str, Step]:
    """Steps that stand in the plan: nodes, and work that was not taken out."""
    return {key: step for key, step in sketch.steps.items() if step.networked or not step.kind}


def free_key(sketch: Sketch) -> str:
    """Return a key no step has or had: ``w1``, ``w2``, …."""
    taken = [key[len(NEW_KEY) :] for key in sketch.steps if key.startswith(NEW_KEY)]
    return f"{NEW_KEY}{max((int(tail) for tail in taken if tail.isdecimal()), default=0) + 1}"


def step_of_key(sketch: Sketch, key: str) -> Step:
    """Return a step of the plan; Invalid when there is none of that key."""
    step = planned(sketch).get(key)
    if step is None:
        raise Invalid(f"计划里没有编号为「{key}」的工作。", "key")
    return step


def unfinished(sketch: Sketch, key: str) -> Step:
    """Return a step that is not over yet."""
    step = step_of_key(sketch, key)
    if step.finished is not None:
        raise Invalid(f"「{step.name}」已于 {step.finished} 完成，不再调整。", "key")
    return step


def networked(sketch: Sketch, key: str) -> Step:
    """Return a step that is not over and has a duration."""
    step = unfinished(sketch, key)
    if not step.networked:
        raise Invalid(f"「{step.name}」还没有工期，请先填写工期。", "key")
    return step


def tie_of(sketch: Sketch, values: Values) -> Tie:
    """Return the link between two steps, of the type asked for where there are several."""
    wanted = (values["before"], values["after"])
    kind = values.get("type")
    found = [t for t in sketch.ties if (t.before, t.after) == wanted and kind in (None, t.type)]
    if not found:
        raise Invalid(f"「{wanted[0]}」与「{wanted[1]}」之间没有这个联系。", "before")
    if len(found) > 1:
        raise Invalid(f"「{wanted[0]}」与「{wanted[1]}」之间有多个联系，请指明类型。", "type")
    return found[0]


def unused(sketch: Sketch, key: str) -> str:
    """Return the key; Invalid when a step has it."""
    if key in planned(sketch):
        raise Invalid(f"编号「{key}」已用于「{sketch.steps[key].name}」。", "new")
    return key


def last_of(sketch: Sketch) -> Step | None:
    """Return the last step of the plan."""
    return max(planned(sketch).values(), key=lambda step: step.sequence, default=None)
