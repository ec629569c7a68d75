"""Industry codes of GB/T 4754-2017 from a file the district supplies."""

import csv
import io
import json
import re

from guatu.engines.intake import BadInput
from guatu.register.enums import RuleStatus
from guatu.register.models import Industry
from guatu.register.policies import require
from guatu.register.recording import Act, note

CODE = re.compile(r"[A-T]|\d{2,4}")
MOST_BYTES = 2_000_000
MOST_ROWS = 5_000
LONGEST_NAME = 120
HEADERS = {"code": ("code", "代码", "行业代码"), "name": ("name", "名称", "行业名称", "类别名称")}


def load_industries(act: Act, data: bytes, filename: str) -> int:
    """Insert or rename industry codes from a csv or json file; returns how many rows it had.

    csv: a header row with 代码 and 名称; json: a list of ``{"code", "name"}``. Codes are a section
    letter or two to four digits. All or nothing; what is loaded counts as 待核 until somebody has
    compared it with the printed standard. Raises BadInput naming file and row.
    """
    require(act.standing, "industry.load")
    if len(data) > MOST_BYTES:
        raise BadInput("行业代码文件超过 2 MB。", file=filename)
    text = _decoded(data, filename)
    rows = (
        _from_json(text, filename) if text.lstrip().startswith("[") else _from_csv(text, filename)
    )
    names: dict[str, str] = {}
    for number, code, name in rows:
        if not CODE.fullmatch(code):
            raise BadInput(f"行业代码「{code[:10]}」不符合 GB/T 4754。", file=filename, row=number)
        if not name or len(name) > LONGEST_NAME:
            raise BadInput(f"行业代码 {code} 的名称为空或过长。", file=filename, row=number)
        if names.setdefault(code, name) != name:
            raise BadInput(f"行业代码 {code} 出现两次，名称不同。", file=filename, row=number)
    if not 0 < len(names) <= MOST_ROWS:
        raise BadInput("文件中没有行业代码，或超过 5000 行。", file=filename)
    Industry.objects.bulk_create(
        [
            Industry(code=code, name=name, status=RuleStatus.PENDING, source=filename[:200])
            for code, name in names.items()
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "status", "source"],
    )
    first = Industry.objects.get(code=next(iter(names)))
    note(act, "industry.load", first, {"count": [None, len(names)], "file": [None, filename]})
    return len(names)


def _decoded(data: bytes, filename: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadInput("文件不是 UTF-8 或 GB18030 编码。", file=filename)


def _from_json(text: str, filename: str) -> list[tuple[int, str, str]]:
    try:
        return [
            (number, str(row["code"]).strip(), str(row["name"]).strip())
            for number, row in enumerate(json.loads(text), 1)
        ]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise BadInput("文件应为由 code 和 name 组成的列表。", file=filename) from None


def _from_csv(text: str, filename: str) -> list[tuple[int, str, str]]:
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        header = [cell.strip().lower() for cell in next(reader)]
        places = [
            next(place for place, cell in enumerate(header) if cell in HEADERS[wanted])
            for wanted in ("code", "name")
        ]
    except (StopIteration, csv.Error):
        raise BadInput("第一行应有「代码」和「名称」两列。", file=filename, row=1) from None
    rows = []
    try:
        for number, row in enumerate(reader, 2):
            if any(cell.strip() for cell in row):
                code, name = (row[place].strip() if place < len(row) else "" for place in places)
                rows.append((number, code, name))
    except csv.Error:
        raise BadInput("文件不是正确的 csv。", file=filename) from None
    return rows
