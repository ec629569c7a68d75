"""Why a plan cannot hold: every word of a conflict is tried on the plan, by hand and at random."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise, product
from typing import TYPE_CHECKING

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from guatu.engines.calendars import CalendarSpec, shipped_table
from guatu.engines.schedule import (
    Activity,
    BackSchedule,
    Deadline,
    Link,
    Network,
    as_document,
    back_schedule,
)
from guatu.engines.schedule.horizon import settle

if TYPE_CHECKING:
    from collections.abc import Mapping

STATUS = date(2026, 9, 14)
DAY = timedelta(days=1)
CALENDARS = {
    "office": CalendarSpec(),
    "outdoor": CalendarSpec(stop=(((11, 1), (3, 31)),)),
    "paving": CalendarSpec(stop=(((10, 16), (4, 30)),)),
    "elapsed": CalendarSpec(base="every-day"),
}
Key = tuple[str, str]


def network(
    *rows: Activity, links: tuple[Link, ...] = (), status: date = STATUS, **deadlines: date
) -> Network:
    return Network(
        calendars=CALENDARS,
        status_date=status,
        activities=rows,
        links=links,
        deadlines=tuple(Deadline(key, day) for key, day in deadlines.items()),
        calendar_names={"outdoor": "室外施工", "paving": "沥青摊铺"},
    )


def row(identity: str, duration: int, calendar: str = "office", **rest: object) -> Activity:
    return Activity(id=identity, duration=duration, calendar=calendar, **rest)


def after(*ids: str) -> tuple[Link, ...]:
    return tuple(Link(predecessor=a, successor=b) for a, b in pairwise(ids))


def sets(answer: BackSchedule) -> list[tuple[list[Key], list[Key]]]:
    """What each set frees, and its items."""
    return [
        ([(one.kind, one.id) for one in found.frees], [(one.kind, one.id) for one in found.items])
        for found in answer.conflicts
    ]


def test_conflict_when_two_deadlines_break_independently_then_a_set_for_each() -> None:
    plan = network(
        row("a", 10, start_no_earlier=date(2026, 9, 21)),
        row("b", 5),
        a=date(2026, 9, 23),
        b=date(2026, 9, 16),
    )
    answer = back_schedule(plan)
    assert sets(answer) == [
        ([("deadline", "a")], [("duration", "a"), ("deadline", "a")]),
        (
            [("deadline", "b")],
            [("status_date", ""), ("duration", "b"), ("deadline", "b")],
        ),
    ]
    assert answer.conflict == answer.conflicts[0].items
    document = as_document(answer)
    assert [item["id"] for item in document["conflict"]] == ["a", "a"]
    assert [
        ([one["reason"] for one in found["frees"]], len(found["items"]))
        for found in document["conflicts"]
    ] == [(["「a」的期限2026-09-23"], 2), (["「b」的期限2026-09-16"], 3)]


def test_conflict_when_one_item_frees_all_then_one_set_and_no_more_keys() -> None:
    plan = network(
        row("a", 10),
        row("b", 5),
        links=after("a", "b"),
        a=date(2026, 9, 16),
        b=date(2026, 9, 21),
    )
    answer = back_schedule(plan)
    assert sets(answer) == [
        ([("deadline", "b"), ("deadline", "a")], [("status_date", ""), ("duration", "a")])
    ]
    assert "conflicts" not in as_document(answer)


def test_conflict_when_a_summary_has_the_deadline_then_it_is_one_limit() -> None:
    plan = network(
        row("s", 0),
        row("a", 10, parent="s"),
        row("b", 10, parent="s"),
        s=date(2026, 9, 18),
    )
    assert sets(back_schedule(plan)) == [
        ([("deadline", "s")], [("status_date", ""), ("deadline", "s")])
    ]


def test_conflict_when_rows_above_and_below_have_deadlines_then_each_is_a_limit() -> None:
    plan = network(
        row("s", 0),
        row("a", 3, parent="s", start_no_earlier=date(2026, 9, 21)),
        row("b", 1, parent="s", start_no_earlier=date(2026, 9, 24)),
        s=date(2026, 9, 23),
        a=date(2026, 9, 22),
    )
    assert sets(back_schedule(plan)) == [
        ([("deadline", "a")], [("duration", "a"), ("deadline", "a")]),
        ([("deadline", "s")], [("deadline", "s")]),
    ]


def test_conflict_when_work_never_fits_twice_over_then_the_rest_says_so() -> None:
    plan = network(
        row("a", 200, "outdoor"),
        row("b", 200, "paving"),
        links=after("a", "b"),
        b=date(2027, 10, 1),
    )
    answer = back_schedule(plan)
    assert sets(answer) == [
        ([("never", "a")], [("calendar_stop", "outdoor"), ("duration", "a")]),
        ([("deadline", "b")], []),
    ]
    assert answer.conflicts[0].frees[0].reason == "「a」排得下"


def test_conflict_when_a_stop_is_the_cause_then_its_sentence_names_whom_it_holds_back() -> None:
    plan = network(
        Activity(id="base", name="水泥稳定碎石基层", duration=30, calendar="outdoor"),
        status=date(2026, 10, 19),
        base=date(2026, 12, 20),
    )
    told = {item.kind: item.reason for item in back_schedule(plan).conflict}
    assert told == {
        "status_date": "2026-10-19之前已不能安排工作",
        "calendar_stop": "“室外施工”11月1日—3月31日停工，「水泥稳定碎石基层」因此推后",
        "duration": "「水泥稳定碎石基层」需要30天，在“室外施工”11月1日停工前做不完，"
        "到2027-04-01才能开始",
        "deadline": "「水泥稳定碎石基层」须于2026-12-20前完成，最早2027-05-13才能完成",
    }


def removed(network: Network, items: tuple[Key, ...]) -> Network:
    """The plan as a clerk would change it in the file."""
    rows, part = {row.id: row for row in network.activities}, dict[str, object]()
    links, deadlines, calendars = network.links, network.deadlines, dict(network.calendars)
    for kind, key in items:
        if kind == "deadline":
            deadlines = tuple(limit for limit in deadlines if limit.activity != key)
        elif kind == "link":
            links = tuple(link for link in links if link.key != key)
        elif kind == "calendar_stop":
            calendars[key] = replace(calendars[key], stop=())
        elif kind == "status_date":
            part["status_date"] = date(2021, 1, 4)
        else:
            change: Mapping[str, dict[str, object]] = {
                "duration": {"duration": 0, "remaining": None},
                "fixed_start": {"fixed_start": None},
                "validity": {"valid_days": None},
            }
            rows[key] = replace(rows[key], **change[kind])
    return replace(
        network,
        activities=tuple(rows.values()),
        links=links,
        deadlines=deadlines,
        calendars=calendars,
        **part,
    )


def broken(network: Network) -> set[Key]:
    """The limits that the early dates break, found from dates alone."""
    plan, early = settle(network, shipped_table())
    spans = zip(plan.days(early.start), plan.days(early.finish), strict=True)
    dates = {row.id: span for row, span in zip(plan.rows, spans, strict=True)}
    late = {
        ("deadline", limit.activity)
        for limit in network.deadlines
        if dates[limit.activity][1] is None or dates[limit.activity][1] > limit.finish
    }
    late |= {
        ("fixed_start", row.id)
        for row in network.activities
        if row.fixed_start and (dates[row.id][0] is None or dates[row.id][0] > row.fixed_start)
    }
    rows = {row.id: row for row in network.activities}
    for link in network.links:
        valid, start = rows[link.predecessor].valid_days, dates[link.successor][0]
        finish = dates[link.predecessor][1]
        if valid is not None and start and finish and start > finish + valid * DAY:
            late.add(("validity", link.predecessor))
    bounded = {limit.activity for limit in network.deadlines}
    return late | {
        ("never", key) for key, span in dates.items() if span[1] is None and key not in bounded
    }


def every_item(network: Network) -> set[Key]:
    return {
        ("status_date", ""),
        *(("deadline", limit.activity) for limit in network.deadlines),
        *(("link", link.key) for link in network.links),
        *(("duration", row.id) for row in network.activities),
        *(("fixed_start", row.id) for row in network.activities if row.fixed_start),
        *(("validity", row.id) for row in network.activities if row.valid_days is not None),
        *(("calendar_stop", key) for key, spec in network.calendars.items() if spec.stop),
    }


@st.composite
def broken_plans(draw: st.DrawFn) -> Network:
    """Plans with several deadlines, most of them too early, fixed starts and permits."""
    count = draw(st.integers(2, 6))
    rows = [
        row(
            f"a{number}",
            draw(st.sampled_from([0, 2, 5, 9, 20])),
            draw(st.sampled_from(["office", "outdoor", "paving", "elapsed"])),
            splittable=draw(st.booleans()),
            start_no_earlier=draw(
                st.sampled_from([None, None, STATUS + 20 * DAY, STATUS + 35 * DAY])
            ),
            fixed_start=draw(st.sampled_from([None, None, None, STATUS + 3 * DAY])),
            valid_days=draw(st.sampled_from([None, None, None, 5])),
        )
        for number in range(count)
    ]
    links = tuple(
        Link(
            predecessor=f"a{before}",
            successor=f"a{end}",
            type=draw(st.sampled_from(["FS", "FS", "SS", "FF"])),
            lag=draw(st.sampled_from([0, 0, 4])),
        )
        for end in range(count)
        for before in range(end)
        if draw(st.integers(0, 2)) == 0
    )
    limits = {
        f"a{number}": STATUS + draw(st.integers(0, 60)) * DAY
        for number in range(count)
        if draw(st.booleans())
    }
    return network(*rows, links=links, **limits)


@settings(max_examples=60, deadline=None)
@given(broken_plans())
def test_conflict_when_items_are_removed_then_exactly_what_the_words_claim(plan: Network) -> None:
    # A permit that chases its user for ever has no dates of which words could claim anything.
    assume(settle(plan, shipped_table())[1].settled)
    answer = back_schedule(plan)
    found = sets(answer)
    limits = broken(plan)
    assert answer.feasible == (not limits) == (not found)
    if not found:
        return
    enough = {item for item in every_item(plan) if not broken(removed(plan, (item,)))}
    if len(found) == 1 and found[0][1]:
        # Any one of them makes the plan feasible, and nothing else does alone.
        assert (set(found[0][0]), set(found[0][1])) == (limits, enough)
        return
    assert enough == set()
    assert {limit for freed, _items in found for limit in freed} == limits
    for freed, items in found:
        for item in items:
            left = broken(removed(plan, (item,)))
            assert not left & set(freed)
            assert left <= limits
        if not items:
            # Told last: what no single removal frees.
            for item in every_item(plan):
                assert set(freed) <= broken(removed(plan, (item,)))
    if all(items for _freed, items in found):
        for chosen in product(*(items for _freed, items in found)):
            assert broken(removed(plan, chosen)) == set()
