"""Kinds of ledgers that can be taken in: how their rows are read, compared and booked.

One flow serves all: read → preview by cell → confirm all or nothing → error rows as Excel.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from guatu.attraction.actions.importing import import_compared as import_leads
from guatu.attraction.ledger import KnownLeads, LeadDiff
from guatu.attraction.ledger import field_label as lead_label
from guatu.campaign.reading import lead_rows, ledger_rows, previews
from guatu.campaign.reading.previews import column_of
from guatu.engines.intake.sheet import Cell, Column
from guatu.investment.actions.importing import import_compared as import_projects
from guatu.investment.ledger import Known, ProjectDiff
from guatu.investment.ledger import field_label as project_label
from guatu.register.enums import DraftKind, Verdict
from guatu.register.models import Batch, Draft, Subject
from guatu.register.recording import Act, Json

PROJECT = "project"
LEAD = "lead"


class Row(Protocol):
    """A row as read: where each value stands, what keeps it out, what is only said."""

    number: int
    places: dict[str, Cell]
    errors: list[tuple[str, str]]
    notes: list[tuple[str, str]]


class Diff(Protocol):
    """What importing a row would do."""

    @property
    def verdict(self) -> Verdict:
        """New, changed, unchanged or wrong."""

    @property
    def changes(self) -> Mapping[str, tuple[Json, Json]]:
        """Field → (old, new)."""

    @property
    def issues(self) -> tuple[str, ...]:
        """What keeps the row out."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What will not be taken over from it."""


@dataclass(frozen=True)
class LedgerKind:
    """One kind. ``counted`` are the words one of its rows is counted in, as in 新增 3 个项目.

    ``pointed`` gives a difference the keys of its cells; ``take`` books differences and returns
    their subjects, aligned.
    """

    code: str
    name: str
    counted: str
    draft: DraftKind
    action: str
    taken: frozenset[str]
    label: Callable[[str], str]
    books: Callable[[Act], Any]
    row_of: Callable[[Sequence[Column], Sequence[Cell], int, Any], Any]
    compared: Callable[[Act, Any], tuple[list[Any], Any]]
    pointed: Callable[[Any, Any, Mapping[str, int]], Any]
    take: Callable[[Act, Any, Any, str], Sequence[Subject]]

    def rows_of(self, batch: Batch, drafts: Sequence[Draft], books: object) -> list[Any]:
        """Type the rows the drafts keep."""
        tables = [[column_of(column) for column in table["columns"]] for table in batch.tables]
        rows = []
        for draft in drafts:
            columns = tables[draft.payload["table"]]
            kept = draft.payload["cells"]
            number = draft.payload["row"]
            cells = [
                Cell(*kept[key]) if (key := str(at)) in kept else Cell(None, "", f"A{number}")
                for at in range(len(columns))
            ]
            rows.append(self.row_of(columns, cells, number, books))
        return rows


def _project_pointed(
    diff: ProjectDiff, row: ledger_rows.LedgerRow, places: Mapping[str, int]
) -> ProjectDiff:
    money = tuple(replace(given, cell_id=places.get(given.name)) for given in row.project.money)
    return replace(diff, row=replace(row.project, sources=places, money=money))


def _take_projects(
    act: Act, diffs: Sequence[ProjectDiff], known: Known, source: str
) -> Sequence[Subject]:
    return import_projects(act, diffs, known, source).subjects


def _lead_pointed(diff: LeadDiff, row: lead_rows.ReadLead, places: Mapping[str, int]) -> LeadDiff:
    return replace(diff, row=replace(row.lead, sources=places))


def _take_leads(
    act: Act, diffs: Sequence[LeadDiff], known: KnownLeads, _source: str
) -> Sequence[Subject]:
    return import_leads(act, diffs, known).subjects


KINDS: Mapping[str, LedgerKind] = {
    kind.code: kind
    for kind in (
        LedgerKind(
            PROJECT,
            "项目台账",
            "个项目",
            DraftKind.PROJECT,
            "import_project",
            ledger_rows.TAKEN,
            project_label,
            previews.books_for,
            ledger_rows.row_of,
            previews.compared,
            _project_pointed,
            _take_projects,
        ),
        LedgerKind(
            LEAD,
            "招商台账",
            "条线索",
            DraftKind.LEAD,
            "import_lead",
            lead_rows.TAKEN,
            lead_label,
            lead_rows.books_for,
            lead_rows.row_of,
            lead_rows.compared,
            _lead_pointed,
            _take_leads,
        ),
    )
}


def kind_of(batch: Batch) -> LedgerKind:
    """Return the kind of a batch made from a workbook."""
    return KINDS[batch.kind]
