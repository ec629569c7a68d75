"""A decomposition as a sheet: units by months, out as Excel, in as Excel or pasted text.

The same columns serve as template, export and import: 单位, 年度目标, 力争超额, 1月 … 12月.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from guatu.engines.apportion import MONTHS, Share
from guatu.loop.actions.apportioning import GIVEN_TO, MOST_UNITS, place_name
from guatu.loop.models import Target
from guatu.register.models import Organisation

UNIT_HEADER = "单位"
PLACES: tuple[str, ...] = ("year", "stretch", *map(str, MONTHS))
HEADERS = {place_name(place): place for place in PLACES}
BLANK = frozenset({"", "未报", "—", "-", "－"})
FIGURE = re.compile(r"[+-]?\d{1,12}(\.\d{1,6})?")
LONGEST = 40
MOST_PASTED = 100_000


class Unreadable(Exception):
    """Pasted text that is no table, in one plain sentence."""


def read_figure(text: str) -> Decimal | None:
    """Read one figure as people write it; ValueError when it is none.

    >>> read_figure(" 1,200.5 "), read_figure("未报"), read_figure("１２")
    (Decimal('1200.5'), None, Decimal('12'))
    """
    plain = "".join(text.split()).replace(",", "").replace("，", "")
    plain = plain.translate(_NARROW)
    if plain in BLANK:
        return None
    if len(plain) > LONGEST or not FIGURE.fullmatch(plain):
        raise ValueError(text)
    try:
        return Decimal(plain)
    except InvalidOperation:
        raise ValueError(text) from None


_NARROW = str.maketrans("０１２３４５６７８９．－", "0123456789.-")


@dataclass(frozen=True)
class Units:
    """Units a target may be given to, in protocol order, found by any of their names."""

    rows: tuple[Organisation, ...]
    by_name: Mapping[str, Organisation] = field(default_factory=dict)

    def named(self, text: str) -> Organisation | None:
        """Unit of a name, short name or code; None when there is none or more than one."""
        return self.by_name.get("".join(text.split()))


def units_to_give(keep: Iterable[int] = ()) -> Units:
    """Units of the kinds targets are given to, in use or among ``keep``; one query."""
    kept = set(keep)
    rows = [
        unit
        for unit in Organisation.objects.filter(kind__in=GIVEN_TO).order_by("order_path", "pk")
        if unit.active or unit.pk in kept
    ]
    names: dict[str, Organisation] = {}
    double: set[str] = set()
    for unit in rows:
        for name in {unit.name, unit.short_name, unit.code} - {""}:
            if name in names:
                double.add(name)
            names[name] = unit
    return Units(tuple(rows), {name: unit for name, unit in names.items() if name not in double})


@dataclass(frozen=True)
class Pasted:
    """What a pasted table says: texts by unit and place, and the lines it could not place."""

    texts: Mapping[int, Mapping[str, str]]
    unknown: tuple[str, ...]


def read_pasted(text: str, units: Units) -> Pasted:
    """Read rows copied out of Excel: tab-separated, with a header line or in the sheet's order.

    Raises Unreadable for what is no such table. A 合计 line is left out.
    """
    if len(text) > MOST_PASTED:
        raise Unreadable("粘贴的内容过多，请改用 Excel 导入。")
    lines = [line.split("\t") for line in text.splitlines() if line.strip()]
    if not lines or all(len(line) == 1 for line in lines):
        raise Unreadable("没有认出表格：请在 Excel 中选中单位和各列，复制后粘贴。")
    if len(lines) > MOST_UNITS + 1:
        message = f"一次最多粘贴 {MOST_UNITS} 行。"
        raise Unreadable(message)
    order: Sequence[str | None] = PLACES
    head = ["".join(cell.split()) for cell in lines[0]]
    if head[0] == UNIT_HEADER or any(cell in HEADERS for cell in head[1:]):
        order = [HEADERS.get(cell) for cell in head[1:]]
        lines = lines[1:]
    texts: dict[int, dict[str, str]] = {}
    unknown: list[str] = []
    for line in lines:
        name = "".join(line[0].split())
        if name in {"合计", "总计", "全区"}:
            continue
        unit = units.named(name)
        if unit is None or unit.pk in texts:
            unknown.append(line[0].strip()[:LONGEST] or "（空）")
            continue
        pairs = zip(order, line[1:], strict=False)
        texts[unit.pk] = {place: cell.strip() for place, cell in pairs if place}
    return Pasted(texts, tuple(unknown))


def share_from(values: Mapping[str, Decimal | None]) -> Share:
    """Make a share out of figures by place."""
    return Share(
        values.get("year"),
        values.get("stretch"),
        tuple(values.get(str(month)) for month in MONTHS),
    )


def sheet_title(target: Target) -> str:
    """Title of a target's sheet, by which it is known when it comes back."""
    return "".join(f"{target.title}分解表".split())


def sheet_of(title: str, unit: str, shares: Sequence[tuple[str, Share]], whole: Share) -> bytes:
    """Write the sheet as Excel: a line a unit, then the sums and the target itself."""
    from guatu.engines import exports  # noqa: PLC0415 -- Excel is loaded by the first export

    columns = [exports.ExportColumn(UNIT_HEADER, "text", 24)]
    columns += [exports.ExportColumn(name, "number", 11) for name in HEADERS]
    rows = [[name, share.year, share.stretch, *share.months] for name, share in shares]
    told = [share for _, share in shares if not share.empty]
    if told:
        rows.append(["合计", *_sums(told)])
    rows.append(["全区", whole.year, whole.stretch, *whole.months])
    return exports.write_table(columns, rows, title, unit=unit)


def _sums(shares: Sequence[Share]) -> list[Decimal | None]:
    columns = zip(*([s.year, s.stretch, *s.months] for s in shares), strict=True)
    sums = []
    for column in columns:
        known = [value for value in column if value is not None]
        sums.append(sum(known, Decimal(0)) if known else None)
    return sums
