"""Weeks drawn as bars: what fits, what is too much, and the months."""

import datetime as dt

from guatu.loop.plan.sharing import Load, Week
from guatu.web.resources.charts import HEAD, HEIGHT, chart_of, over_words, stretches

MONDAY = dt.date(2025, 3, 17)


def weeks(*peaks: int, capacity: int = 2) -> list[Week]:
    return [
        Week(MONDAY + dt.timedelta(days=7 * number), peak, max(peak - capacity, 0), capacity)
        for number, peak in enumerate(peaks)
    ]


def load(rows: list[Week], *steps: tuple[dt.date, int]) -> Load:
    return Load((), tuple(rows), steps or ((MONDAY, rows[0].capacity),))


def test_chart_when_too_much_then_split_at_the_line_of_what_there_is() -> None:
    chart = chart_of(load(weeks(0, 1, 4)), 2, "班组")
    line = HEAD + HEIGHT / 2
    assert chart.line == f"M0 {line} H720.0"
    fits, over = chart.bars
    assert (fits.height, fits.over) == (HEIGHT / 4, 0)
    assert (over.y, over.height) == (line, HEIGHT / 2)
    assert (over.over_y, over.over) == (HEAD, HEIGHT / 2)
    assert over.words == "2025-03-31 起一周，最多需要 4，超出 2"
    assert [mark.text for mark in chart.marks] == ["2025年3月"]


def test_chart_when_capacity_steps_then_the_line_does_on_the_day() -> None:
    rows = [*weeks(2), *weeks(1, capacity=0), *weeks(4, capacity=4)]
    friday, wednesday = MONDAY + dt.timedelta(days=4), MONDAY + dt.timedelta(days=16)
    chart = chart_of(load(rows, (MONDAY, 2), (friday, 0), (wednesday, 4)), 2, "班组")
    middle, base = HEAD + HEIGHT / 2, HEAD + HEIGHT
    assert chart.line == f"M0 {middle} H137.14 V{base}.0 H548.57 V{HEAD}.0 H720.0"
    assert chart.words == "班组每周最多需要的数量，共有 0–4；1 周超出：2025-03-17 起一周"


def test_chart_when_years_are_long_then_quarters_are_named() -> None:
    chart = chart_of(load(weeks(*[1] * 60)), 2, "班组")
    assert chart.width == 720
    texts = [mark.text for mark in chart.marks if mark.text]
    assert texts == ["2025年3月", "7月", "10月", "2026年1月", "4月"]


def test_over_words_when_stretches_then_first_and_last_days() -> None:
    rows = weeks(3, 3, 1, 3)
    assert list(stretches(rows)) == [
        (MONDAY, MONDAY + dt.timedelta(days=7)),
        (MONDAY + dt.timedelta(days=21), MONDAY + dt.timedelta(days=21)),
    ]
    assert over_words(rows) == "3 周超出：2025-03-17 至 2025-03-30、2025-04-07 起一周"
    assert over_words(weeks(2, 1)) == "没有超出"
