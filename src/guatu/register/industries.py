"""Industry codes of GB/T 4754-2017 from a file the district supplies: read, compare, load."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db import transaction

from guatu.engines.intake import BadInput
from guatu.register.enums import RuleStatus, Verdict
from guatu.register.errors import Stale
from guatu.register.models import Industry
from guatu.register.policies import require
from guatu.register.recording import Act, note

CODE = re.compile(r"[A-T]|[0-9]{2,4}")
MOST_BYTES = 2_000_000
MOST_ROWS = 5_000
LONGEST_NAME = 120
HEADERS = {"code": ("code", "代码", "行业代码"), "name": ("name", "名称", "行业名称", "类别名称")}
Raw = tuple[int, str, str]


@dataclass(frozen=True)
class IndustryLine:
    """One code of the file against what is loaded; ``old`` is the name that would change."""

    number: int
    code: str
    name: str
    verdict: Verdict
    old: str = ""
    message: str = ""


@dataclass(frozen=True)
class IndustryPreview:
    """What loading a file would do. With any line in error nothing may be loaded."""

    filename: str
    lines: tuple[IndustryLine, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Number of lines per verdict, all four named."""
        found = Counter(line.verdict for line in self.lines)
        return {verdict.value: found[verdict] for verdict in Verdict}

    @property
    def names(self) -> dict[str, str]:
        """Names by code."""
        return {line.code: line.name for line in self.lines}


def preview_industries(data: bytes, filename: str) -> IndustryPreview:
    """Compare a csv or json file with the codes loaded; one query.

    csv: a header row with 代码 and 名称; json: a list of ``{"code", "name"}``, all texts. Codes
    are a section letter or two to four digits. A line said twice alike counts once. Raises
    BadInput for a file that cannot be taken as a whole; what is wrong in one line stands there.
    """
    if len(data) > MOST_BYTES:
        raise BadInput("行业代码文件超过 2 MB。", file=filename, kind="size")
    text = _decoded(data, filename)
    read = _from_json if text.lstrip().startswith("[") else _from_csv
    rows: list[Raw] = []
    for row in read(text, filename):
        rows.append(row)
        if len(rows) > MOST_ROWS:
            raise BadInput(f"行业代码超过 {MOST_ROWS} 行。", file=filename, kind="size")
    if not rows:
        raise BadInput("文件中没有行业代码。", file=filename, kind="empty")
    return IndustryPreview(filename, tuple(_compared(rows, _loaded())))


def load_industries(
    act: Act, names: Mapping[str, str], source: str, *, shown: Mapping[str, int] | None = None
) -> int:
    """Insert new codes and rename changed ones; returns how many rows were written.

    What is written counts as 待核 until somebody has compared it with the printed standard; a code
    that says the same as before keeps its status and source. ``shown`` are the preview's counts:
    raises Stale when they no longer hold.
    """
    require(act.standing, "industry.load")
    rows = [(number, code, name) for number, (code, name) in enumerate(names.items(), 1)]
    with transaction.atomic():
        preview = IndustryPreview(source, tuple(_compared(rows, _loaded())))
        if shown is not None and dict(shown) != preview.counts:
            raise Stale("行业代码刚被别人装入过，请重新上传并核对。")
        wrong = next((line for line in preview.lines if line.verdict == Verdict.ERROR), None)
        if wrong is not None:
            raise BadInput(wrong.message, file=source, row=wrong.number)
        written = [line for line in preview.lines if line.verdict != Verdict.UNCHANGED]
        if written:
            _write(act, written, source)
    return len(written)


def _write(act: Act, lines: list[IndustryLine], source: str) -> None:
    Industry.objects.bulk_create(
        [
            Industry(code=line.code, name=line.name, status=RuleStatus.PENDING, source=source[:200])
            for line in lines
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "status", "source"],
    )
    first = Industry.objects.get(code=lines[0].code)
    note(act, "industry.load", first, {"count": [None, len(lines)], "file": [None, source]})


def _loaded() -> dict[str, str]:
    return dict(Industry.objects.values_list("code", "name"))


def _compared(rows: Iterable[Raw], loaded: Mapping[str, str]) -> Iterator[IndustryLine]:
    said: dict[str, str] = {}
    for number, code, name in rows:
        message = _fault(code, name, said.get(code))
        if message:
            yield IndustryLine(number, code[:10], name[:LONGEST_NAME], Verdict.ERROR, "", message)
        elif code not in said:
            said[code] = name
            old = loaded.get(code)
            if old is None:
                yield IndustryLine(number, code, name, Verdict.NEW)
            elif old == name:
                yield IndustryLine(number, code, name, Verdict.UNCHANGED)
            else:
                yield IndustryLine(number, code, name, Verdict.CHANGED, old)


def _fault(code: str, name: str, said: str | None) -> str:
    """Say what is wrong with a line; ``said`` is the name an earlier line gave the code."""
    if not CODE.fullmatch(code):
        return "代码不符合 GB/T 4754，应为 A—T 一个字母或二至四位数字"
    if not name:
        return "名称为空"
    if len(name) > LONGEST_NAME:
        return f"名称超过 {LONGEST_NAME} 字"
    if not name.isprintable():
        return "名称中有不可见的控制字符"
    if said not in {None, name}:
        return "同一代码出现两次，名称不同"
    return ""


def _decoded(data: bytes, filename: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadInput("文件不是 UTF-8 或 GB18030 编码。", file=filename)


def _from_json(text: str, filename: str) -> Iterator[Raw]:
    try:
        rows = [(row["code"], row["name"]) for row in json.loads(text)]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise BadInput("文件应为由 code 和 name 组成的列表。", file=filename) from None
    for number, (code, name) in enumerate(rows, 1):
        if not (isinstance(code, str) and isinstance(name, str)):
            raise BadInput("code 和 name 都应为带引号的文字。", file=filename, row=number)
        yield number, code.strip(), name.strip()


def _from_csv(text: str, filename: str) -> Iterator[Raw]:
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        header = [cell.strip().lower() for cell in next(reader)]
        places = [
            next(place for place, cell in enumerate(header) if cell in HEADERS[wanted])
            for wanted in ("code", "name")
        ]
    except (StopIteration, csv.Error):
        raise BadInput("第一行应有「代码」和「名称」两列。", file=filename, row=1) from None
    try:
        for number, row in enumerate(reader, 2):
            if any(cell.strip() for cell in row):
                code, name = (row[place].strip() if place < len(row) else "" for place in places)
                yield number, code, name
    except csv.Error:
        raise BadInput("文件不是正确的 csv。", file=filename) from None
