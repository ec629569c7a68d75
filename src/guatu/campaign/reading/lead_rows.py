"""Rows of a lead ledger as read → rows the attraction chapter takes, with what is wrong."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from guatu.attraction.enums import StageKind
from guatu.attraction.ledger import ContactGiven, LeadRow
from guatu.attraction.rules import LeadRules, lead_rules, named, stage_named
from guatu.attraction.told_steps import FollowGiven
from guatu.attraction.values import check_values
from guatu.campaign.reading.books import LedgerRow, reason
from guatu.campaign.reading.ledger_dates import begin_of, end_of
from guatu.campaign.reading.people import PostNames, each_name, post_names
from guatu.campaign.reading.readers import days_in_year
from guatu.campaign.reading.units import UnitNames, unit_names
from guatu.engines.intake.paper.dates import moments
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
DAYS = frozenset({"next_due", "follow_date", "first_on"})
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
    by_field = _by_field(columns, days_in_year(columns, cells, DAYS, books.today.year))
    for name, cell in by_field.items():
        if name in TEXTS:
            row.put(TEXTS[name], str(cell.value), cell)
        elif name in READERS:
            READERS[name](row, cell, books)
    if "progress" in by_field and "status" not in by_field:
        _stage_told(row, by_field["progress"], books)
    if "follower" in by_field and "owner_post" not in row.values:
        _owner_post(row, by_field["follower"], books)
    follow = _follow(row, by_field, books)
    contact = _contact(row, by_field)
    _say_of_benefits(row, by_field, books)
    _check(row, books)
    row.given = LeadRow(row.values, number, follow, contact)
    return row


def _by_field(columns: Sequence[Column], cells: Sequence[Cell]) -> dict[str, Cell]:
    """Filled cells by field: the first of each, but all that is said of the progress together."""
    found: dict[str, Cell] = {}
    for column, cell in zip(columns, cells, strict=True):
        if column.field is None or cell.value is None:
            continue
        first = found.setdefault(column.field, cell)
        if column.field == "progress" and cell is not first and cell.value != first.value:
            found["progress"] = first._replace(value=_joined(str(first.value), str(cell.value)))
    return found


def _stage_told(row: ReadLead, cell: Cell, books: LeadBooks) -> None:
    """Take a stage that is all that is said of the progress, as 洽谈进度 often does."""
    found = stage_named(books.rules, str(cell.value))
    if found is not None and found.kind is not StageKind.LANDED:
        row.put("stage", found.code, cell)


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
        row.note(cell, f"没有读出阶段：“{cell.value}”不在阶段表（{names}）中")
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
    _say_left_over(row, by_field)
    day = _day(row, dated, books) if dated else None
    if day is None:
        _keep_in_words(row, by_field, words, planned)
        return None
    if dated is not None:
        row.places["follow_up"] = said or dated
    if step is not None and planned is None:
        words = _joined(words, _in_words(step, by_field))
    way = by_field.get("follow_way")
    code = named(books.rules.ways, str(way.value)) if way else ""
    if way is not None and not code:
        words = f"（{way.value}）{words}"
    if planned is None or step is None:
        return FollowGiven(day, code, words)
    row.places["next_step"] = step
    text, due, post = planned
    return FollowGiven(day, code, words, text, due, post, in_words=_in_words(step, by_field))


def _keep_in_words(
    row: ReadLead,
    by_field: Mapping[str, Cell],
    words: str,
    planned: tuple[str, dt.date, Post | None] | None,
) -> None:
    step = by_field.get("next_step")
    told = by_field.get("progress") or step
    if told is None:
        return
    row.put("progress", _joined(words, _in_words(step, by_field) if step else ""), told)
    if planned is not None and step is not None:
        row.note(step, "没有跟进日期，下一步按文字保留在台账所述进展里，不提醒")


def _say_left_over(row: ReadLead, by_field: Mapping[str, Cell]) -> None:
    """Say what means nothing without what it belongs to."""
    for name, needed, words in (
        ("next_due", "next_step", "下一步时限没有对应的下一步，没有导入"),
        ("next_post", "next_step", "下一步责任岗位没有对应的下一步，没有导入"),
        ("follow_way", "follow_date", "对接方式没有对应的跟进日期，没有导入"),
        ("phone", "contact", "联系电话没有对应的联系人，没有导入"),
    ):
        if name in by_field and needed not in by_field:
            row.note(by_field[name], words)


def _joined(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _day(row: ReadLead, cell: Cell, books: LeadBooks) -> dt.date | None:
    day, rule = begin_of(str(cell.value))
    if day is None or rule:
        row.note(cell, f"跟进日期“{cell.raw}”没有写到日，按没有日期的进展保留")
        return None
    if day > books.today:
        row.errors.append((cell.cell, f"跟进日期{day}晚于业务日期{books.today}"))
        return None
    _say_how(row, cell)
    return day


def _say_how(row: ReadLead, cell: Cell, rule: str = "") -> None:
    """Say how a day was reckoned from what the ledger writes."""
    rules = [one for one in (cell.rule, rule) if one]
    if rules:
        row.note(cell, f"“{cell.raw}”{'，'.join(rules)}")


def _next(
    row: ReadLead, step: Cell, by_field: Mapping[str, Cell], books: LeadBooks
) -> tuple[str, dt.date, Post | None] | None:
    """The next step with its day, and its post where one is named; without a day it stays words."""
    due, who = by_field.get("next_due"), by_field.get("next_post")
    day, rule = end_of(str(due.value)) if due else (None, "")
    if day is None or due is None:
        day = _day_in_words(row, step, books)
    else:
        _say_how(row, due, rule)
    if day is None:
        row.note(step, "下一步没有可用的时限，按文字保留，不提醒")
        return None
    post = books.posts.named(str(who.value).strip()) if who else None
    if who is not None and post is None:
        row.note(who, f"“{who.value}”没有对应的唯一岗位，下一步按没有写岗位处理")
    return str(step.value)[:300], day, post


def _day_in_words(row: ReadLead, step: Cell, books: LeadBooks) -> dt.date | None:
    """The deadline the step's own words state, else the one day or month they name."""
    told = str(step.value)
    found = [one for one in moments(told, books.today.year) if one.day]
    dues = [one for one in found if one.deadline] or (found if len(found) == 1 else [])
    if not dues:
        return None
    day, rule = end_of(dues[-1].day)
    said = told[dues[-1].start : dues[-1].end]
    row.note(step, "，".join(filter(None, (f"时限取自下一步所写“{said}”，按{day}", rule))))
    return day


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


def _say_of_benefits(row: ReadLead, by_field: Mapping[str, Cell], books: LeadBooks) -> None:
    """Say that benefits a ledger tells of are no promise: those are entered with their basis."""
    for name in ("content", "progress", "next_step", "problem"):
        if cell := by_field.get(name):
            for meant in books.rules.benefits_in(str(cell.value))[:1]:
                told = f"写有{meant.quoted()}（{meant.benefits.name}）"
                row.note(cell, f"{told}，只作文字保留，不作为承诺；承诺事项须在线索页按依据登记")


def _check(row: ReadLead, books: LeadBooks) -> None:
    """Find the first value the chapter would refuse, and say where it stands."""
    values = {name: value for name, value in row.values.items() if name != "stage"}
    try:
        check_values(values, books.rules, books.today)
    except Invalid as refusal:
        row.errors.append((row.cell_of(refusal.field or ""), reason(str(refusal))))
