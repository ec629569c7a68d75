"""Rows of a project ledger as read → rows the investment chapter takes, with what is wrong."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from guatu.campaign.reading.books import LedgerRow, reason
from guatu.campaign.reading.ledger_dates import begin_of, end_of, halves
from guatu.campaign.reading.people import PostNames, each_name
from guatu.campaign.reading.stated import only_promised
from guatu.campaign.reading.units import UnitNames
from guatu.engines.intake.sheet import Cell, Column
from guatu.investment.ledger import MoneyGiven, PartyGiven, ProjectRow
from guatu.investment.stages import Vocabulary
from guatu.investment.values import check_values
from guatu.register.enums import Basis, PartyRole
from guatu.register.errors import Invalid

TEXTS = {
    "name": "name",
    "code": "gbt_code",
    "nature": "nature",
    "content": "content",
    "site": "address",
    "fund_source": "funding",
    "land_state": "land_state",
    "land_number": "land_certificate",
    "investment_type": "investment_type",
    "operation": "operation_mode",
    "progress": "progress",
    "problem": "problem",
    "group": "group",
}
"""Field of the reader → column of Project, taken word for word."""

MONEY = {"total_wan": "total_wan", "year_plan_wan": "year_plan_wan"}
SERIES = {
    "image_wan": "image_investment",
    "done_ytd_wan": "image_investment",
    "month_done_wan": "image_investment",
    "paid_wan": "paid",
    "counted_wan": "counted",
    "upper_wan": "upper_funds",
}
"""Field of the reader → indicator of a money series; 完成投资 is 形象进度投资."""

STARTS = ("actual_start", "start_date", "planned_start")
FINISHES = ("actual_finish", "finish_date", "planned_finish")
OUTSIDE = {
    "owner_unit": (PartyRole.OWNER, "owner_phone"),
    "agent_unit": (PartyRole.AGENT, ""),
    "contractor": (PartyRole.CONTRACTOR, ""),
    "contact": (PartyRole.CONTACT, "phone"),
}
"""Field of the reader → role of an outside body and the field of its phone."""

POSTS = {"leader": PartyRole.LEADER, "specialist": PartyRole.SPECIALIST}
OTHERS = {
    "short_name",
    "category",
    "stage",
    "period",
    "duty_unit",
    "starred",
    "image_target",
    "owner_phone",
    "phone",
    "seq",
}
TAKEN = frozenset({*TEXTS, *MONEY, *SERIES, *STARTS, *FINISHES, *OUTSIDE, *POSTS, *OTHERS})
"""Fields an import makes use of; the preview says of the others that they are not taken."""


@dataclass(frozen=True)
class Books:
    """What names in a ledger are looked up in; built once for all rows."""

    year: int
    units: UnitNames
    leaders: PostNames
    specialists: PostNames
    words: Vocabulary


Row = LedgerRow[ProjectRow]
"""One row on its way: names of ``places`` are those of ``ProjectRow.sources``."""


@dataclass
class _Given:
    """What one row gives, while it is being put together."""

    values: dict[str, Any] = field(default_factory=dict)
    money: list[MoneyGiven] = field(default_factory=list)
    images: dict[str, str] = field(default_factory=dict)
    parties: list[PartyGiven] = field(default_factory=list)


def row_of(columns: Sequence[Column], cells: Sequence[Cell], number: int, books: Books) -> Row:
    """Type one row. Nothing is guessed: what cannot be resolved is an error or a note."""
    row = Row(number, ProjectRow({}, number))
    row.look_for_blanks(columns, cells, TEXTS | {"duty_unit": "unit"})
    given = _Given()
    by_field: dict[str, Cell] = {}
    for column, cell in zip(columns, cells, strict=True):
        if column.field is not None and cell.value is not None:
            by_field.setdefault(column.field, cell)
            if column.field in SERIES:
                _money(row, given, column, cell, books.year)
            elif column.field == "image_target":
                _image(row, given, column, cell, books.year)
    for name, cell in by_field.items():
        if name in TEXTS:
            _put(row, given, TEXTS[name], str(cell.value), cell)
        elif name in MONEY:
            _put(row, given, MONEY[name], Decimal(str(cell.value)), cell)
        elif name in READERS:
            READERS[name](row, given, cell, books)
    _dates(row, given, by_field)
    _outside(row, given, by_field)
    _check(row, given)
    row.given = ProjectRow(
        values=given.values,
        number=number,
        money=tuple(given.money),
        images=given.images,
        parties=tuple(given.parties),
    )
    return row


def _put(row: Row, given: _Given, name: str, value: object, cell: Cell) -> None:
    given.values[name] = value
    row.places[name] = cell


def _category(row: Row, given: _Given, cell: Cell, books: Books) -> None:
    found = books.words.category_named(str(cell.value))
    if found is None:
        row.notes.append((cell.cell, f"项目类别“{cell.value}”不在类别表中，类别按未知"))
    else:
        _put(row, given, "category", found, cell)


def _stage(row: Row, given: _Given, cell: Cell, books: Books) -> None:
    _put(row, given, "stage_said", str(cell.value)[:60], cell)
    found = books.words.stage_named(str(cell.value))
    if found is None:
        row.notes.append((cell.cell, f"阶段“{cell.value}”不能对应到五个阶段，阶段按未知"))
    elif only_promised(found.code, str(cell.value)):
        row.notes.append((cell.cell, f"“{cell.value}”是要求，不是已到的阶段，阶段按未知"))
    else:
        _put(row, given, "stage", found, cell)


def _unit(row: Row, given: _Given, cell: Cell, books: Books) -> None:
    text = str(cell.value)
    found = books.units.named(text)
    if found is not None:
        _put(row, given, "unit", found, cell)
        return
    row.errors.append((cell.cell, books.units.unknown(text)))


def _short_names(row: Row, given: _Given, cell: Cell, _books: Books) -> None:
    _put(row, given, "short_names", each_name(str(cell.value)), cell)


def _starred(row: Row, given: _Given, cell: Cell, _books: Books) -> None:
    if cell.value:
        _put(row, given, "starred", True, cell)


def _leader(row: Row, given: _Given, cell: Cell, books: Books) -> None:
    _posts(row, given, cell, PartyRole.LEADER, books.leaders)


def _specialist(row: Row, given: _Given, cell: Cell, books: Books) -> None:
    _posts(row, given, cell, PartyRole.SPECIALIST, books.specialists)


READERS: Mapping[str, Callable[[Row, _Given, Cell, Books], None]] = {
    "category": _category,
    "stage": _stage,
    "duty_unit": _unit,
    "short_name": _short_names,
    "starred": _starred,
    "leader": _leader,
    "specialist": _specialist,
}


def _posts(row: Row, given: _Given, cell: Cell, role: PartyRole, known: PostNames) -> None:
    for name in each_name(str(cell.value)):
        post = known.named(name)
        if post is None:
            row.notes.append((cell.cell, f"{role.label}“{name}”没有对应的岗位，按文字保留"))
            given.parties.append(PartyGiven(role, outside_name=name))
        else:
            given.parties.append(PartyGiven(role, post=post))
        row.places[f"party.{role.value}"] = cell


def _money(row: Row, given: _Given, column: Column, cell: Cell, year: int) -> None:
    indicator = SERIES[str(column.field)]
    found = money_period(column.period, year)
    if found is None:
        row.notes.append((cell.cell, f"“{column.header}”的期间看不明白，这一列没有导入"))
        return
    period, basis = found
    if any((g.indicator, g.period, g.basis) == (indicator, period, basis) for g in given.money):
        row.notes.append((cell.cell, f"“{column.header}”与前面的列是同一指标同一期，没有导入"))
        return
    given.money.append(MoneyGiven(indicator, period, basis, Decimal(str(cell.value))))
    row.places[f"{indicator}.{period}.{basis}"] = cell


def money_period(period: str | None, year: int) -> tuple[str, str] | None:
    """Period and basis of a money column; a column without one is the plan year's to date.

    >>> money_period(None, 2025), money_period("2025-01/2025-03", 2025)
    (('2025', 'cumulative'), ('2025-01/03', 'cumulative'))
    >>> money_period("2025-03", 2025), money_period("../2024", 2025)
    (('2025-03', 'period'), None)
    """
    if period is None:
        return str(year), Basis.CUMULATIVE.value
    begin, end = halves(period.replace("--", f"{year}-"))
    if begin is None:
        return None
    if end is None:
        single = "/" not in period
        return (begin, _basis(begin)) if single else None
    same_year = begin[:4] == end[:4] and begin[5:] == "01" and len(end) == len("2025-03")
    return (f"{begin}/{end[5:]}", Basis.CUMULATIVE.value) if same_year else None


def _basis(period: str) -> str:
    return Basis.CUMULATIVE.value if len(period) == len("2025") else Basis.PERIOD.value


def _image(row: Row, given: _Given, column: Column, cell: Cell, year: int) -> None:
    month = (column.period or "").replace("--", f"{year}-")
    if len(month) != len("2025-03"):
        row.notes.append((cell.cell, f"“{column.header}”没有写明月份，这一列没有导入"))
        return
    given.images[month] = str(cell.value)
    row.places[f"image.{month}"] = cell


def _dates(row: Row, given: _Given, by_field: Mapping[str, Cell]) -> None:
    """Start and finish: what is done beats what is planned, single dates beat the range."""
    span = by_field.get("period")
    begin, end = halves(str(span.value)) if span else (None, None)
    if span:
        _put(row, given, "start_text", span.raw[:60], span)
    for name, fields, fallback, read in (
        ("start_on", STARTS, begin, begin_of),
        ("finish_on", FINISHES, end, end_of),
    ):
        for cell, iso in _written(by_field, fields, span, fallback):
            day, rule = read(iso)
            if day is not None:
                _put(row, given, name, day, cell._replace(rule=rule or cell.rule))
                break


def _written(
    by_field: Mapping[str, Cell], fields: Sequence[str], span: Cell | None, fallback: str | None
) -> Iterator[tuple[Cell, str | None]]:
    for name in fields:
        if name in by_field:
            yield by_field[name], str(by_field[name].value)
    if span is not None:
        yield span, fallback


def _outside(row: Row, given: _Given, by_field: Mapping[str, Cell]) -> None:
    for name, (role, phone) in OUTSIDE.items():
        cell = by_field.get(name)
        if cell is None:
            continue
        number = by_field.get(phone)
        given.parties.append(
            PartyGiven(
                role,
                outside_name=str(cell.value)[:200],
                outside_phone=str(number.value)[:40] if number else "",
            )
        )
        row.places[f"party.{role.value}"] = cell


def _check(row: Row, given: _Given) -> None:
    """Find the first value the chapter would refuse, and say where it stands."""
    try:
        check_values(given.values)
    except Invalid as refusal:
        row.errors.append((row.cell_of(refusal.field or ""), reason(str(refusal))))
