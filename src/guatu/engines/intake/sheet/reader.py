"""The whole way from a file's bytes to its tables."""

from dataclasses import replace

from guatu.engines.intake import BadInput
from guatu.engines.intake.sheet.checks import duplicates
from guatu.engines.intake.sheet.container import FileType, sniff
from guatu.engines.intake.sheet.delimited import read_csv
from guatu.engines.intake.sheet.grid import Grid
from guatu.engines.intake.sheet.invisible import take_out
from guatu.engines.intake.sheet.limits import DEFAULT, Limits
from guatu.engines.intake.sheet.model import Table, Workbook
from guatu.engines.intake.sheet.secrecy import refuse_secret
from guatu.engines.intake.sheet.table import read_table
from guatu.engines.intake.sheet.xls import read_xls
from guatu.engines.intake.sheet.xlsx import read_xlsx

OPTIONS_SHEET = "选项"
"""The sheet on which our own template keeps its drop-down lists; it is no table."""


def read_workbook(data: bytes, filename: str, limits: Limits = DEFAULT) -> Workbook:
    """Read a ledger (.xlsx, .xls, .csv) into typed tables, one for each sheet that holds anything.

    What cannot be taken at all is refused with one :class:`BadInput`; what is wrong in single
    cells stands in the tables' ``errors``.  Files from outside belong in `read_workbook_confined`.
    """
    grids = [g for g in _read_grids(data, filename, limits) if g.name != OPTIONS_SHEET]
    if not any(grid.rows for grid in grids):
        raise BadInput("工作簿是空的，没有任何数据", file=filename, kind="empty")
    for grid in grids:
        if max((len(row) for row in grid.rows.values()), default=0) > limits.columns:
            message = f"工作表“{grid.name}”超过{limits.columns}列，不能读取"
            raise BadInput(message, file=filename, kind="size")
    marks = [take_out(grid) for grid in grids]
    refuse_secret(grids, filename)
    tables: list[Table] = []
    for grid, found in zip(grids, marks, strict=True):
        table = read_table(grid) if grid.rows else None
        if table is not None:
            tables.append(replace(table, errors=(*table.errors, *found)) if found else table)
    for position, findings in duplicates(tables).items():
        table = tables[position]
        tables[position] = replace(table, errors=(*table.errors, *findings))
    return Workbook(tuple(tables))


def _read_grids(data: bytes, filename: str, limits: Limits) -> list[Grid]:
    file_type = sniff(data, filename, limits)
    if file_type is FileType.XLSX:
        return read_xlsx(data, filename, limits)
    if file_type is FileType.XLS:
        return read_xls(data, filename, limits)
    return read_csv(data, filename, limits)
