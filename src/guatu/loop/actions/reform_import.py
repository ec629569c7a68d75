"""Taking a list of reforms in: many at once, all or nothing, each fact with its cell."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction

from guatu.loop.models import Reform
from guatu.loop.reform_rows import OF_SUBJECT, ReformDiff, source_field, subject_values
from guatu.register.enums import Domain, SubjectKind, Verdict
from guatu.register.errors import Invalid
from guatu.register.keys import code as readable
from guatu.register.ledgers import point_to_cells
from guatu.register.models import Subject
from guatu.register.policies import require
from guatu.register.recording import Act, change_many, create_many
from guatu.register.subjects import PREFIXES, next_number

VERB = "reform.import"


def import_reforms(act: Act, diffs: Sequence[ReformDiff]) -> list[Subject]:
    """Do what was just compared, in one transaction; subjects align with the rows.

    Raises Invalid naming the first wrong row, Forbidden. A constant number of statements per 500
    rows.
    """
    require(act.standing, "reform.add")
    for diff in diffs:
        if diff.verdict == Verdict.ERROR:
            raise Invalid(f"第 {diff.row.number} 行：{'；'.join(map(str, diff.issues))}")
        if diff.reform is not None and diff.changes:
            require(act.standing, "reform.edit", diff.reform.subject)
    act = act.because(act.reason or "改革任务清单导入")
    fresh = [diff for diff in diffs if diff.reform is None]
    with transaction.atomic():
        made = dict(zip(map(id, fresh), _create(act, fresh), strict=True))
        _change(act, diffs)
        subjects = [diff.reform.subject if diff.reform else made[id(diff)] for diff in diffs]
        point_to_cells(
            act,
            [
                (subject.pk, source_field(name), cell)
                for diff, subject in zip(diffs, subjects, strict=True)
                for name, cell in diff.row.cells.items()
                if name in diff.changes
            ],
        )
    return subjects


def _create(act: Act, diffs: Sequence[ReformDiff]) -> list[Subject]:
    number = next_number(SubjectKind.REFORM)
    subjects = []
    for offset, diff in enumerate(diffs):
        unit = diff.row.values.get("unit")
        values = {"domain": Domain.GOVERNANCE, **subject_values(diff.row.values)}
        subject = Subject(
            kind=SubjectKind.REFORM,
            code=readable(PREFIXES[SubjectKind.REFORM], number + offset),
            district_code=unit.district_code if unit else settings.DISTRICT_CODE,
            is_sample=act.sample,
            **values,
        )
        subjects.append(subject)
    create_many(act, VERB, subjects)
    pairs = zip(diffs, subjects, strict=True)
    create_many(act, VERB, [Reform(subject=one, **_own(diff.row.values)) for diff, one in pairs])
    return subjects


def _change(act: Act, diffs: Sequence[ReformDiff]) -> None:
    reforms: list[tuple[Reform, Mapping[str, Any]]] = []
    subjects: list[tuple[Subject, Mapping[str, Any]]] = []
    for diff in diffs:
        if diff.reform is None:
            continue
        told = {name: diff.row.values[name] for name in diff.changes}
        if own := _own(told):
            reforms.append((diff.reform, own))
        if hung := subject_values(told):
            subjects.append((diff.reform.subject, hung))
    change_many(act, VERB, reforms)
    change_many(act, VERB, subjects)


def _own(values: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of Reform among the values."""
    return {name: value for name, value in values.items() if name not in OF_SUBJECT}
