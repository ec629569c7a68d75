"""The columns of a table: each header's meaning, an id of its own, and pairs split in two."""

from collections import Counter
from dataclasses import dataclass

from guatu.engines.intake.sheet.grid import letters
from guatu.engines.intake.sheet.headers import Meaning, canonical, meaning
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
    known = kind in vocabulary()
    meanings = []
    for heading in layout.headings:
        said = meaning(heading.path, kind if known else "project", layout.year)
        if not known:
            said = Meaning(None, said.type if said.field is None else Type.TEXT, said.unit)
        meanings.append(said)
    if known:
        _keep_one_name(layout, meanings, list(vocabulary()[kind].names))
        _keep_the_plainest(meanings)
    return [
        _reader(heading, said, layout, used)
        for heading, said in zip(layout.headings, meanings, strict=True)
    ]


def _keep_one_name(layout: Layout, meanings: list[Meaning], ranking: list[str]) -> None:
    """Of 项目 and 项目名称 side by side the header first in the vocabulary names the row."""
    named = [index for index, said in enumerate(meanings) if said.field == "name"]

    def rank(index: int) -> int:
        header = canonical(layout.headings[index].path[-1])
        return ranking.index(header) if header in ranking else len(ranking)

    for index in sorted(named, key=rank)[1:]:
        meanings[index] = Meaning(None, Type.TEXT)


def _keep_the_plainest(meanings: list[Meaning]) -> None:
    """Beside 完成时限 the more general 时间节点 is something else, and is left unread."""
    plain = {(said.field, said.period) for said in meanings if said.field and not said.general}
    for index, said in enumerate(meanings):
        if said.general and (said.field, said.period) in plain:
            meanings[index] = Meaning(None, Type.TEXT, said.unit, said.period)


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
