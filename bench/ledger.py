"""A ledger of 5,000 rows: reading it into drafts, then confirming it.

Processor seconds with those of the confined child that opens the file. Beside them stand what it
costs merely to walk over the same cells with openpyxl (read-only) and with calamine.
"""

import datetime as dt
import io
import os
import sys
import tempfile
from dataclasses import replace
from typing import TYPE_CHECKING

from bench.measuring.clocks import spent
from bench.measuring.tables import table, verdict
from guatu.cli.application import application

if TYPE_CHECKING:
    from guatu.campaign.sample.people import District

ROWS = 5_000
PREVIEW_CPU_SECONDS = 5
CONFIRM_CPU_SECONDS = 10
SEED = 7


def main() -> int:
    """Return the exit code."""
    with tempfile.TemporaryDirectory(prefix="guatu-bench-") as home:
        os.environ["GUATU_HOME"] = home
        application()
        measure()
    return 0


def measure() -> None:
    """Load the sample's district, then read and confirm as its office."""
    from guatu.campaign import sample  # noqa: PLC0415 -- needs Django set up
    from guatu.cli.serving import upgrade  # noqa: PLC0415 -- as above

    upgrade()
    district = sample.load().district
    for words, wide in (("nine columns", False), ("with every month's money and image", True)):
        _measure(district, words, workbook(district.units["housing"].name, wide=wide))


def _measure(district: "District", words: str, data: bytes) -> None:
    from guatu.campaign import reading  # noqa: PLC0415 -- needs Django set up
    from guatu.campaign.sample.loading import BUSINESS_DATE, at  # noqa: PLC0415 -- as above
    from guatu.investment.models import Project  # noqa: PLC0415 -- as above
    from guatu.register.models import Event  # noqa: PLC0415 -- as above

    before, known = Project.objects.count(), Event.objects.count()
    act = replace(district.act_as(at(BUSINESS_DATE, 9), "office1"), sample=False)
    batch, preview = spent(lambda: reading.read_ledger_into_drafts(act, data, f"{words}.xlsx"))
    _, confirm = spent(lambda: reading.confirm_batch(act, batch))
    added = Project.objects.count() - before
    assert added == ROWS, f"{added} projects came out of {ROWS} rows: {batch.counts}"
    _, plain = spent(lambda: walk_with_openpyxl(data))
    _, raw = spent(lambda: walk_with_calamine(data))
    steps = (
        ("preview", preview, PREVIEW_CPU_SECONDS),
        ("confirm", confirm, CONFIRM_CPU_SECONDS),
    )
    written = Event.objects.count() - known
    print(f"\n{ROWS:,} rows {words}, {len(data) / 1024:.0f} kB, {written:,} events, SQLite\n")
    print(
        table(
            ["step", "CPU s", "wall s", "bar CPU s", "× openpyxl walk", "× calamine walk", "bars"],
            [
                [
                    name,
                    time.cpu,
                    time.wall,
                    bar,
                    time.cpu / plain.cpu,
                    time.cpu / raw.cpu,
                    verdict(f"CPU > {bar} s" if time.cpu > bar else ""),
                ]
                for name, time, bar in steps
            ],
        )
    )
    print(f"\nwalk over the cells alone: openpyxl {plain.cpu:.2f}, calamine {raw.cpu:.2f} CPU s")


def workbook(unit: str, *, wide: bool) -> bytes:
    """Write the ledger as an office would; a wide one has columns for every month."""
    from guatu.campaign.sample.invented import projects  # noqa: PLC0415 -- as above
    from guatu.campaign.sample.ledgers import invented_ledger  # noqa: PLC0415 -- as above
    from guatu.campaign.sample.loading import paths  # noqa: PLC0415 -- as above
    from guatu.investment.models import Category  # noqa: PLC0415 -- as above

    invented = projects(
        SEED, ROWS, paths=paths(), units=["unit"], leaders=["leader"], today=dt.date(2025, 3, 18)
    )
    mark = "宽" if wide else "窄"
    named = [
        replace(project, name=f"{project.name}（{mark}{number:05d}）")
        for number, project in enumerate(invented)
    ]
    if not wide:
        named = [replace(project, paid={}, images={}) for project in named]
    categories = dict(Category.objects.values_list("code", "name"))
    return invented_ledger(named, categories, {"unit": unit}, {"leader": "常务副区长"})


def walk_with_openpyxl(data: bytes) -> int:
    """Touch every cell, read-only."""
    from openpyxl import load_workbook  # noqa: PLC0415 -- measured with its import, as ours is

    sheet = load_workbook(io.BytesIO(data), read_only=True).worksheets[0]
    return sum(cell is not None for row in sheet.iter_rows(values_only=True) for cell in row)


def walk_with_calamine(data: bytes) -> int:
    """Touch every cell with the Rust reader."""
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 -- as above

    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    rows = book.get_sheet_by_index(0).to_python()
    return sum(cell != "" for row in rows for cell in row)


if __name__ == "__main__":
    sys.exit(main())
