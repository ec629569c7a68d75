"""Leave: days by days as its kind says, in whatever order it was granted."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from guatu.engines.calendars import (
    LEAVE_KINDS,
    CalendarSpec,
    Leave,
    WorkCalendar,
    granted,
    shipped_table,
)

FIRST = date(2026, 10, 1)
COUNT = 90
OUTDOOR = CalendarSpec(
    stop=(((11, 1), (3, 31)),),
    off=frozenset({date(2026, 11, 3).toordinal(), date(2026, 10, 14).toordinal()}),
    work=frozenset({date(2026, 10, 18).toordinal()}),
)


def leaves() -> st.SearchStrategy[Leave]:
    days = st.integers(0, COUNT - 1)
    return st.builds(
        lambda a, b, kind: Leave(
            FIRST + timedelta(days=min(a, b)), FIRST + timedelta(days=max(a, b)), kind
        ),
        days,
        days,
        st.sampled_from(LEAVE_KINDS),
    )


def laid_out(spec: CalendarSpec) -> WorkCalendar:
    return WorkCalendar.over(spec, shipped_table(), FIRST.toordinal(), COUNT)


@given(st.lists(leaves(), max_size=4))
def test_leave_when_granted_then_each_day_is_as_its_kinds_say(leave: list[Leave]) -> None:
    plain, base = laid_out(OUTDOOR), laid_out(CalendarSpec())
    found = laid_out(granted(OUTDOOR, leave))
    for place in range(COUNT):
        day = FIRST + timedelta(days=place)
        kinds = {one.kind for one in leave if one.first <= day <= one.last}
        stopped = bool(plain.stopped[place])
        free = stopped and kinds & {"stop", "all"}
        works = (
            bool(plain.works[place])
            or "all" in kinds
            or ("rest" in kinds and not stopped)
            or (bool(free) and bool(base.works[place]))
        )
        assert (bool(found.works[place]), bool(found.stopped[place])) == (
            works,
            stopped and not free,
        )


@given(st.lists(leaves(), max_size=3), st.lists(leaves(), max_size=3))
def test_leave_when_granted_in_two_steps_then_as_in_one(a: list[Leave], b: list[Leave]) -> None:
    assert granted(granted(OUTDOOR, a), b) == granted(OUTDOOR, [*b, *a])
