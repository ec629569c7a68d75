"""`guatu rule`: what is shown can be edited and added; what is wrong exits 2 with a sentence."""

import json
from pathlib import Path

import pytest

from guatu.cli import main
from guatu.register.models import Rule
from guatu.register.rules import load_shipped
from tests.factories import make_campaign, make_district

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def district() -> None:
    """Rules are dated by the campaign."""
    load_shipped()
    make_campaign(make_district())


def test_rule_when_shown_edited_and_added_then_in_force(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rule", "show", "lamp.duty"]) == 0
    told = json.loads(capsys.readouterr().out)
    told |= {"valid_from": "2025-04-01", "issuer": "示例专班", "source": "示例纪要"}
    told["value"]["amber_within_days"] = 10
    file = tmp_path / "规则.json"
    file.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    assert main(["rule", "add", str(file)]) == 0
    assert capsys.readouterr().out == "「责任事项亮灯界限」自 2025-04-01 起按本区规则执行。\n"
    assert Rule.objects.get(issuer="示例专班").value["amber_within_days"] == 10
    assert main(["rule", "list"]) == 0
    assert "lamp.duty\t责任事项亮灯界限\t2020-01-01 起\t系统默认" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xff\xfe\x00", "不是 JSON 文件"),
        (b"[" * 100_000, "不是 JSON 文件"),
        (b"[1]", "应为一条规则"),
        (b"{}", "没有「」这一条规则"),
        (b'{"key": "lamp.duty", "valid_from": "2025-04-01"}', "请写明制定机关"),
    ],
)
def test_file_when_it_is_no_rule_then_exit_2_and_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, sentence: str
) -> None:
    file = tmp_path / "规则.json"
    file.write_bytes(content)
    assert main(["rule", "add", str(file)]) == 2
    assert sentence in capsys.readouterr().err


def test_show_when_the_key_is_unknown_then_exit_2_with_near_ones(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["rule", "show", "escalation.dutty"]) == 2
    assert "相近的有：escalation.duty" in capsys.readouterr().err
