"""A paper across a process border, as plain JSON: compact, and never executed."""

from typing import Any, cast

from guatu.engines.intake.confined import Bounds, Json, run_confined
from guatu.engines.intake.paper.model import Clash, Item, Paper
from guatu.engines.intake.paper.reader import read_paper

BOUNDS = Bounds(memory_mb=600, cpu_seconds=30)
"""The longest paper taken, 300,000 code points, is read well within these."""


def read_paper_confined(
    data: bytes, filename: str, plan_year: int | None = None, bounds: Bounds = BOUNDS
) -> Paper:
    """Do what `read_paper` does in a process bounded in memory and time."""
    arguments: dict[str, Json] = {"plan_year": plan_year}
    value = run_confined(f"{__name__}:pack", data, filename, arguments=arguments, bounds=bounds)
    return unpack(value)


def pack(data: bytes, filename: str, *, plan_year: int | None) -> Json:
    """Read a paper and flatten it with its text; runs in the child."""
    paper = read_paper(data, filename, plan_year)
    return cast("Json", paper.as_json() | {"text": paper.text})


def unpack(value: Json) -> Paper:
    """Build the paper again from what `pack` gave."""
    plain = cast("dict[str, Any]", value)
    return Paper(
        sha256=plain["sha256"],
        encoding=plain["encoding"],
        text=plain["text"],
        items=tuple(Item(**item) for item in plain["items"]),
        clashes=tuple(
            Clash(**clash | {"evidence": tuple(clash["evidence"])}) for clash in plain["clashes"]
        ),
        plan_year=plain["plan_year"],
    )
