"""Whatever a part or a grid says, the answer is tables that hold together, or one refusal."""

import io
import re
import zipfile
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from guatu.engines.intake import BadInput
from guatu.engines.intake.sheet import read_workbook
from guatu.engines.intake.sheet.grid import Fault, Grid, Measured, Raw, Span
from guatu.engines.intake.sheet.table import read_table
from tests.engines.intake.sheet.building import HEADER, book, zipped

_GOOD = book(
    [
        ["示例区2025年重点项目台账"],
        ["单位：万元"],
        HEADER,
        ["一、交通2项"],
        [1, "★示例甲", "新建", "厂房", 1.5, date(2025, 3, 1)],
        [2, "示例乙", "续建", "=1+1", "1.2亿元", "2025.3"],
        ["合计", None, None, None, 12001.5],
    ],
    ["A1:F1", "C5:C6"],
)
with zipfile.ZipFile(io.BytesIO(_GOOD)) as _archive:
    _PARTS = {name: _archive.read(name) for name in _archive.namelist()}
_READ = sorted(
    n for n in _PARTS if n.startswith("xl/") and "theme" not in n and "docProps" not in n
)
_VALUE = re.compile(rb'"[^"<]*"|>[^<>]+<')
_NASTY = [
    b"", b"-1", b"-0", b"0", b"1.5", b"1e999", b"1E-400", b"NaN", b"Infinity", b"A0", b"ZZZZ9",
    b"s", b"99999999999999999999", b"A1:XFD1048576", b"\xd9\xa1", b"\xe4\xb8\x80", b"../../x",
    b"d", b"b",
]  # fmt: skip


@given(st.sampled_from(_READ), st.integers(0, 10_000), st.sampled_from(_NASTY))
def test_workbook_when_any_value_is_replaced_then_tables_or_a_refusal(
    part: str, at: int, nasty: bytes
) -> None:
    places = list(_VALUE.finditer(_PARTS[part]))
    chosen = places[at % len(places)]
    changed = _PARTS[part][: chosen.start() + 1] + nasty + _PARTS[part][chosen.end() - 1 :]
    try:
        tables = read_workbook(zipped({**_PARTS, part: changed}), "台账.xlsx").tables
    except BadInput as refusal:
        assert refusal.kind in {"broken", "empty", "size"}  # noqa: PT017 -- both are right
    else:
        assert all(len(row) == len(table.columns) for table in tables for row in table.rows)


raws: st.SearchStrategy[Raw] = st.one_of(
    st.sampled_from(
        ["合计", "小计", "一、交通2项", "（一）", "一", "单位：万元", "项目名称", "总投资（亿元）",
         "8月", "形象进度", "开工时间", "联系人及电话", "负责人", "★示例", "/", "注：略",
         "2025-02-30"]
    ),
    st.text(max_size=6),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12),
    st.dates(),
    st.booleans(),
    st.just(Fault("cell_error", "#REF!")),
    st.builds(Measured, st.just(Decimal("0.5")), st.sampled_from(["%", "亿元"])),
)  # fmt: skip
rows = st.dictionaries(st.integers(1, 6), raws, min_size=1)
spans = st.tuples(st.integers(1, 9), st.integers(1, 6), st.integers(0, 3), st.integers(0, 5)).map(
    lambda t: Span(t[0], t[1], t[0] + t[2], t[1] + t[3])
)


@given(
    st.dictionaries(st.integers(1, 9), rows),
    st.lists(spans, max_size=4),
    st.sets(st.integers(1, 9)),
)
def test_grid_when_it_holds_anything_then_its_table_holds_together(
    cells: dict[int, dict[int, Raw]], merges: list[Span], hidden: set[int]
) -> None:
    table = read_table(Grid("表", hidden=False, rows=cells, merges=merges, hidden_rows=hidden))
    if not cells:
        assert table is None
        return
    assert table is not None
    assert all(len(row) == len(table.columns) for row in table.rows)
    assert len({column.id for column in table.columns}) == len(table.columns)
    assert all(len(group.cells) == group.counted for group in table.groups)
    assert len({row[0].cell for row in table.rows}) == len(table.rows)
