"""The sheet of firms' figures (月度指标表): one row a firm, an indicator and a period.

Every row names provider and purpose; the consent is the firm's latest living one that covers them.
A row without a new value says nothing. The sheet a unit fetches lists its firms and indicators with
the last value beside an empty new one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation

from guatu.campaign.reading.books import BookWords, LedgerRow, reason
from guatu.campaign.reading.units import unit_names
from guatu.engines.intake.sheet import Cell, Column
from guatu.engines.intake.sheet.template import Template, TemplateColumn
from guatu.growth.actions.figures import (
    Entry,
    Ground,
    by_firm,
    check_entry,
    check_value,
    consent_for,
    needed,
    report_figures,
)
from guatu.growth.doubts import doubt_of
from guatu.growth.enums import Provider
from guatu.growth.models import Consent
from guatu.growth.periods import is_period
from guatu.growth.rules import firm_rules
from guatu.register.enterprise_rows import EnterpriseRow, KnownEnterprises
from guatu.register.enums import DraftKind, Verdict
from guatu.register.errors import Invalid
from guatu.register.ledgers import Issue, issue_of
from guatu.register.models import Enterprise, Organisation, SourceCell, Subject
from guatu.register.observations import figures_as_of, figures_in_sight, shown
from guatu.register.policies import may
from guatu.register.recording import Act, Json

VALUE = "value"
LABELS = {
    "name": "企业",
    "indicator": "指标",
    "period": "时期",
    VALUE: "本期数",
    "provider": "数据提供方",
    "organisation": "提供部门",
    "purpose": "数据用途",
    "unit": "计量单位",
}
FIELDS = {
    "firm": "name",
    "uscc": "uscc",
    "name": "indicator",
    "month": "period",
    "actual": VALUE,
    "provider": "provider",
    "department": "organisation",
    "purpose": "purpose",
    "measure": "unit",
}
"""Field of the reader → name among the values of a row."""

TEMPLATE = Template(
    "月度指标表",
    (
        TemplateColumn("seq", "序号", 7, example="示例"),
        TemplateColumn("firm", "企业名称", 36, "必填；与企业库一致", "示例机械有限公司"),
        TemplateColumn("uscc", "统一社会信用代码", 24, "不知道就留空"),
        TemplateColumn("name", "指标名称", 14, "", "营业收入"),
        TemplateColumn("month", "时期", 12, "月度如 2025-03，季度如 2025Q1", "2025-03"),
        TemplateColumn("previous", "上期数", 14, "仅供对照，不导入"),
        TemplateColumn("actual", "本期数", 14, "不知道就留空，不要填0", 1200),
        TemplateColumn("measure", "计量单位", 12),
        TemplateColumn("provider", "数据提供方", 14, "", "企业填报"),
        TemplateColumn("department", "提供部门", 18, "部门提供的必填；也可写供电公司等单位"),
        TemplateColumn("purpose", "数据用途", 14, "须在企业同意的范围内", "企业服务"),
    ),
)
"""Columns of the sheet, out and in."""


@dataclass(frozen=True)
class FigureRow:
    """One row, typed; what it does not say is left out of ``values``."""

    values: Mapping[str, object]
    number: int


@dataclass(frozen=True)
class FigureDiff:
    """What importing a row would do; ``entry`` None where it says nothing or is wrong."""

    verdict: Verdict
    firm: Enterprise | None
    entry: Entry | None = None
    changes: Mapping[str, tuple[Json, Json]] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()
    notes: tuple[str, ...] = ()


Row = LedgerRow[FigureRow]
Reader = Callable[[Row, Cell, str], object]


class FigureBook:
    """Sheets of firms' figures, opened by one act."""

    words = BookWords(
        kind="indicator",
        name="月度指标表",
        counted="个数",
        page="firms:firm",
        draft=DraftKind.QUANTITY,
        action="import_figure",
        policy="firm.import",
        taken=frozenset({*FIELDS, "seq"}),
        template=TEMPLATE,
    )

    def __init__(self, act: Act) -> None:
        self._act = act
        self._rules = firm_rules(act.business_date)
        self._units = unit_names()
        self._readers: Mapping[str, Reader] = {
            "indicator": self._indicator,
            "period": _period,
            VALUE: _number,
            "provider": self._provider,
            "organisation": self._department,
            "purpose": self._purpose,
        }

    def row_of(self, columns: Sequence[Column], cells: Sequence[Cell], number: int) -> Row:
        """Type one row."""
        row = Row(number, FigureRow({}, number))
        row.look_for_blanks(columns, cells, FIELDS)
        values: dict[str, object] = {}
        for column, cell in zip(columns, cells, strict=True):
            name = FIELDS.get(column.field or "", "")
            if not name or name in values or cell.value in (None, ""):
                continue
            text = str(cell.value).strip()
            reader = self._readers.get(name)
            value = reader(row, cell, text) if reader else text
            if value is not None:
                values[name] = value
                row.places[name] = cell
        self._check_unit(row, values)
        row.given = FigureRow(values, number)
        return row

    def _check_unit(self, row: Row, values: Mapping[str, object]) -> None:
        """A figure in another unit is not converted: nobody knows which of both is wrong."""
        asked = self._rules.asked.get(str(values.get("indicator", "")))
        told = values.get("unit")
        if asked is not None and told is not None and told != asked.indicator.unit:
            row.errors.append(
                (row.places["unit"].cell, f"“{asked.indicator.name}”应以{asked.indicator.unit}计")
            )

    def _indicator(self, row: Row, cell: Cell, text: str) -> str | None:
        found = self._rules.named(text)
        if found is None:
            names = "、".join(one.indicator.name for one in self._rules.asked.values())
            row.errors.append((cell.cell, f"没有“{text}”这一指标，可报的有：{names}"))
        return found.code if found else None

    def _provider(self, row: Row, cell: Cell, text: str) -> str | None:
        names = self._rules.providers()
        for code, name in names.items():
            if text in {code, name}:
                return code
        found = self._rules.body_named(text)
        if not found:
            told = "、".join(names.values())
            row.errors.append((cell.cell, f"没有“{text}”这一提供方，可选：{told}"))
        return found or None

    def _department(self, row: Row, cell: Cell, text: str) -> Organisation | str | None:
        """The unit of that name, or the code of a body outside the tree."""
        found = self._units.named(text) or self._rules.body_named(text)
        if not found:
            row.errors.append((cell.cell, self._units.unknown(text, "提供部门")))
        return found or None

    def _purpose(self, row: Row, cell: Cell, text: str) -> str | None:
        for code, name in self._rules.purposes.items():
            if text in {code, name}:
                return code
        names = "、".join(self._rules.purposes.values())
        row.errors.append((cell.cell, f"没有“{text}”这一用途，可选：{names}"))
        return None

    def compared(self, rows: Sequence[Row]) -> list[FigureDiff]:
        """Hold rows against the figures in sight; a constant number of queries."""
        known = KnownEnterprises()
        found = [_firm(row, known) for row in rows]
        subjects = sorted({firm.subject_id for firm, _ in found if firm is not None})
        consents = by_firm(list(Consent.objects.filter(subject__in=subjects)))
        current = self._current(subjects)
        seen: dict[tuple[int, str, str], int] = {}
        told = []
        for row, (firm, doubt) in zip(rows, found, strict=True):
            diff = self._diff(row, firm, doubt, consents)
            if diff.entry is not None:
                diff = _beside(diff, diff.entry, row.number, current, seen)
            told.append(diff)
        given = {_key(diff.entry): diff.entry.value for diff in told if diff.entry is not None}
        return [self._asked_about(diff, {**current, **given}) for diff in told]

    def _asked_about(
        self, diff: FigureDiff, known: Mapping[tuple[int, str, str], Decimal | None]
    ) -> FigureDiff:
        """Add the question about a figure out of proportion to the firm's others."""
        entry = diff.entry
        if entry is None or diff.verdict == Verdict.UNCHANGED:
            return diff

        def look(code: str, period: str) -> Decimal | None:
            return known.get((entry.firm.pk, code, period))

        asked = self._rules.asked[entry.indicator]
        doubt = doubt_of(asked, entry.period, look, self._rules)
        return replace(diff, notes=(*diff.notes, f"存疑：{doubt.words}")) if doubt else diff

    def _current(self, subjects: Sequence[int]) -> dict[tuple[int, str, str], Decimal | None]:
        """Values that hold, as far as the officer may see them."""
        standing = self._act.standing
        rows = shown(figures_as_of(None)) if standing is None else figures_in_sight(standing)
        rows = rows.filter(subject__in=subjects, provision__isnull=False)
        return {
            (row.subject_id, row.indicator.code, row.period): row.value
            for row in rows.select_related("indicator")
        }

    def _diff(
        self,
        row: Row,
        firm: Enterprise | None,
        doubt: str,
        consents: Mapping[int, list[Consent]],
    ) -> FigureDiff:
        values = row.given.values
        if row.errors:
            return FigureDiff(Verdict.ERROR, firm)
        if firm is None:
            about = "uscc" if "uscc" in values and "name" not in values else "name"
            return FigureDiff(Verdict.ERROR, None, issues=(Issue(doubt, about),))
        if not may(self._act.standing, "firm.report", firm.subject):
            refused = Issue("这家企业不归您报数，不能由您导入。", "name")
            return FigureDiff(Verdict.ERROR, firm, issues=(refused,))
        if VALUE not in values:
            return FigureDiff(Verdict.UNCHANGED, firm, notes=("没有本期数，按未报，不导入。",))
        try:
            entry = self._entry(firm, values, consents.get(firm.subject_id, []))
        except Invalid as refusal:
            return FigureDiff(Verdict.ERROR, firm, issues=(issue_of(refusal),))
        return FigureDiff(Verdict.NEW, firm, entry)

    def _entry(
        self, firm: Enterprise, values: Mapping[str, object], consents: Sequence[Consent]
    ) -> Entry:
        for name in ("indicator", "period", "provider", "purpose"):
            if name not in values:
                raise Invalid(f"没有填写{LABELS[name]}，不能导入。", name)
        purpose = str(values["purpose"])
        value = values[VALUE]
        asked = self._rules.asked[str(values["indicator"])]
        if not isinstance(value, Decimal):
            raise Invalid("本期数不是数字。", VALUE)
        check_value(value, asked)
        given, provider = values.get("organisation"), str(values["provider"])
        if isinstance(given, str) and provider == Provider.DEPARTMENT:
            provider = given
        consent = consent_for(consents, provider, purpose)
        if consent is None:
            raise Invalid(needed(purpose, self._rules), "purpose")
        ground = Ground(
            provider,
            purpose,
            consent,
            given if isinstance(given, Organisation) else None,
        )
        entry = Entry(firm.subject, asked.code, str(values["period"]), value, ground)
        check_entry(entry, self._rules, self._act)
        return entry

    def take(
        self,
        rows: Sequence[Row],  # noqa: ARG002 -- what they gave stands in the differences
        told: Sequence[FigureDiff],
        cells: Sequence[Mapping[str, int]],
        source: str,  # noqa: ARG002 -- a figure's provider is its source; its cell tells the file
    ) -> Sequence[Subject]:
        """Keep the figures, each with its cell; rows that say nothing keep nothing."""
        entries = [
            replace(diff.entry, cell=SourceCell(pk=places[VALUE]))
            if VALUE in places
            else diff.entry
            for diff, places in zip(told, cells, strict=True)
            if diff.entry is not None and diff.changes
        ]
        report_figures(self._act, entries)
        return [diff.firm.subject for diff in told if diff.firm is not None]

    def label(self, name: str) -> str:
        """Name of a field."""
        return LABELS.get(name, name)

    def choices(self) -> Mapping[str, Sequence[str]]:
        """Offer indicators, providers and purposes of the day's rules."""
        return {
            "name": [one.indicator.name for one in self._rules.asked.values()],
            "provider": list(self._rules.providers().values()),
            "purpose": list(self._rules.purposes.values()),
        }


def _firm(row: Row, known: KnownEnterprises) -> tuple[Enterprise | None, str]:
    values = row.given.values
    if "name" not in values and "uscc" not in values:
        return None, "没有企业名称。"
    told = {name: values[name] for name in ("name", "uscc") if name in values}
    firm, doubt = known.meant(EnterpriseRow(told, row.number))
    return (
        firm,
        doubt or f"企业库中没有“{values.get('name') or values.get('uscc')}”，请先登记企业。",
    )


def _key(entry: Entry) -> tuple[int, str, str]:
    return entry.firm.pk, entry.indicator, entry.period


def _beside(
    diff: FigureDiff,
    entry: Entry,
    number: int,
    current: Mapping[tuple[int, str, str], Decimal | None],
    seen: dict[tuple[int, str, str], int],
) -> FigureDiff:
    """What an entry changes beside the value that holds, and whether it stands twice."""
    key = _key(entry)
    if key in seen:
        twin = Issue(f"与第 {seen[key]} 行是同一个数。", VALUE)
        return replace(diff, verdict=Verdict.ERROR, entry=None, issues=(twin,))
    seen[key] = number
    old = current.get(key)
    if old is not None and old == entry.value:
        return replace(diff, verdict=Verdict.UNCHANGED)
    before = None if old is None else plain(old)
    verdict = Verdict.NEW if old is None else Verdict.CHANGED
    return replace(diff, verdict=verdict, changes={VALUE: (before, plain(entry.value))})


def plain(value: Decimal) -> str:
    """A value as people write it in a cell.

    >>> plain(Decimal("1200.500000")), plain(Decimal("1E+3"))
    ('1200.5', '1000')
    """
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _period(row: Row, cell: Cell, text: str) -> str | None:
    found = text.replace("年第", "Q").removesuffix("季度") if "季度" in text else text[:7]
    if is_period(found):
        return found
    row.errors.append((cell.cell, f"时期“{text}”不正确，应如 2025-03 或 2025Q1"))
    return None


def _number(row: Row, cell: Cell, text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation:
        row.errors.append((cell.cell, reason(f"「{text}」不是数字；不知道就留空。")))
        return None
