"""A confirmed reserve ledger: rows become ideas or change what is known of projects there."""

from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction

from guatu.investment.actions.importing import ImportResult, import_compared
from guatu.investment.enums import AdmissionState
from guatu.investment.ledger import Known, ProjectDiff
from guatu.investment.models import Admission
from guatu.investment.reserve_rules import ReserveRules
from guatu.register.enums import Verdict
from guatu.register.ledgers import Issue
from guatu.register.policies import require
from guatu.register.recording import Act, change_many, create_many

VERB = "reserve.import"


def told_of_reserve(
    diffs: Sequence[ProjectDiff], origins: Sequence[str], rules: ReserveRules
) -> list[ProjectDiff]:
    """The same differences as the reserve sees them: its origins, and what cannot be changed.

    A project that never was in the reserve, has begun or was taken out keeps the row out. One
    query.
    """
    keys = {diff.project.subject_id for diff in diffs if diff.project is not None}
    found = {row.subject_id: row for row in Admission.objects.filter(subject_id__in=keys)}
    return [
        _told(diff, found.get(diff.project.subject_id) if diff.project else None, origin, rules)
        for diff, origin in zip(diffs, origins, strict=True)
    ]


def _told(
    diff: ProjectDiff, admission: Admission | None, origin: str, rules: ReserveRules
) -> ProjectDiff:
    if diff.verdict == Verdict.ERROR:
        return diff
    changes = dict(diff.changes)
    before = admission.origin if admission else ""
    if origin and origin != before:
        changes["origin"] = (rules.origins.get(before), rules.origins[origin])
    if diff.project is None:
        return replace(diff, changes=changes)
    words = _issue(diff, admission, changed=bool(changes))
    if words:
        issues = (Issue(words, "name"),)
        return replace(diff, verdict=Verdict.ERROR, changes={}, issues=issues, notes=())
    verdict = Verdict.CHANGED if changes else Verdict.UNCHANGED
    return replace(diff, verdict=verdict, changes=changes, notes=())


def _issue(diff: ProjectDiff, admission: Admission | None, *, changed: bool) -> str:
    """Why a row about a project there is cannot be taken; empty where it can."""
    if admission is None:
        return f"「{diff.project}」已是实施项目，不在储备项目库。"
    open_states = {AdmissionState.IDEA, AdmissionState.RETURNED, AdmissionState.RESERVED}
    if changed and admission.state not in open_states:
        here = AdmissionState(admission.state).label
        return f"「{diff.project}」现在是{here}，内容不能由台账改动。"
    return ""


def import_reserve(
    act: Act, diffs: Sequence[ProjectDiff], known: Known, source: str, origins: Sequence[str]
) -> ImportResult:
    """Do what ``diffs`` say, all or nothing: new projects begin as 谋划, whatever the ledger tells.

    ``origins``: code of each row, empty where it tells none. A constant number of statements.
    """
    require(act.standing, VERB)
    with transaction.atomic():
        result = import_compared(act, diffs, known, source)
        fresh = [
            Admission(subject=subject, origin=origin, since=act.business_date)
            for diff, subject, origin in zip(diffs, result.subjects, origins, strict=True)
            if diff.project is None
        ]
        create_many(act, VERB, fresh)
        changed = {
            subject.pk: origin
            for diff, subject, origin in zip(diffs, result.subjects, origins, strict=True)
            if diff.project is not None and "origin" in diff.changes
        }
        rows = Admission.objects.filter(subject_id__in=changed)
        change_many(act, VERB, [(row, {"origin": changed[row.subject_id]}) for row in rows])
    return result
