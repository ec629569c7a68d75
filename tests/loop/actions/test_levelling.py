"""Levelling plans that share a crew: nothing moves before it is adopted, then all or none."""

import datetime as dt
import fcntl
from typing import Any

import pytest
from django.conf import settings

from guatu.loop.actions.levelling import (
    LOCK,
    adopt_levelling,
    drop_levelling,
    level_portfolio,
    moved_since,
)
from guatu.loop.actions.network import edit_network, lay_network, sketch_of
from guatu.loop.actions.progress import Said as Progress
from guatu.loop.actions.progress import report_activity
from guatu.loop.actions.resources import Said, change_resource
from guatu.loop.enums import LevellingState, ResourceKind
from guatu.loop.models import Activity, Levelling, Resource, Timing
from guatu.loop.plan import calendars
from guatu.loop.plan.calendars import calendars_on
from guatu.loop.plan.sharing import Load, loads
from guatu.loop.plan.sketch import sketches_of
from guatu.register.errors import Forbidden, Invalid, Stale
from guatu.register.models import Subject
from guatu.register.sealing import verify
from tests.factories import TODAY, act_of, make_subject
from tests.loop.builders import District
from tests.loop.plans import laid
from tests.loop.sharing import CREW, crew, shared, with_needs

# What the solver finds is no matter of the database; the tests without this run on both.
SOLVED_ALIKE = pytest.mark.once


def run_of(place: District) -> Levelling:
    return level_portfolio(act_of(place.office), None, seconds=5)


def peak(*subjects: Subject) -> int:
    """The most of the crew needed on any day, by the dates the plans have."""
    return load_of(*subjects).peak


def over(*subjects: Subject) -> int:
    """Weeks in which more of the crew is needed than there is."""
    return len(load_of(*subjects).overloaded)


def load_of(*subjects: Subject) -> Load:
    """What the crew is needed for, by the dates the plans have."""
    keys = [subject.pk for subject in subjects]
    dates = {
        row.subject_id: {key: (one.early_start, one.early_finish) for key, one in row.dates.items()}
        for row in Timing.objects.filter(subject_id__in=keys, known_to=None)
    }
    found = loads(sketches_of(keys), dates, Resource.objects.all(), calendars_on(), TODAY)
    return found[CREW]


def test_level_when_two_want_one_crew_then_one_waits_and_nothing_moves(place: District) -> None:
    subjects = shared(place)
    before = [sketch_of(subject) for subject in subjects]
    assert peak(*subjects) == 2
    run = run_of(place)
    assert run.subjects == sorted(subject.pk for subject in subjects)
    assert run.status in {"OPTIMAL", "FEASIBLE"}
    assert run.makespan is not None
    assert run.bound is not None
    assert run.bound <= run.makespan
    assert len(run.holds) == 1
    ((key, held),) = run.holds.items()
    assert list(held) == ["works"]
    assert run.held == {key: {"works": None}}
    assert [sketch_of(subject) for subject in subjects] == before
    assert [(row["before"] < 0, row["after"] < 0) for row in run.deadlines] == [(True, True)] * 2


def test_adopt_when_open_then_crew_suffices_and_run_is_closed(place: District) -> None:
    subjects = shared(place)
    run = run_of(place)
    assert adopt_levelling(act_of(place.office), run, reason="调度会定") == 1
    assert peak(*subjects) == 1
    (key,) = run.holds
    waiting = Activity.objects.get(subject_id=int(key), node="works")
    assert waiting.no_earlier == dt.date.fromisoformat(run.holds[key]["works"])
    timing = Timing.objects.get(subject_id=int(key), known_to=None)
    works = timing.dates["works"]
    assert [str(works.early_start), str(works.early_finish)] == run.rows[key]["works"]
    assert Levelling.objects.get().state == LevellingState.ADOPTED
    with pytest.raises(Invalid, match="已采用，不能再改"):
        adopt_levelling(act_of(place.office), run, reason="再来一次")
    assert verify().intact


@SOLVED_ALIKE
def test_level_when_crew_has_grown_since_adoption_then_work_moves_forward_again(
    place: District,
) -> None:
    subjects = shared(place)
    run = run_of(place)
    adopt_levelling(act_of(place.office), run, reason="调度会定")
    grown = Said(name="示例路面班组", kind=ResourceKind.CREW, capacity=2)
    change_resource(act_of(place.office), Resource.objects.get(), grown, reason="增加一个班组")
    again = run_of(place)
    assert again.status == "OPTIMAL"
    assert again.holds == {key: {"works": None} for key in run.holds}
    adopt_levelling(act_of(place.office), again, reason="班组已到位")
    for subject in subjects:
        assert sketch_of(subject).steps["works"].no_earlier is None


def test_adopt_when_a_plan_or_crew_moved_then_stale_and_none_is_touched(place: District) -> None:
    first, second = shared(place)
    run = run_of(place)
    office = act_of(place.office)
    longer: dict[str, Any] = {"op": "duration", "key": "permit", "duration": 25}
    edit_network(office, second, [longer], reason="补件")
    before = [sketch_of(subject) for subject in (first, second)]
    with pytest.raises(Stale):
        adopt_levelling(office, run, reason="调度会定")
    assert [sketch_of(subject) for subject in (first, second)] == before
    assert Levelling.objects.get().state == LevellingState.OPEN
    fresh = run_of(place)
    grown = Said(name="示例路面班组", kind=ResourceKind.CREW, capacity=3)
    change_resource(office, Resource.objects.get(), grown, reason="扩编")
    with pytest.raises(Stale):
        adopt_levelling(office, fresh, reason="调度会定")


def test_moved_since_when_work_should_have_begun_then_true(place: District) -> None:
    shared(place)
    run = run_of(place)
    assert not moved_since(run, TODAY)
    assert moved_since(run, dt.date(2025, 9, 1))


@SOLVED_ALIKE
def test_level_when_work_is_under_way_then_it_goes_on_and_the_other_waits(
    place: District,
) -> None:
    first, second = shared(place)
    office = act_of(place.office)
    rows = {row.node: row for row in Activity.objects.filter(subject=first)}
    done = Progress(started=TODAY - dt.timedelta(days=60), finished=TODAY - dt.timedelta(days=20))
    report_activity(office, rows["permit"], done)
    report_activity(office, Activity.objects.get(pk=rows["works"].pk), Progress(started=TODAY))
    second_permit = Activity.objects.get(subject=second, node="permit")
    report_activity(office, second_permit, done)
    run = run_of(place)
    assert list(run.holds) == [str(second.pk)]
    assert run.rows[str(first.pk)] == run.before[str(first.pk)]
    adopt_levelling(office, run, reason="调度会定")
    assert peak(first, second) == 1


@SOLVED_ALIKE
def test_level_when_the_crew_is_away_then_work_lies_around_those_days(place: District) -> None:
    subjects = shared(place)
    row = Resource.objects.get()
    away = {"first": "2025-05-05", "last": "2025-05-30", "capacity": 0, "note": "支援"}
    told = Said(name=row.name, kind=ResourceKind.CREW, capacity=1, periods=(away,))
    change_resource(act_of(place.office), row, told, reason="支援外区")
    run = run_of(place)
    assert run.status in {"OPTIMAL", "FEASIBLE"}
    adopt_levelling(act_of(place.office), run, reason="调度会定")
    assert over(*subjects) == 0
    spans = [run.rows[str(subject.pk)]["works"] for subject in subjects]
    assert all(first > away["last"] or last < away["first"] for first, last in spans)


@SOLVED_ALIKE
def test_level_when_the_crew_leaves_work_under_way_then_said_and_held_on_other_days(
    place: District,
) -> None:
    first, second = shared(place)
    office = act_of(place.office)
    rows = {row.node: row for row in Activity.objects.filter(subject=first)}
    done = Progress(started=TODAY - dt.timedelta(days=60), finished=TODAY - dt.timedelta(days=20))
    report_activity(office, rows["permit"], done)
    report_activity(office, Activity.objects.get(pk=rows["works"].pk), Progress(started=TODAY))
    report_activity(office, Activity.objects.get(subject=second, node="permit"), done)
    row = Resource.objects.get()
    away = {"first": "2025-04-07", "last": "2025-04-11", "capacity": 0, "note": ""}
    told = Said(name=row.name, kind=ResourceKind.CREW, capacity=1, periods=(away,))
    change_resource(office, row, told, reason="支援外区")
    run = run_of(place)
    assert run.reasons == ["进行中的工作已超出「示例路面班组」的数量，只能等它们完成。"]
    assert run.rows[str(first.pk)] == run.before[str(first.pk)]
    ended = run.rows[str(first.pk)]["works"][1]
    assert run.rows[str(second.pk)]["works"][0] > ended


@SOLVED_ALIKE
def test_level_when_no_period_fits_then_no_schedule_and_the_work_by_name(place: District) -> None:
    subject, _ = shared(place)
    row = Resource.objects.get()
    more = {"first": "2025-05-05", "last": "2025-05-09", "capacity": 2, "note": ""}
    told = Said(name=row.name, kind=ResourceKind.CREW, capacity=1, periods=(more,))
    change_resource(act_of(place.office), row, told, reason="增援一周")
    needs = {"op": "needs", "key": "works", "needs": {CREW: 2}}
    edit_network(act_of(place.office), subject, [needs], reason="两班同上")  # type: ignore[list-item]
    run = run_of(place)
    assert (run.status, run.makespan) == ("INFEASIBLE", None)
    assert run.reasons == ["「主体施工」需要「示例路面班组」2，没有一段时间够它连续施工60天。"]


@SOLVED_ALIKE
def test_level_when_one_alone_has_enough_then_optimal_and_nothing_to_adopt(
    place: District,
) -> None:
    shared(place, capacity=2)
    run = run_of(place)
    assert (run.status, run.gap, run.holds) == ("OPTIMAL", 0.0, {})
    with pytest.raises(Invalid, match="没有要移动的工作"):
        adopt_levelling(act_of(place.office), run, reason="调度会定")


@SOLVED_ALIKE
def test_level_when_deadlines_cannot_all_hold_then_days_late_are_told(place: District) -> None:
    calendars.load_shipped()
    crew(place)
    other = make_subject(place.unit, title="示例第二条路")
    tight = with_needs(completion=dt.date(2025, 8, 20))
    for subject in (place.subject, other):
        lay_network(act_of(place.office), subject, tight)
    run = run_of(place)
    assert run.status == "FEASIBLE"
    assert "资源再多" not in "".join(run.reasons)
    late = sorted(row["after"] for row in run.deadlines)
    assert late[0] <= 0 < late[1]
    assert all(row["before"] <= 0 for row in run.deadlines)


@SOLVED_ALIKE
def test_level_when_late_without_regard_to_resources_then_proved_and_said(
    place: District,
) -> None:
    calendars.load_shipped()
    crew(place, capacity=2)
    late = with_needs(completion=dt.date(2025, 5, 20))
    lay_network(act_of(place.office), place.subject, late)
    run = run_of(place)
    assert run.status == "OPTIMAL"
    (row,) = run.deadlines
    assert row["before"] == row["after"] > 0
    assert run.reasons[-1] == "资源再多，这些期限也是一样超期，请看各计划的倒排。"


@SOLVED_ALIKE
def test_level_when_run_twice_with_one_seed_then_same_answer(place: District) -> None:
    shared(place)
    first, second = run_of(place), run_of(place)
    for column in ("status", "makespan", "bound", "rows", "holds", "deadlines"):
        assert getattr(first, column) == getattr(second, column)


def test_level_when_another_run_is_under_way_then_refused(place: District) -> None:
    shared(place)
    with (settings.GUATU_HOME / LOCK).open("w", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(Invalid, match="另一次平衡正在计算"):
            run_of(place)
    assert run_of(place).makespan is not None


def test_level_when_nothing_can_be_levelled_then_one_sentence(place: District) -> None:
    office = act_of(place.office)
    laid(place)
    with pytest.raises(Invalid, match="还没有登记资源"):
        level_portfolio(office, None)
    crew(place)
    with pytest.raises(Invalid, match="无须平衡"):
        level_portfolio(office, None)
    with pytest.raises(Invalid, match="时限只能是"):
        level_portfolio(office, None, seconds=3600)
    with pytest.raises(Invalid, match="随机种子"):
        level_portfolio(office, None, seed=-1)


def test_level_when_needs_cannot_be_then_names_the_work(place: District) -> None:
    shared(place)
    row = Activity.objects.filter(node="works").earliest("pk")
    for needs, words in (
        ({"nobody": 1}, "「主体施工」需要的资源「nobody」没有登记"),
        ({CREW: 2}, "「主体施工」需要「示例路面班组」2，而总共只有 1"),
    ):
        Activity.objects.filter(pk=row.pk).update(needs=needs)
        with pytest.raises(Invalid, match=words):
            level_portfolio(act_of(place.office), None)
    assert not Levelling.objects.exists()


def test_drop_when_open_then_closed_and_plans_stay(place: District) -> None:
    shared(place)
    run = run_of(place)
    with pytest.raises(Stale):
        drop_levelling(act_of(place.office), run, expected_revision=7)
    drop_levelling(act_of(place.office), run)
    assert run.state == LevellingState.DROPPED
    assert not Activity.objects.exclude(no_earlier=None).exists()


def test_levelling_when_not_the_office_then_forbidden(place: District) -> None:
    shared(place)
    run = run_of(place)
    for standing in (place.leader, place.owner, place.stranger):
        for act in (
            lambda who: level_portfolio(act_of(who), None),
            lambda who: adopt_levelling(act_of(who), run, reason="试试"),
            lambda who: drop_levelling(act_of(who), run),
        ):
            with pytest.raises(Forbidden):
                act(standing)


def test_needs_when_split_then_both_parts_hold_the_crew(place: District) -> None:
    first, _ = shared(place)
    edit_network(
        act_of(place.office), first, [{"op": "split", "key": "works", "first": 20}], reason="分段"
    )
    steps = sketch_of(first).steps
    assert [steps[key].needs for key in ("w1", "works")] == [{CREW: 1}, {CREW: 1}]
