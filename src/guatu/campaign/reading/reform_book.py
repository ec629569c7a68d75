"""The list of reforms (重点改革任务清单): rows become reforms, on which duties then hang.

The reader knows no kind of its own for it: its tables have the columns of a supervision ledger. It
is told by its title, or by who brings it in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from guatu.campaign.reading.books import BookWords, LedgerRow, Look, Watch
from guatu.campaign.reading.people import post_names
from guatu.campaign.reading.readers import (
    Reader,
    day,
    days_in_year,
    read_values,
    text_at,
    unit,
)
from guatu.campaign.reading.units import unit_names
from guatu.engines.intake.sheet import Cell, Column
from guatu.engines.intake.sheet.template import Template, TemplateColumn
from guatu.loop.actions.reform_import import import_reforms
from guatu.loop.enums import ReformState
from guatu.loop.letter_text import checked_text
from guatu.loop.reform_rows import LABELS, KnownReforms, ReformDiff, ReformRow, compare
from guatu.register.enums import Domain, DraftKind, Role
from guatu.register.errors import Invalid
from guatu.register.models import Post, Subject
from guatu.register.recording import Act

Row = LedgerRow[ReformRow]

NAMES = {
    "name": "name",
    "demand": "content",
    "form": "result",
    "duty_unit": "unit",
    "leader": "leader_post",
    "category": "domain",
    "status": "state",
    "due": "due",
    "progress": "progress",
}
"""Field of the reader → name among the values of a row."""

STATES = {state.label: state.value for state in ReformState} | {
    "未开始": ReformState.PLANNED.value,
    "尚未启动": ReformState.PLANNED.value,
    "进行中": ReformState.DOING.value,
    "在推进": ReformState.DOING.value,
    "正在推进": ReformState.DOING.value,
    "持续推进": ReformState.DOING.value,
    "完成": ReformState.DONE.value,
    "已办结": ReformState.DONE.value,
    "停止": ReformState.STOPPED.value,
    "终止": ReformState.STOPPED.value,
    "已终止": ReformState.STOPPED.value,
}
DOMAINS = {domain.label: domain.value for domain in Domain}
TEMPLATE = Template(
    "改革任务清单",
    (
        TemplateColumn("seq", "序号", 7, example="示例"),
        TemplateColumn("code", "任务编号", 14, "本系统导出的编号，新增任务留空"),
        TemplateColumn(
            "name", "改革任务", 36, "必填；同一任务只写一行", "示例：高效办成一件事改革"
        ),
        TemplateColumn("demand", "改革内容", 40),
        TemplateColumn("form", "预期成果", 30),
        TemplateColumn("category", "改革领域", 14),
        TemplateColumn("duty_unit", "责任单位", 20, "写全称或简称；不知道就留空"),
        TemplateColumn("leader", "包保领导", 16, "岗位名称或在岗人员姓名"),
        TemplateColumn("status", "推进状态", 12),
        TemplateColumn("due", "完成时限", 14, "写到月或日，如 2025-06 或 2025-06-30"),
        TemplateColumn("progress", "进展情况", 40),
    ),
)


class ReformBook:
    """Lists of reforms, opened by one act."""

    words = BookWords(
        kind="reform",
        name="改革任务清单",
        counted="项改革任务",
        page="reforms:reform",
        draft=DraftKind.OTHER,
        action="import_reform",
        policy="reform.add",
        taken=frozenset({*NAMES, "code", "seq"}),
        template=TEMPLATE,
        watched=(Watch(Look.DAY, "due", "期限"),),
        reads="supervision",
        titled=("改革任务", "改革事项", "改革台账", "改革清单"),
    )

    def __init__(self, act: Act) -> None:
        self._act = act
        self._units = unit_names()
        self._leaders = post_names(act, Role.LEADER)
        self._readers: Mapping[str, Reader] = {
            "name": lambda _row, _cell, text: " ".join(text.split()),
            "demand": _words,
            "form": _words,
            "progress": _words,
            "duty_unit": unit(self._units),
            "leader": self._leader,
            "category": _domain,
            "status": _state,
            "due": day,
        }

    def row_of(self, columns: Sequence[Column], cells: Sequence[Cell], number: int) -> Row:
        """Type one row."""
        row = Row(number, ReformRow({}, number))
        cells = days_in_year(columns, cells, {"due"}, self._act.business_date.year)
        values = read_values(row, columns, cells, self._readers, NAMES)
        row.given = ReformRow(values, number, text_at(columns, cells, "code"))
        return row

    def _leader(self, row: Row, cell: Cell, text: str) -> Post | None:
        found = self._leaders.first(text)
        if found is None:
            row.notes.append((cell.cell, f"领导“{text}”没有对应的岗位，包保领导没有导入"))
        return found

    def compared(self, rows: Sequence[Row]) -> list[ReformDiff]:
        """Hold rows against the reforms there are."""
        return compare([row.given for row in rows], KnownReforms())

    def take(
        self,
        rows: Sequence[Row],  # noqa: ARG002 -- what they gave stands in the differences
        told: Sequence[ReformDiff],
        cells: Sequence[Mapping[str, int]],
        source: str,  # noqa: ARG002 -- a reform's facts carry their cells
    ) -> Sequence[Subject]:
        """Create and change the reforms, each fact with its cell."""
        pointed = [
            replace(diff, row=replace(diff.row, cells=places))
            for diff, places in zip(told, cells, strict=True)
        ]
        return import_reforms(self._act, pointed)

    def label(self, name: str) -> str:
        """Name of a field."""
        return LABELS.get(name, name)

    def choices(self) -> Mapping[str, Sequence[str]]:
        """Offer the domains and states there are."""
        return {"category": list(DOMAINS), "status": [state.label for state in ReformState]}


def _words(row: Row, cell: Cell, text: str) -> str:
    """Lines without blank ones, as the form keeps them; what cannot be printed is an error."""
    try:
        return checked_text(text, "内容", "content", len(text))
    except Invalid as refusal:
        row.errors.append((cell.cell, str(refusal).rstrip("。")))
        return ""


def _domain(row: Row, cell: Cell, text: str) -> str:
    code = DOMAINS.get("".join(text.split()), "")
    if not code:
        row.notes.append((cell.cell, f"领域“{text[:20]}”不在{'、'.join(DOMAINS)}之中，没有导入"))
    return code


def _state(row: Row, cell: Cell, text: str) -> str:
    code = STATES.get("".join(text.split()), "")
    if not code:
        known = "、".join(state.label for state in ReformState)
        row.notes.append((cell.cell, f"状态“{text[:20]}”不在{known}之中，没有导入"))
    return code
