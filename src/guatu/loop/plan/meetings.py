"""Days of review bodies, as plans wait for them."""

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from guatu.loop.plan.sketch import Sketch

if TYPE_CHECKING:
    from guatu.engines.calendars import Meetings

YEARS_AHEAD = 3
"""Years beyond the last day a plan names that its meetings are known for."""
WEEKDAYS = "一二三四五六日"


def meetings_of(row: Any) -> "Meetings":  # noqa: ANN401 -- a meeting or a past state of one
    """Turn a body's row into what the engine reads."""
    from guatu.engines.calendars import Meetings  # noqa: PLC0415 -- numpy, when first needed

    return Meetings(row.since, row.weeks, row.weekday, _days(row.cancelled), _days(row.added))


def last_known(sketch: Sketch, day: dt.date) -> dt.date:
    """Return the last day meetings are laid out for: full years, so that plans share them."""
    from guatu.engines.calendars import LAST_YEAR  # noqa: PLC0415 -- as above

    named = (
        (step.due, step.forecast, step.no_earlier, step.fixed_start, step.baseline)
        for step in sketch.steps.values()
    )
    latest = max((one for days in named for one in days if one), default=day)
    return dt.date(min(max(latest, day).year + YEARS_AHEAD, LAST_YEAR), 12, 31)


@lru_cache(maxsize=256)
def starts(meetings: "Meetings", day: dt.date, last: dt.date) -> tuple[dt.date, ...]:
    """Days from ``day`` on that work waiting for the body may begin on."""
    return meetings.days(day, last)


def sits_words(weeks: int, weekday: int) -> str:
    """Write how often a body sits.

    >>> sits_words(1, 1), sits_words(2, 4)
    ('每周一', '每 2 周的周四')
    """
    named = WEEKDAYS[weekday - 1]
    return f"每周{named}" if weeks == 1 else f"每 {weeks} 周的周{named}"


def _days(texts: Iterable[str]) -> frozenset[dt.date]:
    return frozenset(dt.date.fromisoformat(text) for text in texts)
