"""Cutting the wall into sheets."""

from hypothesis import given
from hypothesis import strategies as st

from guatu.web.wall.sheets import FORMATS, Paper, UnitCount, sheets_of, unit_counts


def unit(name: str) -> UnitCount:
    return UnitCount(name, 1, 1, 0, 0, 0)


@given(st.sampled_from(Paper), st.integers(0, 600), st.integers(0, 60))
def test_sheets_when_any_number_of_rows_then_each_once_in_order(
    paper: Paper, rows: int, units: int
) -> None:
    names = [unit(str(number)) for number in range(units)]
    sheets = sheets_of(list(range(rows)), names, paper)
    assert [row for sheet in sheets for row in sheet.rows] == list(range(rows))
    assert [u for sheet in sheets for block in sheet.units for u in block] == names
    assert [sheet.number for sheet in sheets] == list(range(1, len(sheets) + 1))
    assert all(len(sheet.rows) <= FORMATS[paper].rows for sheet in sheets)


def test_sheets_when_district_has_500_projects_then_a_bundle_of_a3() -> None:
    sheets = sheets_of(list(range(500)), [unit(str(n)) for n in range(16)], Paper.A3)
    assert [len(sheet.rows) for sheet in sheets][:3] == [28, 35, 35]
    assert len(sheets) == 15


def test_unit_counts_when_colours_come_singly_then_one_line_a_unit() -> None:
    counted = [("住建局", "red", 2), ("住建局", "unrated", 1), (None, "green", 4)]
    assert unit_counts(counted) == [
        UnitCount("住建局", 3, 2, 0, 0, 1),
        UnitCount("责任单位待定", 4, 0, 0, 4, 0),
    ]
