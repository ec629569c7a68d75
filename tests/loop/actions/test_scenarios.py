"""Trying things on a copy: nothing touches the plan before it is adopted."""

from typing import Any

import pytest

from guatu.loop.actions.network import edit_network, sketch_of
from guatu.loop.actions.progress import Said, report_activity
from guatu.loop.actions.scenarios import (
    adopt,
    drop,
    held_commands,
    moved_since,
    open_scenario,
    push_command,
    redo,
    refresh_scenario,
    tried,
    undo,
)
from guatu.loop.enums import ScenarioState
from guatu.loop.models import Activity, Scenario
from guatu.loop.plan.differences import difference
from guatu.register.enums import Role
from guatu.register.errors import Forbidden, Invalid, Stale
from guatu.register.policies import standing_of
from guatu.register.sealing import verify
from tests.factories import TODAY, act_of, make_officer, make_post
from tests.loop.builders import District
from tests.loop.plans import laid

SHORTER: dict[str, Any] = {"op": "duration", "key": "works", "duration": 95}
LONGER: dict[str, Any] = {"op": "duration", "key": "permit", "duration": 25}
FENCE: dict[str, Any] = {
    "op": "add",
    "name": "围挡",
    "duration": 5,
    "calendar": "office",
    "after": "permit",
}


def opened(place: District) -> Scenario:
    laid(place)
    return open_scenario(act_of(place.owner), place.subject, name="加派班组")


def test_scenario_when_pushed_then_plan_stays_and_difference_shows(place: District) -> None:
    scenario = opened(place)
    plan = sketch_of(place.subject)
    push_command(act_of(place.owner), scenario, SHORTER)
    push_command(act_of(place.owner), scenario, FENCE)
    assert sketch_of(place.subject) == plan
    assert [one.words for one in difference(*tried(scenario, TODAY))] == [
        "「主体施工」工期 100 天 → 95 天",
        "新增「围挡」（5 天）",
        "新增联系「施工许可」→「围挡」完成—开始（不间隔）",
    ]
    assert scenario.commands[1]["new"] == "w1"


def test_scenario_when_undone_and_redone_then_steps_come_back_until_another_is_added(
    place: District,
) -> None:
    scenario = opened(place)
    act = act_of(place.owner)
    push_command(act, scenario, SHORTER)
    push_command(act, scenario, LONGER)
    undo(act, scenario)
    assert held_commands(scenario) == [SHORTER]
    redo(act, scenario)
    assert held_commands(scenario) == [SHORTER, LONGER]
    undo(act, scenario)
    push_command(act, scenario, FENCE)
    assert [step["op"] for step in scenario.commands] == ["duration", "add"]
    with pytest.raises(Invalid, match="没有可以重做"):
        redo(act, scenario)
    undo(act, scenario)
    undo(act, scenario)
    with pytest.raises(Invalid, match="没有可以撤销"):
        undo(act, scenario)
    assert verify().intact


def test_scenario_when_adopted_then_plan_is_it_and_scenario_is_closed(place: District) -> None:
    scenario = opened(place)
    act = act_of(place.owner)
    push_command(act, scenario, SHORTER)
    push_command(act, scenario, LONGER)
    undo(act, scenario)
    adopt(act, scenario, reason="专题会议定")
    steps = sketch_of(place.subject).steps
    assert (steps["works"].duration, steps["permit"].duration) == (95, 20)
    assert scenario.state == ScenarioState.ADOPTED
    with pytest.raises(Invalid, match="已采用，不能再改"):
        push_command(act, scenario, LONGER)


def test_scenario_when_plan_moved_then_stale_until_refreshed(place: District) -> None:
    scenario = opened(place)
    act = act_of(place.owner)
    push_command(act, scenario, SHORTER)
    assert not moved_since(scenario)
    report_activity(act, Activity.objects.get(node="permit"), Said(started=TODAY))
    with pytest.raises(Stale):
        adopt(act, scenario, reason="专题会议定")
    assert sketch_of(place.subject).steps["works"].duration == 100
    refresh_scenario(act, scenario)
    adopt(act, scenario, reason="专题会议定")
    assert sketch_of(place.subject).steps["works"].duration == 95


def test_scenario_when_its_step_no_longer_fits_then_refresh_names_it(place: District) -> None:
    scenario = opened(place)
    act = act_of(place.owner)
    push_command(act, scenario, SHORTER)
    edit_network(act, place.subject, [{"op": "remove", "key": "works"}], reason="取消")
    with pytest.raises(Invalid, match="没有编号为「works」"):
        refresh_scenario(act, scenario)


def test_scenario_when_command_is_bad_then_log_stays(place: District) -> None:
    scenario = opened(place)
    act = act_of(place.owner)
    for command, words in (
        ({"op": "link", "before": "operation", "after": "permit"}, "循环"),
        ({"op": "calendar", "key": "works", "calendar": "mars"}, "日历"),
        ({"op": "deadline", "key": "operation", "due": "2025-01-01"}, "早于业务日期"),
        ({"op": "nothing"}, "没有「nothing」"),
    ):
        with pytest.raises(Invalid, match=words):
            push_command(act, scenario, command)
    assert (scenario.commands, scenario.cursor) == ([], 0)


def test_scenario_when_somebody_else_then_only_office_and_leaders_edit(place: District) -> None:
    scenario = opened(place)
    colleague = standing_of(make_officer(make_post(place.unit, Role.UNIT)), TODAY)
    with pytest.raises(Forbidden):
        push_command(act_of(colleague), scenario, SHORTER)
    with pytest.raises(Forbidden):
        open_scenario(act_of(place.stranger), place.subject, name="外单位")
    push_command(act_of(place.office), scenario, SHORTER)
    push_command(act_of(place.leader), scenario, LONGER)
    assert scenario.cursor == 2


def test_scenario_when_opened_badly_or_shown_revision_is_old_then_refused(
    place: District,
) -> None:
    with pytest.raises(Invalid, match="还没有网络计划"):
        open_scenario(act_of(place.owner), place.subject, name="甲")
    scenario = opened(place)
    for name, words in ((" ", "起个名称"), ("长" * 61, "不超过 60 字")):
        with pytest.raises(Invalid, match=words):
            open_scenario(act_of(place.owner), place.subject, name=name)
    push_command(act_of(place.owner), scenario, SHORTER)
    with pytest.raises(Stale):
        push_command(act_of(place.owner), scenario, LONGER, expected_revision=1)
    drop(act_of(place.owner), scenario)
    assert scenario.state == ScenarioState.DROPPED
