"""Deadlines fall in the plan year, or nowhere."""

import pytest

from guatu.engines.intake.paper.dates import moments, plan_year


@pytest.mark.parametrize(
    ("text", "day", "deadline"),
    [
        ("年内完成", "2025-12-31", True),
        ("全年目标", "2025-12-31", True),
        ("年底前通车", "2025-12-31", True),
        ("上半年开工", "2025-06-30", True),
        ("一季度开工", "2025-03-31", True),
        ("冲刺开门红", "2025-03-31", True),
        ("6月底前投产", "2025-06-30", True),
        ("2月末完成", "2025-02-28", True),
        ("十月底前完成", "2025-10-31", True),
        ("9月前完成", "2025-08-31", True),
        ("2月12日召开", "2025-02-12", False),
        ("2026年6月底完成", "2026-06-30", True),
        ("2026年底前完成", "2026-12-31", True),
        ("2024年建成", "2024", False),
    ],
)
def test_moments_when_plan_year_is_known_then_the_day(text: str, day: str, deadline: bool) -> None:  # noqa: FBT001 -- a column of the table
    assert [(m.day, m.deadline) for m in moments(text, 2025)] == [(day, deadline)]


@pytest.mark.parametrize("text", ["年内完成", "6月底前投产", "2月12日召开", "一季度开工"])
def test_moments_when_plan_year_is_unknown_then_no_day(text: str) -> None:
    assert [m.day for m in moments(text, None)] == [None]


def test_moments_when_the_day_does_not_exist_then_no_day() -> None:
    assert [m.day for m in moments("2月30日", 2025)] == [None]


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2026年是“十五五”开局之年。2025年完成了任务。", 2026),
        ("示例县2026年重点工作任务分解\n2025年增长6%。", 2026),
        ("今年要冲刺开门红。（示例发布2025年3月12日）", 2025),
        ("去年增长6%，今年再发力。", None),
        ("2024年好于2023年。", None),
    ],
)
def test_plan_year_when_the_text_says_it_then_that_year(text: str, year: int | None) -> None:
    assert plan_year(text) == year
