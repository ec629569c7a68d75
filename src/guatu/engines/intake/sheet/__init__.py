"""Workbooks officials already hold → typed tables with the cell of every fact.

`read_workbook` is the pure function; `read_workbook_confined` runs it in a process of its own and
is what every door to the outside uses.
"""

from guatu.engines.intake.sheet.crossing import read_workbook_confined
from guatu.engines.intake.sheet.limits import DEFAULT, Limits
from guatu.engines.intake.sheet.model import (
    NOTES,
    Cell,
    Column,
    Finding,
    Group,
    Table,
    Total,
    Workbook,
)
from guatu.engines.intake.sheet.reader import read_workbook

__all__ = [
    "DEFAULT",
    "NOTES",
    "Cell",
    "Column",
    "Finding",
    "Group",
    "Limits",
    "Table",
    "Total",
    "Workbook",
    "read_workbook",
    "read_workbook_confined",
]
