"""A project planned from a template: back from its completion date, all or nothing."""

import datetime as dt

import pytest

from guatu.investment.actions import finish_node, make_timetable
from guatu.investment.actions.templates import Infeasible, plan_from_template
from guatu.investment.planning import draft_plan
from guatu.loop.models import Activity, Baseline, Link, WorkCalendar
from guatu.loop.plan import calendars
from guatu.register.enums import OrganisationKind, Role
from guatu.register.errors import Forbidden, Invalid
from guatu.register.recording import change
from guatu.register.sealing import seal, verify
from tests.factories import NOON, TODAY, act_of, make_post, make_unit, system_act
from tests.investment.conftest import World

DAY = dt.timedelta(days=1)
COMPLETION = dt.date(2028, 8, 18)


@pytest.fixture(autouse=True)
def _calendars(world: World) -> None:
    del world
    calendars.load_shipped()


def test_plan_when_day_can_be_kept_then_late_finishes_are_dues_and_first_baseline(
    world: World,
) -> None:
    planned = plan_from_template(act_of(world.clerk), world.school, "school", COMPLETION)
    assert planned.computed.feasible
    rows = {row.node: row for row in Activity.objects.filter(subject=world.school.subject)}
    dates = planned.computed.schedule.activities
    nodes = {key: row for key, row in rows.items() if row.kind == ""}
    assert {key: (row.due, row.baseline) for key, row in nodes.items()} == {
        key: (dates[key].late_finish, dates[key].late_finish) for key in nodes
    }
    assert (rows["operation"].due, rows["operation"].firm) == (COMPLETION, True)
    assert {row.due for key, row in rows.items() if row.kind == "work"} == {None}
    first = Baseline.objects.get(subject=world.school.subject)
    permit = dates["permit"]
    assert first.number == 1
    assert first.rows["permit"] == [
        permit.late_start and permit.late_start.isoformat(),
        permit.late_finish and permit.late_finish.isoformat(),
    ]
    assert Link.objects.filter(subject=world.school.subject, ended=False).count() == 69


def test_plan_when_day_cannot_be_kept_then_refused_with_the_answer_and_nothing_saved(
    world: World,
) -> None:
    with pytest.raises(Infeasible, match="倒排不成立") as refused:
        plan_from_template(act_of(world.clerk), world.school, "school", dt.date(2025, 9, 1))
    answer = refused.value
    assert answer.days is not None
    assert answer.days > 0
    assert "deadline" in {item.kind for item in answer.conflict}
    assert answer.repairs[0].makes_feasible
    assert not Activity.objects.exists()
    assert not Link.objects.exists()
    assert not Baseline.objects.exists()


def test_plan_when_lateness_is_accepted_then_kept_with_earliest_days_and_no_dues(
    world: World,
) -> None:
    day = dt.date(2025, 9, 1)
    planned = plan_from_template(
        act_of(world.clerk), world.school, "school", day, accept_infeasible=True
    )
    dues = dict(Activity.objects.exclude(due=None).values_list("node", "due"))
    assert dues == {"operation": day}
    early = planned.computed.schedule.activities["permit"].early_finish
    assert planned.baseline.rows["permit"][1] == (early and early.isoformat())


def test_plan_when_nodes_are_done_then_they_stay_and_what_led_there_is_left_out(
    world: World,
) -> None:
    make_timetable(act_of(world.clerk), world.school, {"funds": TODAY + 9 * DAY})
    finish_node(act_of(world.clerk), world.school, "permit", day=TODAY - DAY, knowing=True)
    plan_from_template(act_of(world.clerk), world.school, "school", COMPLETION)
    rows = {row.node: row for row in Activity.objects.filter(subject=world.school.subject)}
    assert rows["permit"].finished == TODAY - DAY
    assert (rows["funds"].due, rows["funds"].name) == (TODAY + 9 * DAY, "建设资金落实")
    assert {"drawings", "survey", "scheme"} & set(rows) == set()
    assert rows["structure"].duration == 80


def test_plan_when_project_has_one_already_or_template_is_unknown_then_refused(
    world: World,
) -> None:
    plan_from_template(act_of(world.clerk), world.school, "school", COMPLETION)
    with pytest.raises(Invalid, match="已有网络计划"):
        plan_from_template(act_of(world.clerk), world.school, "school", COMPLETION)
    with pytest.raises(Invalid, match="没有这个计划模板"):
        plan_from_template(act_of(world.clerk), world.school, "palace", COMPLETION)
    with pytest.raises(Invalid, match="早于业务日期"):
        draft_plan(world.school, "school", TODAY - DAY, TODAY)


def test_plan_when_stranger_then_there_is_no_such_project(world: World) -> None:
    with pytest.raises(Forbidden):
        plan_from_template(act_of(world.stranger), world.school, "school", COMPLETION)
    assert not Activity.objects.exists()


def test_plan_when_owner_words_name_one_department_then_it_answers(world: World) -> None:
    bureau = make_unit(world.district, "示例规划和自然资源分局")
    change(system_act(), "organisation.edit", bureau, short_name="规自分局")
    make_post(bureau, Role.UNIT)
    plan_from_template(act_of(world.clerk), world.school, "school", COMPLETION)
    rows = {row.node: row for row in Activity.objects.filter(subject=world.school.subject)}
    assert rows["site"].owner_unit == bureau
    assert rows["idea"].owner_unit == world.other
    assert rows["survey"].owner_unit is None


def test_plan_when_project_lies_in_a_street_then_the_street_answers_on_site(world: World) -> None:
    street = make_unit(world.district, "示例街道", OrganisationKind.STREET)
    change(system_act(), "subject.edit", world.school.subject, unit=street)
    plan_from_template(system_act(), world.school, "school", COMPLETION)
    rows = Activity.objects.filter(subject=world.school.subject)
    assert rows.get(node="demolition").owner_unit is None
    assert rows.get(node="idea").owner_unit == world.other


def test_plan_when_begun_no_earlier_then_nothing_starts_before(world: World) -> None:
    begin = dt.date(2025, 5, 6)
    draft = draft_plan(world.school, "school", COMPLETION, TODAY, start_no_earlier=begin)
    assert (
        min(
            row.early_start
            for row in draft.computed.schedule.activities.values()
            if row.early_start
        )
        == begin
    )
    skipped = draft_plan(world.school, "school", COMPLETION, TODAY, skipped=["demolition"])
    assert skipped.sketch.steps["demolition"].duration == 0


def test_plan_when_a_calendar_is_missing_then_it_comes_with_the_template_or_not_at_all(
    world: World,
) -> None:
    WorkCalendar.objects.filter(code="indoor").delete()
    with pytest.raises(Infeasible):
        plan_from_template(act_of(world.clerk), world.school, "school", dt.date(2025, 9, 1))
    assert not WorkCalendar.objects.filter(code="indoor").exists()
    plan_from_template(act_of(world.clerk), world.school, "school", COMPLETION)
    assert WorkCalendar.objects.get(code="indoor").status == "pending"


def test_plan_when_laid_then_replaying_the_log_gives_the_rows(world: World) -> None:
    plan_from_template(act_of(world.clerk), world.school, "school", COMPLETION)
    seal(NOON)
    assert verify().intact
