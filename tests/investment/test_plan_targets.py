"""A deadline that moves takes the targets reckoned back from it along, whenever it was set."""

import datetime as dt

import pytest

from guatu.investment import stages
from guatu.investment.actions import add_project
from guatu.investment.actions.nodes import set_node_due
from guatu.investment.actions.templates import plan_from_template
from guatu.investment.models import Category, Project
from guatu.loop.actions.baselines import rebaseline
from guatu.loop.actions.network import edit_network, set_deadline, sketch_of
from guatu.loop.actions.progress import Said, report_activity
from guatu.loop.actions.scenarios import adopt, open_scenario, push_command, tried, undo
from guatu.loop.consequences import Consequences
from guatu.loop.models import Activity, Duty, Scenario
from guatu.loop.plan import calendars
from guatu.loop.plan.commands import Command
from guatu.loop.plan.differences import difference
from guatu.register.models import Event
from guatu.register.sealing import verify
from tests.factories import TODAY, system_act
from tests.investment.conftest import World

FIRST, SOONER, TOO_SOON = dt.date(2028, 8, 20), dt.date(2028, 3, 13), dt.date(2026, 6, 1)
BY_HAND = dt.date(2028, 6, 30)
Days = dict[str, tuple[dt.date | None, dt.date | None]]


@pytest.fixture
def ready(world: World) -> World:
    """The district with its calendars."""
    stages.load_shipped()
    calendars.load_shipped()
    return world


def due_on(due: dt.date, key: str = "operation", *, firm: bool = True) -> Command:
    return {"op": "deadline", "key": key, "due": due.isoformat(), "firm": firm}


def school(place: World, name: str, completion: dt.date) -> Project:
    category = Category.objects.get(code="school")
    made = add_project(system_act(), name=name, unit=place.unit, category=category)
    plan_from_template(system_act(), made, "school", completion, accept_infeasible=True)
    return made


def copy_of(project: Project, *commands: Command) -> Scenario:
    made = open_scenario(system_act(), project.subject, name="示例方案")
    for command in commands:
        push_command(system_act(), made, command)
    return made


def taken(project: Project, *commands: Command) -> None:
    adopt(system_act(), copy_of(project, *commands), reason="区政府要求提前")


def days_of(project: Project) -> Days:
    """Target and promised day of each activity."""
    rows = Activity.objects.filter(subject=project.subject)
    return {row.node: (row.target, row.due) for row in rows}


def baselines(project: Project) -> dict[str, dt.date | None]:
    rows = Activity.objects.filter(subject=project.subject)
    return dict(rows.values_list("node", "baseline"))


def row_of(project: Project, node: str) -> Activity:
    return Activity.objects.get(subject=project.subject, node=node)


def told_late(project: Project) -> Consequences:
    row = row_of(project, "scheme_review")
    return report_activity(system_act(), row, Said(late_days=10), reason="示例原因")


def owed(project: Project) -> list[tuple[str, dt.date | None, str]]:
    rows = Duty.objects.filter(subject=project.subject).select_related("activity")
    return sorted((row.activity.node, row.due, row.what) for row in rows if row.activity)


def test_deadline_when_pulled_in_and_adopted_then_as_if_planned_so_at_first(ready: World) -> None:
    late, early = school(ready, "示例一校", FIRST), school(ready, "示例二校", SOONER)
    agreed = baselines(late)
    taken(late, due_on(SOONER))
    assert days_of(late) == days_of(early)
    assert row_of(late, "permit").due == dt.date(2026, 5, 27)
    assert baselines(late) == agreed
    first, second = told_late(late), told_late(early)
    assert [one.missed for one in first.broken] == [one.missed for one in second.broken]
    # The baseline of the one still lies later, so its delay counts from what was planned.
    assert all("「方案设计审查" in one.because for one in (*first.broken, *second.broken))
    assert len(first.broken) == 7
    assert owed(late) == owed(early)
    assert [row[:2] for row in owed(late)] == [("scheme_review", dt.date(2025, 10, 22))]
    assert [one.what for one in first.duties] == ["新下达责任事项"]
    assert verify().intact


def test_deadline_when_pulled_in_then_moves_show_before_and_are_one_act(ready: World) -> None:
    project = school(ready, "示例一校", FIRST)
    scenario = copy_of(project, due_on(SOONER))
    words = [one.words for one in difference(*tried(scenario, TODAY))]
    permit = "「施工许可（质量安全监督手续合并办理）」期限 2026-07-03 → 2026-05-27"
    assert permit in words
    assert "32 项工作倒排目标 2025-05-27 至 2028-08-13 → 2025-04-21 至 2028-03-06" in words
    assert row_of(project, "permit").due == dt.date(2026, 7, 3)
    undo(system_act(), scenario)
    assert difference(*tried(scenario, TODAY)) == []
    push_command(system_act(), scenario, due_on(SOONER))
    act = system_act()
    adopt(act, scenario, reason="区政府要求提前")
    told = Event.objects.filter(batch=act.batch, model="loop.Activity")
    assert set(told.values_list("verb", "reason")) == {("plan.edit", "区政府要求提前")}
    assert told.count() == len([1 for days in days_of(project).values() if days != (None, None)])


def test_deadline_when_pulled_in_then_what_a_person_set_stands_and_is_named(ready: World) -> None:
    project = school(ready, "示例一校", FIRST)
    set_node_due(system_act(), project, "acceptance", due=BY_HAND, reason="区政府定")
    assert days_of(project)["acceptance"] == (None, BY_HAND)
    scenario = copy_of(project, due_on(SOONER), due_on(BY_HAND, "counted", firm=False))
    changes = difference(*tried(scenario, TODAY))
    assert [one.words for one in changes if one.kind == "stands"] == [
        "「竣工验收」期限 2028-06-30 已另行确定，不随倒排调整，晚于「交付开学」的期限 2028-03-13"
    ]
    adopt(system_act(), scenario, reason="区政府要求提前")
    days = days_of(project)
    assert (days["acceptance"], days["counted"]) == ((None, BY_HAND), (None, BY_HAND))
    assert days["permit"] == (dt.date(2026, 5, 27), dt.date(2026, 5, 27))


def test_deadline_when_it_cannot_be_kept_then_no_targets_promised_until_it_can(
    ready: World,
) -> None:
    project, other = school(ready, "示例一校", FIRST), school(ready, "示例二校", TOO_SOON)
    before = days_of(project)
    taken(project, due_on(TOO_SOON))
    assert days_of(project) == days_of(other)
    assert row_of(project, "permit").due is None
    for one in (project, other):
        edit_network(system_act(), one.subject, [due_on(FIRST)], reason="恢复")
    assert days_of(project) | {"operation": None} == before | {"operation": None}
    assert days_of(other) == days_of(project)


@pytest.mark.parametrize("way", ["network", "node"])
def test_deadline_when_set_outside_a_copy_then_targets_move_too(ready: World, way: str) -> None:
    project, other = school(ready, "示例一校", FIRST), school(ready, "示例二校", SOONER)
    last, act = row_of(project, "operation"), system_act()
    if way == "network":
        set_deadline(act, last, due=SOONER, firm=True, reason="提前")
    else:
        set_node_due(act, project, "operation", due=SOONER, reason="提前")
    assert days_of(project) == days_of(other)
    assert verify().intact


def test_deadline_when_plan_was_laid_before_targets_were_kept_then_the_same(ready: World) -> None:
    project, other = school(ready, "示例一校", FIRST), school(ready, "示例二校", SOONER)
    set_node_due(system_act(), project, "acceptance", due=BY_HAND, reason="区政府定")
    Activity.objects.filter(subject=project.subject).update(target=None)
    taken(project, due_on(SOONER))
    assert days_of(project) == days_of(other) | {"acceptance": (None, BY_HAND)}


def test_edit_when_no_deadline_moves_then_targets_stand(ready: World) -> None:
    project = school(ready, "示例一校", FIRST)
    before = days_of(project)
    edit: Command = {"op": "duration", "key": "drawings", "duration": 50, "high": 60}
    edit_network(system_act(), project.subject, [edit], reason="示例")
    assert days_of(project) == before
    rebaseline(system_act(), project.subject, reason="示例")
    after, agreed = days_of(project), baselines(project)
    assert {key: due for key, (_, due) in after.items()} == {k: v[1] for k, v in before.items()}
    work = [key for key, step in sketch_of(project.subject).steps.items() if step.kind]
    assert {key: after[key][0] for key in work} == {key: agreed[key] for key in work}
