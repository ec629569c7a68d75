"""密级 marks: a workbook that carries one is refused, this being a non-secret system."""

import re
from collections.abc import Iterable

from guatu.engines.intake import BadInput
from guatu.engines.intake.sheet.grid import Grid, letters
from guatu.engines.intake.sheet.money import narrow

_LEVEL = "绝密|机密|秘密"
_TERM = r"(?:\d{1,2}(?:年|个月)|长期)?"
_ALONE = re.compile(rf"[【\[(]?(?:{_LEVEL}|工作秘密)(?:级)?[】\])]?{_TERM}")
_MARK = re.compile(
    rf"(?:{_LEVEL})[★☆*]|[★☆](?:{_LEVEL})(?![\u4e00-\u9fff])"
    rf"|(?:密级|保密等级|涉密等级)(?::|为)?[【\[(]?(?:{_LEVEL}|工作秘密)"
)


def refuse_secret(grids: Iterable[Grid], filename: str) -> None:
    """Refuse the workbook when a cell, sheet name, page header or footer carries a mark.

    Words such as 商业秘密 inside a sentence are no mark.
    """
    for grid in grids:
        for row, column, text in grid.texts():
            if "密" in text and is_mark(text):
                raise _refusal(filename, row, letters(column))
        for text in (grid.name, *grid.margins):
            if is_mark(re.sub(r"&(?:[LCRBIU]|\"[^\"]*\"|\d+)", " ", text)):
                raise _refusal(filename, None, None)


def is_mark(text: str) -> bool:
    """Whether a text is a 密级 mark.

    >>> is_mark("机 密 ★ 5年"), is_mark("密级：秘密"), is_mark("商业秘密保护项目")
    (True, True, False)
    """
    bare = narrow(text)
    return bool(_ALONE.fullmatch(bare) or _MARK.search(bare))


def _refusal(filename: str, row: int | None, column: str | None) -> BadInput:
    message = "表中有密级标志，本系统为非涉密系统，禁止录入涉密文件"
    return BadInput(message, file=filename, row=row, column=column, kind="secret")
