"""Columns of a file from which an import takes nothing: each is named, beyond what a page shows."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from guatu.campaign.reading.books import BookWords, Look, Watch
from guatu.engines.intake.sheet import Column, Table
from guatu.engines.intake.sheet.headers import header_unit, meaning
from guatu.engines.intake.sheet.money import WAN_PER_UNIT
from guatu.engines.intake.sheet.template import OURS
from guatu.register.recording import Json

UNTOLD = frozenset({"seq", "starred", "group"})
"""Fields nobody misses: a row's number, and what the reader itself adds beside the columns."""
LONGEST_DAY = 20
"""A cell that holds a day is no longer than this."""

_DAY_HEADER = re.compile(r"时限|期限|时间|日期|截止|截至|节点|限期|何时")
_OTHER_DAY = re.compile(
    r"来源|交办|会议|走访|批示|下达|立项|登记|填报|报送|上报|更新|印发|发文|开始|启动"
)
_DAY = re.compile(r"(?:19|20)\d{2}\s*[年./-]\s*\d{1,2}|\d{1,2}月(?:份|底|末|前|中|上|下|\d|$)")
_MONEY_HEADER = re.compile(r"投资|资金|金额|总额|引资|投入")
_OTHER_MONEY = re.compile(r"产值|税|利润|营收|收入|销售|成本|注册资|债")
_AMOUNT = re.compile(r"[约近超逾¥￥]?\s*\d")


@dataclass(frozen=True)
class Unread:
    """One column that is not taken; ``why`` where that is known.

    ``missed`` is what it seems to hold and no import should lose without a person having seen it.
    """

    header: str
    cell: str
    why: str = ""
    missed: str = ""

    def as_json(self) -> dict[str, Json]:
        """Give what the batch keeps of it."""
        return {"header": self.header, "cell": self.cell, "why": self.why, "missed": self.missed}


def unread_of(words: BookWords, table: Table) -> list[Unread]:
    """Find the columns of a table that hold something of which an import takes nothing."""
    read: dict[str, str] = {}
    halves: dict[str, list[bool]] = {}
    found: list[Unread] = []
    for at in words.ordered(table.columns):
        column = table.columns[at]
        if column.field in UNTOLD or column.header in OURS:
            continue
        raws = [cells[at].raw for cells in table.rows if cells[at].raw]
        if not raws:
            continue
        field = column.field or ""
        taken = field in words.taken
        halves.setdefault(column.cell, []).append(taken)
        if taken and (field in words.many or field not in read):
            read.setdefault(field, column.header)
        elif taken:
            found.append(_named(column, why=f"“{read[field]}”已填的行，只取“{read[field]}”"))
        else:
            found.append(_named(column, missed=_missed(words, column, raws)))
    whole = (_whole(one, halves[one.cell]) for one in found)
    return [_told_apart(words, one, read) for one in dict.fromkeys(whole)]


def grave_words(one: Unread, words: BookWords) -> str:
    """Say what a person must have seen before the file is taken in without the column."""
    watch = next(watch for watch in words.watched if watch.called == one.missed)
    header = next(c.header for c in words.template.columns if c.field == watch.field)
    return (
        f"“{one.header}”这一列像是{one.missed}，没有读入，导入后不带这一列；"
        f"如果是，请把表头改为“{header}”重新上传"
    )


def plain_words(told: Mapping[str, Json]) -> str:
    """Say of a column, as the batch keeps it, that nothing is taken from it, or how much."""
    header, why = told["header"], told["why"]
    return f"“{header}”这一列没有全部导入：{why}" if why else f"“{header}”这一列不导入"


def _named(column: Column, why: str = "", missed: str = "") -> Unread:
    header = column.header or f"{column.cell.rstrip('0123456789')}列（没有表头）"
    return Unread(header, column.cell, why, missed)


def _whole(one: Unread, halves: Sequence[bool]) -> Unread:
    """Of a column that holds two facts, tell which half is taken."""
    if not any(halves) or len(halves) == 1 or one.why:
        return one
    return Unread(one.header, one.cell, f"只取{'前' if halves[0] else '后'}一项")


def _told_apart(words: BookWords, one: Unread, fields: Mapping[str, str]) -> Unread:
    """A column beside a plainer one of the same meaning is no loss; nor is one no one lacks."""
    if one.why:
        return one
    path, kind = tuple(one.header.split("/")), words.reads or words.kind
    meant = meaning(path, kind, None, fuzzy=False).field
    if meant is not None and meant in fields:
        return Unread(one.header, one.cell, f"与“{fields[meant]}”相近，只取“{fields[meant]}”")
    if any(watch.called == one.missed and watch.unless_read in fields for watch in words.watched):
        return Unread(one.header, one.cell)
    return one


def _missed(words: BookWords, column: Column, raws: Sequence[str]) -> str:
    """What of the things the kind must not lose an unknown column seems to hold, else nothing."""
    if column.field is not None:
        return ""
    return next((watch.called for watch in words.watched if _looks(watch, column, raws)), "")


def _looks(watch: Watch, column: Column, raws: Sequence[str]) -> bool:
    looks = _looks_like_a_day if watch.look is Look.DAY else _looks_like_money
    return looks(column.header, raws)


def _looks_like_a_day(header: str, raws: Sequence[str]) -> bool:
    """By its header, unless all cells are long texts without a day; else by most of its cells."""
    if _OTHER_DAY.search(header):
        return False
    days = [bool(_DAY.search(raw)) for raw in raws]
    short = [len(raw) <= LONGEST_DAY for raw in raws]
    if _DAY_HEADER.search(header):
        return any(days) or any(short)
    return _most(day and brief for day, brief in zip(days, short, strict=True))


def _looks_like_money(header: str, raws: Sequence[str]) -> bool:
    """By its header or the unit in it, and by what most of its cells begin with."""
    named = header_unit((header,)) in WAN_PER_UNIT or _MONEY_HEADER.search(header)
    if not named or _OTHER_MONEY.search(header):
        return False
    return _most(bool(_AMOUNT.match(raw)) for raw in raws)


def _most(told: Iterable[bool]) -> bool:
    """Tell whether it holds of at least half of the cells."""
    all_of_them = list(told)
    return 2 * sum(all_of_them) >= len(all_of_them)
