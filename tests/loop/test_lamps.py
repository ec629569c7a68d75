"""The lamp of a subject: pure judgement, and what is stored of it."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.loop.actions.timetable import PlannedNode, finish, plan_nodes, set_due
from guatu.loop.enums import Colour
from guatu.loop.lamps import recompute
from guatu.loop.models import Activity, ActivityVersion, Lamp, LampVersion
from guatu.loop.verdicts import NodeDates, Verdict, judge
from guatu.register.models import Event
from guatu.register.rules import load_shipped
from tests.factories import NOON, TODAY, make_district, make_subject, make_unit, system_act

LIMITS = {"red_from_days_late": 1, "amber_within_days": 14}
SEVERITY = {Colour.UNRATED: 0, Colour.GREEN: 1, Colour.AMBER: 2, Colour.RED: 3}
DAY = dt.timedelta(days=1)
days = st.integers(-60, 60).map(lambda n: TODAY + n * DAY)
nodes = st.lists(
    st.builds(
        NodeDates,
        key=st.integers(1, 9),
        code=st.sampled_from("abc"),
        name=st.just("节点"),
        due=st.none() | days,
        finished=st.none() | days,
    ),
    max_size=6,
)


def a_node(due: dt.date | None, finished: dt.date | None = None) -> NodeDates:
    return NodeDates(1, "permit", "施工许可", due, finished)


@pytest.mark.parametrize(
    ("left", "colour"),
    [
        (-1, Colour.RED),
        (0, Colour.AMBER),
        (14, Colour.AMBER),
        (15, Colour.GREEN),
    ],
)
def test_judge_when_days_left_then_colour_of_the_rule(left: int, colour: Colour) -> None:
    node = a_node(TODAY + left * DAY)
    verdict = judge([node], TODAY, LIMITS)
    assert (verdict.colour, verdict.since, verdict.node) == (colour, node.due, node)


def test_judge_when_no_dated_node_then_unrated() -> None:
    assert judge([a_node(None)], TODAY, LIMITS) == Verdict(
        Colour.UNRATED, None, None, "各节点日期待定，无法评判。"
    )
    assert judge([], TODAY, LIMITS).colour == Colour.UNRATED


def test_judge_when_dated_ones_done_and_others_open_then_unrated_not_green() -> None:
    assert judge([a_node(TODAY, TODAY), a_node(None)], TODAY, LIMITS).colour == Colour.UNRATED
    assert judge([a_node(TODAY, TODAY)], TODAY, LIMITS).colour == Colour.GREEN


@given(nodes, days, st.integers(0, 40))
def test_judge_when_time_passes_then_never_better(
    some: list[NodeDates], day: dt.date, later: int
) -> None:
    before, after = judge(some, day, LIMITS), judge(some, day + later * DAY, LIMITS)
    assert SEVERITY[before.colour] <= SEVERITY[after.colour]


@given(nodes, days)
def test_judge_when_order_of_nodes_differs_then_same_light(
    some: list[NodeDates], day: dt.date
) -> None:
    forwards, backwards = judge(some, day, LIMITS), judge(some[::-1], day, LIMITS)
    assert (forwards.colour, forwards.since) == (backwards.colour, backwards.since)


def planned(due: dt.date | None) -> list[PlannedNode]:
    return [PlannedNode("permit", "施工许可", "approval", 9, due=due)]


@pytest.mark.django_db
def test_recompute_when_nothing_changed_then_nothing_written() -> None:
    load_shipped()
    subject = make_subject(make_unit(make_district()))
    plan_nodes(system_act(), {subject: planned(TODAY - DAY)})
    before = (Event.objects.count(), LampVersion.objects.count())
    assert recompute(system_act(NOON + DAY, TODAY + DAY)) == 0
    assert (Event.objects.count(), LampVersion.objects.count()) == before


@pytest.mark.django_db
def test_recompute_when_day_passes_then_lamp_turns_and_past_is_kept() -> None:
    load_shipped()
    subject = make_subject(make_unit(make_district()))
    plan_nodes(system_act(), {subject: planned(TODAY)})
    assert recompute(system_act(NOON + DAY, TODAY + DAY)) == 1
    assert list(LampVersion.objects.order_by("pk").values_list("colour", flat=True)) == [
        "amber",
        "red",
    ]
    lamp = Lamp.objects.get(subject=subject)
    assert lamp.reason["words"] == f"「施工许可」应于 {TODAY} 前完成，尚未完成。"
    assert lamp.activity == Activity.objects.get(subject=subject)


@pytest.mark.django_db
def test_recompute_when_many_subjects_then_statements_do_not_grow(
    django_assert_max_num_queries: object,
) -> None:
    load_shipped()
    unit = make_unit(make_district())
    plan_nodes(system_act(), {make_subject(unit): planned(TODAY) for _ in range(60)})
    with django_assert_max_num_queries(13):  # type: ignore[operator]  # a pytest-django fixture
        assert recompute(system_act(NOON + DAY, TODAY + DAY)) == 60


@pytest.mark.django_db
def test_events_when_replayed_then_give_the_versions_of_a_node() -> None:
    load_shipped()
    subject = make_subject(make_unit(make_district()))
    (node,) = plan_nodes(system_act(), {subject: planned(TODAY + DAY)})
    set_due(system_act(NOON + DAY), node, due=TODAY + 9 * DAY, reason="改")
    finish(system_act(NOON + 2 * DAY), node, day=TODAY)
    columns = ("due", "baseline", "finished")
    state: dict[str, object] = dict.fromkeys(columns)
    replayed = []
    for event in Event.objects.filter(model="loop.Activity", row=node.pk).order_by("pk"):
        state |= {name: new for name, (_, new) in event.changes.items() if name in columns}
        replayed.append(tuple(state.values()))
    kept = [
        tuple(day and day.isoformat() for day in row)
        for row in ActivityVersion.objects.filter(row=node).order_by("pk").values_list(*columns)
    ]
    assert replayed == kept
