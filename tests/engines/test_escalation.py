"""Escalation: each step once, on the day the rule says, whatever happens in between."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.engines.calendars import CalendarSpec, WorkCalendar, shipped_table
from guatu.engines.escalation import (
    BadLadder,
    Facts,
    Halt,
    Ladder,
    Reached,
    Step,
    Term,
    climb,
    reached_by,
    read_steps,
)

EARLY = dt.date(2020, 1, 1)
FIRST = dt.date(2025, 3, 1)
DAYS = 90
DAY = dt.timedelta(days=1)
OFFICE = WorkCalendar.over(CalendarSpec(), shipped_table(), FIRST.toordinal() - 60, 400)
EVERY_DAY = [dt.date.fromordinal(OFFICE.first + n) for n in range(len(OFFICE.works))]
SHIPPED = Ladder(
    "escalation.duty",
    (
        Step("soon", "due", -7, "day", "owner", "remind"),
        Step("near", "due", -3, "day", "owner", "remind"),
        Step("late", "due", 1, "day", "unit_head", "remind"),
        Step("letter", "due", 5, "workday", "office", "letter"),
        Step("copy", "due", 5, "workday", "leader", "copy"),
    ),
    EARLY,
)
DUE = dt.date(2025, 3, 31)
OWED = Facts((Term(dt.date(2025, 3, 3), due=DUE),))


def told(steps: tuple[Reached, ...]) -> list[tuple[str, str]]:
    """Key and day of each step."""
    return [(one.step.key, one.on.isoformat()) for one in steps]


def test_ladder_when_nothing_happens_then_each_step_on_its_day() -> None:
    assert told(climb([SHIPPED], OWED, OFFICE)) == [
        ("soon", "2025-03-24"),
        ("near", "2025-03-28"),
        ("late", "2025-04-01"),
        # 清明: 4 April is a holiday.
        ("letter", "2025-04-08"),
        ("copy", "2025-04-08"),
    ]
    assert climb([SHIPPED], OWED, OFFICE)[3] == Reached(
        step=SHIPPED.steps[3],
        place=3,
        cycle=DUE,
        on=dt.date(2025, 4, 8),
        rule="escalation.duty",
        rule_first=EARLY,
        anchor=DUE,
        base=DUE,
        planned=dt.date(2025, 4, 8),
    )


def test_ladder_when_paused_then_the_clock_stands_and_goes_on() -> None:
    halts = (
        Halt(dt.date(2025, 3, 20), dt.date(2025, 3, 25)),
        Halt(dt.date(2025, 4, 2), dt.date(2025, 4, 13)),
    )
    assert told(climb([SHIPPED], replace(OWED, halts=halts), OFFICE)) == [
        ("soon", "2025-03-26"),
        ("near", "2025-03-28"),
        ("late", "2025-04-01"),
        ("letter", "2025-04-17"),
        ("copy", "2025-04-17"),
    ]


def test_ladder_when_paused_over_the_due_day_then_reminders_that_are_overtaken_lapse() -> None:
    halted = replace(OWED, halts=(Halt(dt.date(2025, 3, 20), dt.date(2025, 4, 9)),))
    assert told(climb([SHIPPED], halted, OFFICE))[0] == ("late", "2025-04-10")
    still = replace(OWED, halts=(Halt(dt.date(2025, 3, 20), None),))
    assert climb([SHIPPED], still, OFFICE) == ()


def test_ladder_when_extended_then_it_starts_anew_from_the_new_due_day() -> None:
    later = Term(dt.date(2025, 4, 2), due=dt.date(2025, 4, 20))
    assert told(climb([SHIPPED], Facts((*OWED.terms, later)), OFFICE)) == [
        ("soon", "2025-03-24"),
        ("near", "2025-03-28"),
        ("late", "2025-04-01"),
        ("soon", "2025-04-13"),
        ("near", "2025-04-17"),
        ("late", "2025-04-21"),
        ("letter", "2025-04-25"),
        ("copy", "2025-04-25"),
    ]


def test_ladder_when_late_and_given_to_another_then_it_starts_anew_from_that_day() -> None:
    given = Term(dt.date(2025, 4, 10), due=DUE, given=dt.date(2025, 4, 10))
    assert told(climb([SHIPPED], Facts((*OWED.terms, given)), OFFICE))[5:] == [
        ("late", "2025-04-11"),
        ("letter", "2025-04-17"),
        ("copy", "2025-04-17"),
    ]
    last = climb([SHIPPED], Facts((*OWED.terms, given)), OFFICE)[-1]
    assert (last.cycle, last.anchor, last.base) == (given.since, DUE, given.since)


def test_ladder_when_given_to_another_in_time_then_no_step_is_taken_twice() -> None:
    given = Term(dt.date(2025, 3, 28), due=DUE, given=dt.date(2025, 3, 28))
    once = told(climb([SHIPPED], OWED, OFFICE))
    assert told(climb([SHIPPED], Facts((*OWED.terms, given)), OFFICE)) == once


def test_ladder_when_the_due_day_comes_back_then_no_step_is_taken_twice() -> None:
    there = Term(dt.date(2025, 3, 29), due=dt.date(2025, 6, 30))
    back = Term(dt.date(2025, 3, 30), due=DUE)
    once = told(climb([SHIPPED], OWED, OFFICE))
    assert told(climb([SHIPPED], Facts((*OWED.terms, there, back)), OFFICE)) == once


def test_ladder_when_due_before_the_cause_began_then_counted_from_its_first_day() -> None:
    old = Facts((Term(dt.date(2025, 3, 3), due=dt.date(2019, 12, 31)),))
    assert told(climb([SHIPPED], old, OFFICE)) == [
        ("late", "2025-03-04"),
        ("letter", "2025-03-10"),
        ("copy", "2025-03-10"),
    ]
    assert climb([SHIPPED], old, OFFICE)[0].base == dt.date(2025, 3, 3)


def test_ladder_when_answered_or_closed_then_nothing_more_falls_due() -> None:
    asked = Ladder(
        "escalation.blocker",
        (
            Step("parent", "asked", 3, "workday", "parent", "remind"),
            Step("leader", "asked", 7, "workday", "leader", "copy"),
        ),
        EARLY,
    )
    blocker = Facts((Term(dt.date(2025, 3, 3), asked=dt.date(2025, 3, 3)),))
    all_steps = [("parent", "2025-03-06"), ("leader", "2025-03-12")]
    assert told(climb([asked], blocker, OFFICE)) == all_steps
    answered = replace(blocker, answered_on=dt.date(2025, 3, 12))
    assert told(climb([asked], answered, OFFICE)) == all_steps[:1]
    closed = replace(blocker, closed_on=dt.date(2025, 3, 6))
    assert climb([asked], closed, OFFICE) == ()
    assert climb([SHIPPED], blocker, OFFICE) == ()


def test_ladder_when_the_rule_changes_then_each_day_follows_the_one_in_force() -> None:
    before = replace(SHIPPED, last=dt.date(2025, 3, 31))
    slower = Ladder(
        "escalation.duty",
        (Step("late", "due", 3, "day", "unit_head", "remind"),),
        dt.date(2025, 4, 1),
    )
    assert told(climb([before, slower], OWED, OFFICE)) == [
        ("soon", "2025-03-24"),
        ("near", "2025-03-28"),
        ("late", "2025-04-03"),
    ]


def test_days_when_beyond_the_calendar_then_not_come() -> None:
    far = Facts((Term(FIRST, due=dt.date(9999, 12, 31)),))
    assert climb([SHIPPED], far, OFFICE) == ()
    assert climb([SHIPPED], Facts((Term(FIRST),)), OFFICE) == ()
    edge = Facts((Term(FIRST, due=dt.date.fromordinal(OFFICE.first + 398)),))
    assert [one.step.key for one in climb([SHIPPED], edge, OFFICE)] == ["soon", "near", "late"]


@pytest.mark.parametrize(
    "rows",
    [
        None,
        [],
        {"key": "late"},
        ["late"],
        [{"key": "late"}],
        [{"key": "late", "when": "due", "to": "owner", "act": "remind"}],
        [{"key": "late", "when": {"from": "due", "offset": "1", "unit": "day"}}],
        [{"when": {"from": "due", "offset": 1, "unit": "day"}, "to": "owner", "act": "remind"}],
    ],
)
def test_steps_when_the_rule_is_not_a_ladder_then_refused(rows: object) -> None:
    with pytest.raises(BadLadder):
        read_steps("示例", rows)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"from": "born"}, "升级步骤「late」的「born」不是约定的写法。"),
        ({"unit": "week"}, "升级步骤「late」的「week」不是约定的写法。"),
        ({"offset": 999}, "升级步骤「late」离起算日不能超过 366 天。"),
        ({"from": "asked", "offset": -1}, "升级步骤「late」只能定在请求或提出之后。"),
        ({"offset": True}, "规则「示例」有一个升级步骤缺少代码、时间、对象或方式。"),
    ],
)
def test_steps_when_a_word_is_unknown_then_said_which(change: dict[str, object], said: str) -> None:
    when = {"from": "due", "offset": 1, "unit": "day"} | change
    with pytest.raises(BadLadder) as caught:
        read_steps("示例", [{"key": "late", "when": when, "to": "owner", "act": "remind"}])
    assert str(caught.value) == said


@pytest.mark.parametrize(
    ("beyond", "said"),
    [
        ("parent", "规则「示例」的升级步骤「late」没有写明转给谁。"),
        ([1], "规则「示例」的升级步骤「late」没有写明转给谁。"),
        (["boss"], "升级步骤「late」的「boss」不是约定的写法。"),
    ],
)
def test_steps_when_beyond_is_no_list_of_words_then_refused(beyond: object, said: str) -> None:
    when = {"from": "due", "offset": 1, "unit": "day"}
    row = {"key": "late", "when": when, "to": "unit_head", "act": "remind", "beyond": beyond}
    with pytest.raises(BadLadder) as caught:
        read_steps("示例", [row])
    assert str(caught.value) == said


def test_ladder_when_a_key_stands_twice_then_refused() -> None:
    with pytest.raises(BadLadder):
        Ladder("示例", (SHIPPED.steps[0], SHIPPED.steps[0]), EARLY)


def test_facts_when_out_of_order_then_refused() -> None:
    with pytest.raises(ValueError, match="terms"):
        Facts((Term(DUE), Term(FIRST)))
    with pytest.raises(ValueError, match="halts"):
        Facts((), (Halt(FIRST, None), Halt(DUE, None)))


days = st.integers(0, DAYS).map(lambda n: FIRST + n * DAY)


@st.composite
def halts(draw: st.DrawFn) -> tuple[Halt, ...]:
    """Spans in order and apart; the last may be open."""
    cuts = sorted(draw(st.sets(st.integers(0, DAYS), max_size=8)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    spans = [Halt(FIRST + a * DAY, FIRST + (b - 1) * DAY) for a, b in pairs]
    if len(cuts) % 2:
        spans.append(Halt(FIRST + cuts[-1] * DAY, None))
    return tuple(spans)


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    """Some terms with due days anywhere near, halts, perhaps an end."""
    starts = sorted(draw(st.lists(days, min_size=1, max_size=3)))
    terms = tuple(
        Term(
            start,
            due=start + draw(st.integers(-40, 60)) * DAY,
            raised=start,
            given=draw(st.none() | st.just(start)),
        )
        for start in starts
    )
    return Facts(terms, draw(halts()), closed_on=draw(st.none() | days))


steps = st.builds(
    Step,
    key=st.sampled_from("abcdef"),
    anchor=st.just("due"),
    offset=st.integers(-15, 15),
    unit=st.sampled_from(["day", "workday"]),
    to=st.just("owner"),
    act=st.just("remind"),
)
ladders = st.lists(steps, min_size=1, max_size=5, unique_by=lambda step: step.key).map(
    lambda found: [Ladder("示例", tuple(found), EARLY)]
)


def known_on(day: dt.date, now: Facts) -> Facts:
    """What was known of the cause at the end of ``day``."""
    terms = tuple(term for term in now.terms if term.since <= day)
    spans = tuple(
        Halt(h.first, h.last if h.last is not None and h.last < day else None)
        for h in now.halts
        if h.first <= day
    )
    closed = now.closed_on if now.closed_on is not None and now.closed_on <= day else None
    return Facts(terms, spans, closed_on=closed)


def walked(ladder: Ladder, now: Facts) -> set[tuple[dt.date, str, dt.date]]:
    """The same by walking from day to day: an oracle without any arithmetic of dates."""
    found: dict[tuple[dt.date, str], dt.date] = {}
    for place, term in enumerate(now.terms):
        until = now.terms[place + 1].since if place + 1 < len(now.terms) else dt.date.max
        for step in ladder.steps:
            on = _walk(step, term, now)
            if on is None or on >= min(until, now.closed_on or dt.date.max) or term.due is None:
                continue
            key = (term.due if term.given is None else max(term.due, term.given), step.key)
            found[key] = min(on, found.get(key, on))
    return {(*key, on) for key, on in found.items()}


def _walk(step: Step, term: Term, now: Facts) -> dt.date | None:
    assert term.due is not None
    halted = {day for day in EVERY_DAY for halt in now.halts if halt.covers(day)}
    if step.offset < 0:
        before = [d for d in EVERY_DAY if d < term.due and _counts(step, d)]
        day = before[step.offset]
        free = [d for d in EVERY_DAY if d >= day and d not in halted]
        return free[0] if day >= term.since and free and free[0] <= term.due else None
    base = max(term.due, term.since)
    if step.offset == 0:
        return next((d for d in EVERY_DAY if d >= base and d not in halted), None)
    after = [d for d in EVERY_DAY if d > base and _counts(step, d) and d not in halted]
    return after[step.offset - 1] if len(after) >= step.offset else None


def _counts(step: Step, day: dt.date) -> bool:
    return step.unit == "day" or OFFICE.is_working(day)


@settings(max_examples=60)
@given(rungs=ladders, now=facts())
def test_climb_when_compared_with_walking_day_by_day_then_the_same(
    rungs: list[Ladder], now: Facts
) -> None:
    found = {(one.cycle, one.step.key, one.on) for one in climb(rungs, now, OFFICE)}
    assert found == walked(rungs[0], now)


@settings(max_examples=60)
@given(rungs=ladders, now=facts(), one=days, other=days)
def test_steps_when_the_day_moves_on_then_none_is_lost_and_back_adds_none(
    rungs: list[Ladder], now: Facts, one: dt.date, other: dt.date
) -> None:
    early, late = sorted((one, other))
    before = reached_by(early, rungs, now, OFFICE)
    after = reached_by(late, rungs, now, OFFICE)
    assert before == tuple(step for step in after if step.on <= early)


@settings(max_examples=60)
@given(rungs=ladders, now=facts(), jumps=st.lists(days, max_size=6))
def test_steps_when_run_in_jumps_then_the_same_as_day_by_day(
    rungs: list[Ladder], now: Facts, jumps: list[dt.date]
) -> None:
    last = FIRST + DAYS * DAY
    every_day = [FIRST + n * DAY for n in range(DAYS + 1)]

    def ran(stops: list[dt.date]) -> set[tuple[dt.date, str, dt.date]]:
        return {
            (one.cycle, one.step.key, one.on)
            for day in stops
            for one in reached_by(day, rungs, known_on(day, now), OFFICE)
        }

    assert ran(every_day) == ran([*jumps, last])


@settings(max_examples=60)
@given(rungs=ladders, now=facts(), more=halts())
def test_steps_when_halted_then_never_on_a_halted_day_and_never_earlier(
    rungs: list[Ladder], now: Facts, more: tuple[Halt, ...]
) -> None:
    halted = replace(now, halts=more)
    free = {(s.cycle, s.step.key): s.on for s in climb(rungs, replace(now, halts=()), OFFICE)}
    for step in climb(rungs, halted, OFFICE):
        assert not any(halt.covers(step.on) for halt in more)
        assert step.on >= step.planned
        assert (step.cycle, step.step.key) in free


@settings(max_examples=60)
@given(rungs=ladders, now=facts(), wait=st.integers(1, 40), due=st.integers(16, 60))
def test_steps_when_extended_then_those_of_the_new_term_are_those_of_a_cause_new_that_day(
    rungs: list[Ladder], now: Facts, wait: int, due: int
) -> None:
    start = now.terms[-1].since + wait * DAY
    term = Term(start, due=start + due * DAY)
    open_ended = replace(now, closed_on=None)
    both = climb(rungs, replace(open_ended, terms=(*now.terms, term)), OFFICE)
    seen = {old.due for old in now.terms}
    if term.due not in seen:
        fresh = climb(rungs, replace(open_ended, terms=(term,)), OFFICE)
        assert tuple(one for one in both if one.cycle == term.due) == fresh
