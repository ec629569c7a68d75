"""Forecasts against plans whose distribution can be counted out by hand."""

from dataclasses import replace
from datetime import date
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.engines.calendars import CalendarSpec
from guatu.engines.schedule import Activity, Deadline, Link, Network, back_schedule
from guatu.engines.schedule.ranges import Range, Sampler, assumed_ranges, declared_ranges, steps
from guatu.engines.schedule.risk import Finish, forecast

CALENDARS = {
    "office": CalendarSpec(),
    "outdoor": CalendarSpec(stop=(((11, 1), (3, 31)),)),
    "elapsed": CalendarSpec(base="every-day"),
}


def network(*rows: Activity, links: tuple[Link, ...] = (), **deadlines: date) -> Network:
    return Network(
        calendars=CALENDARS,
        status_date=date(2026, 9, 14),
        activities=rows,
        links=links,
        deadlines=tuple(Deadline(key, day) for key, day in deadlines.items()),
    )


def row(identity: str, duration: int, calendar: str = "elapsed", **rest: object) -> Activity:
    return Activity(id=identity, duration=duration, calendar=calendar, **rest)


def only(plan: Network, ranges: dict[str, Range], samples: int = 10_000) -> Finish:
    (finish,) = forecast(plan, ranges, samples=samples, seed=7).finishes
    return finish


def shares(days: Range) -> dict[int, float]:
    """The distribution of whole days, integrated the slow way."""
    x = (np.arange(200_000) + 0.5) / 200_000
    mode = (days.likely - days.low) / (days.high - days.low)
    density = x ** (4 * mode) * (1 - x) ** (4 * (1 - mode))
    whole = np.rint(days.low + x * (days.high - days.low)).astype(int)
    return {
        day: float(density[whole == day].sum() / density.sum())
        for day in range(days.low, days.high + 1)
    }


def test_steps_when_drawn_then_shares_are_those_of_the_beta() -> None:
    days = Range(4, 7, 16)
    drawn = steps(4, 7, 16).days(np.random.default_rng(1).standard_normal(400_000))
    counted = {day: float((drawn == day).mean()) for day in range(4, 17)}
    assert counted == pytest.approx(shares(days), abs=0.003)


def test_forecast_when_two_in_a_row_then_probability_is_the_convolution() -> None:
    a, b = Range(2, 4, 9), Range(3, 5, 12)
    plan = network(
        row("a", 4), row("b", 5), links=(Link(predecessor="a", successor="b"),), b=date(2026, 9, 24)
    )
    expected = sum(
        p * q for (x, p), (y, q) in product(shares(a).items(), shares(b).items()) if x + y <= 11
    )
    assert only(plan, {"a": a, "b": b}).on_time == pytest.approx(expected, abs=0.015)


def test_forecast_when_three_days_late_in_october_then_it_ends_in_spring() -> None:
    plan = network(
        row("a", 30), row("w", 15, "outdoor"), links=(Link(predecessor="a", successor="w"),)
    )
    finish = only(plan, {"a": Range(20, 30, 40)})
    answer = back_schedule(replace(plan, activities=(row("a", 20), plan.activities[1]))).activities[
        "w"
    ]
    assert answer.early_finish == date(2026, 10, 27)
    assert finish.p80 is not None
    assert date(2027, 4, 20) <= finish.p80 <= date(2027, 4, 30)


def test_forecast_when_nothing_varies_then_it_is_the_plan() -> None:
    plan = network(
        row("a", 4, "office"),
        row("b", 9, "outdoor", splittable=True),
        row("c", 3, "office"),
        links=(Link(predecessor="a", successor="b"), Link(predecessor="a", successor="c")),
        b=date(2026, 10, 1),
    )
    found = forecast(plan, {}, samples=10, seed=1)
    answer = back_schedule(plan).activities
    assert found.finishes[0].on_time == float(back_schedule(plan).feasible)
    assert {key: risk.p50 for key, risk in found.activities.items()} == {
        key: dates.early_finish for key, dates in answer.items()
    }
    assert {key: risk.criticality for key, risk in found.activities.items()} == {
        key: float(dates.critical) for key, dates in answer.items()
    }


def test_forecast_when_a_cause_is_shared_then_the_p80_is_later_and_the_cause_is_named() -> None:
    rows = [row(f"a{n}", 20) for n in range(8)]
    links = tuple(Link(predecessor=f"a{n}", successor=f"a{n + 1}") for n in range(7))
    plan = network(*rows, links=links, a7=date(2027, 3, 10))
    alone = only(plan, {r.id: Range(15, 20, 40) for r in rows})
    shared = only(plan, {r.id: Range(15, 20, 40, "weather") for r in rows})
    assert alone.p80 is not None
    assert shared.p80 is not None
    assert (shared.p80 - alone.p80).days >= 5
    assert alone.causes == ()
    (share,) = shared.causes
    assert (share.cause, share.name, share.variance_share) == ("weather", "天气", 1.0)
    assert share.on_time_if_likely == 1.0


def test_forecast_when_asked_again_then_it_is_the_same_and_another_seed_differs() -> None:
    plan = network(row("a", 30, low=20, high=60, cause="funds"), a=date(2026, 10, 20))
    assert forecast(plan, seed=3) == forecast(plan, seed=3)
    assert forecast(plan, seed=3) != forecast(plan, seed=4)


def test_forecast_when_work_has_begun_then_what_remains_varies_in_proportion() -> None:
    begun = row("a", 30, actual_start=date(2026, 9, 1), remaining=10)
    finish = only(network(begun), {"a": Range(15, 30, 60)})
    ends = [day for _share, day in finish.curve]
    assert min(filter(None, ends)) >= date(2026, 9, 18)
    assert max(filter(None, ends)) <= date(2026, 10, 3)


def test_forecast_when_finished_then_certain() -> None:
    done = row("a", 3, actual_start=date(2026, 9, 1), actual_finish=date(2026, 9, 9))
    plan = network(done, row("b", 3), a=date(2026, 9, 10))
    finish = only(plan, {"a": Range(1, 3, 9), "b": Range(1, 3, 9)})
    assert (finish.on_time, finish.p90) == (1.0, date(2026, 9, 9))


def test_ranges_when_none_is_declared_then_the_usual_one_of_the_cause_is_marked() -> None:
    plan = network(
        row("a", 10, low=8, high=20, cause="funds"),
        row("b", 20, legal_days=20),
        row("c", 100, "outdoor"),
    )
    declared = {"a": Range(8, 10, 20, "funds")}
    assert declared_ranges(plan) == declared
    assert assumed_ranges(plan) == {
        **declared,
        "b": Range(14, 20, 30, "approval", assumed=True),
        "c": Range(90, 100, 140, "weather", assumed=True),
    }


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_criticality_when_lengthened_by_a_day_then_as_often_as_the_deadline_moves(
    data: st.DataObject,
) -> None:
    names = list(CALENDARS)
    rows = [
        row(
            f"a{n}",
            data.draw(st.integers(3, 12)),
            data.draw(st.sampled_from(names)),
            splittable=data.draw(st.booleans()),
        )
        for n in range(6)
    ]
    links = tuple(
        Link(predecessor=f"a{a}", successor=f"a{b}", lag=data.draw(st.integers(0, 3)))
        for b in range(6)
        for a in range(b)
        if data.draw(st.booleans())
    )
    plan = network(*rows, links=links, a5=date(2026, 11, 20))
    found = forecast(plan, {}, samples=1, seed=0).activities
    answer = back_schedule(plan).activities
    assert {key: risk.criticality for key, risk in found.items()} == {
        key: float(dates.critical) for key, dates in answer.items()
    }


def drawn(identity: str, cause: str | None) -> np.ndarray:
    sampler = Sampler(seed=5, samples=40_000)
    return sampler.days(identity, steps(10, 50, 90), cause)


def test_draws_when_two_share_a_cause_then_they_correlate_by_its_loading_squared() -> None:
    def correlation(first: str | None, second: str | None) -> float:
        return float(np.corrcoef(drawn("a", first), drawn("b", second))[0, 1])

    assert correlation("weather", "weather") == pytest.approx(0.7**2, abs=0.02)
    assert correlation("weather", "funds") == pytest.approx(0, abs=0.02)
    assert correlation(None, None) == pytest.approx(0, abs=0.02)


def test_draws_when_asked_again_then_they_are_the_same_and_cannot_be_written_into() -> None:
    first = drawn("a", "funds")
    assert drawn("a", "funds").tolist() == first.tolist()
    with pytest.raises(ValueError, match="read-only"):
        first[0] = 0


@pytest.mark.parametrize("days", [(3, 2, 4), (1, 5, 4), (-1, 2, 3)])
def test_range_when_out_of_order_then_one_sentence(days: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="工期范围应为最短≤最可能≤最长"):
        Range(*days)


def test_forecast_when_a_range_is_of_no_activity_then_one_sentence() -> None:
    with pytest.raises(ValueError, match="工期范围指向的工作不存在：z。"):
        forecast(network(row("a", 1)), {"z": Range(1, 2, 3)}, seed=1)
