"""Key dates of a plan: each marked by where it comes from itself."""

import datetime as dt

from guatu.loop.plan.sketch import Sketch, Step
from guatu.web.plans.dated import Dated
from guatu.web.plans.faces import KeyDate, first_step, four_dates, key_dates

D = dt.date
SKETCH = Sketch(
    {
        "permit": Step(key="permit", name="施工许可", duration=7, calendar="office"),
        "start": Step(key="start", name="开工建设", duration=0, calendar="outdoor"),
    }
)


def test_key_dates_when_only_the_late_one_is_provisional_then_the_mark_is_on_it() -> None:
    announced = Dated(
        early_start=D(2025, 4, 1),
        early_finish=D(2025, 4, 10),
        late_start=D(2027, 5, 2),
        late_finish=D(2027, 5, 11),
        late_provisional=True,
    )
    unannounced = Dated(
        early_start=D(2027, 4, 1),
        early_finish=D(2027, 4, 1),
        late_start=D(2027, 6, 1),
        late_finish=D(2027, 6, 1),
        early_provisional=True,
        late_provisional=True,
    )
    dates = {"permit": announced, "start": unannounced}
    assert key_dates(SKETCH, dates) == [
        KeyDate("最迟取得施工许可", "2027-05-11", "最早 2025-04-10", provisional=True),
        KeyDate("最迟开工", "2027-06-01", "最早 2027-04-01（暂定）", provisional=True),
    ]
    assert first_step(SKETCH, dates) == KeyDate(
        "最先要动手", "2027-05-02", "最迟这天开始「施工许可」", provisional=True
    )


def test_key_dates_when_the_plan_does_not_hold_then_no_latest_ones() -> None:
    dates = {key: Dated(early_finish=D(2027, 4, 1), early_provisional=True) for key in SKETCH.steps}
    assert key_dates(SKETCH, dates) == [
        KeyDate("最迟取得施工许可", "已来不及", "最早 2027-04-01（暂定）", "broken"),
        KeyDate("最迟开工", "已来不及", "最早 2027-04-01（暂定）", "broken"),
    ]
    assert first_step(SKETCH, dates) is None


def test_four_dates_when_a_step_has_floats_then_each_is_told_in_three_counts_with_its_label() -> (
    None
):
    dated = Dated(own=3, office=4, days=6, free=0, free_office=1, free_days=2)
    row = four_dates(SKETCH.steps["permit"], dated, None, "室外施工", "open")
    assert row.spare == [
        ("总时差", "自身日历（室外施工） 3 天，机关 4 天，日历 6 天"),
        ("自由时差", "自身日历（室外施工） 0 天，机关 1 天，日历 2 天"),
    ]
    assert four_dates(SKETCH.steps["permit"], Dated(), None, "室外施工", "open").spare == []
