import json
import subprocess
import sys
from pathlib import Path

import pytest

from guatu.cli import main, without_json
from guatu.cli.lock import sole_user
from guatu.engines.intake import BadInput


@pytest.mark.parametrize("place", [0, 1, 2])
def test_json_when_it_stands_anywhere_then_taken_out(place: int) -> None:
    words = ["read", "讲话.txt"]
    assert without_json([*words[:place], "--json", *words[place:]]) == (words, True)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "缺少参数：命令。"),
        (["read", "a.txt", "--plan-yaer", "2025"], "不认识的参数：--plan-yaer 2025。"),
        (["read", "a.txt", "--plan-year", "今年"], "参数 --plan-year 应为整数，实际是 '今年'。"),
        (["read", "a.txt", "--plan-year"], "参数 --plan-year 缺少值。"),
        (["demo", "--scale", "city", "--remove"], "参数 --remove 不能与 --scale 同时使用。"),
        (["read", "没有.txt"], "文件“没有.txt”：找不到这个文件。"),
        (["sheet", "/"], "文件“/”：这是一个文件夹，请给出文件。"),
        (["read"], "请给出要阅读的文件，或用 --report 报告识读质量。"),
        (["serve", "--port", "70000"], "端口应在 1 到 65535 之间，实际是 70000。"),
    ],
)
def test_main_when_called_wrongly_then_one_plain_sentence_and_exit_2(
    words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(words)
    printed = capsys.readouterr()
    assert (code, printed.out, printed.err) == (2, "", f"{sentence}\n")


def test_main_when_called_wrongly_with_json_then_the_error_document(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = main(["read", "没有.txt", "--json"])
    printed = capsys.readouterr()
    assert (code, printed.out) == (2, "")
    assert json.loads(printed.err) == {
        "error": {
            "file": "没有.txt",
            "row": None,
            "column": None,
            "message": "找不到这个文件。",
        }
    }


def test_read_when_run_then_without_django_and_without_a_data_folder(tmp_path: Path) -> None:
    paper = tmp_path / "讲话.txt"
    paper.write_text("确保年内开工。\n", encoding="utf-8")
    program = (
        "import sys; from guatu.cli import main; code = main(sys.argv[1:]);"
        "sys.exit(3 if 'django' in sys.modules else code)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, "read", str(paper), "--text"],
        env={"GUATU_HOME": str(tmp_path / "home"), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "确保年内开工。\n\n", "")
    assert not (tmp_path / "home").exists()


def test_sole_user_when_folder_is_held_then_refused_until_let_go(tmp_path: Path) -> None:
    with sole_user(tmp_path), pytest.raises(BadInput, match="正由另一个服务使用"):
        sole_user(tmp_path).__enter__()
    with sole_user(tmp_path):
        pass
