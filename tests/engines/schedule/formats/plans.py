"""Random plans that use every field a plan has."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from guatu.engines.calendars import LEAVE_KINDS, CalendarSpec, Leave
from guatu.engines.schedule import Activity, Crash, Deadline, Link, Network, Resource
from guatu.engines.schedule.network import Period

STATUS = date(2026, 9, 14)
DAY = timedelta(days=1)
CALENDARS = {
    "office": CalendarSpec(),
    "outdoor": CalendarSpec(
        stop=(((11, 1), (3, 31)), ((7, 20), (7, 25))),
        off=frozenset({STATUS.toordinal() + 4, STATUS.toordinal() + 5}),
    ),
    "summer": CalendarSpec(
        base="every-day", stop=(((9, 20), (9, 24)),), work=frozenset({STATUS.toordinal() + 8})
    ),
    "elapsed": CalendarSpec(base="every-day"),
}
ANY_NAMES = st.text(
    st.characters(exclude_categories=("C", "Zl", "Zp"), exclude_characters="\t\r\n"), max_size=12
)
DAYS = st.integers(0, 400).map(lambda days: STATUS + days * DAY)


@st.composite
def ranges(draw: st.DrawFn, duration: int) -> dict[str, int | None]:
    return {
        "low": draw(st.none() | st.integers(0, duration)),
        "high": draw(st.none() | st.integers(duration, duration + 20)),
        "valid_days": draw(st.none() | st.integers(0, 900)),
        "legal_days": draw(st.none() | st.integers(0, 60)),
        "promised_days": draw(st.none() | st.integers(0, 60)),
    }


@st.composite
def progress(draw: st.DrawFn) -> dict[str, object]:
    start = draw(st.none() | st.integers(0, 40).map(lambda days: STATUS - days * DAY))
    if start is None:
        return {"remaining": draw(st.none() | st.integers(0, 9))}
    finish = draw(st.none() | st.dates(start, STATUS))
    return {
        "actual_start": start,
        "actual_finish": finish,
        "remaining": draw(st.none() | st.integers(0, 9)),
    }


@st.composite
def leaves(draw: st.DrawFn, names: st.SearchStrategy[str]) -> Leave:
    first = draw(DAYS)
    last = first + draw(st.integers(0, 60)) * DAY
    return Leave(first, last, draw(st.sampled_from(LEAVE_KINDS)), draw(names))


@st.composite
def activities(
    draw: st.DrawFn, key: str, parent: str | None, crews: list[str], names: st.SearchStrategy[str]
) -> Activity:
    duration = draw(st.integers(0, 30))
    crash = st.builds(
        Crash,
        st.integers(1, max(duration, 1)),
        names,
        st.none() | st.decimals(0, 999, places=2).map(Decimal),
    )
    return Activity(
        id=key,
        name=draw(names),
        duration=duration,
        calendar=draw(st.sampled_from(sorted(CALENDARS))),
        parent=parent,
        splittable=draw(st.booleans()),
        start_no_earlier=draw(st.none() | DAYS),
        fixed_start=draw(st.none() | DAYS),
        allowed_starts=draw(st.none() | st.lists(DAYS, max_size=6).map(tuple)),
        meeting=draw(st.sampled_from(["", "", "planning_review"])),
        cause=draw(st.none() | st.sampled_from(["weather", "approval"])),
        crash=tuple(draw(st.lists(crash, max_size=2))) if duration else (),
        leave=tuple(draw(st.lists(leaves(names), max_size=2))),
        needs={crew: draw(st.integers(0, 3)) for crew in crews if draw(st.booleans())},
        **draw(ranges(duration)),
        **draw(progress()),
    )


@st.composite
def periods(draw: st.DrawFn) -> tuple[Period, ...]:
    """Periods apart and in order in which there are not the usual three."""
    found, day = [], STATUS
    for _place in range(draw(st.integers(0, 3))):
        first = day + draw(st.integers(1, 60)) * DAY
        day = first + draw(st.integers(0, 60)) * DAY
        found.append(Period(first, day, draw(st.sampled_from([0, 1, 2, 4]))))
    return tuple(found)


@st.composite
def networks(draw: st.DrawFn, names: st.SearchStrategy[str] = ANY_NAMES) -> Network:
    """Draw a plan; ``names`` for activities and what is done to shorten them."""
    count = draw(st.integers(1, 6))
    crews = draw(st.sampled_from([[], ["电工班"], ["电工班", "吊车"]]))
    summary = draw(st.booleans())
    keys = [f"a{number}" for number in range(count)]
    parents = [("汇总" if summary and draw(st.booleans()) else None) for _key in keys]
    rows = [
        draw(activities(key, parent, crews, names))
        for key, parent in zip(keys, parents, strict=True)
    ]
    if summary and any(parents):
        rows.insert(draw(st.integers(0, count)), Activity(id="汇总", duration=0, calendar="office"))
    links = [
        Link(
            predecessor=keys[before],
            successor=keys[after],
            type=draw(st.sampled_from(["FS", "SS", "FF", "SF"])),
            lag=draw(st.integers(-6, 9)),
            lag_calendar=draw(st.none() | st.sampled_from(sorted(CALENDARS))),
            id=f"L{before}-{after}" if draw(st.booleans()) else "",
        )
        for after in range(count)
        for before in range(after)
        if draw(st.booleans())
    ]
    deadlines = [
        Deadline(key, draw(st.dates(STATUS, STATUS + 400 * DAY)))
        for key in keys
        if draw(st.booleans())
    ]
    resources = [Resource(crew, 3, draw(periods())) for crew in crews]
    return Network(
        calendars=CALENDARS,
        status_date=STATUS,
        activities=tuple(rows),
        links=tuple(draw(st.permutations(links))),
        deadlines=tuple(draw(st.permutations(deadlines))),
        resources=tuple(resources) if draw(st.booleans()) else (),
    )
