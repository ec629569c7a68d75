"""Days on which a body sits, beside a walk from day to day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.engines.calendars import Meetings

DAY = timedelta(days=1)
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@given(
    st.builds(
        Meetings,
        DAYS,
        st.integers(1, 6),
        st.integers(1, 7),
        st.frozensets(DAYS, max_size=4),
        st.frozensets(DAYS, max_size=4),
    ),
    DAYS,
    DAYS,
)
def test_days_when_any_body_then_as_the_days_are_walked(
    body: Meetings, first: date, last: date
) -> None:
    held, day, since_last = [], body.since, None
    while day <= last:
        regular = day.isoweekday() == body.weekday and since_last in {None, 7 * body.weeks}
        since_last = 1 if regular else None if since_last is None else since_last + 1
        if (regular and day not in body.cancelled) or day in body.added:
            held.append(day)
        day += DAY
    early = [one for one in body.added if one < body.since]
    assert list(body.days(first, last)) == sorted(
        one for one in {*held, *early} if first <= one <= last
    )


@pytest.mark.parametrize(("weeks", "weekday"), [(0, 1), (1, 0), (1, 8)])
def test_body_when_it_never_sits_then_refused(weeks: int, weekday: int) -> None:
    with pytest.raises(ValueError, match="会议"):
        Meetings(date(2026, 1, 1), weeks, weekday)
