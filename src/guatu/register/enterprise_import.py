"""Taking an enterprise register in: many enterprises at once, each fact with its cell."""

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction

from guatu.register.enterprise_rows import EnterpriseDiff
from guatu.register.enums import Domain, SubjectKind, Verdict
from guatu.register.errors import Invalid
from guatu.register.keys import code as readable
from guatu.register.ledgers import point_to_cells
from guatu.register.models import Enterprise, EnterpriseName, Subject
from guatu.register.policies import require
from guatu.register.recording import Act, change_many, create_many
from guatu.register.subjects import PREFIXES, next_number

VERB = "enterprise.import"


def import_enterprises(act: Act, diffs: Sequence[EnterpriseDiff]) -> list[Subject]:
    """Do what was just compared, all or nothing; subjects align with the rows.

    A new name keeps the old one findable. Raises Invalid naming the first wrong row, Forbidden.
    A constant number of statements per 500 rows.
    """
    require(act.standing, "enterprise.add", None)
    for diff in diffs:
        if diff.verdict == Verdict.ERROR:
            raise Invalid(f"第 {diff.row.number} 行：{'；'.join(map(str, diff.issues))}")
    fresh = [diff for diff in diffs if diff.verdict == Verdict.NEW]
    with transaction.atomic():
        made = dict(zip(map(id, fresh), _create(act, fresh), strict=True))
        _change(act, [diff for diff in diffs if diff.verdict == Verdict.CHANGED])
        subjects = [
            diff.enterprise.subject if diff.enterprise else made[id(diff)] for diff in diffs
        ]
        _sources(act, diffs, subjects)
    return subjects


def _create(act: Act, diffs: Sequence[EnterpriseDiff]) -> list[Subject]:
    number = next_number(SubjectKind.ENTERPRISE)
    subjects = [_subject(act, diff, number + offset) for offset, diff in enumerate(diffs)]
    create_many(act, VERB, subjects)
    told = [
        (subject, {name: value for name, value in diff.row.values.items() if name != "unit"})
        for diff, subject in zip(diffs, subjects, strict=True)
    ]
    create_many(act, VERB, [Enterprise(subject=subject, **values) for subject, values in told])
    names = [EnterpriseName(subject=subject, name=values["name"]) for subject, values in told]
    create_many(act, VERB, names)
    return subjects


def _subject(act: Act, diff: EnterpriseDiff, number: int) -> Subject:
    unit = diff.row.values.get("unit")
    return Subject(
        kind=SubjectKind.ENTERPRISE,
        code=readable(PREFIXES[SubjectKind.ENTERPRISE], number),
        title=diff.row.values["name"],
        unit=unit,
        domain=Domain.GOVERNANCE,
        district_code=unit.district_code if unit else settings.DISTRICT_CODE,
        is_sample=act.sample,
    )


def _change(act: Act, diffs: Sequence[EnterpriseDiff]) -> None:
    rows, subjects, names = [], [], []
    for diff in diffs:
        if diff.enterprise is None:
            continue
        new = {name: diff.row.values[name] for name in diff.changes}
        moved = {"unit": new.pop("unit")} if "unit" in new else {}
        if "name" in new:
            moved["title"] = new["name"]
            names.append(EnterpriseName(subject=diff.enterprise.subject, name=new["name"]))
        if new:
            rows.append((diff.enterprise, new))
        if moved:
            subjects.append((diff.enterprise.subject, moved))
    change_many(act, VERB, rows)
    change_many(act, VERB, subjects)
    create_many(act, VERB, names)


def _sources(act: Act, diffs: Sequence[EnterpriseDiff], subjects: Sequence[Subject]) -> None:
    facts = [
        (subject.pk, "subject.unit" if name == "unit" else f"enterprise.{name}", cell)
        for diff, subject in zip(diffs, subjects, strict=True)
        for name, cell in diff.row.cells.items()
        if name in diff.changes
    ]
    point_to_cells(act, facts)
