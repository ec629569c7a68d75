"""Rows of a lead ledger as read → rows the attraction chapter takes, with what is wrong."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from guatu.attraction.enums import StageKind
from guatu.attraction.ledger import (
    ContactGiven,
    FollowGiven,
    LeadRow,
)
from guatu.attraction.rules import LeadRules, lead_rules, named, stage_named
from guatu.attraction.values import check_step_post, check_values
from guatu.campaign.reading.books import LedgerRow, reason
from guatu.campaign.reading.ledger_dates import begin_of, end_of
from guatu.campaign.reading.people import PostNames, each_name, post_names
from guatu.campaign.reading.units import UnitNames, unit_names
from guatu.engines.intake.sheet import Cell, Column
from guatu.register.enums import OrganisationKind, Role
from guatu.register.errors import Invalid
from guatu.register.models import Industry, Organisation, Post
from guatu.register.recording import Act

TEXTS = {
    "name": "name",
    "investor": "investor",
    "content": "content",
    "site": "site",
    "problem": "problem",
}
"""Field of the reader → column of Lead, taken word for word."""

CONTACTS = {"follow_date", "follow_way", "progress", "next_step", "next_due", "next_post"}
OTHERS = {"seq", "contact", "phone", "follower", "category"}
CODED = {"source": "线索来源", "tactic": "招商方式"}


@dataclass(frozen=True)
class LeadBooks:
    """What names in a lead ledger are looked up in; built once for all rows."""

    rules: LeadRules
    today: dt.date
    units: UnitNames
    posts: PostNames
    leaders: PostNames
    areas: Mapping[str, Organisation]
    industries: Mapping[str, Industry]


@dataclass
class ReadLead(LedgerRow[LeadRow]):
    """One row on its way: names of ``places`` are those of ``LeadRow.sources``."""

    values: dict[str, Any] = field(default_factory=dict)

    def put(self, name: str, value: object, cell: Cell) -> None:
        """Keep a value with its cell."""
        self.values[name] = value
        self.places[name] = cell

    def note(self, cell: Cell, message: str) -> None:
        """Say what is not taken over."""
        self.notes.append((cell.cell, message))


def books_for(act: Act) -> LeadBooks:
    """Read what names are looked up in; a constant number of queries."""
    areas = Organisation.objects.filter(active=True, kind=OrganisationKind.AREA)
    industries: dict[str, Industry] = {}
    for industry in Industry.objects.all():
        industries[industry.code] = industry
        industries.setdefault(industry.name, industry)
    return LeadBooks(
        lead_rules(act.business_date),
        act.business_date,
        unit_names(),
        post_names(act, Role.UNIT, Role.ATTRACTION, Role.OFFICE, Role.LEADER),
        post_names(act, Role.LEADER),
        {name: area for area in areas for name in (area.name, area.short_name) if name},
        industries,
    )


def row_of(
    columns: Sequence[Column], cells: Sequence[Cell], number: int, books: LeadBooks
) -> ReadLead:
    """Type one row. Nothing is guessed: what cannot be resolved is an error or a note."""
    row = ReadLead(number, LeadRow({}, number))
    row.look_for_blanks(columns, cells, TEXTS | {"duty_unit": "unit"})
    by_field: dict[str, Cell] = {}
    for column, cell in zip(columns, cells, strict=True):
        if column.field is not None and cell.value is not None:
            by_field.setdefault(column.field, cell)
    for name, cell in by_field.items():
        if name in TEXTS:
            row.put(TEXTS[name], str(cell.value), cell)
        elif name in READERS:
            READERS[name](row, cell, books)
    if "follower" in by_field and "owner_post" not in row.values:
        _owner_post(row, by_field["follower"], books)
    follow = _follow(row, by_field, books)
    contact = _contact(row, by_field)
    _check(row, books)
    row.given = LeadRow(row.values, number, follow, contact)
    return row


def _money(row: ReadLead, cell: Cell, _books: LeadBooks) -> None:
    row.put("intended_wan", Decimal(str(cell.value)), cell)


def _unit(row: ReadLead, cell: Cell, books: LeadBooks) -> None:
    found = books.units.named(str(cell.value))
    if found is not None:
        row.put("unit", found, cell)
        return
    row.errors.append((cell.cell, books.units.unknown(str(cell.value))))


def _area(row: ReadLead, cell: Cell, books: LeadBooks) -> None:
    found = books.areas.get("".join(str(cell.value).split()))
    if found is None:
        row.note(cell, f"片区“{cell.value}”不在组织机构中，片区按未知")
    else:
        row.put("area", found, cell)


def _stage(row: ReadLead, cell: Cell, books: LeadBooks) -> None:
    found = stage_named(books.rules, str(cell.value))
    if found is None:
        names = "、".join(books.rules.stage_names().values())
        row.note(cell, f"阶段“{cell.value}”不在阶段表（{names}）中，按新线索登记")
    elif found.kind is StageKind.LANDED:
        signed = books.rules.of_kind(StageKind.SIGNED)[0]
        row.put("stage", signed, cell)
        row.note(cell, f"“{cell.value}”须在线索页移交项目库，先按已签约登记")
    else:
        row.put("stage", found.code, cell)


def _coded(name: str) -> Callable[[ReadLead, Cell, LeadBooks], None]:
    def read(row: ReadLead, cell: Cell, books: LeadBooks) -> None:
        names = {"source": books.rules.sources, "tactic": books.rules.tactics}[name]
        code = named(names, str(cell.value))
        if code:
            row.put(name, code, cell)
        else:
            row.note(cell, f"{CODED[name]}“{cell.value}”不在名单（{'、'.join(names.values())}）中")

    return read


def _industry(row: ReadLead, cell: Cell, books: LeadBooks) -> None:
    found = books.industries.get("".join(str(cell.value).split()))
    if found is None:
        row.note(cell, f"行业“{cell.value}”不在行业代码表中，行业按未知")
    else:
        row.put("industry", found, cell)


def _owner_post(row: ReadLead, cell: Cell, books: LeadBooks) -> None:
    _post(row, cell, "owner_post", books.posts, "责任岗位")


def _leader(row: ReadLead, cell: Cell, books: LeadBooks) -> None:
    _post(row, cell, "leader_post", books.leaders, "包保领导")


def _post(row: ReadLead, cell: Cell, name: str, known: PostNames, what: str) -> None:
    names = each_name(str(cell.value))
    post = known.named(names[0]) if len(names) == 1 else None
    if post is None:
        row.note(cell, f"{what}“{cell.value}”没有对应的唯一岗位，没有导入")
    else:
        row.put(name, post, cell)


def _first_on(row: ReadLead, cell: Cell, _books: LeadBooks) -> None:
    day, rule = begin_of(str(cell.value))
    if day is None:
        row.note(cell, f"“{cell.raw}”没有写到月，首次接触日期按未知")
    else:
        row.put("first_on", day, cell._replace(rule=rule or cell.rule))


READERS: Mapping[str, Callable[[ReadLead, Cell, LeadBooks], None]] = {
    "total_wan": _money,
    "duty_unit": _unit,
    "area": _area,
    "status": _stage,
    "source": _coded("source"),
    "tactic": _coded("tactic"),
    "industry": _industry,
    "category": _industry,
    "owner_post": _owner_post,
    "leader": _leader,
    "first_on": _first_on,
}
TAKEN = frozenset({*TEXTS, *READERS, *CONTACTS, *OTHERS})
"""Fields an import makes use of; the preview says of the others that they are not taken."""


def _follow(row: ReadLead, by_field: Mapping[str, Cell], books: LeadBooks) -> FollowGiven | None:
    """The last contact; without its day what was said stays as 台账所述进展."""
    said, step, dated = (by_field.get(name) for name in ("progress", "next_step", "follow_date"))
    words = str(said.value).strip() if said else ""
    planned = _next(row, step, by_field, books) if step else None
    if step is not None and planned is None:
        words = "\n".join(filter(None, (words, _in_words(step, by_field))))
    told = said or step
    day = _day(row, dated, books) if dated else None
    if day is None or told is None:
        if words and told is not None:
            row.put("progress", words, told)
            if planned is not None and step is not None:
                row.note(step, "没有跟进日期，下一步没有导入")
        return None
    row.places["follow_up"] = told
    way = by_field.get("follow_way")
    code = named(books.rules.ways, str(way.value)) if way else ""
    if way is not None and not code:
        words = f"（{way.value}）{words}"
    given = FollowGiven(day, code, words or f"下一步：{planned[0] if planned else ''}")
    if planned is None:
        return given
    return replace(given, next_step=planned[0], next_due=planned[1], next_post=planned[2])


def _day(row: ReadLead, cell: Cell, books: LeadBooks) -> dt.date | None:
    day, rule = begin_of(str(cell.value))
    if day is None or rule:
        row.note(cell, f"跟进日期“{cell.raw}”没有写到日，按没有日期的进展保留")
        return None
    if day > books.today:
        row.errors.append((cell.cell, f"跟进日期{day}晚于业务日期{books.today}"))
        return None
    return day


def _next(
    row: ReadLead, step: Cell, by_field: Mapping[str, Cell], books: LeadBooks
) -> tuple[str, dt.date, Post] | None:
    """The next step with its day and post; where either is missing it stays as words."""
    due, who = by_field.get("next_due"), by_field.get("next_post")
    day = end_of(str(due.value))[0] if due else None
    post = books.posts.named(str(who.value).strip()) if who else row.values.get("owner_post")
    lacking = [name for name, found in (("时限", day), ("责任岗位", post)) if found is None]
    if day is None or post is None:
        row.note(step, f"下一步没有可用的{'和'.join(lacking)}，按文字保留")
        return None
    try:
        check_step_post(post, row.values.get("unit"), "next_post", "下一步的责任岗位")
    except Invalid as refusal:
        row.note(step, f"{reason(str(refusal))}，按文字保留")
        return None
    return str(step.value)[:300], day, post


def _in_words(step: Cell, by_field: Mapping[str, Cell]) -> str:
    """The next step with the day and the post as the ledger writes them."""
    told = {"时限": by_field.get("next_due"), "责任岗位": by_field.get("next_post")}
    beside = [f"{name} {cell.value}" for name, cell in told.items() if cell is not None]
    return f"下一步：{'，'.join((str(step.value), *beside))}"


def _contact(row: ReadLead, by_field: Mapping[str, Cell]) -> ContactGiven | None:
    cell, phone = by_field.get("contact"), by_field.get("phone")
    if cell is None:
        return None
    row.places["contact"] = cell
    return ContactGiven(str(cell.value)[:200], str(phone.value)[:40] if phone else "")


def _check(row: ReadLead, books: LeadBooks) -> None:
    """Find the first value the chapter would refuse, and say where it stands."""
    values = {name: value for name, value in row.values.items() if name != "stage"}
    try:
        check_values(values, books.rules, books.today)
    except Invalid as refusal:
        row.errors.append((row.cell_of(refusal.field or ""), reason(str(refusal))))
