"""What is kept of computed plans: timings, chances and lamps, written when they change."""

import datetime as dt
from dataclasses import replace

import pytest

from guatu.loop.actions.network import edit_network
from guatu.loop.actions.timetable import finish
from guatu.loop.enums import Colour
from guatu.loop.lamps import recompute
from guatu.loop.models import Activity, Forecast, Lamp, Timing
from guatu.loop.plan.chances import score_known
from guatu.loop.plan.sketch import sketches_of, step_of
from guatu.loop.queries.plan import (
    act_today,
    baselines_of,
    forecast_record,
    forecasts_of,
    timings_of,
)
from guatu.register.recording import Act
from tests.factories import NOON, TODAY, act_of, system_act
from tests.loop.builders import District
from tests.loop.plans import COMPLETION, laid, small_sketch

DAY = dt.timedelta(days=1)


def later(days: int) -> Act:
    return system_act(NOON + days * DAY, TODAY + days * DAY)


def held(place: District) -> Timing:
    return Timing.objects.get(subject=place.subject, known_to=None)


def lamp(place: District) -> Lamp:
    return Lamp.objects.get(subject=place.subject)


def test_timing_when_nothing_changes_then_written_once(place: District) -> None:
    laid(place)
    first = held(place).pk
    assert recompute(system_act()) == 0
    assert (held(place).pk, Timing.objects.count()) == (first, 1)


def test_timing_when_a_day_passes_then_the_past_one_stays_readable(place: District) -> None:
    laid(place)
    before = held(place)
    recompute(later(5))
    now = held(place)
    assert now.dates["permit"].early_start == TODAY + 6 * DAY  # a Monday
    past = timings_of([place.subject.pk], TODAY)[place.subject.pk]
    assert (past.pk, past.rows) == (before.pk, before.rows)
    assert timings_of([place.subject.pk])[place.subject.pk].pk == now.pk


def test_lamp_when_there_is_room_then_green_with_float_and_chance(place: District) -> None:
    laid(place, small_sketch(days=60))
    found = lamp(place)
    assert (found.colour, found.p_late) == (Colour.GREEN, 0.0)
    assert found.margin == held(place).dates["works"].office
    assert found.reason["rule"]["key"] == "lamp.network"
    assert "时差" in found.reason["words"]


def test_lamp_when_deadline_cannot_hold_then_red_with_days_missing(place: District) -> None:
    laid(place, small_sketch(completion=dt.date(2025, 8, 29)))
    found, timing = lamp(place), held(place)
    finish_day = timing.dates["operation"].early_finish
    missing = (finish_day - dt.date(2025, 8, 29)).days
    assert missing > 0
    assert (found.colour, found.margin, timing.late_by) == (Colour.RED, -missing, missing)
    assert timing.dates["operation"].late_finish is None
    assert f"最早 {finish_day} 才能完成「交付使用」" in found.reason["words"]


def test_lamp_when_deadline_has_passed_then_missed_and_still_computed(place: District) -> None:
    laid(place, small_sketch(completion=dt.date(2025, 8, 29)))
    recompute(later(170))
    found, timing = lamp(place), held(place)
    assert (found.colour, found.since, found.p_late) == (Colour.RED, dt.date(2025, 8, 29), 1.0)
    assert timing.dates["operation"].early_finish is not None
    assert timing.late_by is not None
    assert timing.late_by > (TODAY + 170 * DAY - dt.date(2025, 8, 29)).days
    (first, *_) = act_today(place.office, None)
    assert first.spare == -timing.late_by


def test_lamp_when_float_is_short_then_amber_by_the_dated_table(place: District) -> None:
    laid(place)
    spare = held(place).dates["works"].own
    edit_network(
        act_of(place.office),
        place.subject,
        [
            {
                "op": "duration",
                "key": "works",
                "duration": 100 + spare,
                "low": 1,
                "high": 100 + spare,
            }
        ],
        reason="工程量增加",
    )
    assert lamp(place).margin == 0
    assert lamp(place).colour in {Colour.AMBER, Colour.RED}
    assert lamp(place).reason["node"]["code"] in {"permit", "works"}


def test_lamp_when_engine_refuses_then_unrated_with_its_sentence(place: District) -> None:
    rows = laid(place)
    # As a restored or hand-edited database might hold it: a calendar nobody defined.
    type(rows["works"]).objects.filter(pk=rows["works"].pk).update(calendar="nowhere")
    recompute(system_act())
    assert (lamp(place).colour, lamp(place).margin) == (Colour.UNRATED, None)
    assert "日历“nowhere”没有定义" in lamp(place).reason["words"]


def test_forecast_when_plan_is_the_same_then_not_drawn_again(place: District) -> None:
    laid(place)
    (first,) = forecasts_of([place.subject.pk])[place.subject.pk]
    assert (first.due, first.samples) == (COMPLETION, 1000)
    recompute(system_act(NOON + dt.timedelta(hours=1)))
    assert Forecast.objects.count() == 1


def test_forecast_when_plan_changes_then_the_old_one_is_superseded(place: District) -> None:
    laid(place)
    (first,) = forecasts_of([place.subject.pk])[place.subject.pk]
    act = act_of(place.office, NOON + DAY)
    command = {"op": "duration", "key": "works", "duration": 90}
    edit_network(act, place.subject, [command], reason="优化工法")
    (now,) = forecasts_of([place.subject.pk])[place.subject.pk]
    assert now.pk != first.pk
    assert now.p_on_time >= first.p_on_time
    (then,) = forecasts_of([place.subject.pk], TODAY)[place.subject.pk]
    assert then.pk == first.pk


def test_forecast_when_done_in_time_then_scored_and_counted(place: District) -> None:
    rows = laid(place)
    (told,) = forecasts_of([place.subject.pk])[place.subject.pk]
    done = replace(act_of(place.office), business_date=TODAY + 200 * DAY)
    finish(done, rows["operation"], day=TODAY + 199 * DAY)
    assert score_known(TODAY + 200 * DAY) == Forecast.objects.count()
    told.refresh_from_db()
    assert told.score == pytest.approx((told.p_on_time - 1) ** 2)
    record = forecast_record()
    assert record.count == Forecast.objects.count()
    assert [row.came for row in record.told] == [1.0] * len(record.told)


def test_forecast_when_deadline_passes_undone_then_scored_as_missed(place: District) -> None:
    laid(place)
    (told,) = forecasts_of([place.subject.pk])[place.subject.pk]
    assert score_known(COMPLETION) == 0
    assert score_known(COMPLETION + DAY) == 1
    told.refresh_from_db()
    assert (told.score, told.finished) == (pytest.approx(told.p_on_time**2), None)


def test_act_today_when_deadline_breaks_then_first_work_and_only_in_sight(place: District) -> None:
    laid(place, small_sketch(completion=dt.date(2025, 8, 29)))
    (found,) = act_today(place.office)
    assert (found.activity.node, found.deadline) == ("permit", "交付使用")
    assert found.saved >= 1
    assert found.spare < 0
    assert act_today(place.stranger) == []


def test_act_today_when_asked_of_the_past_then_as_it_was(place: District) -> None:
    laid(place, small_sketch(completion=dt.date(2025, 8, 29)))
    command = {"op": "duration", "key": "works", "duration": 20, "low": 15}
    edit_network(act_of(place.office, NOON + DAY), place.subject, [command], reason="缩短工期")
    assert act_today(place.office) == []
    assert [row.activity.node for row in act_today(place.office, TODAY)] == ["permit"]


def test_baselines_when_none_then_empty(place: District) -> None:
    laid(place)
    assert baselines_of(place.subject.pk) == []


def test_sketch_when_read_as_the_driver_gives_it_then_each_step_is_its_row(
    place: District,
) -> None:
    laid(place)
    rows = Activity.objects.filter(subject=place.subject).order_by("sequence", "pk")
    rows.filter(node="permit").update(no_earlier=TODAY, splittable=True, valid_days=90)
    sketch = sketches_of([place.subject.pk])[place.subject.pk]
    # In words, so that 1 is not taken for True nor a text for a day.
    assert repr(sketch.steps) == repr({row.node: step_of(row) for row in rows})
