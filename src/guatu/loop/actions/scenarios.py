"""Trying things on a copy of a plan: commands kept aside, undone and redone, adopted or dropped.

Nothing touches the plan before :func:`adopt`; a scenario is read as its commands applied to the
plan as it stands.
"""

import datetime as dt
from typing import Any

from django.db import transaction

from guatu.loop.actions.network import MOVED, check_plan, edit_network, sketch_of
from guatu.loop.enums import ScenarioState
from guatu.loop.models import Scenario
from guatu.loop.plan.calendars import calendars_on
from guatu.loop.plan.commands import COMMANDS, Command, apply, apply_one
from guatu.loop.plan.sketch import Sketch
from guatu.loop.plan.targets import followed
from guatu.register.errors import Invalid, Stale
from guatu.register.models import Event, Subject
from guatu.register.policies import require
from guatu.register.recording import Act, change, create, note

NAME_LENGTH = 60
BASES = ("scenario.open", "scenario.refresh")
"""Acts after which a scenario rests on the plan as it then stood."""
PLAN = ("loop.Activity", "loop.Link")


def open_scenario(act: Act, subject: Subject, *, name: str) -> Scenario:
    """Begin a copy of the subject's plan under a name. Raises Invalid without a plan."""
    require(act.standing, "timetable.change", subject)
    if not name.strip():
        raise Invalid("请给这次推演起个名称。", "name")
    if len(name.strip()) > NAME_LENGTH:
        raise Invalid(f"名称不超过 {NAME_LENGTH} 字。", "name")
    if not any(step.networked for step in sketch_of(subject).steps.values()):
        raise Invalid("这个对象还没有网络计划，无从推演。")
    return create(
        act,
        "scenario.open",
        Scenario(
            subject=subject,
            name=name.strip(),
            officer=act.standing.officer if act.standing else None,
            made_on=act.business_date,
        ),
    )


def push_command(
    act: Act, scenario: Scenario, command: Command, *, expected_revision: int | None = None
) -> Scenario:
    """Add one step; what had been undone is forgotten.

    Raises Invalid when the command does not fit or makes a plan that cannot be computed; Stale.
    """
    _begin(act, scenario, expected_revision)
    held = held_commands(scenario)
    if len(held) >= COMMANDS:
        raise Invalid(f"一次推演不超过 {COMMANDS} 步，请先采用再继续。")
    before = sketch_of(scenario.subject)
    after, kept = apply_one(apply(before, held), command)
    check_plan(before, after, act.business_date)
    return change(act, "scenario.push", scenario, commands=[*held, kept], cursor=len(held) + 1)


def undo(act: Act, scenario: Scenario, *, expected_revision: int | None = None) -> Scenario:
    """Take the last step back; it can be redone until another one is added."""
    _begin(act, scenario, expected_revision)
    if not scenario.cursor:
        raise Invalid("没有可以撤销的编辑。")
    return change(act, "scenario.undo", scenario, cursor=scenario.cursor - 1)


def redo(act: Act, scenario: Scenario, *, expected_revision: int | None = None) -> Scenario:
    """Do the step again that was taken back last."""
    _begin(act, scenario, expected_revision)
    if scenario.cursor >= len(scenario.commands):
        raise Invalid("没有可以重做的编辑。")
    return change(act, "scenario.redo", scenario, cursor=scenario.cursor + 1)


def refresh_scenario(
    act: Act, scenario: Scenario, *, expected_revision: int | None = None
) -> Scenario:
    """Rest the scenario on the plan as it stands now; Invalid names the step that no longer fits.

    Whoever sees what changed may then adopt it.
    """
    _begin(act, scenario, expected_revision)
    before = sketch_of(scenario.subject)
    check_plan(before, apply(before, held_commands(scenario)), act.business_date)
    note(act, "scenario.refresh", scenario)
    return scenario


def adopt(
    act: Act, scenario: Scenario, *, reason: str, expected_revision: int | None = None
) -> Sketch:
    """Make the scenario the plan; returns it.

    Raises Stale when the plan moved since the scenario was opened or refreshed, Invalid as
    :func:`edit_network` does.
    """
    _begin(act, scenario, expected_revision)
    if moved_since(scenario):
        raise Stale(MOVED)
    with transaction.atomic():
        after = edit_network(act, scenario.subject, held_commands(scenario), reason=reason)
        change(act.because(reason.strip()), "scenario.adopt", scenario, state=ScenarioState.ADOPTED)
    return after


def drop(act: Act, scenario: Scenario, *, expected_revision: int | None = None) -> Scenario:
    """Put the scenario aside for good; it stays readable."""
    _begin(act, scenario, expected_revision)
    return change(act, "scenario.drop", scenario, state=ScenarioState.DROPPED)


def held_commands(scenario: Scenario) -> list[dict[str, Any]]:
    """Commands that hold, without those undone."""
    return list(scenario.commands[: scenario.cursor])


def tried(scenario: Scenario, day: dt.date) -> tuple[Sketch, Sketch]:
    """Return the plan as it stands and as the scenario would have it; Invalid when it cannot."""
    before = sketch_of(scenario.subject)
    after = apply(before, held_commands(scenario))
    return before, followed(scenario.subject_id, before, after, calendars_on(), day)


def moved_since(scenario: Scenario) -> bool:
    """Tell whether the plan was changed since the scenario was opened or last refreshed."""
    own = Event.objects.filter(model="loop.Scenario", row=scenario.pk, verb__in=BASES)
    base = own.order_by("-pk").values_list("pk", flat=True).first() or 0
    return Event.objects.filter(subject=scenario.subject_id, model__in=PLAN, pk__gt=base).exists()


def _begin(act: Act, scenario: Scenario, expected_revision: int | None) -> None:
    require(act.standing, "scenario.edit", scenario)
    if expected_revision is not None and expected_revision != scenario.revision:
        raise Stale("这次推演刚被改过，请刷新后再继续，您填写的内容不会丢失。")
    if scenario.state != ScenarioState.OPEN:
        raise Invalid(f"「{scenario.name}」{ScenarioState(scenario.state).label}，不能再改。")
