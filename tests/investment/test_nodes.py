"""Timetables, gates and stages."""

import datetime as dt

import pytest

from guatu.investment.actions import (
    edit_project,
    finish_node,
    forecast_node,
    make_timetable,
    move_stage,
    reopen_node,
    report_progress,
    set_node_due,
)
from guatu.investment.gates import path_of, still_missing
from guatu.investment.models import Category, Node, Project, Stage
from guatu.investment.precedence import unfinished_before
from guatu.loop.actions.progress import Said
from guatu.loop.models import Activity, Lamp, Link
from guatu.register.errors import Forbidden, Invalid, Stale
from guatu.register.models import Rule
from guatu.register.recording import create
from tests.factories import TODAY, act_of, system_act
from tests.investment.conftest import World

DAY = dt.timedelta(days=1)
ASKED = "请核对；确属实情的，确认后再保存。"


def test_path_when_school_or_road_then_only_nodes_of_its_kind(world: World) -> None:
    del world

    def path(code: str) -> list[str]:
        category = Category.objects.get(code=code)
        return list(category.steps.values_list("node__code", flat=True))

    assert {"sign", "full_capacity"} & set(path("school")) == set()
    last = Category.objects.get(code="road").steps.last()
    assert last is not None
    assert (last.node.code, last.name) == ("operation", "通车")
    assert (Stage.objects.count(), Node.objects.count()) == (5, 20)
    assert len(path("industry")) == 20


def test_path_when_any_category_then_every_stage_on_it_ends_with_a_gate(world: World) -> None:
    del world
    for category in Category.objects.all():
        steps = list(category.steps.select_related("node__stage"))
        on_path = {step.node.stage.code for step in steps}
        gated = {step.node.stage.code for step in steps if step.gate}
        assert (category.code, on_path) == (category.code, gated)


def test_make_timetable_when_dues_given_then_whole_path_and_lamp_of_earliest(world: World) -> None:
    nodes = make_timetable(act_of(world.clerk), world.school, {"funds": TODAY + 5 * DAY})
    assert [node.node for node in nodes] == [s.node.code for s in path_of(world.school)]
    lamp = Lamp.objects.get(subject=world.school.subject)
    assert (lamp.colour, lamp.since) == ("amber", TODAY + 5 * DAY)
    assert lamp.reason["node"]["code"] == "funds"
    assert lamp.reason["owner"] == {"name": "示例建设局"}
    assert lamp.reason["rule"]["key"] == "lamp.node"


def test_report_when_gate_node_is_finished_then_project_moves_on(world: World) -> None:
    rows = {row.node: row for row in make_timetable(act_of(world.clerk), world.school, {})}
    edit_project(
        act_of(world.clerk), world.school, address="示例路 1 号", total_wan=100, funding="财政资金"
    )
    told = report_progress(act_of(world.clerk), world.school, rows["funds"], Said(finished=TODAY))
    world.school.refresh_from_db()
    assert (world.school.stage and world.school.stage.code) == "approval"
    assert told.activity.finished == TODAY
    stray = Activity(subject_id=world.school.subject_id + 1, node="x", name="别处", sequence=1)
    with pytest.raises(Invalid, match="没有这项工作"):
        report_progress(act_of(world.clerk), world.school, stray, Said(finished=TODAY))


def test_make_timetable_when_due_before_campaign_then_refused_and_nothing_saved(
    world: World,
) -> None:
    with pytest.raises(Invalid, match="早于攻坚年"):
        make_timetable(act_of(world.clerk), world.school, {"funds": dt.date(2024, 12, 31)})
    assert world.school.subject.activities.count() == 0


def test_make_timetable_when_node_unknown_then_refused(world: World) -> None:
    with pytest.raises(Invalid, match="没有这些节点：sign"):
        make_timetable(act_of(world.clerk), world.school, {"sign": TODAY})


def test_make_timetable_when_stranger_then_forbidden(world: World) -> None:
    with pytest.raises(Forbidden):
        make_timetable(act_of(world.stranger), world.school, {})


def test_set_node_due_when_promised_before_then_reason_needed_and_baseline_stays(
    world: World,
) -> None:
    make_timetable(act_of(world.clerk), world.school, {"funds": TODAY + 5 * DAY})
    later = TODAY + 40 * DAY
    with pytest.raises(Invalid) as refusal:
        set_node_due(act_of(world.clerk), world.school, "funds", due=later)
    assert refusal.value.field == "reason"
    node = set_node_due(
        act_of(world.clerk), world.school, "funds", due=later, reason="资金计划调整"
    )
    assert (node.due, node.baseline) == (later, TODAY + 5 * DAY)
    assert Lamp.objects.get(subject=world.school.subject).colour == "green"


def test_set_node_due_when_shown_revision_is_old_then_stale(world: World) -> None:
    make_timetable(act_of(world.clerk), world.school, {})
    set_node_due(act_of(world.clerk), world.school, "funds", due=TODAY, expected_revision=1)
    with pytest.raises(Stale):
        set_node_due(
            act_of(world.clerk),
            world.school,
            "funds",
            due=TODAY + DAY,
            reason="改",
            expected_revision=1,
        )


def test_finish_node_when_day_in_future_then_refused(world: World) -> None:
    make_timetable(act_of(world.clerk), world.school, {})
    with pytest.raises(Invalid, match="还没有到"):
        finish_node(act_of(world.clerk), world.school, "funds", day=TODAY + DAY)


def test_finish_node_when_day_before_the_campaign_then_asked_and_taken_knowingly(
    world: World,
) -> None:
    make_timetable(act_of(world.clerk), world.school, {})
    day = dt.date(2022, 5, 9)
    with pytest.raises(Invalid) as asked:
        finish_node(act_of(world.clerk), world.school, "funds", day=day)
    said = "「建设资金落实」的完成日期 2022-05-09 早于攻坚年开始的 2025-01-01。"
    assert (asked.value.field, str(asked.value)) == ("knowing", said + ASKED)
    assert not Activity.objects.exclude(finished=None).exists()
    node = finish_node(act_of(world.clerk), world.school, "funds", day=day, knowing=True)
    assert node.finished == day


@pytest.mark.parametrize("knowing", [False, True])
def test_finish_node_when_day_long_before_the_campaign_then_refused_by_the_dated_rule(
    world: World, *, knowing: bool
) -> None:
    make_timetable(act_of(world.clerk), world.school, {})
    with pytest.raises(Invalid, match="早于攻坚年开始的 2025-01-01 10 年以上，请核对年份") as no:
        finish_node(
            act_of(world.clerk), world.school, "funds", day=dt.date(1999, 1, 1), knowing=knowing
        )
    assert no.value.field == "day"
    Rule.objects.filter(key="past.days").update(value={"years_before": 30})
    finish_node(act_of(world.clerk), world.school, "funds", day=dt.date(1999, 1, 1), knowing=True)


def test_finish_node_when_what_precedes_it_is_open_then_named_and_taken_knowingly(
    world: World,
) -> None:
    make_timetable(act_of(world.clerk), world.school, {})
    clerk = act_of(world.clerk)
    finish_node(clerk, world.school, "main_works", day=TODAY, knowing=True)
    with pytest.raises(Invalid) as asked:
        finish_node(clerk, world.school, "acceptance", day=TODAY)
    said = "按计划须在「竣工验收」之前完成的「专项验收」还没有登记完成。"
    assert (asked.value.field, str(asked.value)) == ("knowing", said + ASKED)
    finish_node(clerk, world.school, "acceptance", day=TODAY, knowing=True)
    finish_node(clerk, world.school, "operation", day=TODAY)


def test_finish_node_when_all_before_it_is_open_then_the_first_are_named_and_all_counted(
    world: World,
) -> None:
    make_timetable(act_of(world.clerk), world.school, {})
    with pytest.raises(Invalid, match=r"「选址定地」「建设资金落实」.*等 13 项还没有登记完成"):
        finish_node(act_of(world.clerk), world.school, "acceptance", day=TODAY)


def test_finish_node_when_the_project_has_links_of_its_own_then_those_count(world: World) -> None:
    make_timetable(act_of(world.clerk), world.school, {})
    rows = {row.node: row for row in Activity.objects.filter(subject=world.school.subject)}
    for first, then, kind in (("funds", "permit", "FS"), ("site", "permit", "SS")):
        link = Link(
            subject=world.school.subject, predecessor=rows[first], successor=rows[then], type=kind
        )
        create(system_act(), "link.add", link)
    assert [row.node for row in unfinished_before(world.school, rows["permit"])] == ["funds"]
    assert unfinished_before(world.school, rows["acceptance"]) == []


def test_report_progress_when_days_before_the_campaign_then_asked(world: World) -> None:
    make_timetable(act_of(world.clerk), world.school, {})
    node = Activity.objects.get(node="funds")
    said = Said(started=dt.date(2023, 3, 1), finished=dt.date(2024, 3, 1))
    with pytest.raises(Invalid, match=r"开始日期 2023-03-01 早于.*完成日期 2024-03-01 早于"):
        report_progress(act_of(world.clerk), world.school, node, said)
    node.refresh_from_db()
    with pytest.raises(Invalid, match="开始日期 2023-03-01 早于"):
        report_progress(act_of(world.clerk), world.school, node, Said(started=dt.date(2023, 3, 1)))
    report_progress(act_of(world.clerk), world.school, node, said, knowing=True)
    assert (node.started, node.finished) == (said.started, said.finished)


def test_finish_node_when_node_not_on_timetable_then_refused(world: World) -> None:
    with pytest.raises(Invalid, match="没有这个节点"):
        finish_node(act_of(world.clerk), world.school, "funds", day=TODAY)


def test_finish_node_when_gate_lacks_fields_then_recorded_and_stage_stays(world: World) -> None:
    make_timetable(act_of(world.clerk), world.school, {})
    finish_node(act_of(world.clerk), world.school, "funds", day=TODAY - DAY, note="财政文件")
    school = Project.objects.get(pk=world.school.pk)
    assert school.stage.code == "landing"
    assert [(m.kind, m.code) for m in still_missing(school)] == [
        ("field", "address"),
        ("field", "total_wan"),
        ("field", "funding"),
    ]


def test_finish_node_when_gate_holds_then_stage_moves(world: World) -> None:
    make_timetable(act_of(world.clerk), world.school, {})
    edit_project(
        act_of(world.clerk), world.school, address="示例路 1 号", total_wan=100, funding="财政"
    )
    finish_node(act_of(world.clerk), world.school, "funds", day=TODAY)
    assert Project.objects.get(pk=world.school.pk).stage.code == "approval"


def test_move_stage_when_gate_open_then_refusal_names_fields_and_nodes(world: World) -> None:
    make_timetable(act_of(world.clerk), world.school, {})
    approval = Stage.objects.get(code="approval")
    with pytest.raises(Invalid) as refusal:
        move_stage(act_of(world.clerk), world.school, approval)
    assert str(refusal.value) == (
        "还不能进入「前期审批」：「建设地点」未填；「总投资」未填；「资金构成」未填；"
        "节点「建设资金落实」未完成。"
    )


def test_move_stage_when_back_without_reason_then_refused(world: World) -> None:
    world.school.stage = Stage.objects.get(code="construction")
    world.school.save()
    landing = Stage.objects.get(code="landing")
    with pytest.raises(Invalid, match="理由"):
        move_stage(act_of(world.clerk), world.school, landing)
    assert (
        move_stage(act_of(world.clerk), world.school, landing, reason="认定有误").stage == landing
    )


def test_reopen_node_when_finished_then_open_again_with_reason(world: World) -> None:
    make_timetable(act_of(world.clerk), world.school, {"funds": TODAY - DAY})
    finish_node(act_of(world.clerk), world.school, "funds", day=TODAY)
    assert Lamp.objects.get(subject=world.school.subject).colour == "unrated"
    reopen_node(act_of(world.clerk), world.school, "funds", reason="凭证不符")
    assert Lamp.objects.get(subject=world.school.subject).colour == "red"


def test_forecast_node_when_given_then_promise_and_lamp_stay(world: World) -> None:
    make_timetable(act_of(world.clerk), world.school, {"funds": TODAY + 30 * DAY})
    node = forecast_node(act_of(world.clerk), world.school, "funds", day=TODAY + 60 * DAY)
    assert (node.due, node.forecast) == (TODAY + 30 * DAY, TODAY + 60 * DAY)
    assert Lamp.objects.get(subject=world.school.subject).colour == "green"
    with pytest.raises(Invalid, match="不能早于"):
        forecast_node(system_act(), world.school, "funds", day=TODAY - DAY)
