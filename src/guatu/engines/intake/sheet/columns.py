"""The columns of a table: each header's meaning, an id of its own, and pairs split in two."""

from collections import Counter
from dataclasses import dataclass

from guatu.engines.intake.sheet.grid import letters
from guatu.engines.intake.sheet.headers import Meaning, meaning
from guatu.engines.intake.sheet.layout import Heading, Layout
from guatu.engines.intake.sheet.model import Column
from guatu.engines.intake.sheet.vocabulary import Type, vocabulary

FIGURES = frozenset({Type.MONEY, Type.NUMBER, Type.PERCENT})


@dataclass(frozen=True, slots=True)
class Reader:
    """How one column of the sheet is read; ``second`` is the column split off it, if any."""

    column: Column
    source: int
    type: Type
    unit: str | None
    year: int | None
    second: Column | None = None


def readers(layout: Layout, kind: str) -> list[Reader]:
    """Give a reader for every column of the layout, left to right."""
    used: Counter[str] = Counter()
    taken: set[str] = set()
    found = []
    known = kind in vocabulary()
    for heading in layout.headings:
        said = meaning(heading.path, kind if known else "project", layout.year)
        if not known:
            said = Meaning(None, said.type if said.field is None else Type.TEXT, said.unit)
        if said.field == "name" and "name" in taken:
            said = Meaning(None, Type.TEXT)
        taken.add(said.field or "")
        found.append(_reader(heading, said, layout, used))
    return found


def _reader(heading: Heading, said: Meaning, layout: Layout, used: Counter[str]) -> Reader:
    column = _column(heading, said, said.field, used)
    second = _column(heading, said, said.second, used) if said.second else None
    unit = said.unit
    if unit is None and said.type is Type.MONEY:
        unit = layout.unit
    year = _year(said.period) or layout.year
    return Reader(column, heading.column, said.type, unit, year, second)


def _column(heading: Heading, said: Meaning, field: str | None, used: Counter[str]) -> Column:
    identity = field or f"column_{letters(heading.column)}"
    if said.period:
        identity = f"{identity}@{said.period}"
    used[identity] += 1
    if used[identity] > 1:
        identity = f"{identity}#{used[identity]}"
    return Column(identity, heading.text, field, heading.cell, said.period, said.rule)


def _year(period: str | None) -> int | None:
    digits = (period or "").removeprefix("../")[:4]
    return int(digits) if digits.isdigit() else None
