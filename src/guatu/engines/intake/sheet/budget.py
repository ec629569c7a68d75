"""Counting what a workbook costs while it is being read, over all its sheets."""

from guatu.engines.intake import BadInput
from guatu.engines.intake.sheet.grid import Raw, letters
from guatu.engines.intake.sheet.limits import Limits


class Budget:
    """Refuses the file the moment any limit is passed."""

    def __init__(self, limits: Limits, filename: str) -> None:
        self._limits = limits
        self._filename = filename
        self._rows = limits.rows
        self._cells = limits.cells
        self._characters = limits.characters
        self._strings = limits.cells

    def spend_row(self) -> None:
        """Count one row that holds something."""
        self._rows -= 1
        if self._rows < 0:
            message = f"数据超过{self._limits.rows}行，请拆分后上传"
            raise BadInput(message, file=self._filename, kind="size")

    def spend_cell(self, row: int, column: int, value: Raw) -> None:
        """Count one cell and the length of its text."""
        self._cells -= 1
        if self._cells < 0:
            message = f"单元格超过{self._limits.cells}个，请拆分后上传"
            raise BadInput(message, file=self._filename, kind="size")
        if isinstance(value, str):
            length = len(value)
            self._characters -= length
            if length > self._limits.cell_characters:
                message = f"单元格文字超过{self._limits.cell_characters}字"
                place = letters(column)
                raise BadInput(message, file=self._filename, row=row, column=place, kind="size")
            if self._characters < 0:
                message = f"全部文字超过{self._limits.characters}字，请拆分后上传"
                raise BadInput(message, file=self._filename, kind="size")

    def spend_string(self) -> None:
        """Count one entry of the shared string table."""
        self._strings -= 1
        if self._strings < 0:
            message = "工作簿里的不同文字过多，请拆分后上传"
            raise BadInput(message, file=self._filename, kind="size")
