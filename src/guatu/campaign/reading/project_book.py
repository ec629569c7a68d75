"""The project ledger: rows become projects, their money series, monthly images and parties."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from guatu.campaign.reading.books import BookWords, Look, Watch
from guatu.campaign.reading.people import post_names
from guatu.campaign.reading.project_rows import SERIES, TAKEN, Books, Row, row_of
from guatu.campaign.reading.units import own_unit, unit_names
from guatu.engines.intake.sheet import Cell, Column
from guatu.engines.intake.sheet.template import PROJECTS
from guatu.investment.actions.importing import import_compared
from guatu.investment.ledger import (
    Known,
    ProjectDiff,
    diff_projects,
    field_label,
    match,
    read_known,
)
from guatu.investment.models import Category, Stage
from guatu.investment.stages import vocabulary
from guatu.register.campaign import current
from guatu.register.enums import DraftKind, Role
from guatu.register.models import Subject
from guatu.register.recording import Act


class ProjectBook:
    """Project ledgers, opened by one act."""

    words = BookWords(
        kind="project",
        name="项目台账",
        counted="个项目",
        page="projects:project",
        draft=DraftKind.PROJECT,
        action="import_project",
        policy="project.import",
        taken=TAKEN,
        template=PROJECTS,
        many=frozenset({*SERIES, "image_target"}),
        watched=(Watch(Look.MONEY, "total_wan", "总投资", unless_read="total_wan"),),
        traced="项目页",
    )

    def __init__(self, act: Act) -> None:
        campaign = current()
        self._act = act
        self._known = Known([])
        self._names = Books(
            year=campaign.year if campaign else act.business_date.year,
            units=unit_names(),
            leaders=post_names(act, Role.LEADER),
            specialists=post_names(act, Role.SPECIALIST),
            words=vocabulary(),
        )

    def row_of(self, columns: Sequence[Column], cells: Sequence[Cell], number: int) -> Row:
        """Type one row."""
        return row_of(columns, cells, number, self._names)

    def compared(self, rows: Sequence[Row]) -> list[ProjectDiff]:
        """Hold rows against the projects there are.

        Sets each row's project as it would be imported: one that names no unit keeps the unit of
        its project; a new one gets that of the uploading clerk.
        """
        self._known = read_known([row.given for row in rows])
        own = own_unit(self._act)
        for row in rows:
            if not row.errors and "unit" not in row.given.values and own is not None:
                found, doubt = match(row.given, self._known)
                if found is None and not doubt:
                    row.given = replace(row.given, values={**row.given.values, "unit": own})
        return diff_projects([row.given for row in rows], self._known, self._act.standing)

    def take(
        self,
        rows: Sequence[Row],
        told: Sequence[ProjectDiff],
        cells: Sequence[Mapping[str, int]],
        source: str,
    ) -> Sequence[Subject]:
        """Create and change the projects, each fact with its cell."""
        found = [
            pointed(diff, row, places) for diff, row, places in zip(told, rows, cells, strict=True)
        ]
        return import_compared(self._act, found, self._known, source).subjects

    def label(self, name: str) -> str:
        """Name of a field, a figure, an image or a party."""
        return field_label(name)

    def choices(self) -> Mapping[str, Sequence[str]]:
        """Offer the categories and stages there are."""
        return {
            "category": list(Category.objects.values_list("name", flat=True)),
            "stage": list(Stage.objects.values_list("name", flat=True)),
        }


def pointed(diff: ProjectDiff, row: Row, places: Mapping[str, int]) -> ProjectDiff:
    """The same difference, its facts with the keys of their cells."""
    money = tuple(replace(given, cell_id=places.get(given.name)) for given in row.given.money)
    return replace(diff, row=replace(row.given, sources=places, money=money))
