"""A csv file → one grid: encoding in two strict steps, the delimiter from the text itself."""

import codecs
import csv
import io

from guatu.engines.intake import BadInput
from guatu.engines.intake.sheet.budget import Budget
from guatu.engines.intake.sheet.grid import Grid, Raw
from guatu.engines.intake.sheet.limits import Limits

_DELIMITERS = ",\t;|，"
_SAMPLE_LINES = 30


def read_csv(data: bytes, filename: str, limits: Limits) -> list[Grid]:
    """Read a csv; every value is text, quoted line ends are kept inside the cell."""
    text = _decode(data, filename)
    budget = Budget(limits, filename)
    grid = Grid("", hidden=False)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    number = 0
    try:
        for number, values in enumerate(reader, start=1):
            row: dict[int, Raw] = {
                column: value for column, value in enumerate(values, start=1) if value.strip()
            }
            for column, value in row.items():
                budget.spend_cell(number, column, value)
            if row:
                budget.spend_row()
                grid.rows[number] = row
    except csv.Error:
        message = "这一行的引号不成对或内容过长，请在Excel或WPS中另存为.xlsx后再上传"
        raise BadInput(message, file=filename, row=number + 1, kind="broken") from None
    return [grid]


def _decode(data: bytes, filename: str) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text
    message = "这不是csv文本，或编码不是UTF-8、GB18030，请另存为.xlsx后再上传"
    raise BadInput(message, file=filename, kind="broken")


def _delimiter(text: str) -> str:
    """Choose the delimiter that divides the first lines most evenly; the comma wins a draw."""
    lines = [line for line in text.splitlines()[:_SAMPLE_LINES] if line.strip()]
    best, best_score = ",", 0
    for delimiter in _DELIMITERS:
        counts = [line.count(delimiter) for line in lines]
        common = max(set(counts), key=lambda n: (counts.count(n), n)) if counts else 0
        score = common * counts.count(common)
        if score > best_score:
            best, best_score = delimiter, score
    return best
