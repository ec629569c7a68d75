"""The lead ledger (招商台账): rows become leads with their contact and their last follow-up."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from guatu.attraction.actions.importing import import_compared
from guatu.attraction.ledger import (
    KnownLeads,
    LeadDiff,
    LeadRow,
    diff_leads,
    field_label,
    match,
    read_known,
)
from guatu.campaign.reading.books import BookWords, LedgerRow, Look, Watch
from guatu.campaign.reading.lead_rows import TAKEN, ReadLead, books_for, row_of
from guatu.campaign.reading.units import own_unit
from guatu.engines.intake.sheet import Cell, Column
from guatu.engines.intake.sheet.template import LEADS
from guatu.register.enums import DraftKind
from guatu.register.models import Subject
from guatu.register.recording import Act


class LeadBook:
    """Lead ledgers, opened by one act."""

    words = BookWords(
        kind="lead",
        name="招商台账",
        counted="条线索",
        page="leads:lead",
        draft=DraftKind.LEAD,
        action="import_lead",
        policy="lead.import",
        taken=TAKEN,
        template=LEADS,
        many=frozenset({"progress"}),
        watched=(Watch(Look.MONEY, "total_wan", "投资额"),),
        traced="线索页",
    )

    def __init__(self, act: Act) -> None:
        self._act = act
        self._names = books_for(act)
        self._known: KnownLeads | None = None

    def row_of(self, columns: Sequence[Column], cells: Sequence[Cell], number: int) -> ReadLead:
        """Type one row."""
        return row_of(columns, cells, number, self._names)

    def compared(self, rows: Sequence[LedgerRow[LeadRow]]) -> list[LeadDiff]:
        """Hold rows against the leads there are.

        A row that names no unit keeps the unit of its lead; a new one gets the uploading clerk's.
        """
        rules, own = self._names.rules, own_unit(self._act)
        self._known = read_known([row.given for row in rows], rules, self._act.business_date)
        for row in rows:
            if not row.errors and "unit" not in row.given.values and own is not None:
                found, doubt = match(row.given, self._known)
                if found is None and not doubt:
                    row.given = replace(row.given, values={**row.given.values, "unit": own})
        return diff_leads([row.given for row in rows], self._known, self._act.standing)

    def take(
        self,
        rows: Sequence[LedgerRow[LeadRow]],  # noqa: ARG002 -- what they gave stands in the differences
        told: Sequence[LeadDiff],
        cells: Sequence[Mapping[str, int]],
        source: str,  # noqa: ARG002 -- a lead's facts carry their cells
    ) -> Sequence[Subject]:
        """Create and change the leads, each fact with its cell."""
        pointed = [
            replace(diff, row=replace(diff.row, sources=places))
            for diff, places in zip(told, cells, strict=True)
        ]
        if self._known is None:
            raise RuntimeError("rows are compared before they are taken")
        return import_compared(self._act, pointed, self._known).subjects

    def label(self, name: str) -> str:
        """Name of a field, a contact or a follow-up."""
        return field_label(name)

    def choices(self) -> Mapping[str, Sequence[str]]:
        """Offer the sources, tactics, stages and ways of the day's rules."""
        rules = self._names.rules
        return {
            "source": list(rules.sources.values()),
            "tactic": list(rules.tactics.values()),
            "status": list(rules.stage_names().values()),
            "follow_way": list(rules.ways.values()),
        }
