"""The supervision ledger (督办台账): rows become duties with owner, helpers and progress."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from guatu.campaign.reading.books import BookWords, LedgerRow, Look, Watch
from guatu.campaign.reading.ledger_dates import end_of
from guatu.campaign.reading.people import each_name, post_names
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
from guatu.engines.intake.sheet.dates import IN_WORDS
from guatu.engines.intake.sheet.template import Template, TemplateColumn
from guatu.loop.actions.importing import import_duties
from guatu.loop.duty_rows import LABELS, OWN_CODE, DutyDiff, DutyRow, KnownDuties, compare
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

DAYS = frozenset({"due", "finished"})
DUE_LENGTH = 60
OWNERS = (Role.UNIT, Role.OFFICE, Role.SPECIALIST, Role.ATTRACTION)
TEMPLATE = Template(
    "督办台账",
    (
        TemplateColumn("seq", "序号", 7, example="示例"),
        TemplateColumn("code", "事项编号", 14, "本系统的或本区自己的编号；同一编号再次导入按变更"),
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
        many=frozenset({"code"}),
        traced="事项页",
        watched=(Watch(Look.DAY, "due", "期限"),),
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
        cells = days_in_year(columns, cells, DAYS, self._act.business_date.year)
        values = read_values(row, columns, cells, self._readers, NAMES)
        if "due" not in values:
            values |= _due_in_words(row, columns, cells)
        code = _numbers(row, columns, cells, values)
        finished, _ = end_of(text_at(columns, cells, "finished"))
        unknown = "co_owners" in values and not self._knows_helpers(row.places["co_owners"])
        row.given = DutyRow(values, number, code, finished, unknown)
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
            kept = "没有导入，原有的配合单位不减少"
            row.notes.append((cell.cell, f"配合单位“{unknown}”不在组织机构中，{kept}"))
        return tuple(unit for unit in found.values() if unit is not None)

    def _knows_helpers(self, cell: Cell) -> bool:
        return all(self._units.named(name) is not None for name in each_name(str(cell.value)))

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


def _numbers(
    row: Row, columns: Sequence[Column], cells: Sequence[Cell], values: dict[str, object]
) -> str:
    """Our own code of the duty; what else stands under a number is the ledger's, among values."""
    own = ""
    for column, cell in zip(columns, cells, strict=True):
        text = str(cell.value or "").strip()
        if column.field != "code" or not text:
            continue
        if OWN_CODE.fullmatch(text):
            own = own or text
        elif "outside_number" not in values:
            values["outside_number"] = text
            row.places["outside_number"] = cell
    return own


def _due_in_words(row: Row, columns: Sequence[Column], cells: Sequence[Cell]) -> dict[str, object]:
    """What stands where a day should, such as 长期坚持: the duty has no due day but these words."""
    for column, cell in zip(columns, cells, strict=True):
        words = " ".join(cell.raw.split())
        if column.field == "due" and cell.rule == IN_WORDS and words:
            row.notes.append((cell.cell, f"“{words[:DUE_LENGTH]}”不是日期，期限按待定，原文保留"))
            row.places["due_text"] = cell
            return {"due_text": words[:DUE_LENGTH]}
    return {}


def _text(_row: Row, _cell: Cell, text: str) -> str:
    return text
