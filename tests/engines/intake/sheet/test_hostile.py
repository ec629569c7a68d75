"""The hostile corpus: every file is refused with one sentence or read, never worse."""

import subprocess
import sys
from pathlib import Path

import pytest

from guatu.engines.intake import BadInput
from guatu.engines.intake.sheet import read_workbook_confined
from tests.engines.intake.sheet.hostile import ENDURED, REFUSED, SURVIVED

HEAVY = ["300,000 rows", "deep xml", "shared string bomb", "1.5 million rows", "xls far cell"]
CHECKOUT = Path(__file__).parents[4]


@pytest.mark.parametrize("name", REFUSED)
def test_hostile_file_when_read_then_refused_with_one_sentence(name: str) -> None:
    filename, make, (kind, words, row, column) = REFUSED[name]
    with pytest.raises(BadInput) as caught:
        read_workbook_confined(make(), filename)
    refusal = caught.value
    assert (refusal.kind, refusal.file, refusal.row, refusal.column) == (
        kind,
        filename,
        row,
        column,
    )
    assert words in refusal.message
    assert "。" not in str(refusal)
    assert str(refusal).startswith(f"文件“{filename}”")


@pytest.mark.parametrize("name", SURVIVED)
def test_odd_file_when_read_then_its_honest_row_is_there(name: str) -> None:
    filename, make = SURVIVED[name]
    book = read_workbook_confined(make(), filename)
    table = book.tables[0]
    names = [cell.value for row in table.rows for cell in row if cell.cell.startswith("B")]
    assert (table.kind, [n for n in names if n]) in (
        ("project", ["示例一号项目"]),
        ("project", ["示例项目"]),
    )


@pytest.mark.parametrize("name", ENDURED)
def test_broken_file_when_read_then_nothing_worse_than_a_refusal(name: str) -> None:
    filename, make = ENDURED[name]
    try:
        outcome = read_workbook_confined(make(), filename).tables[0].sheet
    except BadInput as refusal:
        outcome = refusal.kind
    assert outcome in {"项目台账", "broken", "size"}


def test_heaviest_files_when_read_then_no_child_passes_300_megabytes() -> None:
    # A fresh process, so that the largest child counted is one of the corpus.
    program = (
        "import resource\n"
        "from guatu.engines.intake import BadInput\n"
        "from guatu.engines.intake.sheet import read_workbook_confined\n"
        "from tests.engines.intake.sheet.hostile import ENDURED, REFUSED\n"
        "files = {**REFUSED, **ENDURED}\n"
        f"for name in {HEAVY!r}:\n"
        "    filename, make = files[name][:2]\n"
        "    try:\n"
        "        read_workbook_confined(make(), filename)\n"
        "    except BadInput:\n"
        "        pass\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)\n"
    )
    done = subprocess.run(  # noqa: S603 -- our own interpreter and program
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=CHECKOUT
    )
    assert int(done.stdout) < 300
