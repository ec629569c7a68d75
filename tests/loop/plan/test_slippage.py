"""Whose delay a slip is, told against the days a plan was agreed on."""

import datetime as dt

from guatu.engines.calendars import CalendarSpec, shipped_table
from guatu.loop.plan.calendars import Calendars
from guatu.loop.plan.computing import compute
from guatu.loop.plan.sketch import Sketch, Step, Tie
from guatu.loop.plan.slippage import Slipped, furthest, slipped

DAY = dt.date(2026, 9, 1)
SPECS = {
    "elapsed": CalendarSpec(base="every-day"),
    "outdoor": CalendarSpec(base="every-day", stop=(((11, 1), (3, 31)),)),
}
CALENDARS = Calendars(SPECS, {}, shipped_table())
TIES = (Tie(before="design", after="permit"), Tie(before="permit", after="works"))
D = dt.date
AGREED = {
    "design": (D(2026, 9, 10), D(2026, 9, 19)),
    "permit": (D(2026, 9, 20), D(2026, 10, 9)),
    "works": (D(2026, 10, 10), D(2026, 10, 29)),
}


def a_sketch(**changed: dict[str, object]) -> Sketch:
    """Design, its permit, works before winter; agreed upon at their latest days."""
    steps = (
        Step(key="design", name="方案设计", duration=10, calendar="elapsed"),
        Step(key="permit", name="施工许可", duration=20, calendar="elapsed"),
        Step(
            key="works",
            name="基础施工",
            duration=20,
            calendar="outdoor",
            firm=True,
            due=D(2026, 10, 29),
        ),
    )
    told = (step._replace(**changed.get(step.key, {})) for step in steps)
    return Sketch({step.key: step for step in told}, TIES)


def told(sketch: Sketch, day: dt.date = DAY) -> dict[str, Slipped]:
    return slipped(compute(sketch, CALENDARS, day), AGREED)


def test_slipped_when_all_is_as_agreed_then_nobody_is_late() -> None:
    assert told(a_sketch()) == {}


def test_slipped_when_an_owner_expects_later_then_all_that_follows_is_that_delay() -> None:
    sketch = a_sketch(permit={"forecast": D(2026, 10, 11)})
    assert told(sketch) == {
        "permit": Slipped(2, ("permit",), "本项自身延误"),
        "works": Slipped(2, ("permit",), "因「施工许可」预计晚 2 天"),
    }
    said = "「基础施工」比基线晚 2 天，因「施工许可」预计晚 2 天。"
    assert furthest(told(sketch), sketch) == said


def test_slipped_when_the_delay_runs_into_winter_then_the_rest_is_told_apart() -> None:
    slips = told(a_sketch(permit={"forecast": D(2026, 10, 19)}))
    behind = (D(2027, 4, 20) - D(2026, 10, 29)).days
    assert slips["works"] == Slipped(
        behind,
        ("permit",),
        f"因「施工许可」预计晚 10 天，遇停工、节假日等再晚 {behind - 10} 天",
    )


def test_slipped_when_several_delays_add_up_then_the_longest_is_named_and_they_are_counted() -> (
    None
):
    design = {"started": D(2026, 9, 12), "finished": D(2026, 9, 20)}
    permit = {"duration": 21}
    slips = told(a_sketch(design=design, permit=permit), D(2026, 9, 28))
    assert slips["design"] == Slipped(1, ("design",), "本项自身延误")
    assert slips["works"].causes == ("permit", "design")
    assert slips["works"].words == (
        "因「施工许可」可开始而未开始，已晚 7 天等 2 项延误，遇停工、节假日等再晚 163 天"
    )


def test_slipped_when_a_step_is_new_or_nothing_was_agreed_then_no_number_is_invented() -> None:
    sketch = a_sketch(works={"duration": 25})
    late = compute(sketch, CALENDARS, D(2026, 10, 9))
    assert slipped(late, {}) == {}
    assert furthest({}, sketch) == ""
