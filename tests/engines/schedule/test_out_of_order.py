"""Progress out of order: each contradiction once, by a day loop; none in what went as planned."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.engines.calendars import CalendarSpec, WorkCalendar, shipped_table
from guatu.engines.schedule import (
    Activity,
    Deadline,
    Link,
    LinkType,
    Network,
    OutOfOrder,
    back_schedule,
    out_of_order,
)
from guatu.engines.schedule.family import Family
from tests.engines.schedule.formats.plans import DAY, STATUS, networks

TODAY = date(2026, 3, 18)
BEFORE, EARLIER = date(2026, 3, 10), date(2026, 3, 4)


def plan(link: Link, first: Activity, then: Activity) -> Network:
    calendars = {"office": CalendarSpec(), "elapsed": CalendarSpec(base="every-day")}
    return Network(calendars=calendars, status_date=TODAY, activities=(first, then), links=(link,))


def row(key: str, name: str, **told: object) -> Activity:
    values: dict[str, object] = {"id": key, "name": name, "duration": 10, "calendar": "office"}
    return Activity(**{**values, **told})  # type: ignore[arg-type] -- columns as they are named


def contract(**told: object) -> Activity:
    return row("contract", "合同签订", **told)


def scheme(**told: object) -> Activity:
    return row("scheme", "方案审查", **told)


def link(kind: LinkType = "FS", lag: int = 0, lag_calendar: str | None = None) -> Link:
    return Link(
        predecessor="contract", successor="scheme", type=kind, lag=lag, lag_calendar=lag_calendar
    )


def test_order_when_finished_before_its_predecessor_began_then_free_of_it() -> None:
    network = plan(link(), contract(), scheme(actual_start=EARLIER, actual_finish=BEFORE))
    said = "「方案审查」已于2026-03-10完成，而前项「合同签订」尚未完成；已完成的不再等前项。"
    assert out_of_order(network) == (
        OutOfOrder("contract", "scheme", "contract>scheme", EARLIER, "free", said),
    )
    free = back_schedule(network).activities["scheme"]
    assert (free.early_start, free.early_finish) == (EARLIER, BEFORE)


def test_order_when_begun_before_its_predecessor_ended_then_the_rest_waits() -> None:
    network = plan(link(), contract(actual_start=BEFORE), scheme(actual_start=EARLIER))
    said = (
        "「方案审查」已于2026-03-04开始，而前项「合同签订」尚未完成；剩余部分要等前项完成后再做。"
    )
    assert out_of_order(network) == (
        OutOfOrder("contract", "scheme", "contract>scheme", EARLIER, "waits", said),
    )
    dates = back_schedule(network).activities
    end, own = dates["contract"].early_finish, dates["scheme"].early_finish
    without = back_schedule(replace(network, links=())).activities["scheme"].early_finish
    assert end is not None
    assert own is not None
    assert without is not None
    assert own > max(end, without)


@pytest.mark.parametrize(
    ("tie", "first", "then", "words"),
    [
        (
            link(),
            {"actual_start": EARLIER, "actual_finish": TODAY},
            {"actual_start": BEFORE},
            "已于2026-03-10开始，早于前项「合同签订」完成的2026-03-18；两项都已成事实，",
        ),
        (
            link("FS", 3),
            {"actual_start": EARLIER, "actual_finish": EARLIER},
            {"actual_start": EARLIER + DAY},
            "已于2026-03-05开始，离前项「合同签订」完成的2026-03-04不足要求的3天；",
        ),
        (link("SS"), {}, {"actual_start": BEFORE}, "尚未开始；剩余部分要等前项开始后再做。"),
        (
            link("FF"),
            {"actual_start": EARLIER},
            {"actual_start": EARLIER, "actual_finish": BEFORE},
            "「方案审查」已于2026-03-10完成，而前项「合同签订」尚未完成；已完成的",
        ),
        (
            link("SF"),
            {},
            {"actual_start": EARLIER, "actual_finish": BEFORE},
            "「方案审查」已于2026-03-10完成，而前项「合同签订」尚未开始；已完成的",
        ),
    ],
)
def test_order_when_contradicted_then_said_for_each_kind_of_link(
    tie: Link, first: dict[str, object], then: dict[str, object], words: str
) -> None:
    (found,) = out_of_order(plan(tie, contract(**first), scheme(**then)))
    assert words in found.reason


@pytest.mark.parametrize(
    ("tie", "first", "then"),
    [
        (link(), {}, {}),
        (link(), {"actual_start": EARLIER, "actual_finish": BEFORE}, {"actual_start": BEFORE}),
        (link("FS", -5), {"actual_start": EARLIER}, {"actual_start": TODAY - 3 * DAY}),
        (link("FF"), {"actual_start": EARLIER}, {"actual_start": EARLIER}),
        (link("SS"), {"actual_start": EARLIER}, {"actual_start": EARLIER}),
        (link(), {"actual_start": EARLIER, "remaining": 0}, {"actual_start": BEFORE}),
        (link(), {"duration": 0, "actual_start": EARLIER}, {"actual_start": BEFORE}),
    ],
    ids=["nothing", "same day", "overlap allowed", "FF open", "together", "nothing left", "node"],
)
def test_order_when_kept_then_nothing(
    tie: Link, first: dict[str, object], then: dict[str, object]
) -> None:
    assert out_of_order(plan(tie, contract(**first), scheme(**then))) == ()


def test_order_when_there_is_no_status_date_then_nothing_has_happened() -> None:
    network = plan(link(), contract(), scheme())
    ends = (Deadline("scheme", TODAY),)
    assert out_of_order(replace(network, status_date=None, deadlines=ends)) == ()


def moved(network: Network, tie: Link, then: Activity, day: date) -> date:
    """Count a lag day by day."""
    spec = network.calendars[tie.lag_calendar or then.calendar]
    calendar = WorkCalendar.over(spec, shipped_table(), day.toordinal() - 900, 1_800)
    left, step = abs(tie.lag), DAY if tie.lag > 0 else -DAY
    while left:
        day += step
        left -= calendar.is_working(day)
    return day


def by_day_loop(network: Network) -> Iterator[tuple[str, str, str]]:
    rows = {one.id: one for one in network.activities}
    family = Family.of(network.activities)
    for tie in network.links:
        for after in family.leaves(tie.successor):
            for before in family.leaves(tie.predecessor):
                first, then = rows[before], rows[after]
                milestones = (first.duration == 0, then.duration == 0)
                own = then.actual_start if tie.type[1] == "S" else then.actual_finish
                if milestones[1]:
                    own = own or then.actual_start
                other = first.actual_start if tie.type[0] == "S" else first.actual_finish
                if milestones[0]:
                    other = other or first.actual_start
                done = first.actual_start is not None and first.remaining == 0
                if own is None or (tie.type[0] == "F" and other is None and done):
                    continue
                if own < moved(network, tie, then, other or STATUS + DAY):
                    yield before, after, tie.key


@settings(max_examples=150)
@given(networks())
def test_order_when_counted_day_by_day_then_the_same_links(network: Network) -> None:
    found = [(one.predecessor, one.successor, one.link) for one in out_of_order(network)]
    assert found == list(by_day_loop(network))


@settings(max_examples=100)
@given(networks(), st.integers(0, 120))
def test_order_when_all_went_as_computed_then_nothing(network: Network, days: int) -> None:
    bare = [
        replace(one, actual_start=None, actual_finish=None, remaining=None)
        for one in network.activities
    ]
    fresh = replace(network, activities=tuple(bare), deadlines=())
    dates, today = back_schedule(fresh).activities, STATUS + timedelta(days=days)

    def lived(one: Activity) -> Activity:
        start, finish = dates[one.id].early_start, dates[one.id].early_finish
        if one.id == "汇总" or start is None or finish is None or start > today:
            return one
        return replace(one, actual_start=start, actual_finish=finish if finish <= today else None)

    later = replace(fresh, activities=tuple(map(lived, fresh.activities)), status_date=today)
    assert out_of_order(later) == ()
