"""An old binary .xls (also WPS .et) → grids, through python-calamine."""

import io
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from guatu.engines.intake import BadInput
from guatu.engines.intake.sheet.budget import Budget
from guatu.engines.intake.sheet.grid import Grid, Raw, Span
from guatu.engines.intake.sheet.limits import Limits
from guatu.engines.intake.sheet.number_format import tidy


def read_xls(data: bytes, filename: str, limits: Limits) -> list[Grid]:
    """Read every worksheet; formulas give their cached values, hidden rows cannot be told."""
    # Loaded here only: a csv or xlsx never needs it.
    from python_calamine import (  # noqa: PLC0415 -- see above
        CalamineError,
        CalamineWorkbook,
        PasswordError,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    budget = Budget(limits, filename)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        grids = []
        for sheet in book.sheets_metadata:
            if sheet.typ != SheetTypeEnum.WorkSheet:
                continue
            grid = Grid(sheet.name, sheet.visible != SheetVisibleEnum.Visible)
            source = book.get_sheet_by_name(sheet.name)
            for number, values in enumerate(source.iter_rows(), start=1):
                _add_row(grid, number, values, budget)
            for (top, left), (bottom, right) in source.merged_cell_ranges or []:
                grid.merges.append(Span(top + 1, left + 1, bottom + 1, right + 1))
            grids.append(grid)
    except PasswordError:
        message = "工作簿有密码保护，请取消密码后再上传"
        raise BadInput(message, file=filename, kind="type") from None
    except (CalamineError, OSError, ValueError):
        message = "工作簿已损坏，打不开，请在Excel或WPS中另存为.xlsx后再上传"
        raise BadInput(message, file=filename, kind="broken") from None
    return grids


_Calamine = int | float | str | bool | time | date | datetime | timedelta


def _add_row(grid: Grid, number: int, values: list[_Calamine], budget: Budget) -> None:
    row: dict[int, Raw] = {}
    for column, value in enumerate(values, start=1):
        if value == "":
            continue
        row[column] = _raw(value)
        budget.spend_cell(number, column, row[column])
    if row:
        budget.spend_row()
        grid.rows[number] = row


def _raw(value: _Calamine) -> Raw:
    if isinstance(value, (str, bool, date)):
        return value
    if isinstance(value, (int, float)):
        return tidy(Decimal(repr(value)))
    return str(value)
