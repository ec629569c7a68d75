from datetime import date

import pytest

from guatu.engines.calendars import CalendarSpec, Leave
from guatu.engines.schedule import (
    Activity,
    AddLink,
    BadNetwork,
    Change,
    Deadline,
    Link,
    Network,
    Overlap,
    RemoveLink,
    SetDeadline,
    SetDuration,
    SetStart,
    SetValidDays,
    WorkOn,
    applied,
    back_schedule,
)

STATUS = date(2026, 3, 2)
PLAN = Network(
    calendars={"daily": CalendarSpec(base="every-day"), "office": CalendarSpec()},
    status_date=STATUS,
    activities=(
        Activity(id="a", duration=10, calendar="daily"),
        Activity(id="b", duration=5, calendar="office"),
    ),
    links=(Link(predecessor="a", successor="b", lag=2),),
    deadlines=(Deadline("b", date(2026, 6, 1)),),
)


def ends(*changes: Change) -> list[date | None]:
    answer = back_schedule(applied(PLAN, changes)).activities
    return [answer["a"].early_finish, answer["b"].early_start, answer["b"].early_finish]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (SetDuration("a", 3), ["2026-03-04", "2026-03-09", "2026-03-13"]),
        (
            WorkOn("b", (Leave(date(2026, 3, 21), date(2026, 3, 21), "rest"),)),
            ["2026-03-11", "2026-03-16", "2026-03-20"],
        ),
        (
            WorkOn("b", (Leave(date(2026, 3, 14), date(2026, 3, 14), "rest"),)),
            ["2026-03-11", "2026-03-14", "2026-03-19"],
        ),
        (Overlap("a>b", 4), ["2026-03-11", "2026-03-06", "2026-03-12"]),
        (SetStart("a", no_earlier=date(2026, 3, 4)), ["2026-03-13", "2026-03-18", "2026-03-24"]),
        (SetStart("a", fixed=date(2026, 3, 3)), ["2026-03-12", "2026-03-17", "2026-03-23"]),
        (RemoveLink("a>b"), ["2026-03-11", "2026-03-02", "2026-03-06"]),
    ],
)
def test_dates_when_a_change_is_made_then_as_it_says(change: Change, expected: list[str]) -> None:
    assert [str(day) for day in ends(change)] == expected


def test_network_when_limits_are_set_then_they_are_there() -> None:
    changed = applied(
        PLAN,
        [
            SetDeadline("a", date(2026, 4, 1)),
            SetDeadline("b", None),
            SetValidDays("a", 90),
            RemoveLink("a>b"),
            AddLink(Link(predecessor="b", successor="a")),
        ],
    )
    assert changed.deadlines == (Deadline("a", date(2026, 4, 1)),)
    assert changed.links == (Link(predecessor="b", successor="a"),)
    assert changed.activities[0].valid_days == 90


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (SetDuration("z", 1), "要改的工作“z”不存在。"),
        (RemoveLink("a>z"), "要改的联系“a>z”不存在。"),
        (SetDuration("a", -1), "工作「a」的工期是-1天，应在0到36500天之间。"),
        (
            AddLink(Link(predecessor="b", successor="a")),
            "这些工作互为前置，成了循环：「a」→「b」→「a」。",
        ),
    ],
)
def test_change_when_it_cannot_be_made_then_one_sentence(change: Change, message: str) -> None:
    with pytest.raises(BadNetwork) as told:
        applied(PLAN, [change])
    assert str(told.value) == message
