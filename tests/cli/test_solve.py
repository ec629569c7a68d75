"""`guatu schedule solve` from files, without a database."""

import json
from pathlib import Path

import pytest

from guatu.cli import main
from guatu.engines.schedule import network_from
from guatu.engines.schedule.formats.mspdi import write_mspdi
from tests.engines.schedule.levelling.projects import as_psplib, faults, project

PLAN = {
    "calendars": {"office": {"base": "china"}},
    "status_date": "2026-03-02",
    "activities": [
        {"id": "a", "duration": 3, "calendar": "office", "needs": {"crew": 1}},
        {"id": "b", "duration": 2, "calendar": "office", "needs": {"crew": 1}},
    ],
    "links": [{"from": "b", "to": "a", "type": "SS"}],
    "resources": [{"id": "crew", "capacity": 1}],
}


def write(folder: Path, text: str, name: str) -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_solve_when_psplib_then_starts_by_job_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = project(8, 3)
    name = write(tmp_path, as_psplib(made), "small.sm")
    assert main(["schedule", "solve", name, "--limit", "2", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert list(told) == ["status", "makespan", "bound", "gap", "starts", "cut_by_clock"]
    assert (told["status"], told["gap"], told["cut_by_clock"]) == ("OPTIMAL", 0.0, False)
    assert list(told["starts"]) == [str(job) for job in range(1, 11)]
    assert faults(made, tuple(told["starts"].values())) == []
    assert told["starts"]["10"] == told["makespan"] == told["bound"]


def test_solve_when_run_twice_then_byte_by_byte_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = write(tmp_path, as_psplib(project(90, 3, tight=0.05)), "p.sm")
    words = ["schedule", "solve", name, "--limit", "0.5", "--workers", "2", "--seed", "7", "--json"]
    answers = []
    for _run in range(2):
        assert main(words) == 0
        answers.append(capsys.readouterr().out)
    assert answers[0] == answers[1]


def test_solve_when_a_plan_then_dates(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = write(tmp_path, json.dumps(PLAN), "plan.json")
    assert main(["schedule", "solve", name, "--limit", "0.2", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "status": "OPTIMAL",
        "makespan": 5,
        "bound": 5,
        "gap": 0.0,
        "starts": {
            "a": {"start": "2026-03-04", "finish": "2026-03-06"},
            "b": {"start": "2026-03-02", "finish": "2026-03-03"},
        },
        "cut_by_clock": False,
    }


def test_solve_when_the_crew_is_away_then_dates_around_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    away = {"from": "2026-03-04", "to": "2026-03-06", "capacity": 0}
    crew = {**PLAN["resources"][0], "periods": [away]}
    name = write(tmp_path, json.dumps({**PLAN, "resources": [crew]}), "plan.json")
    assert main(["schedule", "solve", name, "--limit", "0.2", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["status"], found["makespan"]) == ("OPTIMAL", 10)
    assert found["starts"]["a"] == {"start": "2026-03-09", "finish": "2026-03-11"}


def test_solve_when_the_same_plan_comes_as_project_xml_then_the_same_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    xml = write_mspdi(network_from(PLAN), title="示例")
    path = tmp_path / "plan.xml"
    path.write_bytes(xml)
    name = write(tmp_path, json.dumps(PLAN), "plan.json")
    answers = []
    for file in (str(path), name):
        assert main(["schedule", "solve", file, "--limit", "0.2", "--json"]) == 0
        answers.append(json.loads(capsys.readouterr().out))
    assert answers[0] == answers[1]


def test_solve_when_read_by_people_then_verdict_and_rows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = write(tmp_path, json.dumps(PLAN), "plan.json")
    assert main(["schedule", "solve", name, "--limit", "0.2"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "已证明最优：总工期5个日历日，下界5个日历日。",
        "a：2026-03-04—2026-03-06",
        "b：2026-03-02—2026-03-03",
    ]


def test_solve_when_infeasible_then_an_answer_all_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    late = {**PLAN, "deadlines": [{"activity": "a", "finish": "2026-03-03"}]}
    name = write(tmp_path, json.dumps(late), "plan.json")
    assert main(["schedule", "solve", name, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["status"], told["makespan"], told["gap"], told["starts"]) == (
        "INFEASIBLE",
        None,
        None,
        None,
    )


@pytest.mark.parametrize(
    ("text", "name", "told"),
    [
        ("jobs (incl. supersource/sink ):  x\n", "p.sm", (1, "工作数不是一个整数。")),
        ("[1,", "p.json", (1, "不是完整的JSON，请检查这里的写法。")),
        ("", "p.mpp", (None, "只接受 .sm、.json、.xml 文件。")),
    ],
)
def test_solve_when_the_file_is_broken_then_one_sentence_and_exit_2(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    text: str,
    name: str,
    told: tuple[int | None, str],
) -> None:
    assert main(["schedule", "solve", write(tmp_path, text, name), "--json"]) == 2
    error = json.loads(capsys.readouterr().err)["error"]
    assert (error["row"], error["message"]) == told


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--limit", "0"], "参数 --limit 应大于0、不超过86400秒，实际是 0。"),
        (["--limit", "nan"], "参数 --limit 应大于0、不超过86400秒，实际是 nan。"),
        (["--limit", "十"], "参数 --limit 应为秒数，实际是 '十'。"),
        (["--workers", "0"], "参数 --workers 应在1到64之间，实际是 0。"),
        (["--seed", "-1"], "参数 --seed 应在0到2147483647之间，实际是 -1。"),
    ],
)
def test_solve_when_called_wrongly_then_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    name = write(tmp_path, as_psplib(project(3, 1)), "p.sm")
    assert main(["schedule", "solve", name, *words]) == 2
    assert capsys.readouterr().err == f"{sentence}\n"
