"""The supervision ledger (督办台账): rows become duties with owner, helpers and progress."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from guatu.campaign.reading.books import BookWords, LedgerRow
from guatu.campaign.reading.ledger_dates import end_of
from guatu.campaign.reading.people import each_name, post_names
from guatu.campaign.reading.readers import Reader, day, read_values, text_at, unit
from guatu.campaign.reading.units import unit_names
from guatu.engines.intake.sheet import Cell, Column
from guatu.engines.intake.sheet.template import Template, TemplateColumn
from guatu.loop.actions.importing import import_duties
from guatu.loop.duty_rows import LABELS, DutyDiff, DutyRow, KnownDuties, compare
from guatu.register.campaign import current
from guatu.register.enums import DraftKind, Role
from guatu.register.errors import Invalid
from guatu.register.models import Organisation, Post, Subject
from guatu.register.recording import Act

Row = LedgerRow[DutyRow]

NAMES = {
    "name": "title",
    "demand": "what",
    "duty_unit": "owner_unit",
    "duty_person": "owner_post",
    "leader": "leader_post",
    "partner": "co_owners",
    "due": "due",
    "progress": "progress",
}
"""Field of the reader → name among the values of a row."""

OWNERS = (Role.UNIT, Role.OFFICE, Role.SPECIALIST, Role.ATTRACTION)
TEMPLATE = Template(
    "督办台账",
    (
        TemplateColumn("seq", "序号", 7, example="示例"),
        TemplateColumn("code", "事项编号", 14, "本系统导出的编号，新增事项留空"),
        TemplateColumn("name", "事项名称", 40, "必填", "示例：办结某项目施工许可"),
        TemplateColumn("demand", "任务要求", 40),
        TemplateColumn("duty_unit", "责任单位", 20, "不填的留作拟定"),
        TemplateColumn("duty_person", "责任人", 16, "岗位名称或在岗人员姓名，不填的由责任单位承办"),
        TemplateColumn("partner", "配合单位", 24, "多个用顿号隔开"),
        TemplateColumn("leader", "督办领导", 16),
        TemplateColumn("due", "完成时限", 14, "写到月或日，如 2025-06 或 2025-06-30"),
        TemplateColumn("progress", "进展情况", 40),
    ),
)


class DutyBook:
    """Supervision ledgers, opened by one act."""

    words = BookWords(
        kind="supervision",
        name="督办台账",
        counted="项责任事项",
        page="",
        draft=DraftKind.COMMITMENT,
        action="import_duty",
        policy="duty.draft",
        taken=frozenset({*NAMES, "code", "finished", "seq"}),
        template=TEMPLATE,
    )

    def __init__(self, act: Act) -> None:
        self._act = act
        self._units = unit_names()
        self._leaders = post_names(act, Role.LEADER)
        self._owners = post_names(act, *OWNERS)
        self._readers: Mapping[str, Reader] = {
            "name": _text,
            "demand": _text,
            "progress": _text,
            "duty_unit": unit(self._units),
            "duty_person": self._owner,
            "leader": self._leader,
            "partner": self._helpers,
            "due": day,
        }

    def row_of(self, columns: Sequence[Column], cells: Sequence[Cell], number: int) -> Row:
        """Type one row."""
        row = Row(number, DutyRow({}, number))
        values = read_values(row, columns, cells, self._readers, NAMES)
        code = text_at(columns, cells, "code")
        finished, _ = end_of(text_at(columns, cells, "finished"))
        row.given = DutyRow(values, number, code, finished)
        return row

    def _owner(self, row: Row, cell: Cell, text: str) -> Post | None:
        found = self._owners.first(text)
        if found is None:
            row.notes.append((cell.cell, f"责任人“{text}”没有对应的岗位，由责任单位承办"))
        return found

    def _leader(self, row: Row, cell: Cell, text: str) -> Post | None:
        found = self._leaders.first(text)
        if found is None:
            row.notes.append((cell.cell, f"领导“{text}”没有对应的岗位，包保领导按未定"))
        return found

    def _helpers(self, row: Row, cell: Cell, text: str) -> tuple[Organisation, ...]:
        found = {name: self._units.named(name) for name in each_name(text)}
        unknown = "、".join(name for name, unit in found.items() if unit is None)
        if unknown:
            row.notes.append((cell.cell, f"配合单位“{unknown}”不在组织机构中，没有导入"))
        return tuple(unit for unit in found.values() if unit is not None)

    def compared(self, rows: Sequence[Row]) -> list[DutyDiff]:
        """Hold rows against the duties there are."""
        return compare([row.given for row in rows], KnownDuties())

    def take(
        self,
        rows: Sequence[Row],  # noqa: ARG002 -- what they gave stands in the differences
        told: Sequence[DutyDiff],
        cells: Sequence[Mapping[str, int]],
        source: str,  # noqa: ARG002 -- a duty's facts carry their cells
    ) -> Sequence[Subject]:
        """Create and change the duties, each fact with its cell."""
        campaign = current()
        if campaign is None:
            raise Invalid("还没有建立攻坚行动，不能下达责任事项。")
        pointed = [
            replace(diff, row=replace(diff.row, cells=places))
            for diff, places in zip(told, cells, strict=True)
        ]
        return import_duties(self._act, pointed, campaign.subject)

    def label(self, name: str) -> str:
        """Name of a field."""
        return LABELS.get(name, name)

    def choices(self) -> Mapping[str, Sequence[str]]:
        """Nothing is chosen from a list: units are many and are checked by name."""
        return {}


def _text(_row: Row, _cell: Cell, text: str) -> str:
    return text
