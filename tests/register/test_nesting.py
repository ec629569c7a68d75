"""Titles with quotation marks of their own, within a sentence that quotes them."""

import pytest

from guatu.register.errors import Invalid, Stale
from guatu.register.nesting import nested


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("「推进示例路「施工许可」」已办结。", "「推进示例路『施工许可』」已办结。"),
        ("「甲」与「乙」", "「甲」与「乙」"),
        ("「甲「乙「丙」」」", "「甲『乙「丙」』」"),
        ("「截断的「标题…」已办结", "「截断的「标题…」已办结"),
        ("」倒「", "」倒「"),
        ("『自用』", "『自用』"),
        ("", ""),
    ],
)
def test_nested_when_marks_stand_within_marks_then_the_inner_ones_differ(
    sentence: str, told: str
) -> None:
    assert nested(sentence) == told
    assert nested(told) == told
    assert [str(refusal(sentence)) for refusal in (Invalid, Stale)] == [told, told]
