"""Commands on the data folder: what is refused says why and of which file, and leaves nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from guatu.cli import main
from guatu.investment import stages
from guatu.register import rules
from guatu.register.enums import Role
from tests.campaign.ledgers import ledger, row
from tests.factories import make_campaign, make_district, make_officer, make_post, make_unit


@pytest.mark.django_db
def test_load_when_kind_is_unknown_then_exit_2_and_the_kinds_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "台账.xlsx"
    file.write_bytes(ledger(row(1, "示例东湖产业园")))
    code = main(["load", str(file), "--kind", "foo"])
    told = capsys.readouterr().err
    assert code == 2
    assert told.startswith("没有“foo”这一种，--kind 可写：paper（会议材料）、project（项目台账）、")


@pytest.mark.django_db
def test_load_when_the_officer_may_not_then_exit_1_and_the_file_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    district = make_district()
    make_campaign(district)
    leader = make_officer(make_post(district, Role.LEADER))
    file = tmp_path / "台账.xlsx"
    file.write_bytes(ledger(row(1, "示例东湖产业园")))
    code = main(["load", str(file), "--as", leader.username, "--json"])
    error = json.loads(capsys.readouterr().err)["error"]
    assert (code, error["file"]) == (1, "台账.xlsx")


def test_restore_when_the_backup_is_cut_off_then_exit_2_and_the_folder_stays_empty(
    tmp_path: Path,
) -> None:
    backup, home = tmp_path / "备份.zip", tmp_path / "home"
    backup.write_bytes(b"PK\x03\x04" + bytes(200))
    done = subprocess.run(
        [sys.executable, "-m", "guatu.cli", "restore", str(backup)],
        env=os.environ | {"GUATU_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "不是备份文件，或文件已损坏" in done.stderr
    assert list(home.rglob("*")) == []


@pytest.mark.django_db
def test_load_when_a_total_is_wrong_then_saved_and_the_warning_names_its_cell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    district = make_district()
    make_campaign(district)
    make_unit(district, "示例一局")
    rules.load_shipped()
    stages.load_shipped()
    total = ["合计", None, None, None, None, 9999, None, None, None, None, None, None]
    file = tmp_path / "台账.xlsx"
    file.write_bytes(ledger(row(1, "示例东湖产业园"), total))
    message = "合计行与各行之和不符：“合计”写明9999万元，按1行相加为1001万元"
    leader = "包保领导“示例领导”没有对应的岗位，按文字保留"
    assert main(["load", str(file), "--confirm", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["new"], answer["errors"], answer["warnings"]) == (
        1,
        [],
        [
            {"file": "台账.xlsx", "row": 5, "column": "F", "message": message},
            {"file": "台账.xlsx", "row": 4, "column": "J", "message": leader},
        ],
    )
    assert main(["load", str(file)]) == 0
    assert message in capsys.readouterr().out


@pytest.mark.django_db
def test_load_when_a_value_is_not_taken_over_then_a_warning_names_its_cell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_campaign(make_district())
    rules.load_shipped()
    headers = ["企业名称", "统一社会信用代码", "所在街道"]
    file = tmp_path / "企业库.xlsx"
    rows = ledger(["示例机械有限公司", None, "示例远街道"], headers=headers, title="企业库")
    file.write_bytes(rows)
    assert main(["load", str(file), "--kind", "enterprise", "--json"]) == 0
    (warning,) = json.loads(capsys.readouterr().out)["warnings"]
    message = "“示例远街道”不是组织机构中的街道，所在街道按未知"
    assert (warning["column"], warning["message"]) == ("C", message)
