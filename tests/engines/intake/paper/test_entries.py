"""Numbered entries of minutes: what is one, and what is none."""

import pytest

from guatu.engines.intake.paper.entries import entries


@pytest.mark.parametrize(
    ("paper", "told"),
    [
        ("1.由示例局办理此事。\n2、请另一局做好配合。", ["1", "2"]),
        ("一、项目建设\n（一）由示例局牵头，5月底前办结\n", ["一"]),
        (
            "会议议定：\n由示例局办理此事。\n参加：示例甲、示例乙。\n请另一局配合。",
            ["1", "2"],
        ),
        ("会议听取了汇报。\n由示例局办理此事。", []),
        ("1.会议听取了示例局关于项目的汇报。", []),
    ],
)
def test_entries_when_read_then_decisions_alone_are_told(paper: str, told: list[str]) -> None:
    found = entries(paper)
    assert [one.number for one in found] == told
    assert all(paper[one.start : one.end].strip() == paper[one.start : one.end] for one in found)
