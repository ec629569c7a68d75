"""The target account as Excel: one line a target and unit."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.http import HttpResponse

from guatu.campaign.targets.account import Account, Position
from guatu.engines.plan_path import Judged
from guatu.loop.target_kinds import WHY_NOTES
from guatu.web.components import LAMP_WORDS, UNRATED
from guatu.web.downloads import XLSX, made

HEADERS = (
    ("目标", "text"),
    ("单位", "text"),
    ("计量单位", "text"),
    ("年度目标", "number"),
    ("力争超额", "number"),
    ("时序应达", "number"),
    ("已完成", "number"),
    ("未报项数", "number"),
    ("差额", "number"),
    ("进度", "text"),
)
Cell = str | int | Decimal | None


def account_workbook(told: Account) -> HttpResponse:
    """Answer with the whole account; unknown stays blank."""
    rows = [row for position in told.standings for row in _rows(position)]
    title = f"{told.campaign.year}年任务账"
    return workbook(title, HEADERS, rows, f"{title}-{told.day:%Y%m%d}.xlsx", told)


def _rows(position: Position) -> Iterable[list[Cell]]:
    if position.target is None:
        return
    unit = position.target.unit
    promised = (position.base, position.stretch)
    yield [position.kind.name, "合计", unit, *promised, *_reached(position.judged)]
    for line in position.lines:
        name = str(line.unit) if line.unit else "未分解到的单位"
        promised = (line.share.year, line.share.stretch)
        yield [position.kind.name, name, unit, *promised, *_reached(line.judged)]


def _reached(judged: Judged) -> list[Cell]:
    word = LAMP_WORDS.get(judged.light.value, UNRATED)
    return [
        judged.expected.value,
        judged.actual.value,
        judged.actual.unknown,
        judged.gap,
        f"{word} · {WHY_NOTES[judged.why]}",
    ]


def workbook(
    title: str,
    headers: Sequence[tuple[str, str]],
    rows: Sequence[Sequence[Cell]],
    filename: str,
    told: Account,
) -> HttpResponse:
    """Answer with one table as a download."""
    from guatu.engines import exports  # noqa: PLC0415 -- Excel is loaded by the first export

    columns = [
        exports.ExportColumn(name, "number" if kind == "number" else "text")
        for name, kind in headers
    ]
    content = exports.write_table(columns, rows, title=title, as_of=told.day)
    return made(content, XLSX, filename)
