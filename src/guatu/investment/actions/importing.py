"""Taking a confirmed ledger in: many projects at once, each fact with its cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from guatu.investment.actions.figures import MoneyRow, record_money_many
from guatu.investment.actions.numbering import next_number, project_code
from guatu.investment.ledger import Known, ProjectDiff, ProjectRow, diff_projects, read_known
from guatu.investment.models import MonthlyImage, Project
from guatu.register.enums import Domain, SubjectKind, Verdict
from guatu.register.errors import Invalid
from guatu.register.ledgers import point_to_cells
from guatu.register.models import Party, Subject
from guatu.register.policies import require
from guatu.register.recording import Act, change_many, create_columns, create_many

VERB = "project.import"


@dataclass(frozen=True)
class ImportResult:
    """What an import did; ``subjects`` are aligned with the rows."""

    new: int
    changed: int
    unchanged: int
    subjects: tuple[Subject, ...]


def import_projects(act: Act, rows: Sequence[ProjectRow], source: str = "项目台账") -> ImportResult:
    """Create and change the projects of a ledger, all or nothing.

    ``source`` names the file on figures. Raises Invalid naming the first wrong row. A constant
    number of statements per 500 rows.
    """
    require(act.standing, "project.import")
    with transaction.atomic():
        known = read_known(rows)
        return import_compared(act, diff_projects(rows, known, act.standing), known, source)


def import_compared(
    act: Act, diffs: Sequence[ProjectDiff], known: Known, source: str
) -> ImportResult:
    """Do what ``diffs`` say, for whoever has just compared the rows in the same transaction."""
    require(act.standing, "project.import")
    for diff in diffs:
        if diff.verdict == Verdict.ERROR:
            raise Invalid(f"第 {diff.row.number} 行：{'；'.join(map(str, diff.issues))}")
    fresh = [diff for diff in diffs if diff.verdict == Verdict.NEW]
    changed = [diff for diff in diffs if diff.verdict == Verdict.CHANGED]
    with transaction.atomic():
        made = dict(zip(map(id, fresh), _create(act, fresh), strict=True))
        _change(act, changed)
        subjects = [
            made[id(diff)] if diff.project is None else diff.project.subject for diff in diffs
        ]
        told = [
            (diff, subject) for diff, subject in zip(diffs, subjects, strict=True) if diff.changes
        ]
        _parties(act, told, known)
        _images(act, told, known)
        _money(act, told, source)
        _sources(act, told)
    return ImportResult(
        len(fresh), len(changed), len(diffs) - len(fresh) - len(changed), tuple(subjects)
    )


def _columns(row: ProjectRow) -> dict[str, Any]:
    """Columns of Project among what the row says."""
    return {name: value for name, value in row.said().items() if name != "unit"}


def _create(act: Act, diffs: Sequence[ProjectDiff]) -> list[Subject]:
    number = next_number()
    subjects = []
    for offset, diff in enumerate(diffs):
        unit = diff.row.values.get("unit")
        name = diff.row.values["name"].strip()
        subjects.append(
            Subject(
                kind=SubjectKind.PROJECT,
                code=project_code(number + offset),
                district_code=unit.district_code if unit else "",
                title=name,
                domain=Domain.INVESTMENT,
                unit=unit,
                is_sample=act.sample,
            )
        )
    create_many(act, VERB, subjects)
    create_many(
        act,
        VERB,
        [
            Project(subject=subject, **_columns(diff.row))
            for diff, subject in zip(diffs, subjects, strict=True)
        ],
    )
    return subjects


def _change(act: Act, diffs: Sequence[ProjectDiff]) -> None:
    projects: list[tuple[Project, Mapping[str, Any]]] = []
    subjects: list[tuple[Subject, Mapping[str, Any]]] = []
    for diff in diffs:
        if diff.project is None:
            continue
        said = diff.row.said()
        mine = {name: said[name] for name in diff.changes if name in said}
        if "name" in mine or "unit" in mine:
            new = {"unit": mine.pop("unit")} if "unit" in mine else {}
            if "name" in mine:
                new |= {"title": mine["name"]}
            subjects.append((diff.project.subject, new))
        if mine:
            projects.append((diff.project, mine))
    change_many(act, VERB, projects)
    change_many(act, VERB, subjects)


def _parties(act: Act, told: Sequence[tuple[ProjectDiff, Subject]], known: Known) -> None:
    rows = [
        Party(
            subject_id=subject.pk,
            role=party.role.value,
            post_id=party.post.pk if party.post else None,
            unit_id=party.unit.pk if party.unit else None,
            outside_name=party.outside_name,
            outside_phone=party.outside_phone,
        )
        for diff, subject in told
        for party in diff.row.parties
        if (subject.pk, *party.key) not in known.parties
    ]
    create_many(act, VERB, rows)


def _images(act: Act, told: Sequence[tuple[ProjectDiff, Subject]], known: Known) -> None:
    fresh: list[tuple[int, str, str]] = []
    changed: list[tuple[MonthlyImage, dict[str, str]]] = []
    for diff, subject in told:
        for month, words in diff.row.images.items():
            if f"image.{month}" not in diff.changes:
                continue
            image = known.images.get((subject.pk, month))
            if image is None:
                fresh.append((subject.pk, month, words.strip()))
            else:
                changed.append((image, {"words": words.strip()}))
    if fresh:
        columns = zip(("subject_id", "month", "words"), zip(*fresh, strict=True), strict=True)
        create_columns(act, VERB, MonthlyImage, dict(columns))
    change_many(act, VERB, changed)


def _money(act: Act, told: Sequence[tuple[ProjectDiff, Subject]], source: str) -> None:
    record_money_many(
        act,
        [
            MoneyRow(
                subject.pk,
                given.indicator,
                given.period,
                given.basis,
                given.value,
                source,
                given.cell_id,
            )
            for diff, subject in told
            for given in diff.row.money
        ],
    )


def _sources(act: Act, told: Sequence[tuple[ProjectDiff, Subject]]) -> None:
    facts = [
        (subject.pk, source_field(name), cell)
        for diff, subject in told
        for name, cell in _cells(diff.row).items()
        if name in diff.changes
    ]
    point_to_cells(act, facts)


def _cells(row: ProjectRow) -> dict[str, int]:
    """Cells by the names of changes: of fields, images and figures."""
    figures = {given.name: given.cell_id for given in row.money if given.cell_id is not None}
    return {**row.sources, **figures}


def source_field(name: str) -> str:
    """Name of a field as :class:`Sourced` keeps it.

    >>> source_field("total_wan"), source_field("unit"), source_field("image.2025-03")
    ('project.total_wan', 'subject.unit', 'monthlyimage.2025-03')
    """
    head, _, tail = name.partition(".")
    if head == "unit":
        return "subject.unit"
    if tail:
        return f"monthlyimage.{tail}" if head == "image" else name
    return f"project.{name}"
