"""Characters nobody sees: taken out of every text of a sheet, each cell told with what it held."""

from guatu.engines.intake.sheet.grid import Fault, Grid, Raw, reference
from guatu.engines.intake.sheet.model import Finding
from guatu.engines.intake.sheet.money import INVISIBLE

_NAMED = 4
"""Different characters named of one cell; more are counted only."""


def take_out(grid: Grid) -> list[Finding]:
    """Rid a grid of control, direction and zero-width characters; its findings, cell by cell.

    They turn what a person reads into something other than what is stored (Unicode UTS 39), and
    no value of a ledger needs them.  A cell that held nothing else is blank.
    """
    grid.name = INVISIBLE.sub("", grid.name)
    grid.margins = [INVISIBLE.sub("", text) for text in grid.margins]
    findings: list[Finding] = []
    for number in list(grid.rows):
        row = grid.rows[number]
        for column, value in list(row.items()):
            text = _text(value)
            if not INVISIBLE.search(text):
                continue
            findings.append(Finding(reference(number, column), "invisible_mark", _told(text)))
            rest = INVISIBLE.sub("", text)
            if isinstance(value, Fault):
                row[column] = Fault(value.code, rest)
            elif rest.strip():
                row[column] = rest
            else:
                del row[column]
        if not row:
            del grid.rows[number]
    return findings


def _text(value: Raw) -> str:
    if isinstance(value, Fault):
        return value.text
    return value if isinstance(value, str) else ""


def _told(text: str) -> str:
    r"""Name the characters by their code points.

    >>> _told("示例\u202e项\u200b目\u202e")
    '含看不见的控制或方向字符U+202E、U+200B，已去掉，请核对'
    """
    codes = [f"U+{ord(one):04X}" for one in dict.fromkeys(INVISIBLE.findall(text))]
    more = f"等{len(codes)}种" if len(codes) > _NAMED else ""
    return f"含看不见的控制或方向字符{'、'.join(codes[:_NAMED])}{more}，已去掉，请核对"
