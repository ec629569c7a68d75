"""The enterprise register (企业库): rows become enterprises with their codes, names and places.

Figures of a firm (revenue, tax, staff) are not taken: they need a provider, a purpose and consent,
which a register does not carry. Persons of a firm are not taken either.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from guatu.campaign.reading.books import BookWords, LedgerRow, reason
from guatu.campaign.reading.readers import unit
from guatu.campaign.reading.units import own_unit, unit_names
from guatu.engines.intake.sheet import Cell, Column
from guatu.engines.intake.sheet.template import Template, TemplateColumn
from guatu.register.enterprise_import import import_enterprises
from guatu.register.enterprise_rows import (
    LABELS,
    EnterpriseDiff,
    EnterpriseRow,
    KnownEnterprises,
    compare,
)
from guatu.register.enums import DraftKind, OrganisationKind
from guatu.register.errors import Invalid
from guatu.register.models import Industry, Organisation, Subject
from guatu.register.recording import Act
from guatu.register.uscc import checked_uscc

Row = LedgerRow[EnterpriseRow]

TEXTS = {"name": "name", "registration": "legal_form", "address": "address"}
"""Field of the reader → column, taken word for word."""

FIGURES = frozenset({"revenue_wan", "tax_wan", "employees", "capital_wan"})
TEMPLATE = Template(
    "企业库",
    (
        TemplateColumn("seq", "序号", 7, example="示例"),
        TemplateColumn("name", "企业名称", 36, "必填；按营业执照写全称", "示例机械有限公司"),
        TemplateColumn("uscc", "统一社会信用代码", 24, "18 位，录入时核对校验码；不知道就留空"),
        TemplateColumn("industry_code", "行业代码", 12, "国民经济行业分类（GB/T 4754）代码"),
        TemplateColumn("registration", "企业类型", 18),
        TemplateColumn("street", "所在街道", 16),
        TemplateColumn("address", "地址", 36),
        TemplateColumn("duty_unit", "责任单位", 20, "不填的：经办人导入归本单位，专班导入为未定"),
    ),
)


class EnterpriseBook:
    """Enterprise registers, opened by one act."""

    words = BookWords(
        kind="enterprise",
        name="企业库",
        counted="家企业",
        page="enterprises:enterprise",
        draft=DraftKind.ENTERPRISE,
        action="import_enterprise",
        policy="enterprise.add",
        taken=frozenset({*TEXTS, "uscc", "industry_code", "street", "duty_unit", "seq"}),
        template=TEMPLATE,
        traced="企业页",
    )

    def __init__(self, act: Act) -> None:
        self._act = act
        self._units = unit_names()
        self._own = own_unit(act)
        self._industries = {row.code: row for row in Industry.objects.all()}

    def row_of(self, columns: Sequence[Column], cells: Sequence[Cell], number: int) -> Row:
        """Type one row."""
        row = Row(number, EnterpriseRow({}, number))
        row.look_for_blanks(columns, cells, NAMES)
        values: dict[str, object] = {}
        for column, cell in zip(columns, cells, strict=True):
            if column.field is None or cell.value in (None, ""):
                continue
            value = self._value(row, column.field, cell)
            name = NAMES.get(column.field, "")
            if value and name not in values:
                values[name] = value
                row.places[name] = cell
        row.given = EnterpriseRow(values, number)
        return row

    def _value(self, row: Row, field: str, cell: Cell) -> object:
        text = str(cell.value).strip()
        if field in TEXTS:
            return text
        if field in FIGURES:
            row.notes.append((cell.cell, "经营数据须由企业提供并注明用途，没有导入"))
            return None
        reader = {
            "uscc": self._code,
            "industry_code": self._industry,
            "street": self._street,
            "duty_unit": unit(self._units),
        }.get(field)
        return reader(row, cell, text) if reader else None

    def _code(self, row: Row, cell: Cell, text: str) -> str:
        try:
            return checked_uscc(text)
        except Invalid as refusal:
            row.errors.append((cell.cell, reason(str(refusal))))
            return ""

    def _industry(self, row: Row, cell: Cell, text: str) -> Industry | None:
        found = self._industries.get(text.upper())
        if found is None:
            row.notes.append((cell.cell, f"没有行业代码“{text}”，行业按未知；可由专班先装入"))
        return found

    def _street(self, row: Row, cell: Cell, text: str) -> Organisation | None:
        found = self._units.named(text)
        if found is None or found.kind != OrganisationKind.STREET:
            row.notes.append((cell.cell, f"“{text}”不是组织机构中的街道，所在街道按未知"))
            return None
        return found

    def compared(self, rows: Sequence[Row]) -> list[EnterpriseDiff]:
        """Hold rows against the enterprises; a new one without a unit gets the clerk's own."""
        known = KnownEnterprises()
        for row in rows:
            if "unit" not in row.given.values and self._own is not None:
                found, doubt = known.meant(row.given)
                if found is None and not doubt:
                    row.given = replace(row.given, values={**row.given.values, "unit": self._own})
        return compare([row.given for row in rows], known, self._act.standing)

    def take(
        self,
        rows: Sequence[Row],  # noqa: ARG002 -- what they gave stands in the differences
        told: Sequence[EnterpriseDiff],
        cells: Sequence[Mapping[str, int]],
        source: str,  # noqa: ARG002 -- an enterprise's facts carry their cells
    ) -> Sequence[Subject]:
        """Create and change the enterprises, each fact with its cell."""
        pointed = [
            replace(diff, row=replace(diff.row, cells=places))
            for diff, places in zip(told, cells, strict=True)
        ]
        return import_enterprises(self._act, pointed)

    def label(self, name: str) -> str:
        """Name of a field."""
        return LABELS.get(name, name)

    def choices(self) -> Mapping[str, Sequence[str]]:
        """Offer the streets and units there are."""
        units = Organisation.objects.filter(active=True).exclude(kind=OrganisationKind.AREA)
        streets = [unit.name for unit in units if unit.kind == OrganisationKind.STREET]
        return {"street": streets, "duty_unit": [unit.name for unit in units]}


NAMES = TEXTS | {
    "uscc": "uscc",
    "industry_code": "industry",
    "street": "street",
    "duty_unit": "unit",
}
"""Field of the reader → name among the values of a row."""
