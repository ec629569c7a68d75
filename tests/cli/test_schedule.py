"""`guatu schedule back` from files, without a database."""

import json
from pathlib import Path

import pytest

from guatu.cli import main
from guatu.engines.schedule import network_from
from guatu.engines.schedule.formats import mpp
from guatu.engines.schedule.formats.mspdi import write_mspdi
from tests.machine import java

PLAN = {
    "calendars": {"office": {"base": "china"}},
    "status_date": "2026-03-02",
    "activities": [{"id": "a", "duration": 3, "calendar": "office"}],
    "deadlines": [{"activity": "a", "finish": "2026-03-03"}],
}


def write(folder: Path, text: str, name: str = "plan.json") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_back_when_infeasible_then_an_answer_all_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["schedule", "back", write(tmp_path, json.dumps(PLAN)), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["feasible"], told["infeasible_by_calendar_days"]) == (False, 1)
    assert [item["kind"] for item in told["conflict"]] == ["status_date", "duration", "deadline"]
    assert told["activities"]["a"]["late_start"] is None


def test_back_when_read_by_people_then_verdict_and_rows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["schedule", "back", write(tmp_path, json.dumps(PLAN))]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "按期限不可行：差1个日历日。",
        "以下各项去掉任何一项即可行：",
        "  2026-03-02之前已不能安排工作",
        "  「a」需要3天",
        "  「a」须于2026-03-03前完成，最早2026-03-04才能完成",
        "a：最早2026-03-02—2026-03-04，关键",
    ]


def test_back_when_limits_break_independently_then_each_group_says_what_it_achieves(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = {
        **PLAN,
        "activities": [
            {"id": "a", "duration": 3, "calendar": "office", "start_no_earlier": "2026-03-09"},
            {"id": "b", "duration": 2, "calendar": "office"},
        ],
        "deadlines": [
            {"activity": "a", "finish": "2026-03-10"},
            {"activity": "b", "finish": "2026-03-02"},
        ],
    }
    assert main(["schedule", "back", write(tmp_path, json.dumps(plan))]) == 0
    assert capsys.readouterr().out.splitlines()[:9] == [
        "按期限不可行：差1个日历日。",
        "没有哪一项去掉后全部可行；以下2组互不相干，每组各去掉一项才可行：",
        "第1组，去掉任何一项即可满足：「a」的期限2026-03-10",
        "  「a」需要3天",
        "  「a」须于2026-03-10前完成，最早2026-03-11才能完成",
        "第2组，去掉任何一项即可满足：「b」的期限2026-03-02",
        "  2026-03-02之前已不能安排工作",
        "  「b」需要2天",
        "  「b」须于2026-03-02前完成，最早2026-03-03才能完成",
    ]


def test_back_when_work_never_fits_then_its_line_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outdoor = {"base": "china", "stop": [["11-01", "03-31"]]}
    plan = {
        **PLAN,
        "calendars": {"outdoor": outdoor},
        "activities": [{"id": "a", "duration": 200, "calendar": "outdoor"}],
        "deadlines": [{"activity": "a", "finish": "2027-10-01"}],
    }
    assert main(["schedule", "back", write(tmp_path, json.dumps(plan))]) == 0
    told = capsys.readouterr().out.splitlines()
    assert (told[0], told[-1]) == ("按期限不可行：有的工作永远排不下。", "a：排不下，暂定")


def test_back_when_a_date_leaves_the_table_then_one_sentence_and_bad_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = {**PLAN, "activities": [{"id": "a", "duration": 36_000, "calendar": "office"}]}
    name = write(tmp_path, json.dumps(plan))
    for command in ("back", "solve"):
        if command == "solve":
            name = write(tmp_path, json.dumps({**plan, "deadlines": []}))
        assert main(["schedule", command, name, "--json"]) == 2
        message = json.loads(capsys.readouterr().err)["error"]["message"]
        assert message.startswith("工作「a」最早到2166-")
        assert message.endswith("才能完成，超出日历表的2020—2100年，请核对工期和日期。")


def test_back_when_json_is_broken_then_line_and_column(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = write(tmp_path, '{\n "activities": [,]}')
    assert main(["schedule", "back", name, "--json"]) == 2
    assert json.loads(capsys.readouterr().err) == {
        "error": {
            "file": name,
            "row": 2,
            "column": "17",
            "message": "不是完整的JSON，请检查这里的写法。",
        }
    }


def test_back_when_the_holiday_table_works_statutory_days_then_warned(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = write(tmp_path, json.dumps(PLAN))
    head = "year,date,kind,source,provisional\n"
    short = "2026,2026-01-01,off,示例,false\n2026,2026-10-01,off,示例,false\n"
    table = write(tmp_path, head + short, "days.csv")
    words = ["schedule", "back", plan, "--holidays", table]
    assert main([*words, "--json"]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    (warning,) = json.loads(told.out)["warnings"]
    assert warning.startswith("放假表把2026年的法定节假日当成上班日：2月16日、2月17日、")
    assert warning.endswith("请核对是否列全。")
    assert main(words) == 0
    told = capsys.readouterr()
    assert told.err == warning + "\n"
    assert "放假表" not in told.out


def test_back_when_the_holiday_table_is_wrong_then_its_file_and_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = write(tmp_path, json.dumps(PLAN))
    table = write(tmp_path, "year,date,kind,source,provisional\n2027,x,off,y,false\n", "days.csv")
    assert main(["schedule", "back", plan, "--holidays", table, "--json"]) == 2
    error = json.loads(capsys.readouterr().err)["error"]
    assert (error["file"], error["row"]) == (table, 2)


def test_back_when_the_same_plan_comes_as_project_xml_then_the_same_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "plan.xml").write_bytes(write_mspdi(network_from(PLAN), title="示例"))
    answers = []
    for name in (str(tmp_path / "plan.xml"), write(tmp_path, json.dumps(PLAN))):
        assert main(["schedule", "back", name, "--json"]) == 0
        answers.append(json.loads(capsys.readouterr().out))
    assert answers[0] == answers[1]


@pytest.mark.skipif(not mpp.mpp_available(), reason=java.MISSING)
@pytest.mark.parametrize(
    ("command", "name"), [("back", "示例.mpp"), ("back", "示例.xer"), ("solve", "示例.MPP")]
)
def test_schedule_when_a_file_for_mpxj_is_read_then_its_plan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, name: str
) -> None:
    # Java tells files by their content: XML under another ending goes the whole way.
    (tmp_path / name).write_bytes(write_mspdi(network_from(PLAN), title="示例"))
    answers = []
    for file in (str(tmp_path / name), write(tmp_path, json.dumps(PLAN))):
        assert main(["schedule", command, file, "--json"]) == 0
        answers.append(json.loads(capsys.readouterr().out))
    assert answers[0] == answers[1]


@pytest.mark.parametrize("command", ["back", "solve"])
def test_schedule_when_java_is_missing_then_the_sentence_names_it_and_exit_2(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    command: str,
) -> None:
    monkeypatch.setenv("PATH", "")
    name = write(tmp_path, "", "示例.mpp")
    assert main(["schedule", command, name, "--json"]) == 2
    assert json.loads(capsys.readouterr().err)["error"]["message"] == mpp.MISSING


def test_back_when_a_need_is_of_no_resource_then_told_or_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [{**PLAN["activities"][0], "name": "吊装", "needs": {"crane": 1}}]
    words = "工作「吊装」需要的资源“crane”没有定义。"
    for resources in ({}, {"resources": []}):
        name = write(tmp_path, json.dumps({**PLAN, "activities": rows, **resources}))
        assert main(["schedule", "back", name, "--json"]) == 0
        told = json.loads(capsys.readouterr().out)["warnings"]
        assert told == [f"{words}倒排不计资源，结果不受影响。"]
    other = {"activities": rows, "resources": [{"id": "crew", "capacity": 2}]}
    name = write(tmp_path, json.dumps({**PLAN, **other}))
    assert main(["schedule", "back", name, "--json"]) == 2
    assert json.loads(capsys.readouterr().err)["error"]["message"] == words


def test_back_when_feasible_then_both_floats_are_told_in_three_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = {**PLAN, "deadlines": [{"activity": "a", "finish": "2026-03-09"}]}
    assert main(["schedule", "back", write(tmp_path, json.dumps(plan))]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "按期限可行。",
        "时差依次按本行日历、机关工作日、日历日计。",
        "a：最早2026-03-02—2026-03-04，最迟2026-03-05—2026-03-09，总时差3/3/5，自由时差3/3/5，关键",
    ]
