"""Activities of the wall for tests: only what a test tells, the rest unknown."""

import datetime as dt
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from guatu.investment.queries.wall import WallRow, WallStep

PROJECT = SimpleNamespace(name="示例", subject=SimpleNamespace(public_id=UUID(int=7)))


def step(key: str = "permit", **told: Any) -> WallStep:  # noqa: ANN401 -- any column
    """Return an activity; ``name`` is 施工许可 unless told."""
    blank: dict[str, Any] = dict.fromkeys(WallStep._fields)
    return WallStep(**{**blank, "key": key, "name": "施工许可", "kind": "", **told})


def row(*steps: WallStep, **told: Any) -> WallRow:  # noqa: ANN401 -- links and timing
    """Return a project's row."""
    return WallRow(PROJECT, steps, **told)


def day(month: int, number: int, year: int = 2025) -> dt.date:
    """Return a day of the year tests stand in."""
    return dt.date(year, month, number)
