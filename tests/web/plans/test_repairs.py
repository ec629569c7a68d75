"""Repairs as edits: every kind can be tried, and the plan tried is as the repair says."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.engines.calendars import CalendarSpec, shipped_table
from guatu.engines.schedule import OFFERS, Crash, Repair, back_schedule, repairs
from guatu.loop.models import Activity
from guatu.loop.plan.calendars import Calendars
from guatu.loop.plan.commands import apply
from guatu.loop.plan.computing import network_of
from guatu.loop.plan.sketch import Sketch, Step, Tie, sketches_of
from guatu.web.plans.repairs import commands_of
from tests.web.plans.conftest import Place

DAY = dt.date(2026, 9, 14)
SPECS = {
    "office": CalendarSpec(),
    "outdoor": CalendarSpec(stop=(((11, 1), (3, 31)),), off=frozenset({DAY.toordinal() + 3})),
    "elapsed": CalendarSpec(base="every-day"),
}
CALENDARS = Calendars(SPECS, {}, shipped_table())


@dataclass(frozen=True)
class Late:
    """A plan that breaks a limit, and ways to shorten it that only the engine knows yet."""

    sketch: Sketch
    crash: Mapping[str, tuple[Crash, ...]] = field(default_factory=dict)

    def repairs(self) -> list[tuple[Repair, list[dict[str, object]]]]:
        """Every repair and the edits that try it."""
        network = network_of(self.sketch, CALENDARS, DAY)
        rows = tuple(replace(row, crash=self.crash.get(row.id, ())) for row in network.activities)
        network = replace(network, activities=rows)
        schedule = back_schedule(network)
        found = repairs(network, schedule)
        return [(one, commands_of(one.changes, self.sketch, network)) for one in found]


def late(*steps: Step, ties: tuple[Tie, ...] = (), **crash: tuple[Crash, ...]) -> Late:
    return Late(Sketch({step.key: step for step in steps}, ties), crash)


def step(key: str, duration: int, calendar: str = "office", **rest: object) -> Step:
    return Step(key=key, name=key, duration=duration, calendar=calendar, **rest)  # type: ignore[arg-type]


def due(key: str, duration: int, day: str, calendar: str = "office", **rest: object) -> Step:
    limit = dt.date.fromisoformat(day)
    return step(key, duration, calendar, due=limit, firm=True, **rest)


LEGAL = {"legal": {"limit_days": 20}}
AB = (Tie(before="a", after="b"),)
PLANS = {
    "promise": late(due("a", 20, "2026-09-25", cause="approval", basis=LEGAL)),
    "renewal": late(
        step("p", 5, valid_days=10),
        step("m", 30),
        step("w", 5),
        ties=(
            Tie(before="p", after="m"),
            Tie(before="m", after="w"),
            Tie(before="p", after="w"),
        ),
    ),
    "fixed_start": late(step("a", 10), step("b", 2, fixed_start=dt.date(2026, 9, 18)), ties=AB),
    "overlap": late(step("a", 10, "elapsed"), due("b", 10, "2026-10-01"), ties=AB),
    "crash": late(due("a", 10, "2026-09-22"), a=(Crash(5, "夜间施工"),)),
    "crew": late(due("a", 10, "2026-09-21")),
    "overtime": late(due("a", 20, "2026-10-10")),
    "winter": late(due("a", 50, "2026-12-10", "outdoor")),
    "deadline": late(due("a", 10, "2026-09-23", cause="funds")),
    "combination": late(
        step("a", 10, "outdoor"),
        due("b", 30, "2026-10-14", "outdoor", started=dt.date(2026, 9, 11)),
        ties=(Tie(before="a", after="b", type="FF", lag=20),),
    ),
}


@pytest.mark.parametrize("kind", [*(offer.kind for offer in OFFERS), "combination"])
def test_repair_when_of_any_kind_then_edits_try_it_and_do_what_it_says(kind: str) -> None:
    found = PLANS[kind].repairs()
    assert kind in {repair.kind for repair, _edits in found}
    for repair, edits in found:
        assert edits
        feasible, late_by = reached(PLANS[kind].sketch, edits)
        assert feasible == repair.makes_feasible
        # Where a permit lapses in a circle nobody can say by how much.
        assert late_by == repair.remaining or (late_by is None and kind == "renewal")


def reached(sketch: Sketch, edits: list[dict[str, object]]) -> tuple[bool, int | None]:
    """Whether the plan as tried holds, and its worst lateness."""
    tried = back_schedule(network_of(apply(sketch, edits), CALENDARS, DAY))
    return tried.feasible, tried.infeasible_by_calendar_days


@st.composite
def plans(draw: st.DrawFn) -> Late:
    count = draw(st.integers(1, 5))
    steps = []
    for number in range(count):
        begun = draw(st.sampled_from([None, None, DAY - dt.timedelta(days=9)]))
        expected = draw(st.none() | st.none() | st.integers(0, 40))
        steps.append(
            step(
                f"a{number}",
                draw(st.integers(1, 25)),
                draw(st.sampled_from(list(SPECS))),
                splittable=draw(st.booleans()),
                cause=draw(st.sampled_from(["", "", "weather", "approval"])),
                started=begun,
                forecast=None if expected is None else DAY + dt.timedelta(days=expected),
                low=1 if draw(st.booleans()) else None,
                high=40 if draw(st.booleans()) else None,
            )
        )
    ties = tuple(
        Tie(before=f"a{a}", after=f"a{b}", type=draw(st.sampled_from(["FS", "FS", "SS", "FF"])))
        for b in range(count)
        for a in range(b)
        if draw(st.booleans())
    )
    whole = late(*steps, ties=ties)
    rows = back_schedule(network_of(whole.sketch, CALENDARS, DAY)).activities
    for one in steps:
        end = rows[one.key].early_finish
        if end is not None and draw(st.booleans()):
            limit = max(end - dt.timedelta(days=draw(st.integers(-3, 40))), DAY)
            whole = replace(
                whole, sketch=whole.sketch.with_step(one._replace(due=limit, firm=True))
            )
    return whole


@settings(max_examples=40)
@given(plans())
def test_repair_when_tried_on_any_plan_then_as_late_as_it_says(plan: Late) -> None:
    for repair, edits in plan.repairs():
        assert edits
        assert reached(plan.sketch, edits) == (repair.makes_feasible, repair.remaining)


@pytest.mark.django_db
def test_repairs_page_when_a_deadline_cannot_hold_then_each_can_be_tried(planned: Place) -> None:
    asked = {"step": "operation", "due": "2027-06-30"}
    answer = planned.office.get(planned.url("preview/"), asked)
    shown = answer.context["repairs"]
    page = answer.content.decode()
    assert len(shown) > 1
    assert page.count(">试用</button>") == len(shown)
    for repair in shown:
        opened = planned.office.post(planned.url("tries/open/"), {"commands": repair.commands})
        copy = planned.office.get(opened.headers["Location"]).context["trial"]
        assert copy.after.feasible == repair.enough


def too_early(place: Place) -> dt.date:
    """Day three days before the road can open."""
    dates = place.office.get(place.url()).context["plan"].dates
    day: dt.date = dates["operation"].early_finish
    return day - dt.timedelta(days=3)


@pytest.mark.django_db
def test_repairs_page_when_one_kind_offers_much_then_no_other_kind_vanishes(planned: Place) -> None:
    asked = {"step": "operation", "due": too_early(planned).isoformat()}
    answer = planned.office.get(planned.url("preview/"), asked)
    shown = answer.context["repairs"]
    first = [one.kind for one in shown if not one.further]
    assert len(first) == len(set(first))
    assert {"压缩办理时限", "增加班组", "休息日施工", "推迟期限"} <= set(first)
    further = [one for one in shown if one.further]
    assert further
    assert {one.kind for one in further} <= set(first)
    assert shown == [*(one for one in shown if not one.further), *further]
    assert "同类的其他办法" in answer.content.decode()


@pytest.mark.django_db
def test_copy_when_it_cannot_hold_then_it_says_why_and_a_repair_goes_into_it(
    planned: Place,
) -> None:
    due = f'[{{"op":"deadline","key":"operation","due":"{too_early(planned)}","firm":true}}]'
    opened = planned.office.post(planned.url("tries/open/"), {"commands": due})
    address = str(opened.headers["Location"])
    assert f"{address}why/" in planned.office.get(address).content.decode()
    why = planned.office.get(f"{address}why/")
    told = why.context["answer"]
    assert told.clashes
    page = why.content.decode()
    assert told.clashes[0].heading in page
    repair = next(one for one in why.context["repairs"] if one.enough and one.commands)
    assert page.count(">改入方案</button>") == len(why.context["repairs"])
    planned.office.post(f"{address}do/", {"command": repair.edits})
    mended = planned.office.get(address)
    assert mended.context["trial"].after.feasible
    assert f"{address}why/" not in mended.content.decode()
    assert planned.office.get(f"{address}why/").context["answer"].clashes == []


@pytest.mark.django_db
def test_leave_when_taken_then_the_row_keeps_it_and_the_dates_follow(planned: Place) -> None:
    works = Activity.objects.filter(calendar="outdoor", duration__gte=60).order_by("pk")[0]
    commands = (
        f'[{{"op":"leave","key":"{works.node}","leave":[{{"first":"2026-11-01","last":"2027-03-31",'
        f'"kind":"all","basis":"示例住建局批复"}}]}}]'
    )
    opened = planned.office.post(planned.url("tries/open/"), {"commands": commands})
    address = str(opened.headers["Location"])
    planned.office.post(address + "adopt/", {"reason": "抢工"})
    works.refresh_from_db()
    kept = [{"first": "2026-11-01", "last": "2027-03-31", "kind": "all", "basis": "示例住建局批复"}]
    assert works.leave == kept
    assert sketches_of([works.subject_id])[works.subject_id].steps[works.node].leave == kept
