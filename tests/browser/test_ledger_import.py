"""A ledger in Chromium: a wrong one is refused cell by cell, a right one goes in and is found."""

from pathlib import Path

import pytest

from guatu.investment.models import Project
from tests.browser.test_duty_life import OFFICE, PHONE, people
from tests.browser.test_paper_to_duty import place  # noqa: F401 -- the same district
from tests.campaign.ledgers import ledger, row
from tests.loop.builders import District

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
UNIT = {"c8": "示例工信局"}


def test_ledger_when_wrong_then_refused_by_cell_and_when_right_then_imported(
    live_server: object,
    place: District,  # noqa: F811 -- the fixture, not the import
    tmp_path: Path,
) -> None:
    wrong, right, again = (tmp_path / f"{name}台账.xlsx" for name in ("错误", "正确", "变更"))
    good = [row(n, f"示例{n:02d}号厂房", **UNIT) for n in range(1, 13)]
    bad = [row(13, "示例云谷", c4="2025-02-30", **UNIT), row(14, "示例光电园", c8="示例工信厅")]
    wrong.write_bytes(ledger(*good, *bad))
    right.write_bytes(ledger(*good, ["", "合计", "", "", "", 12078, 6000, 1200, "", "", "", ""]))
    again.write_bytes(ledger(row(1, "示例01号厂房", c5=2000, **UNIT), *good[1:]))
    with people(live_server, tmp_path) as crowd:
        page = crowd.at(place.office, OFFICE, "/intake/")
        page.set_input_files("#id_ledger-file", wrong)
        page.click("text=上传并预览")
        page.wait_for_selector("text=有错误，一行也不会导入")
        assert page.inner_text(".ledger-preview tbody tr:first-child .verdict") == "错误"
        crowd.judge(page, "ledger-errors-1366")
        with page.expect_download() as download:
            page.click("text=下载待改正的整表")
        assert download.value.suggested_filename == "待改正-错误台账.xlsx"
        page.goto(f"{crowd.root}/intake/")
        page.set_input_files("#id_ledger-file", right)
        page.click("text=上传并预览")
        page.wait_for_selector(".ledger-preview")
        assert "相符" in page.inner_text(".ledger-checks")
        crowd.judge(page, "ledger-preview-1366")
        page.click("text=核对并导入")
        crowd.judge(page, "ledger-check-1366")
        page.click("text=确认导入")
        page.wait_for_selector("text=新增 12 个项目")
        crowd.judge(page, "ledger-done-1366")
        page.goto(f"{crowd.root}/intake/")
        page.set_input_files("#id_ledger-file", again)
        page.click("text=上传并预览")
        page.wait_for_selector("td.cell-changed del")
        crowd.judge(page, "ledger-changed-1366")
        phone = crowd.at(place.office, PHONE, "/intake/")
        phone.goto(page.url)
        crowd.judge(phone, "ledger-changed-390")
    assert Project.objects.count() == 12
