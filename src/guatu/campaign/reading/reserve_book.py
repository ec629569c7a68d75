"""The reserve ledger (储备项目库台账): rows become ideas; no file admits anything.

The reader knows no kind of its own for it: its tables have the columns of a project ledger, and
前期工作台账 (``preparation``) is a table of permits. It is told by its title, or by who brings it
in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from guatu.campaign.reading.books import BookWords, Look, Watch
from guatu.campaign.reading.project_book import ProjectBook, pointed
from guatu.campaign.reading.project_rows import Row
from guatu.engines.intake.sheet import Cell, Column
from guatu.engines.intake.sheet.template import RESERVE
from guatu.investment.actions.reserve_import import import_reserve, told_of_reserve
from guatu.investment.ledger import ProjectDiff, ProjectRow
from guatu.investment.models import Category
from guatu.investment.reserve_rules import ReserveRules, reserve_rules
from guatu.register.enums import DraftKind
from guatu.register.models import Subject
from guatu.register.recording import Act

TAKEN = frozenset(
    {
        *("seq", "name", "short_name", "code", "category", "nature", "content", "site"),
        *("duty_unit", "total_wan", "year_plan_wan", "investment_type", "fund_source"),
        *("land_state", "land_number", "operation", "period", "planned_start", "planned_finish"),
        *("owner_unit", "owner_phone", "contact", "phone", "problem", "origin"),
    }
)
THIS_YEAR = ("本年", "今年", "当年")


@dataclass(frozen=True)
class ReserveRow(ProjectRow):
    """A row of a project ledger and the code of where the project came from."""

    origin: str = ""


class ReserveBook(ProjectBook):
    """Reserve ledgers, opened by one act."""

    words = BookWords(
        kind="reserve",
        name="储备项目库台账",
        counted="个储备项目",
        page="reserve:reserve",
        draft=DraftKind.PROJECT,
        action="import_reserve",
        policy="reserve.import",
        taken=TAKEN,
        template=RESERVE,
        watched=(Watch(Look.MONEY, "total_wan", "总投资", unless_read="total_wan"),),
        traced="储备项目页",
        reads="project",
        exact=True,
        titled=("储备项目", "项目储备", "储备库"),
    )

    def __init__(self, act: Act) -> None:
        super().__init__(act)
        self._rules: ReserveRules = reserve_rules(act.business_date)

    def row_of(self, columns: Sequence[Column], cells: Sequence[Cell], number: int) -> Row:
        """Type one row: of the columns of a project ledger, those that a reserve project has."""
        taken = [
            column if column.field in TAKEN else replace(column, field=None) for column in columns
        ]
        row = super().row_of(taken, cells, number)
        values = dict(row.given.values)
        notes = [_stage_note(columns, cells)]
        if "year_plan_wan" in values:
            at = row.places.pop("year_plan_wan")
            planned = values.pop("year_plan_wan")
            header = next(c.header for c in columns if c.field == "year_plan_wan")
            if any(word in header for word in THIS_YEAR):
                notes.append((at.cell, f"“{header}”是本年的，储备项目只记下年度计划，没有导入"))
            else:
                values["next_plan_wan"], row.places["next_plan_wan"] = planned, at
        row.notes.extend(note for note in notes if note is not None)
        origin = self._origin(row, columns, cells)
        row.given = ReserveRow(
            values, number, parties=row.given.parties, sources=row.given.sources, origin=origin
        )
        return row

    def _origin(self, row: Row, columns: Sequence[Column], cells: Sequence[Cell]) -> str:
        for column, cell in zip(columns, cells, strict=True):
            if column.field == "origin" and cell.value is not None:
                text = "".join(str(cell.value).split())
                names = self._rules.origins
                code = next((code for code, name in names.items() if text in {code, name}), "")
                if code:
                    row.places["origin"] = cell
                else:
                    known = "、".join(names.values())
                    row.notes.append(
                        (cell.cell, f"项目来源“{text[:20]}”不在来源表（{known}）中，按未报")
                    )
                return code
        return ""

    def compared(self, rows: Sequence[Row]) -> list[ProjectDiff]:
        """Hold rows against the reserve; what is no longer in it cannot be changed from here."""
        return told_of_reserve(
            super().compared(rows),
            [row.given.origin if isinstance(row.given, ReserveRow) else "" for row in rows],
            self._rules,
        )

    def take(
        self,
        rows: Sequence[Row],
        told: Sequence[ProjectDiff],
        cells: Sequence[Mapping[str, int]],
        source: str,
    ) -> Sequence[Subject]:
        """Create ideas and change what is known of them, each fact with its cell."""
        diffs = [pointed(diff, row, at) for diff, row, at in zip(told, rows, cells, strict=True)]
        origins = [row.given.origin if isinstance(row.given, ReserveRow) else "" for row in rows]
        return import_reserve(self._act, diffs, self._known, source, origins).subjects

    def label(self, name: str) -> str:
        """Name of a field, a party or the origin."""
        return "项目来源" if name == "origin" else super().label(name)

    def choices(self) -> Mapping[str, Sequence[str]]:
        """Offer the categories and origins there are."""
        return {
            "category": list(Category.objects.values_list("name", flat=True)),
            "origin": list(self._rules.origins.values()),
        }


def _stage_note(columns: Sequence[Column], cells: Sequence[Cell]) -> tuple[str, str] | None:
    """Say that a told stage is not taken over."""
    for column, cell in zip(columns, cells, strict=True):
        if column.field == "stage" and cell.value is not None:
            return cell.cell, f"“{cell.value}”没有导入：入库须经初审、终审，导入的都从谋划开始"
    return None
