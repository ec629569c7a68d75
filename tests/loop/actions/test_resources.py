"""Registering what plans share, and saying which work needs it."""

import datetime as dt

import pytest

from guatu.loop.actions.network import edit_network, sketch_of
from guatu.loop.actions.resources import Said, add_resource, change_resource
from guatu.loop.enums import ResourceKind
from guatu.loop.models import Resource, ResourceVersion
from guatu.loop.plan.calendars import calendars_on
from guatu.loop.plan.capacity import (
    MOST,
    MOST_PERIODS,
    checked_periods,
    periods_text,
    periods_words,
    read_periods,
)
from guatu.loop.plan.sharing import Use, loads, needs_words, read_needs, sharing
from guatu.loop.plan.sketch import Sketch, Step
from guatu.register.errors import Forbidden, Invalid, Stale
from guatu.register.sealing import verify
from tests.factories import TODAY, act_of
from tests.loop.builders import District
from tests.loop.plans import laid
from tests.loop.sharing import CREW, crew, shared

MONDAY = dt.date(2025, 3, 17)


def said(name: str = "示例路面班组", capacity: int = 1) -> Said:
    return Said(name=name, kind=ResourceKind.CREW, capacity=capacity)


def test_add_when_described_then_stored_with_version_and_event(place: District) -> None:
    row = crew(place, 2)
    assert (row.name, row.capacity, row.unit, row.kind) == ("示例路面班组", 2, place.unit, "crew")
    assert ResourceVersion.objects.get().capacity == 2  # type: ignore[attr-defined]
    assert verify().intact


@pytest.mark.parametrize(
    ("code", "told", "field"),
    [
        ("Crew", said(), "code"),
        ("crew", said(), "code"),
        ("other", said(), "name"),
        ("other", said(name=" "), "name"),
        ("other", said(name="甲、乙"), "name"),
        ("other", said(name="零班", capacity=0), "capacity"),
        ("other", said(name="万班", capacity=MOST + 1), "capacity"),
    ],
)
def test_add_when_it_cannot_be_then_names_the_field(
    place: District, code: str, told: Said, field: str
) -> None:
    crew(place)
    with pytest.raises(Invalid) as refusal:
        add_resource(act_of(place.office), told, code=code)
    assert refusal.value.field == field
    assert Resource.objects.count() == 1


def test_change_when_fewer_than_one_work_needs_then_names_it(place: District) -> None:
    subject, _ = shared(place, capacity=2)
    needs = {"op": "needs", "key": "works", "needs": {CREW: 2}}
    edit_network(act_of(place.office), subject, [needs], reason="两个班组同时上")  # type: ignore[list-item]
    row = Resource.objects.get()
    with pytest.raises(Invalid, match="「主体施工」需要 2"):
        change_resource(act_of(place.office), row, said(), reason="减员")
    with pytest.raises(Invalid, match="改动理由"):
        change_resource(act_of(place.office), row, said(capacity=3), reason=" ")
    with pytest.raises(Stale):
        change_resource(
            act_of(place.office), row, said(capacity=3), reason="增员", expected_revision=9
        )
    changed = change_resource(act_of(place.office), row, said(capacity=3), reason="增员")
    assert (changed.capacity, changed.revision) == (3, 2)


AWAY = {"first": "2025-11-01", "last": "2026-03-31", "capacity": 0, "note": "冬季外借"}
MORE = {"first": "2025-06-01", "last": "2025-06-30", "capacity": 4, "note": ""}


def test_change_when_periods_are_told_then_kept_in_order_with_history(place: District) -> None:
    row = crew(place, 2)
    told = Said(name=row.name, kind=ResourceKind.CREW, capacity=2, periods=(AWAY, MORE))
    change_resource(act_of(place.office), row, told, reason="冬季外借")
    assert (row.periods, row.peak) == ([MORE, AWAY], 4)
    states = ResourceVersion.objects.order_by("revision").values_list("periods", flat=True)  # type: ignore[attr-defined]
    assert list(states) == [[], [MORE, AWAY]]
    assert periods_words(row.periods) == (
        "2025-06-01 至 2025-06-30 为 4；2025-11-01 至 2026-03-31 为 0（冬季外借）"
    )
    assert read_periods(periods_text(row.periods)) == row.periods
    assert verify().intact


def test_change_when_only_a_period_has_enough_then_no_less_than_it(place: District) -> None:
    subject, _ = shared(place, capacity=2)
    office = act_of(place.office)
    row = Resource.objects.get()
    more = Said(name=row.name, kind=ResourceKind.CREW, capacity=2, periods=(MORE,))
    change_resource(office, row, more, reason="增员")
    needs = {"op": "needs", "key": "works", "needs": {CREW: 4}}
    edit_network(office, subject, [needs], reason="四个班组同时上")  # type: ignore[list-item]
    with pytest.raises(Invalid, match="「主体施工」需要 4"):
        change_resource(office, row, said(capacity=2), reason="减员")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("明年", "「明年」读不懂"),
        ("2025-11-01 0", "读不懂"),
        ("2025-11-01 至 2026-03-31", "读不懂"),
        ("2025-11-01 至 2026-03-31 -1", "读不懂"),
        ("2025-11-31 至 2026-03-31 0", "不存在"),
        ("2025-11-01 至 2026-02-29 0", "不存在"),
        ("2026-11-01 至 2026-03-31 0", "先后颠倒"),
        ("1999-11-01 至 2026-03-31 0", "不在日历表"),
        ("2025-11-01 至 2026-03-31 10000", "0 到 9999"),
        ("2025-11-01 至 2026-03-31 0 " + "长" * 61, "60 字"),
        ("2025-11-01 至 2026-03-31 0\n2026-03-31 至 2026-04-02 1", "重叠"),
        ("2025-11-01 至 2026-03-31 0\n2025-12-01 至 2025-12-02 1", "重叠"),
    ],
)
def test_periods_when_they_cannot_be_then_refused_by_name(text: str, words: str) -> None:
    with pytest.raises(Invalid, match=words) as refusal:
        read_periods(text)
    assert refusal.value.field == "periods"


def test_periods_when_too_many_then_refused() -> None:
    day = dt.date(2025, 1, 1)
    days = [(day + dt.timedelta(days=place)).isoformat() for place in range(MOST_PERIODS + 1)]
    rows = [{"first": one, "last": one, "capacity": 1, "note": ""} for one in days]
    assert len(checked_periods(rows[:-1])) == MOST_PERIODS
    with pytest.raises(Invalid, match=f"{MOST_PERIODS} 段"):
        checked_periods(rows)


def test_loads_when_the_crew_is_away_then_too_much_on_those_days_alone(place: District) -> None:
    laid(place)
    row = crew(place, 1)
    row.periods = [{"first": "2025-03-26", "last": "2025-03-27", "capacity": 0, "note": ""}]
    step = Step(key="a", name="甲", duration=9, calendar="office", needs={CREW: 1})
    dates = {1: {"a": (TODAY, MONDAY + dt.timedelta(days=16))}}
    load = loads({1: Sketch({"a": step})}, dates, [row], calendars_on(), TODAY)[CREW]
    assert [(week.peak, week.over, week.capacity) for week in load.weeks] == [
        (1, 0, 1),
        (1, 1, 0),
        (1, 0, 1),
    ]
    assert load.steps == (
        (MONDAY, 1),
        (dt.date(2025, 3, 26), 0),
        (dt.date(2025, 3, 28), 1),
    )


def test_resource_when_not_the_office_then_forbidden(place: District) -> None:
    row = crew(place)
    for standing in (place.leader, place.owner):
        with pytest.raises(Forbidden):
            add_resource(act_of(standing), said("别的班组"), code="other")
        with pytest.raises(Forbidden):
            change_resource(act_of(standing), row, said(capacity=5), reason="增员")


def test_needs_when_edited_then_in_the_plan_and_nothing_moves(place: District) -> None:
    rows = laid(place)
    crew(place, 2)
    office = act_of(place.office)
    before = sketch_of(place.subject)
    needs = {"op": "needs", "key": "works", "needs": {CREW: 2, "none": 0}}
    edit_network(office, place.subject, [needs], reason="登记班组")  # type: ignore[list-item]
    after = sketch_of(place.subject)
    assert after.steps["works"].needs == {CREW: 2}
    assert {key: step for key, step in after.steps.items() if key != "works"} == {
        key: step for key, step in before.steps.items() if key != "works"
    }
    rows["works"].refresh_from_db()
    assert rows["works"].needs == {CREW: 2}


@pytest.mark.parametrize(
    ("needs", "words"),
    [
        ({CREW: 3}, "总共只有 2"),
        ({"nobody": 1}, "「nobody」没有登记"),
        ({CREW: -1}, "数量须为"),
        ({CREW: 1.5}, "数量须为"),
        ({CREW: True}, "数量须为"),
        ([CREW], "写法不对"),
    ],
)
def test_needs_when_they_cannot_be_then_refused_and_plan_stays(
    place: District, needs: object, words: str
) -> None:
    laid(place)
    crew(place, 2)
    before = sketch_of(place.subject)
    command = {"op": "needs", "key": "works", "needs": needs}
    with pytest.raises(Invalid, match=words):
        edit_network(act_of(place.office), place.subject, [command], reason="登记")  # type: ignore[list-item]
    assert sketch_of(place.subject) == before


def test_needs_when_written_as_text_then_read_back(place: District) -> None:
    resources = {CREW: crew(place, 5), "roller": crew(place, 2, "roller", "示例压路机 20吨")}
    needs = {CREW: 3, "roller": 1}
    assert needs_words(needs, resources) == "示例路面班组 3、示例压路机 20吨 1"
    assert read_needs(needs_words(needs, resources), resources) == needs
    assert read_needs("roller；示例路面班组 3", resources) == needs
    assert read_needs(" ", resources) == {}
    for text in ("没有的班组 1", "示例路面班组 0", "示例路面班组 两", "crew 1、crew 2"):
        with pytest.raises(Invalid, match="写法不对或没有登记"):
            read_needs(text, resources)


def test_sharing_when_resources_chain_then_all_of_the_chain(place: District) -> None:  # noqa: ARG001 -- models
    def plan(*codes: str) -> Sketch:
        return Sketch({"a": Step(key="a", name="甲", duration=1, needs=dict.fromkeys(codes, 1))})

    sketches = {1: plan("x"), 2: plan("x", "y"), 3: plan("y"), 4: plan("z"), 5: plan()}
    assert sharing(sketches, [1]) == [1, 2, 3]
    assert sharing(sketches, sketches) == [1, 2, 3, 4]
    assert sharing(sketches, [5]) == []


def test_loads_when_works_overlap_then_days_off_count_nothing(place: District) -> None:
    laid(place)
    row = crew(place)
    step = Step(key="a", name="甲", duration=5, calendar="office", needs={CREW: 1})
    sketches = {1: Sketch({"a": step}), 2: Sketch({"a": step})}
    friday, saturday = MONDAY + dt.timedelta(days=4), MONDAY + dt.timedelta(days=5)
    dates = {
        1: {"a": (TODAY, friday)},
        2: {"a": (friday, MONDAY + dt.timedelta(days=9))},
    }
    load = loads(sketches, dates, [row], calendars_on(), TODAY)[CREW]
    assert [(week.monday, week.peak, week.over) for week in load.weeks] == [
        (MONDAY, 2, 1),
        (MONDAY + dt.timedelta(days=7), 1, 0),
    ]
    assert load.uses[0] == Use(1, step, 1, TODAY, friday)
    apart = {1: {"a": (TODAY, friday)}, 2: {"a": (saturday, MONDAY + dt.timedelta(days=9))}}
    assert loads(sketches, apart, [row], calendars_on(), TODAY)[CREW].overloaded == ()
