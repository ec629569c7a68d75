"""A plan drawn: bars where their days are, links beside them, stops, deadlines and floats."""

import datetime as dt
from dataclasses import replace

import pytest

from guatu.loop.plan.sketch import Sketch, Step, Tie
from guatu.web.plans.dated import Dated
from guatu.web.plans.drawing import Given, draw
from guatu.web.plans.hatching import hatch
from guatu.web.plans.scale import Scale, Zoom, scale_of, stops_between, ticks, without, years
from guatu.web.plans.shapes import HEAD, ROW, Bar, Drawing, Piece

D = dt.date
TODAY = D(2026, 3, 10)
WINTER = (((11, 1), (3, 31)),)


def step(key: str, **more: object) -> Step:
    values = {"name": f"工作{key}", "stage": "s", "duration": 10, "calendar": "outdoor"}
    return Step(key=key, **{**values, **more})  # type: ignore[arg-type]


def dated(first: dt.date, last: dt.date, late: dt.date | None = None, **more: object) -> Dated:
    return Dated(early_start=first, early_finish=last, late_finish=late, **more)  # type: ignore[arg-type]


def drawing(
    steps: list[Step], dates: dict[str, Dated], ties: tuple[Tie, ...] = (), **more: object
) -> Drawing:
    sketch = Sketch({one.key: one for one in steps}, ties)
    made = draw(Given(sketch, dates, TODAY, **more), Zoom.WHOLE, 730)  # type: ignore[arg-type]
    assert made is not None
    return made


def bar(made: Drawing, key: str) -> Bar:
    return next(one for one in made.bars if one.step.key == key)


def test_scale_when_plan_spans_days_then_whole_months_fill_the_width() -> None:
    scale = scale_of([D(2026, 1, 15), D(2026, 12, 3)], Zoom.WHOLE, 730)
    assert (scale.first, scale.last) == (D(2026, 1, 1), D(2026, 12, 31))
    assert scale.per_day == pytest.approx(2.0)
    assert scale.width == pytest.approx(730)
    assert scale.end(D(2026, 1, 1)) == scale.start(D(2026, 1, 2))


def test_ticks_when_months_are_narrow_then_quarters_and_years_labelled() -> None:
    scale = Scale(D(2025, 1, 1), D(2027, 12, 31), 0.7)
    assert [tick.label for tick in ticks(scale)][:5] == ["1月", "4月", "7月", "10月", "1月"]
    assert [tick.label for tick in years(scale)] == ["2025年", "2026年", "2027年"]


def test_stops_when_they_wrap_the_year_then_each_winter_once() -> None:
    found = stops_between(WINTER, D(2026, 1, 1), D(2027, 12, 31))
    assert found == [
        (D(2026, 1, 1), D(2026, 3, 31)),
        (D(2026, 11, 1), D(2027, 3, 31)),
        (D(2027, 11, 1), D(2027, 12, 31)),
    ]


def test_without_when_stop_lies_inside_then_two_parts() -> None:
    window = (D(2026, 10, 1), D(2027, 4, 30))
    stops = stops_between(WINTER, *window)
    assert without(window, stops) == [
        (D(2026, 10, 1), D(2026, 10, 31)),
        (D(2027, 4, 1), D(2027, 4, 30)),
    ]


def test_bar_when_splittable_over_winter_then_pieces_outside_the_stop() -> None:
    works = step("a", splittable=True)
    made = drawing([works], {"a": dated(D(2026, 10, 1), D(2027, 4, 30))}, stops={"outdoor": WINTER})
    drawn = bar(made, "a")
    scale = made.scale
    assert drawn.pieces == (
        Piece(scale.start(D(2026, 10, 1)), pytest.approx(31 * scale.per_day, abs=0.02)),
        Piece(scale.start(D(2027, 4, 1)), pytest.approx(30 * scale.per_day, abs=0.02)),
    )
    assert [band.words for band in made.bands] == [
        "outdoor：2026-03-01 至 2026-03-31 停工",
        "outdoor：2026-11-01 至 2027-03-31 停工",
    ]


def test_bands_when_calendars_stop_differently_then_each_behind_its_own_rows_alone() -> None:
    works = [
        step("a", calendar="outdoor"),
        step("b", calendar="outdoor"),
        step("c", calendar="paving"),
        step("d", calendar="office"),
    ]
    days = [dated(D(2026, 9, number), D(2026, 12, 31)) for number in (1, 2, 3, 4)]
    made = drawing(
        works,
        dict(zip("abcd", days, strict=True)),
        stops={"outdoor": WINTER, "paving": [((10, 16), (4, 30))]},
        calendar_names={"outdoor": "室外施工", "paving": "沥青摊铺"},
    )
    assert [(band.words, band.y, band.height) for band in made.bands] == [
        ("室外施工：2026-03-01 至 2026-03-31 停工", HEAD + ROW, 2 * ROW),
        ("室外施工：2026-11-01 至 2026-12-31 停工", HEAD + ROW, 2 * ROW),
        ("沥青摊铺：2026-03-01 至 2026-04-30 停工", HEAD + 3 * ROW, ROW),
        ("沥青摊铺：2026-10-16 至 2026-12-31 停工", HEAD + 3 * ROW, ROW),
    ]
    assert made.bands[1].x == made.scale.start(D(2026, 11, 1))


@pytest.mark.parametrize(
    ("early", "late", "by_late", "marked", "words"),
    [
        (True, True, False, True, "日期暂定"),
        (False, True, False, False, "日期最迟暂定"),
        (False, True, True, True, "日期最迟暂定"),
        (True, False, True, False, "日期最早暂定"),
    ],
)
def test_bar_when_one_date_is_provisional_then_the_mark_is_on_that_date(
    words: str, *, early: bool, late: bool, by_late: bool, marked: bool
) -> None:
    known = replace(
        dated(D(2026, 4, 1), D(2026, 4, 10), D(2026, 4, 30)),
        late_start=D(2026, 4, 21),
        early_provisional=early,
        late_provisional=late,
    )
    drawn = bar(drawing([step("a")], {"a": known}, by_late=by_late), "a")
    assert (drawn.provisional, "is-provisional" in drawn.classes) == (marked, marked)
    assert words in drawn.words


def test_bar_when_float_is_left_then_tail_to_the_latest_finish() -> None:
    made = drawing([step("a")], {"a": dated(D(2026, 4, 1), D(2026, 4, 10), D(2026, 4, 30))})
    tail = bar(made, "a").tail
    assert tail == Piece(
        made.scale.end(D(2026, 4, 10)), pytest.approx(20 * made.scale.per_day, abs=0.02)
    )


def test_bar_when_deadline_is_behind_then_late_and_flag_at_its_day() -> None:
    promised = step("a", firm=True, due=D(2026, 4, 5))
    made = drawing([promised], {"a": dated(D(2026, 4, 1), D(2026, 4, 10))})
    drawn = bar(made, "a")
    assert (drawn.state, drawn.due_x, drawn.tail) == ("late", made.scale.end(D(2026, 4, 5)), None)
    assert drawn.words == "工作a：2026-04-01 至 2026-04-10，10 天，须于 2026-04-05 前完成"


def test_bar_when_finished_then_drawn_as_it_was() -> None:
    done = step("a", started=D(2026, 2, 1), finished=D(2026, 2, 20))
    made = drawing([done], {"a": dated(D(2026, 2, 1), D(2026, 2, 20), critical=True)})
    drawn = bar(made, "a")
    assert (drawn.state, drawn.start, drawn.finish) == ("done", D(2026, 2, 1), D(2026, 2, 20))


def test_rows_when_stages_are_named_then_in_their_order_and_as_they_begin() -> None:
    steps = [step("z", stage="second"), step("b", stage="first"), step("a", stage="first")]
    dates = {
        "z": dated(D(2026, 6, 1), D(2026, 6, 2)),
        "b": dated(D(2026, 5, 1), D(2026, 5, 2)),
        "a": dated(D(2026, 4, 1), D(2026, 4, 2)),
    }
    made = drawing(steps, dates, stages={"first": "甲段", "second": "乙段"})
    assert [(group.name, [one.step.key for one in group.bars]) for group in made.groups] == [
        ("甲段", ["a", "b"]),
        ("乙段", ["z"]),
    ]
    assert [group.y for group in made.groups] == [HEAD, HEAD + 3 * ROW]


def test_links_when_both_ends_are_critical_then_on_top_and_said_in_words() -> None:
    dates = {
        "a": dated(D(2026, 4, 1), D(2026, 4, 10), critical=True),
        "b": dated(D(2026, 5, 11), D(2026, 5, 20), critical=True),
        "c": dated(D(2026, 5, 11), D(2026, 5, 20)),
    }
    ties = (Tie(before="a", after="b", lag=30), Tie(before="a", after="c", type="SS"))
    made = drawing([step("a"), step("b"), step("c")], dates, ties)
    assert [(arrow.critical, arrow.words) for arrow in made.arrows] == [
        (False, "「工作a」开始后，「工作c」才能开始"),
        (True, "「工作a」完成后 30 天，「工作b」才能开始"),
    ]


@pytest.mark.parametrize("kind", ["FS", "SS", "FF", "SF"])
def test_link_when_drawn_then_begins_and_ends_at_the_right_sides(kind: str) -> None:
    dates = {
        "a": dated(D(2026, 4, 1), D(2026, 4, 10)),
        "b": dated(D(2026, 6, 1), D(2026, 6, 20)),
    }
    made = drawing([step("a"), step("b")], dates, (Tie(before="a", after="b", type=kind),))
    first, then = bar(made, "a"), bar(made, "b")
    begins = first.end if kind[0] == "F" else first.x
    ends = then.end if kind[1] == "F" else then.x
    assert made.arrows[0].path.startswith(f"M{begins:g} {first.middle}H")
    assert made.arrows[0].path.endswith(f"V{then.middle}H{ends:g}")


def test_drawing_when_no_day_is_known_then_none() -> None:
    assert draw(Given(Sketch({"a": step("a")}), {}, TODAY)) is None


def test_drawing_when_plan_is_long_then_no_wider_than_it_may_be() -> None:
    dates = {"a": dated(D(2026, 1, 1), D(2060, 1, 1))}
    made = draw(Given(Sketch({"a": step("a")}), dates, TODAY), Zoom.DAY, 900)
    assert made is not None
    assert made.width <= 24_000


def test_hatching_when_rectangles_lie_side_by_side_then_its_lines_join() -> None:
    left, right = hatch(0, 0, 10, 10, 5), hatch(10, 0, 10, 10, 5)
    assert left == "M0 5L5 0M0 10L10 0M5 10L10 5"
    assert right == "M10 5L15 0M10 10L20 0M15 10L20 5"
    assert hatch(3, 4, 0, 10, 5) == ""
