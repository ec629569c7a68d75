"""Circles told from the rows of a file, before the plan is built of them."""

from typing import Any

import pytest

from guatu.engines.schedule import BadNetwork, network_from


def document(*links: tuple[str, str], **more: object) -> dict[str, Any]:
    """A plan of three activities and a summary over two of them."""
    rows: list[dict[str, Any]] = [
        {"id": key, "name": f"示例{key}", "duration": 1, "calendar": "office"} for key in "abcs"
    ]
    rows[0]["parent"] = rows[1]["parent"] = "s"
    return {
        "calendars": {"office": {}},
        "status_date": "2026-03-01",
        "activities": rows,
        "links": [{"from": before, "to": after} for before, after in links],
        **more,
    }


def refusal(whole: object) -> str:
    with pytest.raises(BadNetwork) as refused:
        network_from(whole)
    return str(refused.value)


def test_file_when_tied_in_a_circle_then_told_before_its_rows_are_looked_at() -> None:
    whole = document(("a", "b"), ("b", "a"))
    whole["activities"][2]["calendar"] = "nowhere"
    assert refusal(whole) == "这些工作互为前置，成了循环：「示例a」→「示例b」→「示例a」。"


def test_file_when_linked_to_itself_then_that_activity_is_named() -> None:
    assert refusal(document(("a", "b"), ("c", "c"))) == "工作「示例c」不能联系到自己。"


@pytest.mark.parametrize(
    ("links", "named"),
    [
        ((("s", "c"), ("c", "s")), "「示例c」→「示例s」→「示例c」"),
        ((("s", "c"), ("c", "b")), "「示例b」→「示例c」→「示例b」"),
    ],
)
def test_file_when_the_circle_runs_through_a_summary_then_it_is_found(
    links: tuple[tuple[str, str], ...], named: str
) -> None:
    assert refusal(document(*links)) == f"这些工作互为前置，成了循环：{named}。"


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        ({"links": [{"from": "a", "to": "x"}]}, "联系“a>x”指向的工作“x”不存在。"),
        ({"links": [{"from": "a"}]}, "links第1项缺少to，或它不是文字。"),
        ({"links": ["a>b"]}, "links第1项应是一个JSON对象。"),
        ({"links": [{"from": ["a"], "to": "b"}]}, "links第1项缺少from，或它不是文字。"),
        ({"activities": {"a": 1}}, "activities应是一个JSON数组。"),
    ],
)
def test_file_when_its_rows_are_not_plain_then_the_usual_sentence(
    broken: dict[str, Any], sentence: str
) -> None:
    assert refusal(document(**broken)) == sentence
