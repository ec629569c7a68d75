"""Laying and editing a subject's network: the difference alone is written, with its events."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guatu.loop.actions.network import edit_network, lay_network, set_deadline, sketch_of
from guatu.loop.actions.progress import Said, report_activity
from guatu.loop.actions.timetable import PlannedNode, plan_nodes
from guatu.loop.models import Activity, Lamp, Link, LinkVersion, Timing
from guatu.loop.plan.calendars import calendars_on
from guatu.loop.plan.commands import apply
from guatu.loop.plan.computing import digest_of
from guatu.loop.plan.sketch import Sketch, Step, Tie
from guatu.register.errors import Forbidden, Invalid, Stale
from guatu.register.models import Event
from guatu.register.sealing import verify
from tests.factories import TODAY, act_of
from tests.loop.builders import District
from tests.loop.plans import COMPLETION, laid, small_sketch

DAY = dt.timedelta(days=1)
Command = dict[str, Any]


def edit(place: District, *commands: Command, reason: str = "方案优化") -> Sketch:
    return edit_network(act_of(place.office), place.subject, commands, reason=reason)


def test_lay_when_done_then_read_back_the_same_and_computed(place: District) -> None:
    laid(place)
    stored = sketch_of(place.subject)
    expected = small_sketch()
    assert stored.ties == expected.ties
    assert {key: (s.duration, s.calendar, s.firm, s.due) for key, s in stored.steps.items()} == {
        key: (s.duration, s.calendar, s.firm, s.due) for key, s in expected.steps.items()
    }
    timing = Timing.objects.get(subject=place.subject, known_to=None)
    assert timing.feasible
    assert timing.dates["operation"].late_finish == COMPLETION
    assert Lamp.objects.get(subject=place.subject).margin is not None


def test_lay_when_node_is_there_then_its_row_and_promise_stay(place: District) -> None:
    due = TODAY + 40 * DAY
    node = PlannedNode("permit", "施工许可证", "approval", 9, due=due)
    (row,) = plan_nodes(act_of(place.office), {place.subject: [node]})
    rows = laid(place)
    assert rows["permit"].pk == row.pk
    assert (rows["permit"].name, rows["permit"].due) == ("施工许可证", due)
    assert (rows["permit"].duration, rows["permit"].calendar) == (20, "office")


def test_lay_when_network_is_there_or_stranger_then_refused(place: District) -> None:
    laid(place)
    with pytest.raises(Invalid, match="已有网络计划"):
        lay_network(act_of(place.office), place.subject, small_sketch())
    with pytest.raises(Forbidden):
        lay_network(act_of(place.stranger), place.subject, small_sketch())


@pytest.mark.parametrize(
    ("sketch", "words"),
    [
        (
            Sketch(
                small_sketch().steps, (*small_sketch().ties, Tie(before="works", after="permit"))
            ),
            "互为前置，成了循环：.*施工许可.*主体施工",
        ),
        (
            small_sketch().with_step(Step(key="x", name="围挡", duration=1, calendar="mars")),
            "「围挡」.*日历",
        ),
        (
            small_sketch().with_step(Step(key="x", name="围挡", duration=-1, calendar="office")),
            "「围挡」",
        ),
        (small_sketch(TODAY - DAY), "「交付使用」的期限 2025-03-17 早于业务日期"),
        (
            small_sketch().with_step(
                Step(
                    key="x",
                    name="甲",
                    duration=1,
                    calendar="office",
                    no_earlier=dt.date(2200, 1, 1),
                )
            ),
            "「甲」.*不在日历表",
        ),
        (
            Sketch(
                {f"s{n}": Step(key=f"s{n}", name="甲", kind="work", duration=1) for n in range(501)}
            ),
            "不超过 500 项",
        ),
    ],
)
def test_lay_when_plan_is_bad_then_named_and_nothing_saved(
    place: District, sketch: Sketch, words: str
) -> None:
    with pytest.raises(Invalid, match=words):
        laid(place, sketch)
    assert not Activity.objects.exists()
    assert not Link.objects.exists()


def test_edit_when_saved_then_only_what_differs_has_an_event(place: District) -> None:
    rows = laid(place)
    seen = Event.objects.latest("pk").pk
    after = edit(
        place,
        {"op": "duration", "key": "works", "duration": 95},
        {"op": "relink", "before": "permit", "after": "works", "lag": 3},
        {"op": "add", "name": "围挡", "duration": 5, "calendar": "office", "after": "permit"},
    )
    assert sketch_of(place.subject).steps["works"].duration == 95
    assert after.steps["w1"].name == "围挡"
    told = Event.objects.filter(pk__gt=seen, model__in=["loop.Activity", "loop.Link"])
    assert sorted(told.values_list("verb", "row", "reason")) == sorted(
        [
            ("plan.edit", rows["works"].pk, "方案优化"),
            ("plan.edit", Activity.objects.get(node="w1").pk, "方案优化"),
            ("plan.relink", Link.objects.get(lag=3).pk, "方案优化"),
            ("plan.link", Link.objects.latest("pk").pk, "方案优化"),
        ]
    )


def test_edit_when_work_is_removed_then_row_leaves_the_network_and_links_end(
    place: District,
) -> None:
    rows = laid(place)
    edit(place, {"op": "remove", "key": "works"})
    row = Activity.objects.get(pk=rows["works"].pk)
    assert (row.duration, row.due) == (None, None)
    assert Link.objects.filter(ended=False).count() == 0
    assert Link.objects.filter(ended=True).count() == 2
    timing = Timing.objects.get(subject=place.subject, known_to=None)
    assert "works" not in timing.rows


def test_edit_when_link_is_taken_away_and_put_back_then_a_new_row_stands(place: District) -> None:
    laid(place)
    ends = {"before": "permit", "after": "works"}
    edit(place, {"op": "unlink", **ends})
    edit(place, {"op": "link", **ends})
    assert list(Link.objects.filter(successor__node="works").values_list("ended", flat=True)) == [
        True,
        False,
    ]
    assert LinkVersion._default_manager.count() == 4


def test_edit_when_remaining_is_set_then_its_end_is_what_stays(place: District) -> None:
    permit = laid(place)["permit"]
    report_activity(act_of(place.office), permit, Said(started=TODAY))
    edit(place, {"op": "remaining", "key": "permit", "remaining": 8})
    stored = sketch_of(place.subject).steps["permit"]
    timing = Timing.objects.get(subject=place.subject, known_to=None)
    assert (stored.remaining, stored.forecast) == (8, timing.dates["permit"].early_finish)


def test_edit_when_no_reason_or_no_change_or_stranger_then_refused(place: District) -> None:
    laid(place)
    command = {"op": "duration", "key": "works", "duration": 90}
    with pytest.raises(Invalid, match="理由"):
        edit(place, command, reason=" ")
    with pytest.raises(Invalid, match="没有改动"):
        edit(place, {"op": "duration", "key": "works", "duration": 100})
    with pytest.raises(Forbidden):
        edit_network(act_of(place.stranger), place.subject, [command], reason="改")
    assert sketch_of(place.subject).steps["works"].duration == 100


def test_edit_when_one_command_fails_then_none_is_saved(place: District) -> None:
    laid(place)
    before = sketch_of(place.subject)
    with pytest.raises(Invalid, match="循环"):
        edit(
            place,
            {"op": "duration", "key": "works", "duration": 95},
            {"op": "link", "before": "operation", "after": "permit"},
        )
    with pytest.raises(Invalid, match="没有编号"):
        edit(
            place, {"op": "duration", "key": "works", "duration": 95}, {"op": "remove", "key": "x"}
        )
    assert sketch_of(place.subject) == before


def test_edit_when_plan_shown_is_no_longer_the_plan_then_stale(place: District) -> None:
    laid(place)
    shown = digest_of(sketch_of(place.subject), calendars_on())
    command = {"op": "duration", "key": "works", "duration": 95}
    edit(place, command)
    with pytest.raises(Stale):
        edit_network(
            act_of(place.office),
            place.subject,
            [{"op": "rename", "key": "works", "name": "主体"}],
            reason="改",
            expected_inputs=shown,
        )


def test_deadline_when_pulled_in_until_it_breaks_then_kept_red_with_days(place: District) -> None:
    row = laid(place)["operation"]
    set_deadline(
        act_of(place.office), row, due=dt.date(2025, 7, 1), firm=True, reason="区政府要求提前"
    )
    timing = Timing.objects.get(subject=place.subject, known_to=None)
    assert not timing.feasible
    assert timing.late_by is not None
    assert timing.late_by > 0
    assert Lamp.objects.get(subject=place.subject).colour == "red"
    row.refresh_from_db()
    assert (row.due, row.baseline) == (dt.date(2025, 7, 1), COMPLETION)


def test_deadline_when_it_cannot_be_one_then_refused(place: District) -> None:
    rows = laid(place)
    act = act_of(place.office)
    for due, firm, reason, words in (
        (None, True, "改", "请填写「交付使用」的期限"),
        (TODAY - DAY, True, "改", "早于业务日期"),
        (dt.date(2024, 1, 1), False, "改", "早于攻坚年"),
        (COMPLETION - DAY, True, "", "理由"),
    ):
        with pytest.raises(Invalid, match=words):
            set_deadline(act, rows["operation"], due=due, firm=firm, reason=reason)
    with pytest.raises(Stale):
        set_deadline(act, rows["permit"], due=COMPLETION, firm=False, expected_revision=9)
    with pytest.raises(Forbidden):
        set_deadline(act_of(place.stranger), rows["permit"], due=COMPLETION, firm=False)


edits = st.one_of(
    st.builds(
        lambda key, days: {"op": "duration", "key": key, "duration": days},
        st.sampled_from(["permit", "works"]),
        st.integers(20, 110),
    ),
    st.builds(lambda first: {"op": "split", "key": "works", "first": first}, st.integers(1, 40)),
    st.just({"op": "add", "name": "甲", "duration": 3, "calendar": "office", "after": "permit"}),
    st.builds(
        lambda before, after, kind: {"op": "link", "before": before, "after": after, "type": kind},
        st.sampled_from(["permit", "w1", "works"]),
        st.sampled_from(["works", "operation", "w1"]),
        st.sampled_from(["FS", "SS", "FF", "SF"]),
    ),
    st.just({"op": "unlink", "before": "permit", "after": "works"}),
    st.just({"op": "remove", "key": "w1"}),
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(edits, min_size=1, max_size=6))
def test_edit_when_any_commands_then_stored_is_applied_and_log_replays(
    place: District, commands: list[Command]
) -> None:
    if not Activity.objects.filter(subject=place.subject).exists():
        laid(place)
    before = sketch_of(place.subject)
    try:
        expected = apply(before, commands)
        edit(place, *commands)
    except Invalid:
        assert sketch_of(place.subject) == before
    else:
        stored = sketch_of(place.subject)
        assert dict(stored.steps) == dict(expected.steps)
        assert set(stored.ties) == set(expected.ties)
    assert verify().intact
